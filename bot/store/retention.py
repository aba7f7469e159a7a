"""What is kept no longer: by age, and of a person who says "forget me".

Deleted means gone from the disk as far as the database allows. SQLite overwrites what it frees, then the file is built
anew and the log emptied, so that no copy is left in either. PostgreSQL is told to vacuum: no row can be read any more and its
place is used again; its own archives and backups are the operator's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, text, update

from bot.store.database import Database
from bot.store.schema import (
    audit,
    claims,
    deliveries,
    drafts,
    escalations,
    follow_ups,
    installations,
    metadata,
    mutes,
    people,
    questions,
    threads,
    votes,
)

_LOG = logging.getLogger("hubmedic.store")

_AGED = (
    (claims, claims.c.claimed_at),
    (deliveries, deliveries.c.received_at),
    (threads, threads.c.updated_at),
    (questions, questions.c.asked_at),
    (votes, votes.c.voted_at),
    (follow_ups, follow_ups.c.post_at),
    (escalations, escalations.c.opened_at),
    (drafts, drafts.c.drafted_at),
    (audit, audit.c.at),
)
"""What grows old. What a person chose (language, mutes) stays until they say otherwise."""

_BLANKED: tuple[tuple[Table, dict[str, str]], ...] = (
    (claims, {"user": "", "work": "{}"}),
    (audit, {"user": ""}),
    (mutes, {"user": ""}),
)
"""What stays for others when a person is forgotten, and what of it goes."""

SOMEBODY = "somebody"
"""Stands where a person stood who asked to be forgotten, and empty would mean nobody."""

SHORTEST = timedelta(days=1)
"""Claims are needed that long: Slack sends an event again for about an hour."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many rows went, by table; tables without any are left out."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def purge(database: Database, *, now: datetime, keep: timedelta) -> Deleted:
    """Delete everything older than ``keep``, and its traces on the disk.

    Raises
    ------
    ValueError
        If ``keep`` is below a day.
    """
    if keep < SHORTEST:
        raise ValueError(f"keep must be at least {SHORTEST}, got {keep}")
    rows: dict[str, int] = {}
    with database.write() as connection:
        _take_your_time(connection)
        for table, age in _AGED:
            rows[table.name] = connection.execute(delete(table).where(age < now - keep)).rowcount
    wipe(database)
    return _deleted(rows)


def forget(database: Database, team: str, user: str) -> Deleted:
    """Delete everything that is kept of a person, choices included; count it.

    What must stay for others keeps no sign of them: that a message was answered already (without who asked and what),
    that a hub was asked (without by whom), that a channel is muted.
    """

    def theirs(table: Table, column: str = "user") -> ColumnElement[bool]:
        return and_(table.c.team == team, table.c[column] == user)

    rows: dict[str, int] = {}
    with database.write() as connection:
        _take_your_time(connection)
        for table in (people, threads, questions, votes, follow_ups, escalations, installations):
            rows[table.name] = connection.execute(delete(table).where(theirs(table))).rowcount
        of_drafts = or_(theirs(drafts, "asker"), theirs(drafts, "author"))
        rows[drafts.name] = connection.execute(delete(drafts).where(of_drafts)).rowcount
        for table, values in _BLANKED:
            rows[table.name] = connection.execute(update(table).where(theirs(table)).values(values)).rowcount
        for column in ("closed_by", "tagged"):
            named = update(escalations).where(theirs(escalations, column))
            connection.execute(named.values({column: SOMEBODY}))
    wipe(database)
    return _deleted(rows)


def wipe(database: Database) -> None:
    """Leave no copy of deleted rows behind, as far as the database can."""
    with database.outside_transaction() as connection:
        if database.is_sqlite:
            connection.execute(text("VACUUM"))
            is_busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            if is_busy:
                _LOG.warning("somebody reads the database: its log is emptied with the next purge")
        else:
            for table in metadata.sorted_tables:
                connection.execute(text(f'VACUUM "{table.name}"'))


def _take_your_time(connection: Connection) -> None:
    """Lift the time limit of statements for this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def _deleted(rows: dict[str, int]) -> Deleted:
    return Deleted({name: n for name, n in rows.items() if n})
