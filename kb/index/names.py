"""Identifiers of the tree, found in a question in any spelling; rarity decides what one is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.identifiers import Candidate
from kb.index.hashing import Table
from kb.index.store import Store

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class NamedGroups:
    """What the identifiers of a question say."""

    groups: Array
    """Group numbers, each once, int64."""
    shares: Array
    """float64 in (0, 1]: how much of the weight of all identifiers found speaks for each group."""
    by_group: Mapping[int, float]
    """The same shares by group number."""
    spans: tuple[tuple[int, int], ...]
    """Where they stand in the question: (start, length of the key)."""
    strongest: float
    """The highest trust among them; 0 when none was found."""


_NONE = NamedGroups(np.zeros(0, np.int64), np.zeros(0), {}, (), 0.0)


class Names:
    """Reads the identifier arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._table = Table(store["name_hash"])
        self._start = store["name_start"]
        self._group = store["name_group"]
        self._idf = store["name_idf"]
        self._trust = store["name_trust"]

    def find(self, candidates: Iterable[Candidate]) -> NamedGroups:
        """Return the groups that the question's identifiers name."""
        read = list(candidates)
        trust: dict[int, float] = {}
        spans: dict[int, tuple[int, int]] = {}
        for candidate, name in zip(read, self._table.positions([c.key for c in read]), strict=True):
            trusted = candidate.trust * float(self._trust[name]) if name >= 0 else 0.0
            if trusted > trust.get(name, 0.0):
                trust[name] = trusted
                spans[name] = (candidate.start, len(candidate.key))
        if not trust:
            return _NONE
        weight = {name: value * float(self._idf[name]) for name, value in trust.items()}
        total = sum(weight.values())
        strongest = max(trust.values())
        shares: dict[int, float] = {}
        for name, value in weight.items():
            for group in self._group[self._start[name] : self._start[name + 1]].tolist():
                shares[group] = shares.get(group, 0.0) + value / total * strongest
        return NamedGroups(
            np.array(list(shares), dtype=np.int64),
            np.array(list(shares.values())),
            shares,
            tuple(spans.values()),
            strongest,
        )
