from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.audit import Audit, Audited, AuditedCall
from bot.store.database import Database

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_a_run_of_the_checks_is_one_line(database: Database) -> None:
    calls = (AuditedCall("GET", "/twins/pump-7", 200), AuditedCall("GET", "/statistics/devices", None))
    line = Audited(NOW, "T1", "C1", "U1", "lab", "pump-7", calls, 1.25)

    Audit(database).write(line)

    assert Audit(database).lines(NOW) == (line,)


def test_lines_come_newest_first(database: Database) -> None:
    audit = Audit(database)
    for minutes in (0, 2, 1):
        at = NOW + timedelta(minutes=minutes)
        audit.write(Audited(at, "T1", "C1", "U1", "lab", f"pump-{minutes}", (), 0.1))

    assert [line.device for line in audit.lines(NOW, limit=2)] == ["pump-2", "pump-1"]
