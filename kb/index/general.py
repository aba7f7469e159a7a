"""General language: which words a question has that every text has, and which language a person wrote in.

The table of common words is written when the index is built (from wordfreq: Speer 2022, frequencies
of words in general text on the Zipf scale), so that nothing is loaded to ask.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.hashing import Table
from kb.index.store import Store

Array = np.ndarray[Any, Any]

UNSEEN = 1.5
"""Zipf frequency taken for a word that is not among a language's common ones."""
_MOST_REMEMBERED = 16_384
_COMMON = 4.5
"""Zipf frequency above which a word tells which language it is of: some three thousand words of each."""
_PEOPLES_ENGLISH = frozenset({
    "always", "anybody", "anyone", "anyways", "cant", "colleague", "dont", "doesnt", "everybody", "everyone", "get",
    "gets", "getting", "got", "guys", "hello", "help", "hey", "hi", "how", "i", "im", "ive", "isnt", "just", "keep",
    "keeps", "me", "mine", "morning", "my", "night", "our", "ours", "seems", "someone", "somebody", "stuff",
    "suddenly", "tells", "thanks", "they", "thing", "things", "thx", "today", "tomorrow", "trying", "us", "wanna",
    "we", "week", "weird", "whats", "whos", "why", "wont", "yesterday", "you", "your",
})  # fmt: skip
"""English that people write and programs do not print."""


def rarer_elsewhere(frequency: Array, zipf: Array) -> Array:
    """Return the log10 of how much more frequent words are in a tree than in general language, about [-3, 6].

    Parameters
    ----------
    frequency : ndarray of shape (n_words,)
        Share of the tree's entries that use each word, in [0, 1].
    zipf : ndarray of shape (n_words,)
        Zipf frequency of each, 0 where general language does not know it.
    """
    found: Array = np.log10(np.maximum(frequency, 1e-5)) + 6.0 - np.where(zipf > 0, zipf, 1.0)
    return found


class General:
    """Reads the general-language arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._table = Table(store["general_hash"])
        self._zipf = store["general_zipf"]
        self._remembered: dict[str, tuple[float, ...]] = {}
        self.languages: tuple[str, ...] = tuple(bytes(store["general_languages"]).decode().split(","))

    def zipf(self, words: Sequence[str]) -> list[tuple[float, ...]]:
        """Return the Zipf frequency of each word in every language; 0 where a language does not know it.

        6 is a word such as "not", 3 one such as "handshake": the base-10 logarithm of uses in a thousand million words.
        """
        return [self._remembered.get(word) or self._look_up(word) for word in words]

    def highest(self, words: Sequence[str]) -> Array:
        """Return the Zipf frequency of words in the language that uses each most, shape (n_words,)."""
        return np.array([max(row) for row in self.zipf(words)], dtype=float)

    def _look_up(self, word: str) -> tuple[float, ...]:
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered = {}
        place = self._table.position(word)
        row = (self._zipf[place] / 25.0).tolist() if place >= 0 else [0.0] * len(self.languages)
        found = self._remembered[word] = tuple(row)
        return found

    def language(self, words: Sequence[str]) -> str | None:
        """Return the language a person's own words are in, None where they do not tell.

        Naive Bayes over the words' frequencies, odds of a hundred to one wanted of two words and more of a single one. Software
        prints English whoever uses it, so English wants a word besides that only people use ("my", "why", "keeps").
        """
        if not self.languages or not words:
            return None
        known = [row for row in self.zipf(words) if any(row)]
        n_common = sum(1 for row in known if max(row) > _COMMON)
        if not n_common:
            return None
        likelihood = [sum(value or UNSEEN for value in column) for column in zip(*known, strict=True)]
        best = max(likelihood)
        found = likelihood.index(best)
        ahead = best - max((*likelihood[:found], *likelihood[found + 1 :]), default=-math.inf)
        if ahead < (2.0 if n_common > 1 else 2.8):
            return None
        language = self.languages[found]
        return language if language != "en" or not _PEOPLES_ENGLISH.isdisjoint(words) else None
