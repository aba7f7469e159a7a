"""Who had which hub asked about which device, with what calls: one line a run of the checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.store.database import Database
from bot.store.schema import audit


@dataclass(frozen=True, slots=True)
class AuditedCall:
    """One request to a hub."""

    method: str
    path: str
    status: int | None
    """None: nothing came back."""


@dataclass(frozen=True, slots=True)
class Audited:
    """One run of the checks."""

    at: datetime
    team: str
    channel: str
    user: str
    """Who wanted it; empty once that person asked to be forgotten."""
    hub: str
    """Name it is configured under."""
    device: str
    calls: tuple[AuditedCall, ...]
    seconds: float


class Audit:
    """Lines are added and, with time, purged; nothing changes one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, line: Audited) -> None:
        """Add a line."""
        row = {
            "at": line.at,
            "team": line.team,
            "channel": line.channel,
            "user": line.user,
            "hub": line.hub[:255],
            "device": line.device,
            "calls": json.dumps([[call.method, call.path, call.status] for call in line.calls]),
            "seconds": line.seconds,
        }
        with self._database.write() as connection:
            connection.execute(insert(audit).values(row))

    def lines(self, since: datetime, *, limit: int = 1000) -> tuple[Audited, ...]:
        """Lines of a time, newest first."""
        query = select(audit).where(audit.c.at >= since).order_by(audit.c.at.desc(), audit.c.id.desc())
        with self._database.read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return tuple(
            Audited(
                at=row.at,
                team=row.team,
                channel=row.channel,
                user=row.user,
                hub=row.hub,
                device=row.device,
                calls=tuple(AuditedCall(*call) for call in json.loads(row.calls)),
                seconds=row.seconds,
            )
            for row in rows
        )
