"""The words of entries as postings, and a question's words as a vector over them.

A question's vector holds its words and pairs of words (TF-IDF, Manning et al. 2008, section 6.4), plus, with a
lower weight, the words of the tree that are spelled alike: forms of one word, compounds, typing mistakes, French
typed without accents. That is what character n-grams do for a whole text, at the cost of the question's few words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kb.index.hashing import Table
from kb.index.spelling import Spelling
from kb.index.store import Store
from kb.index.topk import two_kinds

Array = np.ndarray[Any, Any]

ALIKE_SHARE = 0.6
"""Weight of the vector with words spelled alike beside the exact one; chosen on the labelled sets."""


def pairs(words: Sequence[str]) -> list[str]:
    """Return neighbouring words joined, as the index names them."""
    return [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question in the index's terms."""

    terms: Array
    """Term numbers, each once, int64."""
    weights: Array
    """float64, positive."""
    words: tuple[str, ...]
    """The question's distinct words, in order."""
    known: Array
    """Shape (n_words,), int64: the term of each word, -1 where the tree does not use it."""
    idf: Array
    """Shape (n_words,), float64: idf of each word, the highest for unknown ones."""
    alike_terms: Array
    """Terms spelled like the words, int64, ..."""
    alike_owner: Array
    """... and which word each belongs to."""
    recognised: frozenset[str]
    """The question's words that the tree uses, or spells a little differently."""


class Words:
    """Reads the word arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._table = Table(store["word_hash"])
        self._idf = store["word_idf"]
        section_start = store["section_start"]
        self.entries, self.both = two_kinds(store, "word", len(section_start) - 1, int(section_start[-1]))
        """Postings over the entries, and over entries and sections together."""
        self._spelling = Spelling(store, self._idf)
        self.highest_idf = float(self._idf.max()) if len(self._idf) else 1.0

    def vector(self, words: Sequence[str]) -> QuestionVector:
        """Return the vector of a question's words, in order."""
        # A question has a few dozen words: plain numbers are quicker here than arrays of them.
        counts = Counter(words)
        joined = Counter(pairs(words))
        distinct = tuple(counts)
        positions = self._table.positions((*distinct, *joined))
        known = positions[: len(distinct)]
        idf = [self._idf_of(term) for term in positions]
        exact = [
            (1.0 + math.log(count)) * value
            for count, value in zip((*counts.values(), *joined.values()), idf, strict=True)
        ]
        norm = math.sqrt(sum(weight * weight for weight in exact)) or 1.0
        weights: dict[int, float] = {}
        for term, weight in zip(positions, exact, strict=True):
            if term >= 0:
                weights[term] = weights.get(term, 0.0) + weight / norm
        alike = [self._spelling.alike(word, term) for word, term in zip(distinct, known, strict=True)]
        frequency = [1.0 + math.log(count) for count in counts.values()]
        alike_norm = math.sqrt(
            sum(often * often * one.square for often, one in zip(frequency, alike, strict=True))
        )
        for often, one in zip(frequency, alike, strict=True):
            share = ALIKE_SHARE * often / (alike_norm or 1.0)
            for term, weight in zip(one.terms, one.weights, strict=True):
                weights[term] = weights.get(term, 0.0) + share * weight
        return QuestionVector(
            np.array(list(weights), dtype=np.int64),
            np.array(list(weights.values()), dtype=float),
            distinct,
            np.array(known, dtype=np.int64),
            np.array(idf[: len(distinct)], dtype=float),
            np.array([term for one in alike for term in one.terms], dtype=np.int64),
            np.array([owner for owner, one in enumerate(alike) for _ in one.terms], dtype=np.int64),
            frozenset(word for word, one in zip(distinct, alike, strict=True) if one.terms),
        )

    def _idf_of(self, term: int) -> float:
        return float(self._idf[term]) if term >= 0 else self.highest_idf
