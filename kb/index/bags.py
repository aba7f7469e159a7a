"""Texts as bags of terms: which term of one vocabulary each holds, and how often.

A vocabulary is the sorted hashes of its terms, so that the bags of two builds can be put together without their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.index.hashing import hashes
from kb.index.ragged import Ragged, firsts, order_of, places, starts

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Bags:
    """One bag a row."""

    vocabulary: Array
    """Hashes of the terms, sorted, each once, uint64; every one is used."""
    terms: Ragged
    """Term numbers of each row, ascending."""
    counts: Array
    """How often each of them stands there, shape (n_values,), float32."""

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, int]]) -> Bags:
        """Return counted terms as bags."""
        numbers: dict[str, int] = {}
        terms = Ragged.of([[numbers.setdefault(term, len(numbers)) for term in row] for row in rows])
        counts = np.array([count for row in rows for count in row.values()], dtype=np.float32)
        vocabulary, rank = np.unique(hashes(list(numbers)), return_inverse=True)
        return cls(vocabulary, terms.mapped(rank), counts)._in_order()

    @property
    def n_rows(self) -> int:
        """How many bags there are."""
        return self.terms.n_rows

    def with_new(self, more: Bags, rows: Array) -> Bags:
        """Return bags of these and of others: ``rows`` are wanted, counted through these and then through the others."""
        vocabulary = np.union1d(self.vocabulary, more.vocabulary)
        ours = self.terms.mapped(np.searchsorted(vocabulary, self.vocabulary))
        theirs = more.terms.mapped(np.searchsorted(vocabulary, more.vocabulary))
        both = ours.then(theirs)
        at = places(both.start, rows)
        terms = both.values[at]
        used = np.zeros(len(vocabulary), dtype=bool)
        used[terms] = True
        return Bags(
            vocabulary[used],
            Ragged(starts(both.lengths[rows]), (np.cumsum(used, dtype=np.int32) - 1)[terms]),
            np.concatenate([self.counts, more.counts])[at],
        )

    def summed(self, start: Array, shares: Array) -> Bags:
        """Return neighbouring rows put together: row ``n`` of the result is what rows ``start[n]:start[n + 1]`` hold.

        ``shares`` of shape (n_rows,) is what a term of each row counts.
        """
        n_terms = max(len(self.vocabulary), 1)
        owner = np.repeat(np.repeat(np.arange(len(start) - 1), np.diff(start)), self.terms.lengths)
        keys = owner * n_terms + self.terms.values
        order = order_of(keys)
        keys = keys[order]
        first = firsts(keys)
        rows, terms = np.divmod(keys[first], n_terms)
        begins = np.searchsorted(rows, np.arange(len(start)))
        counted = self.counts * np.repeat(shares, self.terms.lengths).astype(np.float32)
        counts = np.add.reduceat(counted[order], first) if len(first) else counted
        return Bags(self.vocabulary, Ragged(begins.astype(np.int64), terms.astype(np.int32)), counts)

    def _in_order(self) -> Bags:
        order = order_of(self.terms.row_of * max(len(self.vocabulary), 1) + self.terms.values)
        return Bags(self.vocabulary, Ragged(self.terms.start, self.terms.values[order]), self.counts[order])
