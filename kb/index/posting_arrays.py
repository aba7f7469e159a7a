"""Weighted rows turned into postings by term, as :mod:`kb.index.topk` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.ragged import Ragged, order_of, starts

Array = np.ndarray[Any, Any]


def postings(prefix: str, n_terms: int, *kinds: tuple[Ragged, Array]) -> dict[str, Array]:
    """Return rows of terms with their weights as postings.

    Parameters
    ----------
    prefix : str
        What the arrays' names begin with.
    n_terms : int
    *kinds : (Ragged, ndarray)
        Term numbers of each row and their weights. The postings of a term stand side by side; rows of the second
        kind are counted on from those of the first.

    Returns
    -------
    dict of str to ndarray
        ``start`` of shape (n_kinds * n_terms + 1,), ``row``, ``weight``, and ``bound``: the largest weight of
        each term among rows of the first kind.
    """
    n_kinds = len(kinds)
    n_rows = np.cumsum([0, *(rows.n_rows for rows, _ in kinds)])
    slots = np.concatenate([rows.values * np.int64(n_kinds) + kind for kind, (rows, _) in enumerate(kinds)])
    owners = np.concatenate([rows.row_of + n_rows[kind] for kind, (rows, _) in enumerate(kinds)])
    order = order_of(slots)
    lengths = np.bincount(slots, minlength=n_terms * n_kinds)
    start = starts(lengths)
    weights = np.concatenate([weight for _, weight in kinds])[order].astype(np.float32)
    return {
        f"{prefix}_start": start,
        f"{prefix}_row": owners[order].astype(np.int32),
        f"{prefix}_weight": weights,
        f"{prefix}_bound": _largest(weights, start, n_kinds),
    }


def _largest(weights: Array, start: Array, n_kinds: int) -> Array:
    begins, ends = start[:-1:n_kinds], start[1::n_kinds]
    bound = np.zeros(len(begins), dtype=np.float32)
    filled = np.flatnonzero(ends > begins)
    if len(filled):
        pairs = np.stack([begins[filled], ends[filled]], axis=1).ravel()
        if pairs[-1] == len(weights):
            pairs = pairs[:-1]
        bound[filled] = np.maximum.reduceat(weights, pairs)[::2]
    return bound


def flat(lists: Sequence[Sequence[int]]) -> Array:
    """Return the numbers of lists one behind the other, int32."""
    return np.array([value for one in lists for value in one], dtype=np.int32)
