"""Rows of different lengths in flat arrays, and the few operations a build needs on them, numpy only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_DIGIT = 16
"""Bits that are sorted at once."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows one behind the other: those of row ``r`` are ``values[start[r]:start[r + 1]]``."""

    start: Array
    """Shape (n_rows + 1,), int64, from 0 on."""
    values: Array
    """Shape (start[-1],), int32."""

    @classmethod
    def of(cls, rows: Sequence[Iterable[int]]) -> Ragged:
        """Return rows of numbers as arrays."""
        lists = [list(row) for row in rows]
        flat = [value for row in lists for value in row]
        return cls(starts([len(row) for row in lists]), np.array(flat, dtype=np.int32))

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.start) - 1

    @property
    def lengths(self) -> Array:
        """Shape (n_rows,), int64."""
        return np.diff(self.start)

    @property
    def row_of(self) -> Array:
        """Which row each value is of, shape (n_values,), int64."""
        return np.repeat(np.arange(self.n_rows), self.lengths)

    def take(self, rows: Array) -> Ragged:
        """Return some of the rows, in the order asked for."""
        return Ragged(starts(self.lengths[rows]), self.values[places(self.start, rows)])

    def where(self, kept: Array) -> Ragged:
        """Return the same rows with some of their values, ``kept`` of shape (n_values,), bool."""
        return Ragged(starts(np.bincount(self.row_of[kept], minlength=self.n_rows)), self.values[kept])

    def then(self, more: Ragged) -> Ragged:
        """Return these rows with more behind them."""
        return Ragged(
            np.concatenate([self.start, more.start[1:] + self.start[-1]]),
            np.concatenate([self.values, more.values]),
        )

    def merged(self, owner: Array, n_rows: int) -> Ragged:
        """Return the rows of each owner put together, ``owner`` of shape (self.n_rows,): each value once, ascending."""
        n_values = int(self.values.max(initial=0)) + 1
        keys = np.repeat(owner.astype(np.int64), self.lengths) * n_values + self.values
        keys = keys[order_of(keys)]
        rows, values = np.divmod(keys[firsts(keys)], n_values)
        return Ragged(np.searchsorted(rows, np.arange(n_rows + 1)).astype(np.int64), values.astype(np.int32))

    def mapped(self, numbers: Array) -> Ragged:
        """Return the same rows, each value replaced by its number in a table."""
        return Ragged(self.start, numbers[self.values].astype(np.int32))


def starts(lengths: Sequence[int] | Array) -> Array:
    """Return where rows of these lengths begin, and the end of the last, shape (n_rows + 1,), int64."""
    found = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=found[1:])
    return found


def places(start: Array, rows: Array) -> Array:
    """Return where the values of rows stand, row after row, int64."""
    begins = start[rows]
    lengths = start[rows + 1] - begins
    ends = np.cumsum(lengths)
    found = np.repeat(begins - ends + lengths, lengths)
    found += np.arange(len(found))
    return found


def order_of(keys: Array) -> Array:
    """Return the order that sorts whole numbers from 0 on, equal ones as they stand, int64."""
    order: Array = np.argsort(keys.astype(np.uint16), kind="stable")
    # Digit by digit from the last: numpy sorts 16 bits by counting, several times quicker than it compares 64.
    most, shift = int(keys.max(initial=0)), _DIGIT
    while most >> shift:
        digits = (keys[order] >> shift).astype(np.uint16)
        order = order[np.argsort(digits, kind="stable")]
        shift += _DIGIT
    return order


def firsts(ordered: Array) -> Array:
    """Return where each different value of a sorted array begins, int64."""
    return (
        np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        if len(ordered)
        else np.zeros(0, np.int64)
    )
