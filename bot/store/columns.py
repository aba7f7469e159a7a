"""Column types that keep promises: times are UTC, texts hold no secret.

The guard sits in the column and not in the classes that write, so that no way into the database goes around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from bot.redaction import redact
from bot.store.errors import SecretRefused

Identity = BigInteger().with_variant(Integer, "sqlite")
"""A row's number. SQLite counts by itself only where the type is exactly INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: written and read as UTC, whatever the database makes of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone: pass datetime.now(UTC)")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RedactedText(TypeDecorator[str]):
    """Text of people or about them: refused when the redaction would still take something out of it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        refuse_secrets(value)
        # PostgreSQL has no NUL in a text; a paste may.
        return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")


class RedactedJson(TypeDecorator[str]):
    """JSON whose texts are of people or about them: each is looked at by itself, as it reads.

    Looked at as a whole, a field of ours named ``token`` or ``key`` would make a secret of whatever it holds.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        refuse_secrets_in_json(value)
        return value.replace("\\u0000", "\\ufffd")


def refuse_secrets(text: str) -> None:
    """Raise :class:`SecretRefused` when a text was not redacted."""
    found = redact(text)
    if found.text != text:
        raise SecretRefused(
            "a text still holds a secret ({kinds}) and was not stored",
            "redact it where it comes in",
            kinds=", ".join(found.kinds),
        )


def refuse_secrets_in_json(text: str) -> None:
    """Raise :class:`SecretRefused` when a text anywhere in a JSON document was not redacted."""
    for inner in _texts(json.loads(text)):
        refuse_secrets(inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
