"""Which of a question's words, and of its families of words, the texts of a group hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.store import Store
from kb.index.words import QuestionVector

Array = np.ndarray[Any, Any]

_NONE = np.zeros(0, dtype=np.int64)


class Holdings:
    """Reads the terms and families of every group: those of all its translations."""

    def __init__(self, store: Store) -> None:
        self._start = store["held_start"]
        self._held = store["held"]
        self._n_terms = len(store["word_idf"])

    def held(self, vector: QuestionVector, families: Array, groups: Sequence[int]) -> Array:
        """Return what some groups hold of a question, bool, shape (n_groups, n_words + n_families).

        The first columns are its words, held in any form; then come its families of words, ``families`` of shape (n_families,).
        """
        n_words = len(vector.words)
        wanted = np.concatenate([vector.alike_terms, families + self._n_terms]).astype(np.int32)
        owner = np.concatenate([vector.alike_owner, np.arange(n_words, n_words + len(families))])
        found = np.zeros((len(groups), n_words + len(families)), dtype=bool)
        for row, group in zip(found, groups, strict=True):
            row[owner[self._holds(group, wanted)]] = True
        return found

    def words(self, vector: QuestionVector, groups: Sequence[int]) -> dict[int, Array]:
        """Return which of a question's words each of some groups holds, bool, shape (n_words,)."""
        return dict(zip(groups, self.held(vector, _NONE, groups), strict=True))

    def uses(self, group: int, terms: Array) -> Array:
        """Return which of some terms a group uses, in this very form, bool, shape (n_terms,)."""
        return self._holds(group, terms.astype(np.int32))

    def _holds(self, group: int, wanted: Array) -> Array:
        listed = self._held[self._start[group] : self._start[group + 1]]
        if not len(listed):
            return np.zeros(len(wanted), dtype=bool)
        where = listed.searchsorted(wanted)
        where[where == len(listed)] = 0
        found: Array = listed[where] == wanted
        return found
