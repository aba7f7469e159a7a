"""Unanswered questions gather by what they are about."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.gaps import Unanswered, draft, gather

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def asked(text: str, language: str = "en") -> Unanswered:
    return Unanswered(text, language, "C1", NOW)


def test_questions_that_name_the_same_error_are_one_gap() -> None:
    first, second = gather(
        [asked("EX9931 at boot"), asked("lawn mower smokes"), asked("après boot : EX9931", "fr")]
    )
    assert (first.n, first.languages, second.n) == (2, ("fr", "en"), 1) or set(first.languages) == {
        "fr",
        "en",
    }


def test_a_draft_holds_what_people_paste_in_the_shape_of_an_article() -> None:
    (cluster,) = gather([asked("EX9931 at boot")])
    slug, text = draft(cluster, "en-us", date(2026, 1, 5))
    assert slug.startswith("ex9931")
    assert "EX9931 at boot" in text


@given(st.lists(st.text(max_size=60), max_size=20))
def test_every_question_is_in_exactly_one_gap(texts: list[str]) -> None:
    clusters = gather(asked(text) for text in texts)
    assert sorted(one.text for cluster in clusters for one in cluster.questions) == sorted(texts)
