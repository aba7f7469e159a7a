"""The core: redacted before anything sees it, answered in the reader's language, never at a loss."""

from __future__ import annotations

import pytest

from bot.answer import Answer
from bot.assistant import MOST_CHARACTERS, Assistant
from bot.errors import NothingAsked, TextUnreadable
from bot.question import Question
from kb.errors import KnowledgeError
from kb.model import Outcome
from tests.standin import StandIn, entry, hit

PUMP_EN, PUMP_FR = entry("pump"), entry("pump", locale="fr-fr")


def knowing(**found):
    return StandIn(found, [PUMP_EN, PUMP_FR])


def assistant(knowledge):
    return Assistant(knowledge, clock=iter(range(1000)).__next__)


def test_the_answer_is_what_was_found():
    answer = assistant(knowing(pump=(Outcome.ANSWER, [hit(PUMP_EN)], None))).answer(Question("pump"))
    assert (answer.outcome, answer.confidence, answer.locale) == (Outcome.ANSWER, 0.9, "en-us")
    assert [one.entry for one in answer.hits] == [PUMP_EN]
    assert answer.elapsed_ms == 1000.0


def test_a_secret_is_gone_before_anything_is_looked_for():
    knowledge = knowing()
    answer = assistant(knowledge).answer(Question("SharedAccessKey=AAAABBBBCCCCDDDDEEEE= fails"))
    assert answer.redacted == ("shared-access-key",)
    assert answer.query == "SharedAccessKey=[redacted:shared-access-key] fails"
    assert all("AAAABBBB" not in text and "redacted" not in text for text, _ in knowledge.asked)


def test_the_persons_own_words_decide_the_language():
    knowledge = knowing(pompe=(Outcome.ANSWER, [hit(PUMP_EN)], "fr"))
    answer = assistant(knowledge).answer(Question("pompe", asker_locale="en-GB"))
    assert (answer.reader, answer.locale, answer.hits[0].entry) == ("fr", "fr-fr", PUMP_FR)


def test_a_paste_without_words_is_answered_in_the_askers_own_locale():
    knowledge = knowing(pump=(Outcome.ANSWER, [hit(PUMP_EN)], None))
    assert assistant(knowledge).answer(Question("pump", asker_locale="fr-CA")).hits[0].entry is PUMP_FR


JAVA = """2026-01-05 10:00:00,123 ERROR [main] com.contoso.Gateway - Connection failed
com.microsoft.azure.sdk.iot.device.exceptions.UnauthorizedException: Bad credentials
\tat com.microsoft.azure.sdk.iot.device.transport.mqtt.Mqtt.connect(Mqtt.java:231)
Caused by: org.eclipse.paho.client.mqttv3.MqttSecurityException: Not authorized to connect
\tat org.eclipse.paho.client.mqttv3.internal.ClientState.notifyReceivedAck(ClientState.java:1040)
"""
FRENCH_LINE = (
    "2026-01-05 10:00:02 ERROR [main] - Échec de la connexion au concentrateur, nouvelle tentative dans 5 s\n"
)


@pytest.mark.parametrize("asker", ["en", "fr", "de"])
@pytest.mark.parametrize("log", [JAVA, JAVA + FRENCH_LINE, FRENCH_LINE])
def test_a_log_has_no_language_whatever_its_lines_say(log, asker):
    knowledge = StandIn(
        {log.strip(): (Outcome.ANSWER, [hit(PUMP_EN)], "fr" if FRENCH_LINE in log else "en")}, []
    )
    assert Assistant(knowledge).answer(Question(log, None, asker)).reader == asker


@pytest.mark.parametrize("asker", ["en", "fr", "de"])
@pytest.mark.parametrize("said", ["pourquoi ?", "ça ne marche plus depuis ce matin", "une idée ?"])
def test_the_words_beside_a_log_decide_wherever_they_stand(said, asker):
    for text in (f"{said}\n{JAVA}", f"{JAVA}{said}"):
        assert Assistant(StandIn({}, [])).answer(Question(text, None, asker)).reader == "fr"


def test_two_words_are_enough_to_be_answered_in_french():
    answer = assistant(knowing()).answer(Question("jeton expiré", asker_locale="en"))
    assert (answer.reader, answer.locale) == ("fr", "fr-fr")


PRINTED = "You are not authorized: check your network"


def test_english_that_a_program_printed_turns_nobodys_language():
    one = assistant(knowing(**{PRINTED: (Outcome.NONE, (), "en")}))
    assert one.answer(Question(PRINTED, asker_locale="fr")).reader == "fr"
    assert one.answer(Question(PRINTED, asker_locale="en-GB")).reader == "en-gb"


def test_the_words_around_an_english_error_decide():
    text = f"Bonjour, ça marche plus :\n{PRINTED}"
    one = assistant(knowing(**{text: (Outcome.NONE, (), "en")}))
    assert one.answer(Question(text, asker_locale="en")).reader == "fr"


def test_a_french_terminal_answers_english_that_a_person_wrote_in_english():
    text = "why does my device drop"
    one = assistant(knowing(**{text: (Outcome.NONE, (), "en")}))
    assert one.answer(Question(text, asker_locale="fr")).reader == "en"


def test_a_locale_that_was_chosen_wins_over_words():
    knowledge = knowing(pompe=(Outcome.ANSWER, [hit(PUMP_EN)], "fr"))
    answer = assistant(knowledge).answer(Question("pompe", locale="en"))
    assert (answer.reader, answer.hits[0].entry) == ("en", PUMP_EN)


def test_a_locale_without_articles_is_spoken_to_in_english():
    knowledge = knowing(pump=(Outcome.ANSWER, [hit(PUMP_EN)], None))
    answer = assistant(knowledge).answer(Question("pump", locale="de-AT"))
    assert (answer.reader, answer.locale) == ("de-at", "en-us")


def test_nothing_found_still_says_how_near_the_best_was():
    answer = assistant(knowing(pump=(Outcome.NONE, [hit(PUMP_EN, 0.05)], None))).answer(Question("pump"))
    assert (answer.outcome, answer.hits, answer.confidence) == (Outcome.NONE, (), 0.05)
    assert len(answer.candidates) == 1


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_question_is_told_so(text):
    with pytest.raises(NothingAsked, match="paste the error"):
        assistant(knowing()).answer(Question(text))


def test_a_text_too_long_for_a_question_is_sent_to_triage():
    with pytest.raises(TextUnreadable, match="triage"):
        assistant(knowing()).answer(Question("x" * (MOST_CHARACTERS + 1)))


def test_a_malformed_locale_is_told_so():
    with pytest.raises(KnowledgeError, match="not a language tag"):
        assistant(knowing()).answer(Question("pump", locale="not a tag"))


def test_what_refines_an_answer_sees_the_text_as_it_was_pasted():
    seen = []

    def refine(answer: Answer, text: str) -> Answer:
        seen.append(text)
        return answer

    Assistant(knowing(), refine=refine).answer(Question("sig=AAAABBBBCCCCDDDD"))
    assert seen == ["sig=AAAABBBBCCCCDDDD"]


def test_a_question_does_not_show_its_text_by_accident():
    assert "s3cret" not in repr(Question("s3cret"))
    with pytest.raises(ValueError, match="at least 1"):
        Question("x", limit=0)
