"""What of a symptom is shown to somebody who pasted it."""

from __future__ import annotations

import pytest

from bot.i18n import speaker
from bot.symptoms import news
from bot.wording import reasons
from kb.identifiers import candidates
from tests.standin import entry, hit

MESSAGES = "- `Pump north is stuck.`\n- `ERR_PUMP stuck (north)`"
PROSE = "Nothing comes out, and it hums."
PASTE = "2026-01-05 10:00:00 ERROR: pump north is stuck"


def pasted(matched: str = ""):
    return hit(entry("pump"), matched=matched, reasons={"message": 0.8 if matched else 0.0, "terms": 0.5})


def test_what_was_pasted_is_not_told_again():
    assert news(MESSAGES, pasted(), PASTE) == "- `ERR_PUMP stuck (north)`"
    assert news("Pump north is stuck.", pasted(), PASTE) == ""


def test_where_a_message_matched_only_the_words_around_it_are_news():
    assert news(f"{MESSAGES}\n\n{PROSE}", pasted("Pump {pump} is stuck"), PASTE) == PROSE
    assert news(MESSAGES, pasted("Pump {pump} is stuck"), PASTE) == ""


def test_a_line_that_leads_up_to_messages_goes_with_them():
    text = f"The log says:\n\n{MESSAGES}\n\n{PROSE}"
    assert news(text, pasted("Pump {pump} is stuck"), PASTE) == PROSE
    assert news(text, pasted(), "it hums") == text


def test_whoever_asks_in_words_is_shown_every_message():
    assert news(f"{MESSAGES}\n\n{PROSE}", pasted(), "pump hums") == f"{MESSAGES}\n\n{PROSE}"


def test_a_note_and_a_list_of_prose_stay():
    text = "> **Note:** it hums.\n\n- It hums at night.\n- It hums by day."
    assert news(text, pasted("Pump {pump} is stuck"), PASTE) == text


def told(one, query):
    return list(reasons(speaker("en"), one, query))


def test_a_reason_says_no_word_twice():
    one = hit(
        entry("pump"),
        matched="Pump '{pump}' is stuck",
        captures={"pump": "north", "tracking": "0-1"},
        terms=("stuck", "pump", "hums", "humsome"),
    )
    assert told(one, "Pump 'north' is stuck and hums") == [
        "the message “Pump '{pump}' is stuck”",
        "with pump = north",
        "the words hums",
    ]


def test_a_field_whose_value_was_secret_is_no_reason():
    one = hit(entry("pump"), terms=("sharedaccesskey", "hums"))
    assert told(one, "it hums SharedAccessKey=[redacted:shared-access-key]") == ["the words hums"]
    assert told(one, 'it hums "sharedAccessKey": "[redacted:symmetric-key]"') == ["the words hums"]


@pytest.mark.parametrize(
    ("query", "words"), [("rc=5", "rc=5"), ("return code: 4", "code: 4, return"), ("5", "5")]
)
def test_a_return_code_is_told_as_it_was_written(query, words):
    one = hit(entry("pump"), terms=(f"={query[-1]}", "return", "code"))
    assert told(one, query)[0].removeprefix("the words ").startswith(words)


def test_words_that_every_text_has_are_no_reason():
    one = hit(entry("pump"), terms=("dps", "hums", "our", "at", "with", "les", "toutes"))
    assert told(one, "our DPS at night hums with les toutes") == ["the words DPS, hums"]
    assert told(one, "our dps hums") == ["the words hums"]


def test_a_word_is_told_as_it_was_written():
    assert told(hit(entry("pump"), terms=("expire",)), "jeton Expiré") == ["the words expiré"]


def test_a_name_that_is_told_is_no_word_as_well():
    one = hit(
        entry("pump", identifiers=["ERR_PUMP"]),
        reasons={"identifier": 1.0, "terms": 0.5},
        terms=("err_pump", "hums"),
    )
    assert {candidate.key for candidate in candidates("ERR_PUMP hums")}
    assert told(one, "ERR_PUMP hums") == ["the name ERR_PUMP", "the words hums"]
