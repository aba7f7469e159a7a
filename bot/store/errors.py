"""What can go wrong with the store.

    StoreError
    ├── StoreUnreachable      the database does not answer, or not in time
    ├── SchemaOutdated        its tables are not those of this version
    ├── StoreMisconfigured    a DATABASE_URL that cannot be right
    └── SecretRefused         a text still holds a secret: nothing was written

Messages are English templates with ``{named}`` values, keys of the catalogs. A database is named by its kind, host
and name, never by its URL, which holds a password.
"""

from __future__ import annotations

from bot.errors import BotError


class StoreError(BotError):
    """Something about the database that whoever runs hubmedic can mend."""

    code = "store"


class StoreUnreachable(StoreError):
    """Nobody home, or too busy to answer in time."""

    code = "store-unreachable"


class SchemaOutdated(StoreError):
    """Tables are missing or of another version."""

    code = "store-schema"


class StoreMisconfigured(StoreError):
    """A setting that names no database."""

    code = "store-settings"


class SecretRefused(StoreError):
    """A text came that was not redacted; the error does not hold it."""

    code = "store-secret"
