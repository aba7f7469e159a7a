"""What tells the best candidates apart: the words of the question that not all of them hold.

Candidates of one question share most of what they hold of it, causes of one error above all: that speaks for each of
them alike. Among them a word counts by how few hold it, an idf over the candidates themselves, and so do families of words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.index.holdings import Holdings

if TYPE_CHECKING:
    from kb.index.scoring import Reading

Array = np.ndarray[Any, Any]

ROUNDS = (6, 3)
"""How many are told apart: those that are shown are chosen among six, the first one among those."""
CONTRAST_WEIGHT = 0.85
FAMILY_SHARE = 2.0
"""What it counts beside their scores, and a family beside a word; chosen on the labelled sets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best groups for a question."""

    groups: Array
    """Group numbers, best first."""
    totals: Array
    """Their scores, falling."""
    held: Mapping[int, Array]
    """Which of the question's words the first ones hold, by group."""


def rank(read: Reading, best: Array, shares: Array, holdings: Holdings, family_idf: Array) -> Ranking:
    """Return the best groups by score, the first of them ordered by what tells them apart.

    Parameters
    ----------
    read : Reading
    best : ndarray of shape (n_found,)
        Group numbers, best first.
    shares : ndarray of shape (n_found,)
        What speaks for each counts so much.
    holdings : Holdings
    family_idf : ndarray of shape (n_families,)
        What each family of the thesaurus is worth.
    """
    totals = read.total[best]
    first = best[: max(ROUNDS)].tolist()
    held = holdings.held(read.vector, read.families, first)
    order = np.arange(len(best))
    if len(first) > 1:
        weights = np.concatenate([read.vector.idf, FAMILY_SHARE * family_idf[read.families]])
        for n_contrasted in ROUNDS:
            close = order[:n_contrasted]
            totals[close] += CONTRAST_WEIGHT * shares[close] * contrast(held[close], weights)
            order = np.argsort(-totals, kind="stable")
    n_words = len(read.vector.words)
    return Ranking(best[order], totals[order], dict(zip(first, held[:, :n_words], strict=True)))


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
