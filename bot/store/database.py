"""The only door to SQLAlchemy's engine: one database, how it is opened, and its errors in our words.

SQLite is opened in WAL mode, and whoever will write begins with ``BEGIN IMMEDIATE``: a transaction that reads first and
writes later would fail with "database is locked" whatever the time-out, once somebody else wrote in between.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.errors import SchemaOutdated, StoreError, StoreMisconfigured, StoreUnreachable

TIMEOUT_S = 2.0
"""Longest wait for a connection, a lock or a statement: below the three seconds in which Slack wants its ack."""
PATIENT_S = 15.0
"""The same for commands, which nobody waits three seconds for."""
_LOOK_AGAIN_S = 0.02
_CONNECTIONS = 16
_BEGIN = "hubmedic_begin"
_NO_SUCH_TABLE = frozenset({"42P01", "42703"})
"""SQLSTATE of PostgreSQL: undefined table, undefined column."""


class Database:
    """One SQLite file or PostgreSQL database, safe to share between threads."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.url = parse_url(url)
        self.engine = _sqlite(self.url, timeout_s) if self.is_sqlite else _postgresql(self.url, timeout_s)
        """Reads; hand out to libraries that bring their own statements."""
        self.writing_engine = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        """The same connections, for transactions that write."""
        # SQLite lets one write at a time and has the others look again every so often, the unlucky ones late: threads
        # of this process wait for each other here, in turn.
        self._turn: AbstractContextManager[object] = (
            _Turn(timeout_s, self.name) if self.is_sqlite else nullcontext()
        )

    def __repr__(self) -> str:
        return f"Database({self.name})"

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """What the database is called where people read it: no user, no password."""
        if self.is_sqlite:
            return f"sqlite {self.url.database}"
        return f"postgresql {self.url.database} at {self.url.host or self.url.query.get('host', 'localhost')}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with; what it sees does not change underway."""
        with self.in_our_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, undone when the block raises."""
        with self._turn, self.in_our_words(), self.writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection for ``VACUUM`` and the like, which may take as long as they need."""
        with (
            self.in_our_words(),
            self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            if not self.is_sqlite:
                connection.execute(text("SET statement_timeout = 0"))
            try:
                yield connection
            finally:
                if not self.is_sqlite:
                    connection.invalidate()  # the next user gets one with its time-out

    def ping(self) -> None:
        """Return when the database answers, raise :class:`StoreUnreachable` when it does not."""
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def in_our_words(self) -> Iterator[None]:
        """Turn SQLAlchemy's errors into ours; none of them tells a parameter."""
        try:
            yield
        except SQLAlchemyError as error:
            raise self._translated(error) from error
        except OSError as error:
            raise StoreUnreachable(
                "{database} cannot be used ({cause})",
                "set DATABASE_URL to a file that can be written",
                database=self.name,
                cause=error.strerror or str(error),
            ) from error

    def _translated(self, error: SQLAlchemyError) -> StoreError | ValueError:
        if isinstance(error, StatementError) and isinstance(error.orig, StoreError | ValueError):
            return error.orig  # a column refused a value
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        if isinstance(error, DBAPIError) and _is_about_tables(error.orig):
            return SchemaOutdated(
                "the tables of {database} are not those of this version ({cause})",
                "run: hubmedic db upgrade",
                database=self.name,
                cause=cause,
            )
        if isinstance(error, DBAPIError | PoolTimeout):
            return StoreUnreachable(
                "{database} cannot be used ({cause})",
                "look whether it runs and DATABASE_URL is right",
                database=self.name,
                cause=cause,
            )
        return StoreError("{database}: {cause}", database=self.name, cause=cause)


class _Turn(AbstractContextManager[None]):
    """A lock that is waited for as long as a database is."""

    def __init__(self, timeout_s: float, name: str) -> None:
        self._lock = threading.Lock()
        self._timeout_s = timeout_s
        self._name = name

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._timeout_s):
            raise StoreUnreachable(
                "{database} cannot be used ({cause})",
                "look whether it runs and DATABASE_URL is right",
                database=self._name,
                cause="database is locked",
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def address(database_url: str | None, folder: Path) -> str:
    """The database that DATABASE_URL names, else a SQLite file in the given folder."""
    return database_url or f"sqlite:///{folder / 'hubmedic.db'}"


def parse_url(url: str) -> URL:
    """Return the address of a database as SQLAlchemy wants it, whatever driver or old name the text uses.

    Raises
    ------
    StoreMisconfigured
        If it is no address, or of a database that is not supported.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise StoreMisconfigured("DATABASE_URL is not the address of a database", _URL_HINT) from None
    if backend == "postgres" or parsed.drivername == "postgres":  # as some hosts still write it
        backend = "postgresql"
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreMisconfigured(
            "DATABASE_URL names {backend}, which is not supported", _URL_HINT, backend=backend
        )
    if not parsed.database or parsed.database == ":memory:":
        raise StoreMisconfigured(
            "DATABASE_URL names a database in memory, which a restart would lose", _URL_HINT
        )
    return parsed.set(drivername="sqlite")


_URL_HINT = "write sqlite:///path/to/file.db or postgresql://user:password@host/name"


def _sqlite(url: URL, timeout_s: float) -> Engine:
    path = Path(str(url.database)).expanduser()
    engine = create_engine(
        url.set(database=str(path)),
        hide_parameters=True,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=timeout_s,
        connect_args={"timeout": timeout_s, "check_same_thread": False},
    )

    def make_file(*_: object) -> None:
        # It holds what people asked and, with OAuth, tokens; SQLite gives its -wal and -shm the rights of the file.
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    event.listen(engine, "do_connect", make_file)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    cursor = connection.cursor()
    _switch_to_wal(cursor)
    # NORMAL: a process that is killed loses nothing; a machine that loses power may lose the last moments.
    cursor.execute("PRAGMA synchronous = NORMAL")
    # A checkpoint is waited for by whoever commits: let it come once in some hundred claims, not in some dozens.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    """Two that open a new file at once both want it for themselves, and SQLite lets neither wait: the later one looks again."""
    until = time.monotonic() + TIMEOUT_S
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK_AGAIN_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))


def _postgresql(url: URL, timeout_s: float) -> Engine:
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_timeout=timeout_s,
            pool_pre_ping=True,  # after a restart of the server the first user would get a dead connection
            connect_args={
                "connect_timeout": max(2, round(timeout_s)),
                "tcp_user_timeout": round(timeout_s * 1000),
                "prepare_threshold": None,  # a pooler between us and the server hands connections around
                "application_name": "hubmedic",
            },
        )
    except (ImportError, NoSuchModuleError) as error:
        raise StoreMisconfigured(
            "PostgreSQL needs the package psycopg, which is not installed", "pip install 'hubmedic[postgres]'"
        ) from error
    milliseconds = round(timeout_s * 1000)

    def limit_statements(connection: Any, _record: object) -> None:
        # A setting of the session and not of the connection string: poolers refuse strings with options.
        connection.execute(f"SET statement_timeout = {milliseconds}")
        connection.commit()

    event.listen(engine, "connect", limit_statements)
    return engine


def _is_about_tables(error: BaseException | None) -> bool:
    state = getattr(error, "sqlstate", None)
    return state in _NO_SUCH_TABLE or str(error).startswith(("no such table", "no such column"))
