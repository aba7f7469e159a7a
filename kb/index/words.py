"""The words of entries as postings, and a question's words as a vector over them.

A question's vector holds its words and pairs of words (TF-IDF, Manning et al. 2008, section 6.4), plus, with a
lower weight, the words of the tree that are spelled alike: forms of one word, compounds, typing mistakes, French
typed without accents. That is what character n-grams do for a whole text, at the cost of the question's few words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kb.index.hashing import Table
from kb.index.spelling import Alike, Spelling
from kb.index.store import Store
from kb.index.topk import best, two_kinds

Array = np.ndarray[Any, Any]

ALIKE_SHARE = 0.6
"""Weight of the vector with words spelled alike beside the exact one; chosen on the labelled sets."""
_MOST_REMEMBERED = 16_384


def pairs(words: Sequence[str]) -> list[str]:
    """Return neighbouring words joined, as the index names them."""
    return [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question in the index's terms."""

    terms: Array
    """Term numbers, int64; one that stands there twice has the sum of its weights."""
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


@dataclass(frozen=True, slots=True)
class _Word:
    """What a tree knows of a word."""

    term: int
    """-1 where it does not use it."""
    idf: float
    alike: Alike
    forms: list[int]
    """The word itself and those spelled like it, as far as the tree uses them."""


class Words:
    """Reads the word arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._table = Table(store["word_hash"])
        self._idf = store["word_idf"]
        section_start = store["section_start"]
        self.entries, self.both = two_kinds(store, "word", len(section_start) - 1, int(section_start[-1]))
        """Postings over the entries, and over entries and sections together."""
        self._spelling = Spelling(store, self._idf)
        self._remembered: dict[str, _Word] = {}
        self.highest_idf = float(self._idf.max()) if len(self._idf) else 1.0

    def share(self, word: str) -> float:
        """Return the share of entries that use a word, in [0, 1]."""
        term = self._table.position(word)
        return float(np.exp(1.0 - self._idf[term])) if term >= 0 else 0.0

    def vector(self, words: Sequence[str]) -> QuestionVector:
        """Return the vector of a question's words, in order."""
        counts = Counter(words)
        known = [self._word(word) for word in counts]
        terms, weights = self._weighed(counts, known, words)
        return QuestionVector(
            terms,
            weights,
            tuple(counts),
            np.array([one.term for one in known], dtype=np.int64),
            np.array([one.idf for one in known], dtype=float),
            np.array([term for one in known for term in one.forms], dtype=np.int64),
            np.repeat(np.arange(len(known)), [len(one.forms) for one in known]),
        )

    def best(self, words: Sequence[str], k: int) -> tuple[Array, Array]:
        """Return the k entries that a question's words speak for, and their scores, best first."""
        counts = Counter(words)
        return best(self.entries, *self._weighed(counts, [self._word(word) for word in counts], words), k)

    def _weighed(
        self, counts: Mapping[str, int], known: Sequence[_Word], words: Sequence[str]
    ) -> tuple[Array, Array]:
        """Terms and their weights; a term that is also spelled like a word comes again, its weights add up."""
        # A question has a few dozen words: plain lists are quicker here than arrays of them.
        terms: list[int] = []
        weights: list[float] = []
        alike_terms: list[int] = []
        alike: list[float] = []
        square = alike_square = 0.0
        for one, count in zip(known, counts.values(), strict=True):
            often = _frequency(count) if count > 1 else 1.0
            weight = one.idf * often
            square += weight * weight
            if one.term >= 0:
                terms.append(one.term)
                weights.append(weight)
            alike_square += one.alike.square * often * often
            alike_terms += one.alike.terms
            alike += one.alike.weights if count == 1 else [weight * often for weight in one.alike.weights]
        n_known = len(terms)
        joined = Counter(pairs(words))
        for place, count in zip(self._table.positions(joined), joined.values(), strict=True):
            weight = float(self._idf[place]) if place >= 0 else self.highest_idf
            if count > 1:
                weight *= _frequency(count)
            square += weight * weight
            if place >= 0:
                terms.append(place)
                weights.append(weight)
        weighed = np.array(weights + alike)
        exact, close = 1.0 / (math.sqrt(square) or 1.0), ALIKE_SHARE / (math.sqrt(alike_square) or 1.0)
        weighed[:n_known] *= exact + close  # a word is also spelled like itself
        weighed[n_known : len(weights)] *= exact
        weighed[len(weights) :] *= close
        return np.array(terms + alike_terms, dtype=np.int64), weighed

    def _word(self, word: str) -> _Word:
        found = self._remembered.get(word)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered = {}
            term = self._table.position(word)
            idf = float(self._idf[term]) if term >= 0 else self.highest_idf
            alike = self._spelling.alike(word, term)
            forms = [term, *alike.terms] if term >= 0 else alike.terms
            found = self._remembered[word] = _Word(term, idf, alike, forms)
        return found


def _frequency(count: int) -> float:
    return 1.0 + math.log(count)
