from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.claims import Place
from bot.store.database import Database
from bot.store.feedback import Vote, Votes
from bot.store.questions import Asked, Count, Questions, Result

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)
ASKED = Asked(
    place=Place("T1", "C1", "1.1"),
    user="U1",
    kind="mention",
    text="my device gets 401003",
    language="en",
    locale="en-us",
    outcome="answer",
    confidence=0.97,
    entries=("401003-iothubunauthorized#expired",),
    asked_at=NOW,
)


@pytest.fixture
def questions(database: Database) -> Questions:
    return Questions(database)


def asked(ts: str, outcome: str = "answer", minutes: int = 0, **other: str) -> Asked:
    place = replace(ASKED.place, ts=ts, **{k: v for k, v in other.items() if k in ("team", "channel")})
    rest = {k: v for k, v in other.items() if k not in ("team", "channel")}
    return replace(ASKED, place=place, outcome=outcome, asked_at=NOW + timedelta(minutes=minutes), **rest)  # type: ignore[arg-type]


def test_a_question_is_kept_with_its_outcome(questions: Questions) -> None:
    questions.record(ASKED)

    assert questions.find(ASKED.place) == ASKED


def test_an_edited_question_takes_the_place_of_what_it_was(questions: Questions) -> None:
    questions.record(ASKED)
    questions.record(replace(ASKED, text="my device gets 404001", outcome="none", entries=()))

    found = questions.find(ASKED.place)
    assert found is not None
    assert (found.text, found.outcome, found.entries) == ("my device gets 404001", "none", ())
    assert sum(count.n for count in questions.counts(SINCE)) == 1


def test_unanswered_questions_are_gaps_newest_first(questions: Questions) -> None:
    questions.record(asked("1.1"))
    questions.record(asked("1.2", "none", minutes=1))
    questions.record(asked("1.3", "none", minutes=2))

    assert [gap.asked.place.ts for gap in questions.gaps(SINCE)] == ["1.3", "1.2"]


@pytest.mark.parametrize("result", [Result.DID_NOT_WORK, Result.ESCALATED])
def test_an_answer_that_did_not_help_is_a_gap(questions: Questions, result: Result) -> None:
    questions.record(ASKED)

    assert questions.came_of(ASKED.place, result)

    (gap,) = questions.gaps(SINCE)
    assert gap.asked.result is result


def test_an_answer_voted_down_is_a_gap_with_its_votes(database: Database, questions: Questions) -> None:
    questions.record(ASKED)
    for user, is_up in (("U1", False), ("U2", False), ("U3", True)):
        Votes(database).cast(Vote(ASKED.place, "1.5", user, is_up), now=NOW)

    (gap,) = questions.gaps(SINCE)

    assert (gap.n_up, gap.n_down) == (1, 2)


def test_an_answer_more_liked_than_not_is_no_gap(database: Database, questions: Questions) -> None:
    questions.record(ASKED)
    for user, is_up in (("U1", False), ("U2", True)):
        Votes(database).cast(Vote(ASKED.place, "1.5", user, is_up), now=NOW)

    assert list(questions.gaps(SINCE)) == []


def test_gaps_are_of_a_time_and_a_workspace(questions: Questions) -> None:
    questions.record(asked("1.1", "none", minutes=-60 * 24 * 30))
    questions.record(asked("1.2", "none", team="T2"))
    questions.record(asked("1.3", "none"))

    assert [gap.asked.place.ts for gap in questions.gaps(SINCE, team="T1")] == ["1.3"]


def test_counts_are_by_channel_language_and_outcome(questions: Questions) -> None:
    questions.record(asked("1.1"))
    questions.record(asked("1.2"))
    questions.record(asked("1.3", "none", language="fr"))
    questions.record(asked("1.4", channel="C2"))
    questions.came_of(Place("T1", "C1", "1.1"), Result.WORKED)

    assert questions.counts(SINCE) == (
        Count("C1", "en", "answer", 2, 1, 0),
        Count("C1", "fr", "none", 1, 0, 0),
        Count("C2", "en", "answer", 1, 0, 0),
    )


def test_what_came_of_an_unknown_question_is_not_kept(questions: Questions) -> None:
    assert not questions.came_of(ASKED.place, Result.WORKED)
