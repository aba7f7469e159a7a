"""Conversations: what a thread is about and how far it has come, one frozen value a thread.

Two people can press buttons of one thread at the same time, on two replicas. Whoever saves says which version the new
state was made from; when another was quicker nothing is written, and the caller reads again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, and_, delete, select, update

from bot.store.database import Database
from bot.store.frozen import Codec
from bot.store.schema import threads
from bot.store.statements import insert_new

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """Which thread."""

    team: str
    channel: str
    thread_ts: str
    """``ts`` of the message that opened it."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[S]):
    """A state as it was read."""

    state: S
    version: int
    user: str
    """Whose question the thread is about."""


class Threads(Generic[S]):
    """States of one type, by thread."""

    def __init__(self, database: Database, kind: type[S]) -> None:
        self._database = database
        self._codec: Codec[S] = Codec(kind)

    def load(self, key: ThreadKey) -> Kept[S] | None:
        """The state of a thread; None for a thread that is not ours, or was written by a version that thought otherwise."""
        with self._database.read() as connection:
            row = connection.execute(select(threads).where(_of(key))).one_or_none()
        if row is None:
            return None
        state = self._codec.load(row.state)
        return None if state is None else Kept(state, row.version, row.user)

    def save(
        self, key: ThreadKey, state: S, *, user: str, now: datetime, after: Kept[S] | None = None
    ) -> Kept[S] | None:
        """Write a state made from ``after``; None, with nothing written, when another one was written since.

        Without ``after`` the thread is to be new; one whose state could not be read counts as new.
        """
        text = self._codec.dump(state)
        with self._database.write() as connection:
            if after is None:
                row = {
                    "team": key.team,
                    "channel": key.channel,
                    "thread_ts": key.thread_ts,
                    "user": user,
                    "state": text,
                    "version": 1,
                    "updated_at": now,
                }
                if insert_new(connection, threads, row):
                    return Kept(state, 1, user)
                old = connection.execute(select(threads.c.state, threads.c.version).where(_of(key))).one()
                if self._codec.load(old.state) is not None:
                    return None
                version = old.version
            else:
                version = after.version
            saved = connection.execute(
                update(threads)
                .where(_of(key), threads.c.version == version)
                .values(state=text, version=version + 1, user=user, updated_at=now)
            )
        return Kept(state, version + 1, user) if saved.rowcount else None

    def drop(self, key: ThreadKey) -> None:
        """Forget a thread."""
        with self._database.write() as connection:
            connection.execute(delete(threads).where(_of(key)))


def _of(key: ThreadKey) -> ColumnElement[bool]:
    return and_(
        threads.c.team == key.team, threads.c.channel == key.channel, threads.c.thread_ts == key.thread_ts
    )
