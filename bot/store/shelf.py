"""Which entries are new or changed since the index before: an index tells what there is, not what there was.

Every process that opens an index compares it with what is written here. The fingerprint of the index last compared stands
under an empty name, so that replicas and restarts do it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from sqlalchemy import ColumnElement, and_, delete, select

from bot.store.database import Database
from bot.store.schema import entries
from bot.store.statements import insert_or_change

_AT_ONCE = 200
"""Rows a transaction: whoever claims a question waits no longer than for those."""
_FINGERPRINT = ("", "")

Key = tuple[str, str]
"""An entry's id and its locale."""


class News(StrEnum):
    """What is told of an entry."""

    NOTHING = ""
    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Novelty:
    """An entry that is new, or reads otherwise than it did."""

    entry: str
    news: News
    since: datetime


class Shelf:
    """The entries as they were last served."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_known(self, fingerprint: str) -> bool:
        """Whether an index was compared already."""
        query = select(entries.c.digest).where(_is(_FINGERPRINT))
        with self._database.read() as connection:
            return connection.scalar(query) == fingerprint

    def compare(self, digests: Mapping[Key, str], fingerprint: str, *, now: datetime) -> int:
        """Write down what an index holds, and return how many of its entries are new or changed.

        The first index there is has no news. Whoever ends in the middle is followed by one who does the rest: the
        fingerprint is written last.
        """
        with self._database.read() as connection:
            rows = connection.execute(select(entries.c.entry, entries.c.locale, entries.c.digest)).all()
        known = {(row.entry, row.locale): row.digest for row in rows}
        is_first = _FINGERPRINT not in known
        ids = {entry for entry, _ in known}
        changes = iter(
            {
                "entry": key[0],
                "locale": key[1],
                "digest": digest,
                "news": News.NOTHING if is_first else News.CHANGED if key[0] in ids else News.NEW,
                "since": now,
            }
            for key, digest in digests.items()
            if known.get(key) != digest
        )
        count = 0
        while batch := list(islice(changes, _AT_ONCE)):
            with self._database.write() as connection:
                for row in batch:
                    insert_or_change(connection, entries, row, key=("entry", "locale"))
            count += sum(row["news"] is not News.NOTHING for row in batch)
        gone = iter(known.keys() - digests.keys() - {_FINGERPRINT})
        while some := list(islice(gone, _AT_ONCE)):
            with self._database.write() as connection:
                for key in some:
                    connection.execute(delete(entries).where(_is(key)))
        mark = dict(zip(("entry", "locale"), _FINGERPRINT, strict=True))
        with self._database.write() as connection:
            row = mark | {"digest": fingerprint[:32], "news": News.NOTHING, "since": now}
            insert_or_change(connection, entries, row, key=("entry", "locale"))
        return count

    def news(self, since: datetime, *, limit: int = 20) -> Iterator[Novelty]:
        """Yield what is new since a moment, the newest first, each entry once."""
        query = (
            select(entries.c.entry, entries.c.news, entries.c.since)
            .where(entries.c.news != News.NOTHING, entries.c.since >= since)
            .order_by(entries.c.since.desc(), entries.c.entry)
            .limit(4 * limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        seen: set[str] = set()
        for row in rows:
            if row.entry not in seen and len(seen) < limit:
                seen.add(row.entry)
                yield Novelty(row.entry, News(row.news), row.since)


def _is(key: Key) -> ColumnElement[bool]:
    return and_(entries.c.entry == key[0], entries.c.locale == key[1])
