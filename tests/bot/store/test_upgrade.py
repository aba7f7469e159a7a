from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.store.database import Database
from bot.store.errors import SchemaOutdated
from bot.store.schema import metadata
from bot.store.upgrade import schema_state, upgrade


def test_an_empty_database_gets_every_table(empty_url: str) -> None:
    before = upgrade(empty_url)

    database = Database(empty_url)
    assert before.current is None
    assert schema_state(database).is_current
    database.close()


def test_upgrading_twice_changes_nothing(url: str) -> None:
    assert upgrade(url).is_current


def test_the_migrations_build_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.read() as connection:
        options = {"version_table": "schema_version", "compare_type": True, "target_metadata": metadata}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert differences == []


def test_two_releases_at_once_do_not_disturb_each_other(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(upgrade, [empty_url] * 4))

    assert sorted(state.current or "" for state in states)[0] == ""
    assert sum(state.is_current for state in states) == 3


def test_tables_of_a_newer_version_are_left_alone_and_told(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE schema_version SET version_num = 'ffff'"))

    with pytest.raises(SchemaOutdated, match="newer version"):
        upgrade(url)

    assert schema_state(database).current == "ffff"
    database.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(empty_url: str) -> None:
    database = Database(empty_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE votes (mine INTEGER)"))  # in the way of the last table

    with pytest.raises(Exception, match="votes"):
        upgrade(empty_url)

    with database.read() as connection:
        kind = "sqlite_master" if database.is_sqlite else "pg_tables"
        name = "name" if database.is_sqlite else "tablename"
        assert connection.scalar(text(f"SELECT count(*) FROM {kind} WHERE {name} = 'claims'")) == 0
    database.close()
