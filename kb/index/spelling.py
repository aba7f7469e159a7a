"""Words of the tree that are spelled like a word of the question.

For words the tree knows, neighbours were found when the index was built; a word it does not know (a typing mistake,
another form, a compound) is compared by its three-letter pieces first, then by edit distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from kb.index.hashing import positions
from kb.index.store import Store

Array = np.ndarray[Any, Any]

GRAM = 3
LEAST_ALIKE = 0.72
"""Edit similarity from which an unknown word stands for a known one."""
_SHORTEST = 4
"""Letters; shorter words are all alike."""
_COMPARED = 12


def grams(word: str) -> list[str]:
    """Return the distinct three-letter pieces of a word, its ends marked: ``_to``, ``tok``, ``oke``, ``ken``, ``en_``."""
    padded = f"_{word}_"
    return list(dict.fromkeys(padded[i : i + GRAM] for i in range(len(padded) - GRAM + 1)))


class Spelling:
    """Reads the spelling arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._near_start = store["near_start"]
        self._near_term = store["near_term"]
        self._near_weight = store["near_weight"]
        self._gram_hash = store["gram_hash"]
        self._gram_start = store["gram_start"]
        self._gram_word = store["gram_word"]
        self._word_term = store["spelled_term"]
        self._word_offset = store["spelled_offset"]
        self._word_text = store["spelled_text"]
        self._term_word = store["term_spelled"]
        self._cache: dict[str, tuple[Array, Array]] = {}

    def alike(self, words: Sequence[str], known: Array) -> tuple[Array, Array, Array]:
        """Return the terms spelled like the question's words.

        Returns
        -------
        terms : ndarray of shape (n,), dtype int64
        weights : ndarray of shape (n,), dtype float64
            In (0, 1], 1 for the word itself.
        owner : ndarray of shape (n,), dtype int64
            Which of ``words`` each belongs to.
        """
        found_terms: list[Array] = []
        found_weights: list[Array] = []
        for word, term in zip(words, known.tolist(), strict=True):
            terms, weights = self._neighbours(term) if term >= 0 else self._repair(word)
            found_terms.append(terms)
            found_weights.append(weights)
        if not found_terms:
            return np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
        owner = np.repeat(np.arange(len(words)), [len(terms) for terms in found_terms])
        return np.concatenate(found_terms), np.concatenate(found_weights), owner

    def _neighbours(self, term: int) -> tuple[Array, Array]:
        number = self._term_word[term]
        if number < 0:
            return np.array([term], np.int64), np.ones(1)
        begin, end = self._near_start[number], self._near_start[number + 1]
        return self._near_term[begin:end].astype(np.int64), self._near_weight[begin:end].astype(float)

    def _repair(self, word: str) -> tuple[Array, Array]:
        nothing = np.zeros(0, np.int64), np.zeros(0)
        if len(word) < _SHORTEST or any(char.isdigit() for char in word):
            return nothing
        cached = self._cache.get(word)
        if cached is not None:
            return cached
        if len(self._cache) > 20_000:
            self._cache.clear()
        self._cache[word] = result = self._compare(word) or nothing
        return result

    def _compare(self, word: str) -> tuple[Array, Array] | None:
        where = positions(self._gram_hash, grams(word))
        slices = [
            self._gram_word[self._gram_start[g] : self._gram_start[g + 1]] for g in where[where >= 0].tolist()
        ]
        if not slices:
            return None
        shared = np.bincount(np.concatenate(slices), minlength=len(self._word_term))
        likely = np.argsort(-shared, kind="stable")[:_COMPARED]
        close = [
            (number, similarity)
            for number in likely.tolist()
            if shared[number] >= 2
            and (similarity := DamerauLevenshtein.normalized_similarity(word, self._spelled(number)))
            >= LEAST_ALIKE
        ]
        if not close:
            return None
        return (
            np.array([self._word_term[number] for number, _ in close], np.int64),
            np.array([similarity**2 for _, similarity in close]),
        )

    def _spelled(self, number: int) -> str:
        return self._word_text[self._word_offset[number] : self._word_offset[number + 1]].tobytes().decode()
