"""Thumbs, reasons, and the one question a day later whether it worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select, update

from bot.store.claims import Place
from bot.store.database import Database
from bot.store.schema import follow_ups, votes
from bot.store.statements import insert_new, insert_or_change


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person thinks of one answer."""

    question: Place
    message_ts: str
    """The answer voted on."""
    user: str
    is_up: bool
    entry: str = ""
    """Id of the entry that was shown."""
    reason: str = ""
    """One of the reasons offered, by name."""
    comment: str = ""
    """In the person's own words, redacted."""


class Votes:
    """One vote a person and answer; the last one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cast(self, vote: Vote, *, now: datetime) -> None:
        """Keep a vote, in the place of an earlier one of the same person; to say why later, cast it again."""
        row = {
            "team": vote.question.team,
            "channel": vote.question.channel,
            "message_ts": vote.message_ts,
            "user": vote.user,
            "question_ts": vote.question.ts,
            "entry": vote.entry,
            "is_up": vote.is_up,
            "reason": vote.reason,
            "comment": vote.comment,
            "voted_at": now,
        }
        with self._database.write() as connection:
            insert_or_change(connection, votes, row, key=("team", "channel", "message_ts", "user"))

    def of(self, question: Place) -> tuple[Vote, ...]:
        """Everything people voted on the answers of one question, in order."""
        query = select(votes).where(
            votes.c.team == question.team,
            votes.c.channel == question.channel,
            votes.c.question_ts == question.ts,
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(votes.c.voted_at, votes.c.user)).all()
        return tuple(_vote(row) for row in rows)

    def totals(self, since: datetime) -> dict[str, tuple[int, int]]:
        """Thumbs up and down of each entry that was voted on."""
        up = func.sum(case((votes.c.is_up, 1), else_=0))
        query = (
            select(votes.c.entry, up.label("n_up"), func.count().label("n"))
            .where(votes.c.voted_at >= since)
            .group_by(votes.c.entry)
        )
        with self._database.read() as connection:
            return {row.entry: (int(row.n_up), row.n - int(row.n_up)) for row in connection.execute(query)}


class FollowUpState(StrEnum):
    """How far "did it work?" has come."""

    PLANNED = "planned"
    """Ours to schedule; Slack may know of it already if we ended right then."""
    SCHEDULED = "scheduled"
    TAKEN_BACK = "taken-back"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """ "Did it work?" of one question."""

    question: Place
    user: str
    state: FollowUpState
    post_at: datetime
    scheduled_id: str = ""
    """Slack's name of the scheduled message; empty while it is only planned."""


class FollowUps:
    """At most one a question, ever."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, question: Place, *, user: str, post_at: datetime) -> bool:
        """Reserve the one follow-up of a question; False when it was planned before. Only then ask Slack to schedule it."""
        row = {
            "team": question.team,
            "channel": question.channel,
            "question_ts": question.ts,
            "user": user,
            "scheduled_id": "",
            "state": FollowUpState.PLANNED,
            "post_at": post_at,
        }
        with self._database.write() as connection:
            return insert_new(connection, follow_ups, row)

    def scheduled(self, question: Place, scheduled_id: str) -> bool:
        """Keep Slack's name of it; False when it was taken back meanwhile: then it is to be deleted in Slack too."""
        planned = and_(_of(question), follow_ups.c.state == FollowUpState.PLANNED)
        values = {"state": FollowUpState.SCHEDULED, "scheduled_id": scheduled_id}
        with self._database.write() as connection:
            return connection.execute(update(follow_ups).where(planned).values(values)).rowcount > 0

    def take_back(self, question: Place) -> str | None:
        """Make it unwanted; the id to delete in Slack, once, None when there is nothing to delete."""
        open_ones = (FollowUpState.PLANNED, FollowUpState.SCHEDULED)
        query = (
            update(follow_ups)
            .where(_of(question), follow_ups.c.state.in_(open_ones))
            .values(state=FollowUpState.TAKEN_BACK)
            .returning(follow_ups.c.scheduled_id)
        )
        with self._database.write() as connection:
            return connection.scalar(query) or None

    def answered(self, question: Place) -> bool:
        """Keep that the person answered it; False when they had already, or it was never asked."""
        asked = and_(_of(question), follow_ups.c.state != FollowUpState.ANSWERED)
        with self._database.write() as connection:
            changed = connection.execute(update(follow_ups).where(asked).values(state=FollowUpState.ANSWERED))
        return changed.rowcount > 0

    def find(self, question: Place) -> FollowUp | None:
        """The follow-up of a question, None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(follow_ups).where(_of(question))).one_or_none()
        if row is None:
            return None
        return FollowUp(question, row.user, FollowUpState(row.state), row.post_at, row.scheduled_id)


def _vote(row: Row[Any]) -> Vote:
    return Vote(
        question=Place(row.team, row.channel, row.question_ts),
        message_ts=row.message_ts,
        user=row.user,
        is_up=row.is_up,
        entry=row.entry,
        reason=row.reason,
        comment=row.comment,
    )


def _of(question: Place) -> ColumnElement[bool]:
    return and_(
        follow_ups.c.team == question.team,
        follow_ups.c.channel == question.channel,
        follow_ups.c.question_ts == question.ts,
    )
