"""Words of the tree that are spelled like a word of the question.

For words the tree knows, neighbours were found when the index was built; a word it does not know (a typing mistake,
another form, a compound) is compared by its three-letter pieces first, then by edit distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from kb.index.hashing import Table
from kb.index.store import Store

Array = np.ndarray[Any, Any]

GRAM = 3
"""Letters of a piece."""
END = "_"
"""Stands for a word's ends in its pieces."""
LEAST_ALIKE = 0.72
"""Edit similarity from which an unknown word stands for a known one."""
_SHORTEST = 4
"""Letters; shorter words are all alike."""
_COMPARED = 12
"""Words of the tree with the most pieces in common that are compared by edit distance."""


def grams(word: str) -> list[str]:
    """Return the distinct three-letter pieces of a word, its ends marked: ``_to``, ``tok``, ``oke``, ``ken``, ``en_``."""
    padded = f"{END}{word}{END}"
    return list(dict.fromkeys(padded[i : i + GRAM] for i in range(len(padded) - GRAM + 1)))


@dataclass(frozen=True, slots=True)
class Alike:
    """Words of the tree that are spelled like a word, the word itself left out."""

    terms: list[int]
    weights: list[float]
    """The likeness of each times its idf."""
    square: float
    """Sum of the squared weights, that of the word itself among them, whose likeness is 1."""


class Spelling:
    """Reads the spelling arrays of an index."""

    def __init__(self, store: Store, idf: Array) -> None:
        self._idf = idf
        self._near_start = store["near_start"]
        self._near_term = store["near_term"]
        self._near_weight = store["near_weight"]
        self._grams = Table(store["gram_hash"])
        self._gram_start = store["gram_start"]
        self._gram_word = store["gram_word"]
        self._word_term = store["spelled_term"]
        self._word_offset = store["spelled_offset"]
        self._word_text = store["spelled_text"]
        self._term_word = store["term_spelled"]

    def alike(self, word: str, term: int) -> Alike:
        """Return the terms spelled like a word of a question, ``term`` being its own or -1."""
        terms, weights = self._neighbours(term) if term >= 0 else self._repair(word)
        square = sum([weight * weight for weight in weights])
        if term >= 0:
            place = terms.index(term)
            del terms[place], weights[place]
        return Alike(terms, weights, square)

    def _neighbours(self, term: int) -> tuple[list[int], list[float]]:
        number = self._term_word[term]
        if number < 0:
            return [term], [float(self._idf[term])]
        begin, end = self._near_start[number], self._near_start[number + 1]
        return self._near_term[begin:end].tolist(), self._near_weight[begin:end].tolist()

    def _repair(self, word: str) -> tuple[list[int], list[float]]:
        if len(word) < _SHORTEST or any(char.isdigit() for char in word):
            return [], []
        close = [(int(self._word_term[number]), similarity) for number, similarity in self._compare(word)]
        return [term for term, _ in close], [
            similarity**2 * float(self._idf[term]) for term, similarity in close
        ]

    def _compare(self, word: str) -> list[tuple[int, float]]:
        slices = [
            self._gram_word[self._gram_start[gram] : self._gram_start[gram + 1]]
            for gram in self._grams.positions(grams(word))
            if gram >= 0
        ]
        if not slices:
            return []
        shared = np.bincount(np.concatenate(slices), minlength=len(self._word_term))
        several = np.flatnonzero(shared >= 2)
        likely = several[np.argsort(-shared[several], kind="stable")[:_COMPARED]]
        return [
            (number, similarity)
            for number in likely.tolist()
            if (similarity := DamerauLevenshtein.normalized_similarity(word, self._spelled(number)))
            >= LEAST_ALIKE
        ]

    def _spelled(self, number: int) -> str:
        return self._word_text[self._word_offset[number] : self._word_offset[number + 1]].tobytes().decode()
