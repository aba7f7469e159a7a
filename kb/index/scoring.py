"""One question read in three ways, and the score of every group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb import identifiers, messages, reading
from kb.index.contrast import contrast
from kb.index.families import Families
from kb.index.groups import Groups
from kb.index.holdings import Holdings
from kb.index.names import NamedGroups, Names
from kb.index.segments import Segments
from kb.index.store import Store
from kb.index.templates import TemplateMatch, Templates
from kb.index.topk import largest, scores
from kb.index.words import QuestionVector, Words
from kb.tokens import words

Array = np.ndarray[Any, Any]

NAME_WEIGHT = 0.8
MESSAGE_WEIGHT = 1.0
FAMILY_WEIGHT = 0.7
ENTRY_WEIGHT = 1.5
ARTICLE_WEIGHT = 0.5
LISTED_SHARE = 0.85
"""Weights beside the cosine of an entry's best section; chosen on the labelled sets, see benchmarks/RESULTS.md."""
ROUNDS = (6, 3)
"""How many candidates are told apart: those that are shown are chosen among six, the first one among those."""
CONTRAST_WEIGHT = 0.85
FAMILY_SHARE = 2.0
"""What a contrast counts beside the scores, and in it a family beside a word; chosen on the labelled sets."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the three readings see it."""

    text: str
    """As its author would have read it on a screen."""
    printed: tuple[str, ...]
    """Its words in order."""
    spoken: tuple[str, ...]
    """The same, values masked and stack frames left out."""
    vector: QuestionVector
    families: Array
    """Families of the thesaurus that its words are of, ascending."""
    named: NamedGroups
    matches: dict[int, TemplateMatch]
    """The best message match of each group."""
    closest: Array
    """Shape (n_entries,): cosine with the section or wording of each that is most like the question."""
    terms: Array
    """Shape (n_groups,): the score of the words alone."""
    total: Array
    """Shape (n_groups,)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best groups for a question."""

    groups: Array
    """Group numbers, best first."""
    totals: Array
    """Their scores, falling."""
    held: Mapping[int, Array]
    """Which of the question's words the first ones hold, by group."""


class Scoring:
    """Reads questions against the arrays of an index."""

    def __init__(self, store: Store, groups: Groups) -> None:
        self.words = Words(store)
        self.holdings = Holdings(store)
        self._groups = groups
        self._names = Names(store)
        self._templates = Templates(store)
        self._families = Families(store, len(groups))
        self._entry_group = store["entry_group"]
        self._sections = Segments(store["section_start"])
        self._n_entries = len(self._entry_group)
        self._entry_article = store["entry_article"]
        self._article_length = store["article_length"]
        self._share = np.where(groups.listed, LISTED_SHARE, 1.0)

    def read(self, text: str) -> Reading:
        """Read a question and score every group."""
        plain = reading.read(text)
        printed = words(plain)
        masked = messages.mask(reading.telling(plain))
        spoken = printed if masked == plain else words(masked)
        vector = self.words.vector(spoken)
        by_terms, closest = self._by_terms(vector)
        terms = self._groups.scores(by_terms)
        named = self._names.find(identifiers.candidates(plain))
        matches: dict[int, TemplateMatch] = {}
        for match in self._templates.match(printed):
            matches.setdefault(int(self._entry_group[match.entry]), match)
        total = terms.copy()
        total[named.groups] += NAME_WEIGHT * named.shares
        for group, match in matches.items():
            total[group] += MESSAGE_WEIGHT * match.score
        gate = max([named.strongest, *(match.score for match in matches.values())])
        families = self._families.find(spoken)
        by_families = self._families.scores(families) if gate < 1.0 else None
        if by_families is not None:
            whole, sections = by_families
            total += (1.0 - gate) * FAMILY_WEIGHT * 0.5 * (whole + self._groups.best(sections))
        total = self._groups.with_siblings(total * self._share)
        return Reading(
            plain, tuple(printed), tuple(spoken), vector, families, named, matches, closest, terms, total
        )

    def rank(self, read: Reading, k: int) -> Ranking:
        """Return the k best groups that score above 0; the first of them are ordered by what tells them apart."""
        best = largest(read.total, k)
        totals = read.total[best]
        first = best[: max(ROUNDS)].tolist()
        held = self.holdings.held(read.vector, read.families, first)
        order = np.arange(len(best))
        if len(first) > 1:
            weights = np.concatenate([read.vector.idf, FAMILY_SHARE * self._families.idf[read.families]])
            for n_contrasted in ROUNDS:
                close = order[:n_contrasted]
                apart = self._share[best[close]] * contrast(held[close], weights)
                totals[close] += CONTRAST_WEIGHT * apart
                order = np.argsort(-totals, kind="stable")
        words_held = held[:, : len(read.vector.words)]
        return Ranking(best[order], totals[order], dict(zip(first, words_held, strict=True)))

    def rank_words(self, text: str, k: int) -> list[tuple[int, float]]:
        """Return the k best entries by their words alone, as (entry number, score): what an index is compared by."""
        rows, values = self.words.best(words(text), k)
        return list(zip(rows.tolist(), values.tolist(), strict=True))

    def _by_terms(self, vector: QuestionVector) -> tuple[Array, Array]:
        """Cosine with the best section weighted with the entry whole and with its article, shape (n_entries,); and alone."""
        both = scores(self.words.both, vector.terms, vector.weights)
        entries, sections = both[: self._n_entries], both[self._n_entries :]
        articles = np.bincount(self._entry_article, weights=entries) / self._article_length
        closest = self._sections.largest(sections)
        weighted = ENTRY_WEIGHT * entries + closest + ARTICLE_WEIGHT * articles[self._entry_article]
        return weighted, closest
