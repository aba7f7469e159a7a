"""Frozen values as JSON and back: the only door to pydantic's adapters.

What is stored outlives the code that wrote it. JSON that this version cannot read is as if it were not there.
"""

from __future__ import annotations

import logging
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
_LOG = logging.getLogger("hubmedic.store")


class Codec(Generic[T]):
    """Writes and reads the values of one type, dataclasses inside dataclasses included."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._name = kind.__name__

    def dump(self, value: T) -> str:
        """The value as JSON."""
        return self._adapter.dump_json(value).decode()

    def load(self, text: str) -> T | None:
        """The value again, None where another version wrote it in another shape."""
        try:
            return self._adapter.validate_json(text)
        except ValidationError as error:
            # The first place that does not fit; never the text itself.
            place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            _LOG.warning(
                "a stored %s cannot be read any more (at %s) and is left out", self._name, place or "its top"
            )
            return None
