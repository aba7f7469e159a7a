"""What people chose: a language, not to be asked or answered unasked; and where the bot is to keep quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select

from bot.store.database import Database
from bot.store.schema import mutes, people
from bot.store.statements import insert_new, insert_or_change


@dataclass(frozen=True, slots=True)
class Person:
    """Choices of one user of one workspace."""

    team: str
    user: str
    language: str = ""
    """Tag the person chose to be answered in; empty: their own words decide."""
    is_muted: bool = False
    """The bot speaks to this person only when it is spoken to."""


class People:
    """Choices, by person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, team: str, user: str) -> Person:
        """What a person chose; one who never chose has the defaults."""
        query = select(people).where(people.c.team == team, people.c.user == user)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return Person(team, user) if row is None else Person(team, user, row.language, row.is_muted)

    def choose(self, person: Person, *, now: datetime) -> None:
        """Keep what a person chose."""
        row = {
            "team": person.team,
            "user": person.user,
            "language": person.language,
            "is_muted": person.is_muted,
            "updated_at": now,
        }
        with self._database.write() as connection:
            insert_or_change(connection, people, row, key=("team", "user"))


class Mutes:
    """Channels and threads in which the bot was told to be quiet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mute(self, team: str, channel: str, thread_ts: str = "", *, user: str, now: datetime) -> None:
        """Keep quiet in a thread, or without ``thread_ts`` in a whole channel; ``user`` said so."""
        row = {"team": team, "channel": channel, "thread_ts": thread_ts, "user": user, "muted_at": now}
        with self._database.write() as connection:
            insert_new(connection, mutes, row)

    def unmute(self, team: str, channel: str, thread_ts: str = "") -> bool:
        """Speak again; True when it was quiet there."""
        query = delete(mutes).where(
            mutes.c.team == team, mutes.c.channel == channel, mutes.c.thread_ts == thread_ts
        )
        with self._database.write() as connection:
            return connection.execute(query).rowcount > 0

    def is_muted(self, team: str, channel: str, thread_ts: str = "") -> bool:
        """Whether the channel is muted, or this thread of it."""
        rows = exists().where(
            mutes.c.team == team, mutes.c.channel == channel, mutes.c.thread_ts.in_(("", thread_ts))
        )
        with self._database.read() as connection:
            return bool(connection.scalar(select(rows)))
