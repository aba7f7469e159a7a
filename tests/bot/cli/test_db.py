from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.audit import Audit, Audited
from bot.store.database import Database
from bot.store.upgrade import schema_state


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path}/store/hub.db"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    for name in ("HUBMEDIC_CONFIG", "HUBMEDIC_LOCALE", "HUBMEDIC_RETENTION_DAYS"):
        monkeypatch.delenv(name, raising=False)
    return address


def old_line(url: str, days: int) -> None:
    database = Database(url)
    at = datetime.now(UTC) - timedelta(days=days, minutes=1)
    Audit(database).write(Audited(at, "T1", "C1", "U1", "lab", "pump-7", (), 0.5))
    database.close()


def test_upgrade_makes_the_tables_and_says_so(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0

    said = " ".join(capsys.readouterr().out.split())
    database = Database(url)
    state = schema_state(database)
    database.close()
    assert state.is_current
    assert f"has the tables {state.wanted} now" in said
    assert "is up to date" in said


def test_upgrade_reports_as_json(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--json"]) == 0

    database = Database(url)
    wanted = schema_state(database).wanted
    database.close()
    assert json.loads(capsys.readouterr().out) == {
        "database": url.removeprefix("sqlite:///"),
        "before": None,
        "after": wanted,
    }


def test_purge_deletes_what_is_older_than_the_setting(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["db", "upgrade"])
    for days in (5, 50):
        old_line(url, days)
    monkeypatch.setenv("HUBMEDIC_RETENTION_DAYS", "30")
    capsys.readouterr()

    assert main(["db", "purge"]) == 0
    assert "1 row older than 30 days is deleted." in capsys.readouterr().out
    assert main(["db", "purge", "--keep", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"keep_days": 2, "deleted": {"audit": 1}}


def test_purge_without_tables_says_what_to_run(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "purge"]) == 3

    assert "hubmedic db upgrade" in capsys.readouterr().err


def test_a_database_url_that_cannot_be_right_is_told_without_the_password(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "p" * 24
    monkeypatch.setenv("DATABASE_URL", f"mysql://me:{password}@db.example/hub")

    assert main(["db", "upgrade", "--json"]) == 3

    out = capsys.readouterr().out
    assert json.loads(out)["error"]["code"] == "store-settings"
    assert password not in out
