from __future__ import annotations

import stat
import sys
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.claims import Claims, Place
from bot.store.database import Database, parse_url
from bot.store.errors import SchemaOutdated, StoreError, StoreMisconfigured, StoreUnreachable
from tests.databases import PostgresServer


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_reaches_the_one_driver(scheme: str) -> None:
    url = parse_url(f"{scheme}://me:secret@db.example/hub")

    assert url.drivername == "postgresql+psycopg"
    assert url.database == "hub"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "not the address"),
        ("hubmedic.db", "not the address"),
        ("mysql://me@db/hub", "mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_an_address_that_cannot_be_right_is_told_with_how_to_write_one(url: str, says: str) -> None:
    with pytest.raises(StoreMisconfigured, match=says) as caught:
        parse_url(url)

    assert "sqlite:///" in str(caught.value)


def test_a_database_is_named_without_its_password() -> None:
    password = "p" * 24
    database = Database(f"postgresql://me:{password}@db.example/hub")

    assert database.name == "postgresql hub at db.example"
    assert password not in repr(database)
    database.close()


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    password = "p" * 24
    database = Database(f"postgresql://me:{password}@127.0.0.1:1/hub")

    with pytest.raises(StoreUnreachable, match="cannot be used") as caught:
        database.ping()

    assert password not in "".join(traceback.format_exception(caught.value))
    database.close()


def test_a_folder_that_cannot_be_written_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    database = Database(f"sqlite:///{tmp_path}/file/hub.db")

    with pytest.raises(StoreUnreachable, match="cannot be used"):
        database.ping()
    database.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_text("dear diary " * 100)
    database = Database(f"sqlite:///{tmp_path}/hub.db")

    with pytest.raises(StoreUnreachable, match="not a database"):
        database.ping()
    database.close()


def test_a_missing_driver_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreMisconfigured, match="pip install"):
        Database("postgresql://me@db.example/hub")


def test_missing_tables_are_told_with_the_command_that_makes_them(empty_url: str) -> None:
    database = Database(empty_url)

    with pytest.raises(SchemaOutdated, match="hubmedic db upgrade"):
        Claims(database).find(Place("T1", "C1", "1.1"))
    database.close()


def test_a_sqlite_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hub.db"
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (x)"))

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == {"hub.db": 0o600, "hub.db-wal": 0o600, "hub.db-shm": 0o600}
    database.close()


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/hub.db", timeout_s=0.05)

    with database.write(), pytest.raises(StoreUnreachable, match="locked"), database.write():
        pass
    database.close()


def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    with database.write() as writing:
        writing.execute(text("CREATE TABLE fresh (x INTEGER)"))
        with database.read() as reading:
            assert reading.scalar(text("SELECT count(*) FROM claims")) == 0


def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    def write_half() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO deliveries VALUES ('Ev1', '2026-01-05 10:00:00')"))
            connection.execute(text("SELECT nonsense FROM deliveries"))

    with pytest.raises(StoreError):
        write_half()

    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM deliveries")) == 0


def test_a_restart_of_the_server_is_not_noticed(postgres: PostgresServer) -> None:
    url = postgres.new()
    database = Database(url)
    database.ping()

    postgres.disconnect_all(url)

    database.ping()
    database.close()
