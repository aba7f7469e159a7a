"""Cards hold Slack's limits and let nothing out of them, whatever an article or a paste says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Finding, Status
from bot.conversation import Kind, Reply
from bot.i18n import speaker
from bot.slack.blocks import MOST_CHARACTERS, Message, size
from bot.slack.cards import Offers, card
from bot.slack.refs import Ref
from bot.slack.rich import cut, markdown, n_characters
from kb.model import Entry, Hit, Outcome, Remedy
from tests.fakeslack import blocks as rules
from tests.fakeslack.mentions import touched
from tests.fakeslack.reading import pressables, text_of

REF = Ref("1700000000.000100", "1700000000.000100")
EVERYTHING = Offers(may_check=True, has_humans=True)
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                "<!channel>", "<!here>", "<@U0123456789>", "<!subteam^S012345>", "@everyone", "@here", "&lt;!channel&gt;",
                "<https://evil.example|ok>", "https://evil.example/x", "[a](https://evil.example)", "```", "`", "*", "_",
                "\n", "\x00", "\u202e", "|", "{hub}", "{0}", "1. ", "- ", "> ", "| a | b |\n|-|-|\n| 1 | 2 |\n", "a" * 400,
                "![x](http://e.example/i.png)", "</pre>", "\ud7ff", "😀", "a&b",
            ]
        ),
        max_size=40,
    ).map("".join),
)  # fmt: skip


def entry(**changes: Any) -> Entry:
    made = Entry(
        slug="404001-devicenotfound",
        anchor="1",
        locale="en-us",
        path="en-us/404001-devicenotfound.md",
        title="404001 DeviceNotFound",
        article_title="404001 DeviceNotFound",
        identifiers=("404001", "DeviceNotFound"),
        messages=(),
        symptom="The device gets `404001`.",
        remedies=(
            Remedy(
                "It is **not registered**.",
                "1. List them:\n\n   ```bash\n   az iot hub device-identity list\n   ```\n\n2. Add it.",
            ),
            Remedy("It is at another hub.", "Look there."),
        ),
        url="https://learn.example/404001#cause",
    )
    return replace(made, **changes)


def answer_with(one: Entry, **changes: Any) -> Answer:
    hit = Hit(
        one,
        0.93,
        {"identifier": 1.0},
        {"device": "pump-7"},
        "Device {device} not registered",
        ("registered",),
    )
    made = Answer(
        query="404001 pump-7",
        locale="en-us",
        outcome=Outcome.ANSWER,
        confidence=0.93,
        hits=(hit,),
        candidates=(hit,),
    )
    return replace(made, **changes)


def problems(message: Message) -> list[str]:
    found = rules.problems_of_message(list(message.blocks))
    if rules.n_characters(list(message.blocks)) > rules.MOST_TEXT:
        found.append("too long together")
    if not message.text or len(message.text) > 4000:
        found.append(f"text of {len(message.text)} characters")
    return found


def test_an_answer_shows_code_cause_steps_and_source() -> None:
    message = card(Reply(Kind.ANSWER, answer_with(entry())), speaker("en"), REF, Offers())
    shown = text_of(list(message.blocks))
    assert problems(message) == []
    for words in (
        "404001 DeviceNotFound",
        "very likely",
        "not registered",
        "az iot hub device-identity list",
        "Add it.",
    ):
        assert words in shown
    assert touched(message.text, list(message.blocks), {}).links == ("https://learn.example/404001#cause",)


def test_steps_keep_their_numbers_around_a_command() -> None:
    kinds = [
        (one["type"], one.get("offset", 0)) for one in markdown("1. a\n\n   ```\n   b\n   ```\n\n2. c\n3. d")
    ]
    assert kinds == [("rich_text_list", 0), ("rich_text_preformatted", 0), ("rich_text_list", 1)]


def test_every_button_stands_on_the_card_of_an_answer() -> None:
    message = card(Reply(Kind.ANSWER, answer_with(entry())), speaker("en"), REF, EVERYTHING)
    labels = [label for one in pressables(list(message.blocks)) for label in one.labels]
    assert labels == [
        "Next cause", "Français", "Why this?", "Run live checks", "Get a human", "Helped", "Did not help",
    ]  # fmt: skip


def test_long_steps_are_folded_behind_a_button() -> None:
    long = entry(remedies=(Remedy("Why.", "\n".join(f"{n}. step {n} of many" for n in range(1, 900))),))
    message = card(Reply(Kind.ANSWER, answer_with(long)), speaker("en"), REF, Offers())
    assert problems(message) == []
    assert "Show everything" in [label for one in pressables(list(message.blocks)) for label in one.labels]


def test_more_shows_all_causes_and_the_symptom_that_was_pasted() -> None:
    one = entry(symptom="`404001 pump-7`", more="And a word on modules.")
    message = card(Reply(Kind.MORE, answer_with(one)), speaker("en"), REF, EVERYTHING)
    shown = text_of(list(message.blocks))
    for told in (
        "All that I have on this:",
        "not registered",
        "at another hub",
        "a word on modules",
        "`404001 pump-7`",
    ):
        assert told.strip("`") in shown
    assert problems(message) == []


def test_more_of_what_was_shown_whole_is_its_page() -> None:
    one = entry(remedies=(Remedy("It is off.", "Put it on."),))
    message = card(Reply(Kind.MORE, answer_with(one)), speaker("en"), REF, EVERYTHING)
    assert "You have seen all that I have on this." in message.text
    assert touched(message.text, list(message.blocks), {}).links == (one.url,)


def test_why_nothing_was_found_is_told_as_such() -> None:
    nothing = answer_with(entry(), outcome=Outcome.NONE, hits=())
    assert "this comes nearest" in card(Reply(Kind.WHY, nothing), speaker("en"), REF, EVERYTHING).text
    nowhere = replace(nothing, candidates=())
    assert "anywhere near" in card(Reply(Kind.WHY, nowhere), speaker("en"), REF, EVERYTHING).text


def test_why_several_fit_speaks_for_none_of_them() -> None:
    hits = tuple(Hit(entry(anchor=str(n), title=f"Trouble {n}"), 0.9, {"terms": 1.0}) for n in range(3))
    several = answer_with(entry(), outcome=Outcome.CHOICES, hits=hits, candidates=hits)
    shown = text_of(list(card(Reply(Kind.WHY, several), speaker("en"), REF, EVERYTHING).blocks))
    assert ("Why this answer" in shown, "Trouble 2" in shown) == (False, True)


def test_several_that_fit_are_not_each_called_likely() -> None:
    hits = tuple(Hit(entry(anchor=str(n), title=f"Trouble {n}"), 0.9, {"terms": 1.0}) for n in range(3))
    several = answer_with(entry(), outcome=Outcome.CHOICES, hits=hits)
    assert "%" not in text_of(list(card(Reply(Kind.ANSWER, several), speaker("en"), REF, EVERYTHING).blocks))


def test_nothing_known_cites_nothing() -> None:
    nothing = answer_with(entry(), outcome=Outcome.NONE, hits=())
    message = card(Reply(Kind.ANSWER, nothing), speaker("en"), REF, EVERYTHING)
    reached = touched(message.text, list(message.blocks), {})
    assert (reached.links, "404001" in text_of(list(message.blocks))) == ((), False)


def test_choices_have_a_button_each_with_the_first_line_of_the_symptom() -> None:
    hits = tuple(Hit(entry(anchor=str(n), title=f"Trouble {n}"), 0.4, {"terms": 1.0}) for n in range(3))
    message = card(
        Reply(Kind.ANSWER, answer_with(entry(), outcome=Outcome.CHOICES, hits=hits)),
        speaker("en"),
        REF,
        Offers(),
    )
    labels = [label for one in pressables(list(message.blocks)) for label in one.labels]
    assert problems(message) == []
    assert len([label for label in labels if "Trouble" in label]) == 3
    assert text_of(list(message.blocks)).count("The device gets 404001.") == 3


def test_a_private_answer_can_be_shared_and_has_no_thumbs() -> None:
    message = card(Reply(Kind.ANSWER, answer_with(entry())), speaker("en"), REF, Offers(is_private=True))
    ids = [one.action_id for one in pressables(list(message.blocks))]
    assert ("share" in ids, "vote" in ids) == (True, False)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_card_speaks_the_readers_language(language: str) -> None:
    message = card(
        Reply(Kind.ANSWER, answer_with(entry(), reader=language)), speaker(language), REF, EVERYTHING
    )
    assert {"en": "Next cause", "fr": "Cause suivante"}[language] in text_of(list(message.blocks))


@settings(max_examples=150, deadline=None)
@given(
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.sampled_from(list(Outcome)),
    st.sampled_from([Kind.ANSWER, Kind.WHY, Kind.CAUSE, Kind.MORE, Kind.NOTHING_LEFT, Kind.NOTHING_YET]),
)
def test_whatever_is_pasted_or_written_slack_takes_it_and_nobody_is_pinged(
    paste: str, article: str, value: str, outcome: Outcome, kind: Kind
) -> None:
    one = entry(title=article or "x", symptom=article, remedies=(Remedy(article, article * 5),), more=paste)
    hit = Hit(
        one, 0.5, {"identifier": 1.0, "message": 1.0, "terms": 1.0}, {"device": value}, paste, (value, paste)
    )
    finding = Finding(
        "device-missing",
        Status.CONFIRMED,
        "{device} is not there",
        "pasted text",
        datetime.now(UTC),
        values={"device": value},
    )
    told = answer_with(
        one, query=paste, outcome=outcome, hits=(hit,) * 3, candidates=(hit,) * 5, findings=(finding,)
    )
    message = card(Reply(kind, told), speaker("fr"), REF, EVERYTHING, notes=(paste,))
    assert problems(message) == []
    assert touched(message.text, list(message.blocks), {}).pings == ()


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_a_paste_makes_no_link(paste: str, value: str) -> None:
    hit = Hit(entry(), 0.5, {"identifier": 1.0, "terms": 1.0}, {"device": value}, paste, (value, paste))
    message = card(
        Reply(Kind.ANSWER, answer_with(entry(), query=paste, hits=(hit,))), speaker("en"), REF, EVERYTHING
    )
    assert touched(message.text, list(message.blocks), {}).links == ("https://learn.example/404001#cause",)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["1. a\n", "- b\n", "text https://x.example\n\n", "```\nlong code\n```\n", "> q\n", "# h\n"]
        ),
        max_size=60,
    ),
    st.integers(0, 900),
)
def test_a_cut_never_holds_more_than_was_allowed(parts: list[str], most: int) -> None:
    kept = cut(markdown("".join(parts)), most)
    assert sum(map(n_characters, kept.elements)) == kept.n_characters <= max(most, 0)


def test_a_card_stays_below_slacks_allowance_at_its_largest() -> None:
    text = "word " * 4000
    one = entry(title="t" * 400, symptom=text, remedies=(Remedy(text, text),), more=text)
    hit = Hit(one, 0.5, {"terms": 1.0}, {}, text, ())
    finding = Finding(
        "device-missing", Status.CONFIRMED, text, "GET /twins", datetime.now(UTC), would_tell=text
    )
    told = answer_with(one, hits=(hit,), candidates=(hit,) * 5, findings=(finding,) * 9)
    message = card(Reply(Kind.ANSWER, told), speaker("en"), REF, EVERYTHING, notes=("n" * 500,))
    assert problems(message) == []
    assert size(message.blocks) < MOST_CHARACTERS


@given(st.text(max_size=60))
def test_a_buttons_value_from_outside_is_a_reference_or_nothing(text: str) -> None:
    ref = Ref.from_text(text)
    assert ref is None or Ref.from_text(ref.to_text()) == ref
