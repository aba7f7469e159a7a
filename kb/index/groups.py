"""Entries and their translations: a group is one entry in every locale it exists in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from kb import locales
from kb.index.store import Store

Array = np.ndarray[Any, Any]

TRANSLATION_WEIGHT = 0.6
"""What a translation other than the best one adds: two texts on one trouble are better evidence than one."""

SIBLING_WEIGHT = 0.15
"""What another entry of the same article adds: an article of which two entries fit is likelier the right one."""
_LEAST_LISTED = 3
"""Entries with a code of their own that make an article a list of errors."""
_MOST_REMEMBERED = 1_024
"""Choices of a locale that are held ready, one for each set of locales that entries exist in."""


class Groups:
    """Reads which entries are translations of each other."""

    def __init__(self, store: Store) -> None:
        entry_group = store["entry_group"]
        self._locales = store.manifest.locales
        self._entry_locale = store["entry_locale"]
        self._name_start = store["name_start"]
        self._name_group = store["name_group"]
        self.slug = store["group_slug"]
        """Shape (n_groups,): number of the article each group is of."""
        self._entries = np.argsort(entry_group, kind="stable")
        ordered = entry_group[self._entries]
        self._start = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        self._nth = self._by_place()
        self._places: dict[tuple[str, tuple[str, ...]], int] = {}

    @cached_property
    def listed(self) -> Array:
        """Which groups stand in an article that lists errors, a code an entry, bool, shape (n_groups,)."""
        sole = np.diff(self._name_start) == 1
        coded = np.zeros(len(self), dtype=bool)
        coded[self._name_group[self._name_start[:-1][sole]]] = True
        return np.bincount(self.slug, weights=coded)[self.slug] >= _LEAST_LISTED

    @cached_property
    def _siblings(self) -> tuple[Array, Array, Array]:
        """Groups of articles that tell several troubles of one error, those of an article side by side; where each article begins;
        and the article of each, counted from 0."""
        n_groups = np.bincount(self.slug)
        several = np.flatnonzero((n_groups[self.slug] > 1) & ~self.listed)
        members = several[np.argsort(self.slug[several], kind="stable")]
        slugs = self.slug[members]
        begins = (
            np.flatnonzero(np.append(True, slugs[1:] != slugs[:-1])) if len(slugs) else np.zeros(0, np.int64)
        )
        return members, begins, np.repeat(np.arange(len(begins)), np.diff(np.append(begins, len(members))))

    def with_siblings(self, values: Array) -> Array:
        """Return scores with a part of the best one among the other entries of the article, shape (n_groups,)."""
        members, begins, owner = self._siblings
        if not len(begins):
            return values
        own = values[members]
        best = np.maximum.reduceat(own, begins)
        is_best = own == best[owner]
        second = np.maximum.reduceat(np.where(is_best, 0.0, own), begins)
        raised = values.copy()
        raised[members] += SIBLING_WEIGHT * np.where(is_best, second[owner], best[owner])
        return raised

    def __len__(self) -> int:
        return len(self._start)

    def entries(self, group: int) -> Array:
        """Return the numbers of a group's entries, in the order of the trees."""
        end = self._start[group + 1] if group + 1 < len(self._start) else len(self._entries)
        return self._entries[self._start[group] : end]

    def scores(self, entries: Array) -> Array:
        """Return a score for each group from one for each entry: the best translation, and a part of the others."""
        best, total = self._best_and_sum(entries)
        return best + TRANSLATION_WEIGHT * (total - best)

    def best(self, entries: Array) -> Array:
        """Return for each group the score of its best translation."""
        return self._best_and_sum(entries)[0]

    def _best_and_sum(self, entries: Array) -> tuple[Array, Array]:
        padded = np.append(entries, 0.0)
        best = total = padded[self._nth[0]]
        for places in self._nth[1:]:
            more = padded[places]
            best = np.maximum(best, more)
            total = total + more
        return best, total

    def _by_place(self) -> list[Array]:
        """For each place inside a group, the entry of every group that stands there; one past the last where none does.

        A few passes over whole columns are several times quicker than reducing each group by itself.
        """
        lengths = np.diff(np.append(self._start, len(self._entries)))
        padded = np.append(self._entries, len(self._entries))
        return [
            padded[np.where(place < lengths, self._start + place, len(self._entries))]
            for place in range(int(lengths.max(initial=1)))
        ]

    def in_locale(self, group: int, locale: str | None) -> int:
        """Return the number of the group's entry in the locale wanted, else in the tree's first one that has it."""
        if locale is None:
            return int(self._entries[self._start[group]])
        numbers = self.entries(group).tolist()
        listed = tuple(self._locales[self._entry_locale[number]] for number in numbers)
        place = self._places.get((locale, listed))
        if place is None:
            if len(self._places) >= _MOST_REMEMBERED:
                self._places = {}
            chosen = locales.negotiate(locale, listed)
            place = self._places[locale, listed] = 0 if chosen is None else listed.index(chosen)
        return int(numbers[place])
