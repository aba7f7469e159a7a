"""Entries and their translations: a group is one entry in every locale it exists in."""

from __future__ import annotations

from typing import Any

import numpy as np

from kb import locales
from kb.index.store import Store

Array = np.ndarray[Any, Any]

TRANSLATION_WEIGHT = 0.6
"""What a translation other than the best one adds: two texts on one trouble are better evidence than one."""


class Groups:
    """Reads which entries are translations of each other."""

    def __init__(self, store: Store) -> None:
        entry_group = store["entry_group"]
        self._locales = store.manifest.locales
        self._entry_locale = store["entry_locale"]
        self.slug = store["group_slug"]
        """Shape (n_groups,): number of the article each group is of."""
        self._entries = np.argsort(entry_group, kind="stable")
        ordered = entry_group[self._entries]
        self._start = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))

    def __len__(self) -> int:
        return len(self._start)

    def entries(self, group: int) -> Array:
        """Return the numbers of a group's entries, in the order of the trees."""
        end = self._start[group + 1] if group + 1 < len(self._start) else len(self._entries)
        return self._entries[self._start[group] : end]

    def scores(self, entries: Array) -> Array:
        """Return a score for each group from one for each entry: the best translation, and a part of the others."""
        ordered = entries[self._entries]
        best = np.maximum.reduceat(ordered, self._start)
        return best + TRANSLATION_WEIGHT * (np.add.reduceat(ordered, self._start) - best)

    def best(self, entries: Array) -> Array:
        """Return for each group the score of its best translation."""
        return np.maximum.reduceat(entries[self._entries], self._start)

    def in_locale(self, group: int, locale: str | None) -> int:
        """Return the number of the group's entry in the locale wanted, else in the tree's first one that has it."""
        numbers = self.entries(group).tolist()
        if locale is not None and len(numbers) > 1:
            listed = [self._locales[self._entry_locale[number]] for number in numbers]
            chosen = locales.negotiate(locale, listed)
            if chosen is not None:
                return int(numbers[listed.index(chosen)])
        return int(numbers[0])
