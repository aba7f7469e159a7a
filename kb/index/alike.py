"""Which words of a tree are spelled alike: cosine over letter pieces, exact, and without comparing every pair.

Two words with a cosine of at least ``floor`` share more than the commonest pieces. So the commonest pieces of each word, as
many as weigh little together, are left out when pairs are looked for (prefix filtering: Bayardo, Ma & Srikant 2007, "Scaling
up all pairs similarity search"); what they could add is bounded, and only pairs that can reach the floor are computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kb.index.bags import Bags
from kb.index.ragged import Ragged, firsts, order_of, places, starts

Array = np.ndarray[Any, Any]

_LEFT_OUT = 0.15
"""Squared weight of the commonest pieces of a word that are not looked at for pairs."""
_MOST_PAIRS = 2_000_000
"""Pairs looked at in one go: what bounds the memory of a build."""


def alike(pieces: Bags, weights: Array, floor: float, most: int) -> tuple[Ragged, Array]:
    """Return for each word the words it is like, itself among them.

    Parameters
    ----------
    pieces : Bags
        Letter pieces of each word.
    weights : ndarray of shape (n_values,)
        Weight of each piece of each word, every word of length 1.
    floor : float
        Least cosine, in (0.4, 1].
    most : int
        Words kept for each: the closest; more where the last are equally close.

    Returns
    -------
    words : Ragged
        Ascending in each row.
    cosines : ndarray of shape (n_values,), dtype float32
    """
    first, second, cosines = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    words = _Words.of(pieces, weights.astype(float))
    for one, other, shared in _candidates(words, floor):
        found = shared + _left_out(words, one, other)
        close = found >= floor
        first.append(one[close])
        second.append(other[close])
        cosines.append(found[close])
    selves = np.arange(pieces.n_rows)
    own = np.bincount(pieces.terms.row_of, weights=weights.astype(float) ** 2, minlength=pieces.n_rows)
    rows = np.concatenate([*first, *second, selves])
    columns = np.concatenate([*second, *first, selves])
    values = np.concatenate([*cosines, *cosines, own]).astype(np.float32)
    return _closest(rows, columns, values, pieces.n_rows, most)


@dataclass(frozen=True, slots=True)
class _Words:
    """The pieces of words, the commonest of each set aside."""

    n_words: int
    n_pieces: int
    rows: Array
    """The word each piece is of, ascending; the arrays below are as long."""
    terms: Array
    """Ascending in each word."""
    weights: Array
    is_kept: Array
    """False for the commonest pieces of a word."""
    left_out: Array
    """Shape (n_words,): length of what is set aside of each."""

    @classmethod
    def of(cls, pieces: Bags, weights: Array) -> _Words:
        """Set the commonest pieces aside, by one order for all words: equally common ones by their number."""
        rows, terms = pieces.terms.row_of, pieces.terms.values.astype(np.int64)
        n_pieces = max(len(pieces.vocabulary), 1)
        rank = np.empty(n_pieces, dtype=np.int64)
        rank[np.argsort(-np.bincount(terms, minlength=n_pieces), kind="stable")] = np.arange(n_pieces)
        order = order_of(rows * n_pieces + rank[terms])
        summed = np.cumsum(weights[order] ** 2)
        ahead = np.append(0.0, summed)[pieces.terms.start[:-1]]
        is_kept = np.empty(len(rows), dtype=bool)
        is_kept[order] = summed - np.repeat(ahead, pieces.terms.lengths) >= _LEFT_OUT
        squares = np.bincount(rows[~is_kept], weights=weights[~is_kept] ** 2, minlength=pieces.n_rows)
        return cls(pieces.n_rows, n_pieces, rows, terms, weights, is_kept, np.sqrt(squares))


def _candidates(words: _Words, floor: float) -> Iterator[tuple[Array, Array, Array]]:
    """Yield pairs of words, the lower number first, among which are all whose cosine reaches the floor.

    With each the part of its cosine that comes from pieces kept in both.
    """
    rows, terms, values = (one[words.is_kept] for one in (words.rows, words.terms, words.weights))
    # In posting order: of each piece, the words behind it in its posting are its partners.
    by_term = order_of(terms * words.n_words + rows)
    rows, terms, values = rows[by_term], terms[by_term], values[by_term]
    ends = np.searchsorted(terms, terms, side="right")
    partners = ends - np.arange(len(terms)) - 1
    by_row = order_of(rows)
    row_start = np.searchsorted(rows[by_row], np.arange(words.n_words + 1))
    pairs_before = np.cumsum(np.bincount(rows, weights=partners, minlength=words.n_words))
    # Whole words at a time, so that a pair's shared pieces are all in one block.
    blocks = np.append(firsts(pairs_before // _MOST_PAIRS), words.n_words)
    for begin, end in pairwise(blocks.tolist()):
        at = by_row[row_start[begin] : row_start[end]]
        other = places(np.stack([at + 1, ends[at]], axis=1).ravel(), np.arange(0, 2 * len(at), 2))
        one = np.repeat(at, partners[at])
        keys = rows[one] * words.n_words + rows[other]
        order = order_of(keys)
        keys = keys[order]
        begins = firsts(keys)
        if len(begins):
            shared = np.add.reduceat((values[one] * values[other])[order], begins)
            low, high = np.divmod(keys[begins], words.n_words)
            # Shared pieces that are not kept in both are all left out of one of the two.
            can = shared + np.maximum(words.left_out[low], words.left_out[high]) >= floor - 1e-6
            yield low[can], high[can], shared[can]


def _left_out(words: _Words, one: Array, other: Array) -> Array:
    """Return the part of the cosine of pairs that comes from pieces left out of either, shape (n_pairs,)."""
    aside = np.flatnonzero(~words.is_kept)
    start = np.searchsorted(words.rows[aside], np.arange(words.n_words + 1))
    known = words.rows * words.n_pieces + words.terms
    part = np.zeros(len(one))
    for these, those, only_kept in ((one, other, False), (other, one, True)):
        at = aside[places(start, these)]
        pair = np.repeat(np.arange(len(these)), np.diff(start)[these])
        wanted = those[pair] * words.n_pieces + words.terms[at]
        found = np.searchsorted(known, wanted)
        found[found == len(known)] = 0
        is_shared = known[found] == wanted
        if only_kept:  # what is left out of both has been counted from the other side
            is_shared &= words.is_kept[found]
        products = words.weights[at[is_shared]] * words.weights[found[is_shared]]
        part += np.bincount(pair[is_shared], weights=products, minlength=len(one))
    return part


def _closest(rows: Array, columns: Array, values: Array, n_words: int, most: int) -> tuple[Ragged, Array]:
    by_value = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[by_value], columns[by_value], values[by_value]
    begins = np.searchsorted(rows, np.arange(n_words + 1))
    last = np.minimum(begins[:-1] + most, begins[1:]) - 1
    kept = values >= values[last][rows] if len(rows) else np.zeros(0, dtype=bool)
    rows, columns, values = rows[kept], columns[kept], values[kept]
    order = order_of(rows * np.int64(max(n_words, 1)) + columns)
    start = starts(np.bincount(rows, minlength=n_words))
    return Ragged(start, columns[order].astype(np.int32)), values[order]
