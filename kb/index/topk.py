"""Exact best-k over postings, numpy only.

Scores are sums over the question's terms of ``weight[term] * posting[term, row]``. Terms are taken heaviest
bound first; once the terms left cannot lift a row that was not yet seen into the best k, only rows already seen are
looked up in them (MaxScore: Turtle & Flood 1995, "Query evaluation: strategies and optimizations"). The cost
follows the question's rare terms, not the corpus.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kb.index.store import Store

Array = np.ndarray[Any, Any]

_MOST_KEPT = 2_000_000
"""Postings kept as they are summed, 16 bytes each."""
_PART = 32
_SMALL = 65_536
"""Rows up to which one pass over all postings is quicker than bounding them."""


@dataclass(slots=True)
class _Kept:
    """Terms asked for lately: questions share most of theirs, and the types that sums are taken in cost a conversion."""

    lists: dict[int, tuple[Array, Array, int]] = field(default_factory=dict)
    """Rows, weights and their number."""
    n_postings: int = 0

    def add(self, term: int, found: tuple[Array, Array, int]) -> None:
        """Keep one more; all others are forgotten where there is no room."""
        self.n_postings += found[2]
        if self.n_postings > _MOST_KEPT:
            self.lists, self.n_postings = {}, found[2]
        self.lists[term] = found


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows by term, compressed: the rows of term ``t`` are ``rows[begin[t]:end[t]]``, ascending."""

    begin: Array
    """Shape (n_terms,), int64."""
    end: Array
    rows: Array
    """Shape (n_postings,), int32, ascending within a term."""
    weights: Array
    """Shape (n_postings,), float32, positive."""
    bound: Array
    """Shape (n_terms,), float32: the largest weight of each term."""
    n_rows: int
    kept: _Kept = field(default_factory=_Kept)

    def of(self, term: int) -> tuple[Array, Array, int]:
        """Return the rows of a term, int64, their weights, float64, and how many they are."""
        found = self.kept.lists.get(term)
        if found is None:
            begin, end = int(self.begin[term]), int(self.end[term])
            found = (
                self.rows[begin:end].astype(np.int64),
                self.weights[begin:end].astype(float),
                end - begin,
            )
            self.kept.add(term, found)
        return found


def two_kinds(store: Store, name: str, n_first: int, n_second: int) -> tuple[Postings, Postings]:
    """Return postings over rows of two kinds, the first alone and both together.

    The rows of a term stand side by side, those of the second kind after those of the first and counted on
    from them: one pass scores entries and sections, or groups and sections.
    """
    start, rows, weights, bound = (store[f"{name}_{part}"] for part in ("start", "row", "weight", "bound"))
    return (
        Postings(start[:-1:2], start[1::2], rows, weights, bound, n_first),
        Postings(start[:-1:2], start[2::2], rows, weights, bound, n_first + n_second),
    )


def scores(postings: Postings, terms: Array, weights: Array) -> Array:
    """Return the score of every row, shape (n_rows,), float64; what :func:`best` must agree with."""
    if not len(terms):
        return np.zeros(postings.n_rows)
    rows, values, lengths = zip(*[postings.of(term) for term in terms.tolist()], strict=True)
    # Slices joined, not one index for all: that index alone would be larger than what it fetches.
    weighed = weights.repeat(lengths)
    weighed *= np.concatenate(values)
    summed = np.bincount(np.concatenate(rows), weights=weighed, minlength=postings.n_rows)
    if len(summed) > postings.n_rows:
        raise IndexError(f"postings name row {len(summed) - 1} of {postings.n_rows}")
    return summed


def best(postings: Postings, terms: Array, weights: Array, k: int) -> tuple[Array, Array]:
    """Return the k best rows and their scores, best first; rows that score 0 are left out.

    Parameters
    ----------
    postings : Postings
    terms : ndarray of shape (n_terms,), dtype int64
        Term numbers; of one that comes twice the weights add up.
    weights : ndarray of shape (n_terms,), float
        Weight of each term in the question, positive.
    k : int
        Most rows to return, at least 1.

    Returns
    -------
    rows : ndarray of shape (n_found,), dtype int64
    scores : ndarray of shape (n_found,), dtype float64
        Equal scores keep row order, so the same question gets the same answer on every machine.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if not len(terms):
        return np.zeros(0, np.int64), np.zeros(0)
    if postings.n_rows <= _SMALL:
        summed = scores(postings, terms, weights)
        rows = largest(summed, k)
        return rows, summed[rows]
    return _bounded(postings, terms, weights, k)


def _bounded(postings: Postings, terms: Array, weights: Array, k: int) -> tuple[Array, Array]:
    bounds = weights * postings.bound[terms]
    # Rare terms first among equals: their postings are short and their bounds high.
    order = np.argsort(-bounds, kind="stable")
    terms, weights, bounds = terms[order], weights[order], bounds[order]
    left = np.append(np.cumsum(bounds[::-1])[::-1], 0.0)
    seen_rows: Array = np.zeros(0, np.int64)
    seen: Array = np.zeros(0)
    for number in range(len(terms)):
        if len(seen) >= k and np.partition(seen, len(seen) - k)[len(seen) - k] > left[number]:
            # No unseen row can enter any more: the remaining terms only refine the rows at hand.
            floor = np.partition(seen, len(seen) - k)[len(seen) - k]
            for rest in range(number, len(terms)):
                alive = seen + left[rest] >= floor
                seen_rows, seen = seen_rows[alive], seen[alive]
                seen = seen + weights[rest] * _look_up(postings, int(terms[rest]), seen_rows)
                if len(seen) > k:
                    floor = np.partition(seen, len(seen) - k)[len(seen) - k]
            break
        begin, end = postings.begin[terms[number]], postings.end[terms[number]]
        seen_rows, seen = _merge(
            seen_rows, seen, postings.rows[begin:end], weights[number] * postings.weights[begin:end]
        )
    order = np.lexsort((seen_rows, -seen))[:k]
    return seen_rows[order], seen[order]


def _merge(rows: Array, values: Array, more_rows: Array, more: Array) -> tuple[Array, Array]:
    """Add two sorted sparse vectors."""
    all_rows = np.concatenate([rows, more_rows])
    order = np.argsort(all_rows, kind="stable")
    all_rows, all_values = all_rows[order], np.concatenate([values, more])[order]
    if not len(all_rows):
        return all_rows, all_values
    first = np.flatnonzero(np.append(True, all_rows[1:] != all_rows[:-1]))
    return all_rows[first], np.add.reduceat(all_values, first)


def _look_up(postings: Postings, term: int, rows: Array) -> Array:
    begin, end = postings.begin[term], postings.end[term]
    listed = postings.rows[begin:end]
    if not len(listed):
        return np.zeros(len(rows))
    where = np.searchsorted(listed, rows)
    where[where == len(listed)] = 0
    return np.where(listed[where] == rows, postings.weights[begin:end][where], 0.0)


def largest(values: Array, k: int) -> Array:
    """Return where the k largest values stand that are above 0, largest first, equal ones as they stand."""
    floor = 0.0
    n = len(values)
    if n > k * _PART:
        # The k-th of the largest of parts is no larger than the k-th of all: little is left to sort. Parts of every
        # n-th value are read side by side, several at once.
        highest = values[: n // _PART * _PART].reshape(_PART, -1).max(axis=0)
        floor = np.partition(highest, len(highest) - k)[len(highest) - k]
    elif n > 4 * k:
        floor = np.partition(values, n - k)[n - k]
    found = np.flatnonzero(values >= floor if floor > 0 else values > 0)
    return found[np.argsort(-values[found], kind="stable")[:k]]
