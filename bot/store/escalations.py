"""Questions handed to people, and the fixes people found: drafts of what an article should say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, update

from bot.store.database import Database
from bot.store.schema import drafts, escalations
from bot.store.statements import insert_new, insert_or_change
from bot.store.threads import ThreadKey


@dataclass(frozen=True, slots=True)
class Escalation:
    """A thread that people were called to."""

    thread: ThreadKey
    user: str
    """Who asked."""
    question: str
    """Redacted."""
    tried: tuple[str, ...]
    """Ids of the entries that did not help, and findings, as they were told."""
    tagged: str
    """Group or person that was called."""
    language: str
    opened_at: datetime
    closed_by: str = ""
    """Who said it is solved; empty while it is open."""


class Escalations:
    """At most one a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, escalation: Escalation) -> bool:
        """Keep that people are called; False when they were already: nobody is to be tagged twice."""
        thread = escalation.thread
        row = {
            "team": thread.team,
            "channel": thread.channel,
            "thread_ts": thread.thread_ts,
            "user": escalation.user,
            "question": escalation.question,
            "tried": json.dumps(escalation.tried, ensure_ascii=False),
            "tagged": escalation.tagged,
            "language": escalation.language,
            "opened_at": escalation.opened_at,
            "closed_by": "",
        }
        with self._database.write() as connection:
            return insert_new(connection, escalations, row)

    def find(self, thread: ThreadKey) -> Escalation | None:
        """The escalation of a thread, open or closed."""
        with self._database.read() as connection:
            row = connection.execute(select(escalations).where(_of(thread))).one_or_none()
        return None if row is None else _escalation(row)

    def close(self, thread: ThreadKey, *, by: str, now: datetime) -> Escalation | None:
        """Keep that a person solved it; None when there is nothing open: only the first ✅ counts."""
        query = (
            update(escalations)
            .where(_of(thread), escalations.c.closed_at.is_(None))
            .values(closed_by=by, closed_at=now)
            .returning(*escalations.c)
        )
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _escalation(row)


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Draft:
    """A fix in a person's words, waiting for somebody to make an article of it."""

    thread: ThreadKey
    asker: str
    author: str
    """Who wrote the fix."""
    language: str
    question: str
    fix: str
    drafted_at: datetime
    state: DraftState = DraftState.OPEN


class Drafts:
    """At most one a thread; the last fix counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, draft: Draft) -> None:
        """Keep a draft, in the place of an earlier one of the same thread."""
        row = {
            "team": draft.thread.team,
            "channel": draft.thread.channel,
            "thread_ts": draft.thread.thread_ts,
            "asker": draft.asker,
            "author": draft.author,
            "language": draft.language,
            "question": draft.question,
            "fix": draft.fix,
            "state": draft.state,
            "drafted_at": draft.drafted_at,
        }
        with self._database.write() as connection:
            insert_or_change(connection, drafts, row, key=("team", "channel", "thread_ts"))

    def open_ones(self, *, team: str | None = None, limit: int = 1000) -> tuple[Draft, ...]:
        """Drafts nobody has decided on, oldest first."""
        query = select(drafts).where(drafts.c.state == DraftState.OPEN)
        if team is not None:
            query = query.where(drafts.c.team == team)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(drafts.c.drafted_at, drafts.c.id).limit(limit)).all()
        return tuple(_draft(row) for row in rows)

    def decide(self, thread: ThreadKey, state: DraftState, *, now: datetime) -> bool:
        """Keep what became of a draft; False when it is not open."""
        one = and_(
            drafts.c.team == thread.team,
            drafts.c.channel == thread.channel,
            drafts.c.thread_ts == thread.thread_ts,
            drafts.c.state == DraftState.OPEN,
        )
        with self._database.write() as connection:
            changed = connection.execute(update(drafts).where(one).values(state=state, closed_at=now))
        return changed.rowcount > 0


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        thread=ThreadKey(row.team, row.channel, row.thread_ts),
        user=row.user,
        question=row.question,
        tried=tuple(json.loads(row.tried)),
        tagged=row.tagged,
        language=row.language,
        opened_at=row.opened_at,
        closed_by=row.closed_by,
    )


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        thread=ThreadKey(row.team, row.channel, row.thread_ts),
        asker=row.asker,
        author=row.author,
        language=row.language,
        question=row.question,
        fix=row.fix,
        drafted_at=row.drafted_at,
        state=DraftState(row.state),
    )


def _of(thread: ThreadKey) -> ColumnElement[bool]:
    return and_(
        escalations.c.team == thread.team,
        escalations.c.channel == thread.channel,
        escalations.c.thread_ts == thread.thread_ts,
    )
