"""The few statements that SQLite and PostgreSQL share, and SQLAlchemy spells by database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; True when it was inserted."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # RETURNING rather than a row count: the count is not kept where SQLAlchemy asks for the new id as well.
    query = insert(table).values(row).on_conflict_do_nothing().returning(literal(1))
    return connection.execute(query).first() is not None


def insert_or_change(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    *,
    key: Sequence[str],
    keep: Sequence[str] = (),
) -> None:
    """Insert a row, or overwrite the one with its key but for the columns to ``keep``."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    query = insert(table).values(row)
    changed = {name: query.excluded[name] for name in row if name not in key and name not in keep}
    connection.execute(query.on_conflict_do_update(index_elements=list(key), set_=changed))
