"""Question -> hits and outcome: three readings of a text, one score, one confidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb import identifiers, messages, reading
from kb.errors import UnknownEntry
from kb.index.families import Families
from kb.index.general import General
from kb.index.names import NamedGroups, Names
from kb.index.store import Store
from kb.index.templates import TemplateMatch, Templates
from kb.index.topk import scores
from kb.index.words import QuestionVector, Words
from kb.tokens import words

Array = np.ndarray[Any, Any]
NAME_WEIGHT = 1.0
MESSAGE_WEIGHT = 1.2
FAMILY_WEIGHT = 0.6
SECTION_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Every group's score for one question, and the readings behind it."""

    total: Array
    terms: Array
    names: NamedGroups
    name_share: Array
    message: Array
    best_match: dict[int, TemplateMatch]
    family: Array
    vector: QuestionVector
    words: tuple[str, ...]
    gate: float


class KnowledgeBase:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._entry_group = store["entry_group"]
        self._row_entry = store["row_entry"]
        self._n_entries = store.n_entries
        self._n_groups = len(store["group_slug"])
        self._words = Words(store)
        self._names = Names(store)
        self._templates = Templates(store)
        self._families = Families(store)
        self._general = General(store)
        sections = self._row_entry[self._n_entries :]
        self._section_start = np.flatnonzero(np.append(True, sections[1:] != sections[:-1])) if len(sections) else np.zeros(0, np.int64)
        self._group_order = np.argsort(self._entry_group, kind="stable")
        ordered = self._entry_group[self._group_order]
        self._group_start = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))

    @classmethod
    def open(cls, folder: Path) -> KnowledgeBase:
        return cls(Store(folder))

    def score(self, text: str) -> Scored:
        read = reading.read(text)
        masked = messages.mask(read)
        spoken = words(masked)
        vector = self._words.vector(spoken)
        terms = self._by_group(scores(self._words.postings, vector.terms, vector.weights))
        named = self._names.find(identifiers.candidates(read))
        name_share = np.zeros(self._n_groups)
        name_share[named.groups] = named.shares
        message = np.zeros(self._n_groups)
        best_match: dict[int, TemplateMatch] = {}
        for match in self._templates.match(words(read)):
            group = int(self._entry_group[match.entry])
            if match.score > message[group]:
                message[group] = match.score
                best_match[group] = match
        gate = max(named.strongest, float(message.max()) if len(message) else 0.0)
        family = self._families.scores(spoken)
        total = terms + NAME_WEIGHT * name_share + MESSAGE_WEIGHT * message + (1 - gate) * FAMILY_WEIGHT * family
        return Scored(total, terms, named, name_share, message, best_match, family, vector, tuple(spoken), gate)

    def _by_group(self, rows: Array) -> Array:
        """Entry row plus its best section; a group speaks by its best translation."""
        whole = rows[: self._n_entries]
        section = np.maximum.reduceat(rows[self._n_entries :], self._section_start)
        value = whole + SECTION_WEIGHT * section
        return np.maximum.reduceat(value[self._group_order], self._group_start)
