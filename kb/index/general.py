"""General language: which words a question has that every text has, and which language a person wrote in.

The table of common words is written when the index is built (from wordfreq: Speer 2022, frequencies
of words in general text on the Zipf scale), so that nothing is loaded to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.hashing import positions
from kb.index.store import Store

Array = np.ndarray[Any, Any]

UNSEEN = 1.5
"""Zipf frequency taken for a word that is not among a language's common ones."""


class General:
    """Reads the general-language arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._hash = store["general_hash"]
        self._zipf = store["general_zipf"]
        self.languages: tuple[str, ...] = tuple(bytes(store["general_languages"]).decode().split(","))

    def zipf(self, words: Sequence[str]) -> Array:
        """Return the Zipf frequency of words, shape (n_words, n_languages); 0 where a language does not know them.

        6 is a word such as "not", 3 one such as "handshake": the base-10 logarithm of uses in a thousand million words.
        """
        where = positions(self._hash, words)
        table = self._zipf[np.maximum(where, 0)].astype(float) / 25.0
        table[where < 0] = 0.0
        return table

    def language(self, words: Sequence[str]) -> str | None:
        """Return the language a text is most likely written in, None where its words do not tell.

        Naive Bayes over the words' frequencies; at least two common words and odds of a hundred to one are wanted.
        """
        if not len(self.languages):
            return None
        table = self.zipf(words)
        common = (table > 4.5).any(axis=1)
        if common.sum() < 2:
            return None
        likelihood = np.where(table > 0, table, UNSEEN)[(table > 0).any(axis=1)].sum(axis=0)
        order = np.argsort(-likelihood, kind="stable")
        if len(order) > 1 and likelihood[order[0]] - likelihood[order[1]] < 2.0:
            return None
        return self.languages[int(order[0])]
