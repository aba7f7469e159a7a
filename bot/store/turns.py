"""Turns at hubs that all replicas share: who comes when is written in the database, by the database's clock."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, select, text, update

from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.schema import turns
from bot.store.statements import insert_new

_LOG = logging.getLogger("hubmedic.store")
_MOST_AHEAD_S = 60.0
"""A turn further ahead is a clock that was set back: nobody waits that long."""
_NOW = {
    True: text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    False: text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)"),
}
"""Seconds since 1970, by whether it is SQLite."""


class StoredTurns:
    """Turns kept in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, name: str, interval_s: float) -> float | None:
        """Take the next turn at a resource and return in how many seconds it is; None where the store is away."""
        try:
            with self._database.write() as connection:
                return self._reserved(connection, name[:255], interval_s)
        except StoreError as error:
            _LOG.warning("turns at hubs are not shared with other replicas: %s", error)
            return None

    def _reserved(self, connection: Connection, name: str, interval_s: float) -> float:
        insert_new(connection, turns, {"name": name, "next_at": 0.0})
        held = connection.scalar(select(turns.c.next_at).where(turns.c.name == name).with_for_update())
        now = float(connection.execute(_NOW[self._database.is_sqlite]).scalar_one())
        turn = max(now, held) if held is not None and held - now <= _MOST_AHEAD_S else now
        connection.execute(update(turns).where(turns.c.name == name).values(next_at=turn + interval_s))
        return turn - now
