"""The only door to Alembic: bring a database to the tables of this version, and tell which it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from bot.store.database import PATIENT_S, Database
from bot.store.errors import SchemaOutdated

VERSION_TABLE = "schema_version"
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6875626D
"""Number of the lock that keeps two releases from migrating at once."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Which tables a database has, and which this version wants."""

    current: str | None
    """None: no table of ours yet."""
    wanted: str

    @property
    def is_current(self) -> bool:
        return self.current == self.wanted


def upgrade(url: str) -> SchemaState:
    """Bring the tables of a database to this version, all of it or nothing; return what was there before.

    Raises
    ------
    StoreError
        If the database cannot be reached, or is of a newer version.
    """
    database = Database(url, timeout_s=PATIENT_S)
    try:
        with database.write() as connection:
            if not database.is_sqlite:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            before = _state(connection)
            if not before.is_current:
                config = _config()
                config.attributes["connection"] = connection
                try:
                    command.upgrade(config, "head")
                except CommandError as error:
                    raise SchemaOutdated(
                        "{database} has the tables of a newer version ({revision})",
                        "install that version, or point DATABASE_URL elsewhere",
                        database=database.name,
                        revision=before.current,
                    ) from error
        return before
    finally:
        database.close()


def schema_state(database: Database) -> SchemaState:
    """Which tables a database has."""
    with database.read() as connection:
        return _state(connection)


def _state(connection: Connection) -> SchemaState:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return SchemaState(context.get_current_revision(), str(head))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config
