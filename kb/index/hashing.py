"""Strings as 64-bit numbers, so that a sorted array replaces a dictionary and nothing is loaded to look one up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_MOST_REMEMBERED = 32_768


@lru_cache(maxsize=131_072)
def hash64(text: str) -> int:
    """Return a stable 64-bit number for a string (BLAKE2b, RFC 7693); two of a million collide once in 37 million."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def hashes(texts: Sequence[str]) -> Array:
    """Return the hashes of strings, shape (n_texts,), dtype uint64."""
    return np.fromiter(map(hash64, texts), dtype=np.uint64, count=len(texts))


class Table:
    """A sorted table of hashes; where a string stands is remembered, since questions share most of their words."""

    def __init__(self, hashed: Array) -> None:
        self._hashed = hashed
        self._known: dict[str, int] = {}

    def positions(self, texts: Sequence[str]) -> list[int]:
        """Return where each string stands in the table, -1 where it does not."""
        known = self._known
        found = [known.get(text, -2) for text in texts]
        if -2 in found:
            missing = dict.fromkeys(
                text for text, position in zip(texts, found, strict=True) if position == -2
            )
            looked_up = dict(zip(missing, self._look_up(list(missing)), strict=True))
            if len(known) + len(looked_up) > _MOST_REMEMBERED:
                self._known = {}
            if len(looked_up) <= _MOST_REMEMBERED:
                self._known.update(looked_up)
            found = [
                looked_up[text] if position == -2 else position
                for text, position in zip(texts, found, strict=True)
            ]
        return found

    def _look_up(self, texts: Sequence[str]) -> list[int]:
        table = self._hashed
        if not len(table):
            return [-1] * len(texts)
        wanted = hashes(texts)
        found = table.searchsorted(wanted)
        found[found == len(table)] = 0
        found[table[found] != wanted] = -1
        positions: list[int] = found.tolist()
        return positions
