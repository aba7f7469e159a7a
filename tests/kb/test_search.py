import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnknownEntry
from kb.model import Outcome


@pytest.mark.parametrize("code", ["7001", "ValveStuck", "valvestuck", "error 7001", "VALVE_STUCK"])
def test_a_code_in_any_spelling_finds_its_article(small, code):
    assert small.find(code).candidates[0].entry.slug == "7001-valve-stuck"


def test_a_pasted_message_finds_its_entry_with_what_it_holds(small):
    hit = small.find("09:14 ERROR Valve 'north-3' did not answer within 30 seconds").candidates[0]
    assert hit.entry.id == "7001-valve-stuck#no-answer"
    assert hit.captures == {"valve": "north-3", "count": "30"}
    assert hit.matched == "Valve '{valve}' did not answer within {count} seconds"


def test_two_entries_of_one_code_are_told_apart_by_their_words(small):
    assert small.find("7001 and the valve is half open").candidates[0].entry.anchor == "half-open"


def test_a_typing_mistake_still_finds_the_word(small):
    assert small.find("the pmup ratles").candidates[0].entry.slug == "pump-noise"


def test_an_accepted_wording_finds_its_entry(small):
    assert small.find("my tap plays dead again").candidates[0].entry.id == "7001-valve-stuck#no-answer"


def test_french_without_accents_finds_the_french_article_and_answers_in_the_locale_asked_for(small):
    hit = small.find("la vanne reste fermee", locale="fr-CA").candidates[0]
    assert (hit.entry.id, hit.entry.locale) == ("7001-valve-stuck#no-answer", "fr-fr")


def test_an_entry_without_translation_is_given_in_its_original(small):
    assert small.find("Sensor 4 lost on channel 2", locale="fr").candidates[0].entry.locale == "en-us"


def test_translations_count_as_one_candidate(small):
    ids = [hit.entry.id for hit in small.find("valve vanne").candidates]
    assert len(ids) == len(set(ids))


def test_the_persons_own_language_is_told_from_the_error_they_paste(small):
    found = small.find("Valve 'a' did not answer within 30 seconds, pourquoi ça ne marche plus chez nous ?")
    assert found.language == "fr"


def test_a_bare_error_has_no_language(small):
    assert small.find("Valve 'a' did not answer within 30 seconds").language is None


def test_nothing_of_the_tree_in_a_question_is_no_answer(small):
    found = small.find("zzz qqq")
    assert (found.outcome, found.hits) == (Outcome.NONE, ())


def test_an_entry_is_found_by_its_name_in_another_locale(small):
    assert small.entry("pump-noise#1", "fr").title == "La pompe est bruyante"


def test_an_unknown_name_is_refused(small):
    with pytest.raises(UnknownEntry, match="no entry is named nowhere#1"):
        small.entry("nowhere#1")


def test_limit_below_one_is_refused(small):
    with pytest.raises(ValueError, match="limit must be at least 1, got 0"):
        small.find("valve", limit=0)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_outcome_that_fits_its_hits(small, text):
    found = small.find(text)
    assert 0.0 <= found.confidence <= 1.0
    shown = {Outcome.ANSWER: (1, 1), Outcome.CHOICES: (2, 3), Outcome.NONE: (0, 0)}[found.outcome]
    assert shown[0] <= len(found.hits) <= shown[1]
    assert found.hits == found.candidates[: len(found.hits)]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100), st.integers(1, 3))
def test_the_same_question_gets_the_same_answer(small, text, limit):
    assert small.find(text, limit=limit) == small.find(text, limit=limit)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_confidences_fall_with_the_rank(small, text):
    confidences = [hit.confidence for hit in small.find(text).candidates]
    assert confidences == sorted(confidences, reverse=True)


def test_reading_an_index_imports_no_scikit_learn(small_index):
    code = (
        "import sys\nfrom pathlib import Path\nfrom kb.search import KnowledgeBase\n"
        "KnowledgeBase.open(Path(sys.argv[1])).find('valve')\n"
        "print([name for name in ('sklearn', 'scipy', 'wordfreq', 'markdown_it', 'babel.messages') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(small_index)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_known_code_is_never_unknown_whatever_stands_beside_it(small):
    assert small.find("xyzzy qwerty 7001").outcome is not Outcome.NONE


def test_a_bare_code_of_several_problems_lets_the_person_choose(small):
    found = small.find("7001")
    assert found.outcome is Outcome.CHOICES
    assert {hit.entry.slug for hit in found.hits[:2]} == {"7001-valve-stuck"}


@pytest.mark.parametrize("question", ["401003", "erreur 401003 ?", "what is 401003", "IotHubUnauthorized"])
def test_a_code_alone_offers_its_causes_in_the_order_of_the_article(packaged, question):
    found = packaged.find(question)
    numbers = [packaged.group(hit.entry.id) for hit in found.hits]
    assert found.outcome is Outcome.CHOICES
    assert numbers == sorted(numbers)
    assert len({hit.confidence for hit in found.hits}) == 1


def test_a_message_that_several_causes_print_lets_the_person_choose_among_them(packaged):
    found = packaged.find("14:02:11 api: invoke start on press-4 -> 504101 GatewayTimeout")
    assert found.outcome is Outcome.CHOICES
    assert {hit.entry.slug for hit in found.hits} == {"504101-gatewaytimeout"}


def test_a_code_beside_what_tells_its_cause_is_answered(packaged):
    found = packaged.find("401003 IoTHubUnauthorized, the token has expired")
    assert (found.outcome, found.hits[0].entry.anchor) == (Outcome.ANSWER, "token-expired")


def test_a_code_with_a_word_on_the_cause_gets_that_cause_first(packaged):
    found = packaged.find("401003, the clock of the device is wrong after a power cut")
    assert found.candidates[0].entry.anchor == "device-clock-wrong"


@pytest.mark.parametrize(
    ("code", "anchor"), [("-2", "socket-or-tls-not-opened"), ("-4", "no-answer-in-time")]
)
def test_return_codes_of_one_digit_are_told_apart(packaged, code, anchor):
    assert packaged.find(f"PubSubClient failed, rc={code}").candidates[0].entry.anchor == anchor


def test_a_number_that_half_the_tree_mentions_names_no_entry(packaged):
    found = packaged.find("401")
    assert found.confidence < 0.7


def test_a_list_of_codes_stands_back_where_no_code_is_named(packaged):
    hits = packaged.find("the service tells us to slow down, too many registry operations").candidates
    assert hits[0].entry.slug == "429001-throttlingexception"


def test_of_the_causes_of_one_error_the_one_whose_own_words_are_asked_for_comes_first(packaged):
    asked = (
        "412002 again and again: the link was cut by a reconnect between taking the message and completing it"
    )
    assert packaged.find(asked).candidates[0].entry.id == "412002-devicemessagelocklost#connection-changed"
