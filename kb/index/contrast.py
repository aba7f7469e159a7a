"""What tells the best candidates apart: the words of the question that not all of them hold.

Candidates of one question share most of what they hold of it, causes of one error above all: that speaks for each of
them alike. Among them a word counts by how few hold it, an idf over the candidates themselves, and so do families of words.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def contrast(held: Array, weights: Array) -> Array:
    """Return how much each of some candidates holds that others do not, in [0, 1].

    Parameters
    ----------
    held : ndarray of shape (n_candidates, n_terms), dtype bool
        Two candidates at least.
    weights : ndarray of shape (n_terms,)

    Returns
    -------
    ndarray of shape (n_candidates,)
        Share of the weight of what any of them holds, each term's times ln(candidates / holders) / ln(candidates).
    """
    n_candidates = len(held)
    n_holders = held.sum(axis=0)
    all_held = float(weights[n_holders > 0].sum())
    if not all_held:
        return np.zeros(n_candidates)
    rarity = np.log(n_candidates / np.maximum(n_holders, 1)) / math.log(n_candidates)
    shares: Array = held @ (weights * rarity) / all_held
    return shares
