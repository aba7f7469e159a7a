"""Strings as 64-bit numbers, so that a sorted array replaces a dictionary and nothing is loaded to look one up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_MOST_REMEMBERED = 32_768
"""Strings whose place is held ready."""
_FEW = 64
"""Strings up to which looking up one after the other is quicker than all at once."""


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
        self._numbers = memoryview(hashed.data)  # whose items are plain numbers
        self._known: dict[str, int] = {}

    def positions(self, texts: Collection[str]) -> list[int]:
        """Return where each string stands in the table, -1 where it does not."""
        known = self._known
        found = [known.get(text, -2) for text in texts]
        if -2 in found:
            new = list(dict.fromkeys(text for text, place in zip(texts, found, strict=True) if place == -2))
            looked_up = dict(zip(new, self._look_up(new), strict=True))
            if len(known) + len(looked_up) > _MOST_REMEMBERED:
                self._known = {}
            if len(looked_up) <= _MOST_REMEMBERED:
                self._known.update(looked_up)
            found = [
                looked_up[text] if place == -2 else place for text, place in zip(texts, found, strict=True)
            ]
        return found

    def position(self, text: str) -> int:
        """Return where one string stands in the table, -1 where it does not; nothing is remembered."""
        number = hash64(text)
        place = bisect_left(self._numbers, number)
        return place if place < len(self._numbers) and self._numbers[place] == number else -1

    def _look_up(self, texts: Sequence[str]) -> list[int]:
        if len(texts) > _FEW:
            wanted = hashes(texts)
            found = self._hashed.searchsorted(wanted)
            found[found == len(self._hashed)] = 0
            if len(self._hashed):
                found[self._hashed[found] != wanted] = -1
            else:
                found[:] = -1
            return [int(place) for place in found.tolist()]
        return [self.position(text) for text in texts]
