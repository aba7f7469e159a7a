from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.store.claims import Place
from bot.store.database import Database
from bot.store.feedback import FollowUp, FollowUps, FollowUpState, Vote, Votes

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
QUESTION = Place("T1", "C1", "1.1")
DOWN = Vote(QUESTION, "1.5", "U1", is_up=False, entry="401003#expired")


def test_a_reason_given_later_joins_the_vote(database: Database) -> None:
    votes = Votes(database)
    votes.cast(DOWN, now=NOW)
    votes.cast(replace(DOWN, reason="outdated", comment="the menu moved"), now=NOW)

    (vote,) = votes.of(QUESTION)
    assert (vote.reason, vote.comment) == ("outdated", "the menu moved")


def test_a_person_who_changes_their_mind_votes_once(database: Database) -> None:
    votes = Votes(database)
    votes.cast(DOWN, now=NOW)
    votes.cast(replace(DOWN, is_up=True), now=NOW + timedelta(seconds=1))
    votes.cast(replace(DOWN, user="U2"), now=NOW + timedelta(seconds=2))

    assert [(vote.user, vote.is_up) for vote in votes.of(QUESTION)] == [("U1", True), ("U2", False)]
    assert votes.totals(NOW) == {"401003#expired": (1, 1)}


def test_a_question_is_followed_up_at_most_once(database: Database) -> None:
    follow_ups = FollowUps(database)

    with ThreadPoolExecutor(4) as pool:
        planned = list(pool.map(lambda _: follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW), range(8)))

    assert planned.count(True) == 1


def test_a_follow_up_that_is_scheduled_can_be_taken_back_once(database: Database) -> None:
    follow_ups = FollowUps(database)
    follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW)

    assert follow_ups.scheduled(QUESTION, "Q1")
    assert follow_ups.find(QUESTION) == FollowUp(QUESTION, "U1", FollowUpState.SCHEDULED, TOMORROW, "Q1")
    assert follow_ups.take_back(QUESTION) == "Q1"
    assert follow_ups.take_back(QUESTION) is None


def test_feedback_that_comes_while_slack_is_asked_to_schedule_wins(database: Database) -> None:
    follow_ups = FollowUps(database)
    follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW)

    assert follow_ups.take_back(QUESTION) is None

    assert not follow_ups.scheduled(QUESTION, "Q1")  # so the caller deletes Q1


def test_a_follow_up_taken_back_is_not_planned_again(database: Database) -> None:
    follow_ups = FollowUps(database)
    follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW)
    follow_ups.take_back(QUESTION)

    assert not follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW)


def test_a_follow_up_is_answered_once(database: Database) -> None:
    follow_ups = FollowUps(database)
    follow_ups.plan(QUESTION, user="U1", post_at=TOMORROW)
    follow_ups.scheduled(QUESTION, "Q1")

    assert follow_ups.answered(QUESTION)
    assert not follow_ups.answered(QUESTION)
    assert not follow_ups.answered(replace(QUESTION, ts="9.9"))
