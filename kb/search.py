"""Question -> hits and outcome: three readings of a text, one score, one confidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kb import identifiers, locales, messages, reading
from kb.calibration import Calibration
from kb.errors import UnknownEntry
from kb.evidence import Evidence
from kb.index.families import Families
from kb.index.general import General
from kb.index.names import NamedGroups, Names
from kb.index.store import Store
from kb.index.templates import TemplateMatch, Templates
from kb.index.topk import scores
from kb.index.words import QuestionVector, Words
from kb.model import Entry, Found, Hit, Outcome
from kb.tokens import words

Array = np.ndarray[Any, Any]

NAME_WEIGHT = 0.8
MESSAGE_WEIGHT = 1.0
FAMILY_WEIGHT = 0.6
TRANSLATION_WEIGHT = 0.6
ARTICLE_WEIGHT = 0.5
"""Weights of the readings beside the terms; chosen on the labelled sets, see benchmarks/RESULTS.md."""

N_CANDIDATES = 10
_SURELY_A_MESSAGE = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """One question as the three readings see it, with every group's score."""

    text: str
    spoken: tuple[str, ...]
    """Its words in order, values masked."""
    vector: QuestionVector
    named: NamedGroups
    matches: dict[int, TemplateMatch]
    """The best message match of each group."""
    terms: Array
    """Shape (n_groups,)."""
    total: Array
    """Shape (n_groups,)."""


class KnowledgeBase:
    """An open index: finds entries for questions; any number of threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entry_group = store["entry_group"]
        self._group_slug = store["group_slug"]
        self._words = Words(store)
        self._names = Names(store)
        self._templates = Templates(store)
        self._families = Families(store)
        self._general = General(store)
        self._calibration = Calibration(store.manifest.constants)
        self._section_start = store["section_start"][:-1]
        self._entry_article = store["entry_article"]
        self._article_length = store["article_length"]
        # Entries sorted by group, so that one reduceat takes the best translation of each.
        self._by_group = np.argsort(self._entry_group, kind="stable")
        grouped = self._entry_group[self._by_group]
        self._group_start = np.flatnonzero(np.append(True, grouped[1:] != grouped[:-1]))

    @classmethod
    def open(cls, folder: Path) -> KnowledgeBase:
        """Open an index folder.

        Raises
        ------
        IndexUnusable
            If there is none, it is damaged, or of another format.
        """
        return cls(Store(folder))

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales articles exist in, lower case, in the order of the trees."""
        return self._store.manifest.locales

    @property
    def n_entries(self) -> int:
        """Entries, one for each locale they exist in."""
        return self._store.n_entries

    def is_current(self) -> bool:
        """Return whether no newer build has been swapped in."""
        return self._store.is_current()

    def entries(self) -> Iterator[Entry]:
        """Yield every entry of every locale."""
        return self._store.entries()

    def entry(self, entry_id: str, locale: str | None = None) -> Entry:
        """Return an entry in a locale, in another where it does not exist in that.

        Raises
        ------
        UnknownEntry
            If no entry has that id.
        """
        group = self._group_of_id.get(entry_id)
        if group is None:
            raise UnknownEntry("no entry is named {entry}", "hubmedic kb list shows the names", entry=entry_id)
        return self._store.entry(self._in_locale(group, locale))

    def find(self, text: str, *, locale: str | None = None, limit: int = 3) -> Found:
        """Find the entries a question is about.

        Parameters
        ----------
        text : str
            The question or paste, already without secrets.
        locale : str, optional
            BCP 47 tag of the locale entries are wanted in; None leaves them in the locale that matched best.
        limit : int
            Most hits to show where several are close, at least 1.

        Returns
        -------
        Found
            The outcome with its hits, and up to ten candidates best first, whatever the outcome.
        """
        if limit < 1:
            raise ValueError(f"limit must be at least 1, got {limit}")
        read = self.read(text)
        order = self._best_groups(read)
        language = self._language(read)
        if not len(order):
            return Found(Outcome.NONE, 0.0, (), (), language)
        evidence = [self.evidence(read, int(group), order) for group in order]
        confidences = self._calibration.confidences(evidence, read.total[order])
        candidates = tuple(
            self._hit(read, int(group), confidence, proof, locale)
            for group, confidence, proof in zip(order, confidences, evidence, strict=True)
        )
        outcome, n_shown = self._calibration.outcome(confidences)
        return Found(outcome, candidates[0].confidence, candidates[: min(n_shown, limit)], candidates, language)

    def read(self, text: str) -> Reading:
        """Read a question in the three ways and score every group."""
        plain = reading.read(text)
        spoken = words(messages.mask(plain))
        vector = self._words.vector(spoken)
        terms = self._terms(vector)
        named = self._names.find(identifiers.candidates(plain))
        total = terms.copy()
        total[named.groups] += NAME_WEIGHT * named.shares
        matches: dict[int, TemplateMatch] = {}
        for match in self._templates.match(words(plain)):
            matches.setdefault(int(self._entry_group[match.entry]), match)
        for group, match in matches.items():
            total[group] += MESSAGE_WEIGHT * match.score
        gate = max([named.strongest, *(match.score for match in matches.values())])
        if gate < 1.0:
            total += (1.0 - gate) * FAMILY_WEIGHT * self._families.scores(spoken)
        return Reading(plain, tuple(spoken), vector, named, matches, terms, total)

    def evidence(self, read: Reading, group: int, order: Array) -> Evidence:
        """Return what speaks for a group, ``order`` being the best groups of the question."""
        vector = read.vector
        others = order[self._group_slug[order] != self._group_slug[group]]
        total = float(read.total[group])
        rival = float(read.total[others].max()) if len(others) else 0.0
        held = self._held(vector, group)
        zipf = self._general.zipf(vector.words).max(axis=1) if len(vector.words) and self._general.languages else np.zeros(len(vector.words))
        known = vector.known >= 0
        heard = known | (zipf > 0)
        information = np.where(heard, vector.idf**2, 0.0)
        frequency = np.where(known, np.exp(1.0 - vector.idf), 0.0)
        in_tree = np.log10(np.maximum(frequency, 1e-5)) + 2.0
        in_general = np.where(zipf > 0, zipf, 1.0) - 4.0
        lift = in_tree - in_general
        specific = np.where(known, np.maximum(lift, 0.0), 0.0) * information + np.where(~known & (zipf > 0), information, 0.0)
        match = read.matches.get(group)
        share = float(read.named.shares[read.named.groups == group].sum())
        n_words = max(len(vector.words), 1)
        return Evidence(
            terms=float(read.terms[group]),
            margin=(total - rival) / max(total, rival, 1e-6),
            name=share,
            message=match.score if match else 0.0,
            coverage=match.coverage if match else 0.0,
            explained=float(information[held].sum() / max(information.sum(), 1e-6)),
            explained_specific=float(specific[held].sum() / max(specific.sum(), 1e-6)),
            foreign=float((~known & (zipf > 0)).sum() / n_words),
            foreign_rare=float((~known & (zipf > 0) & (zipf < 4.0)).sum() / n_words),
            unheard=float((~heard).sum() / n_words),
            typical=float(np.where(heard, lift, 0.0).sum() / max(heard.sum(), 1)),
            stray_names=0.0 if len(read.named.groups) else float(min(3, len(identifiers.find(read.text)))),
            length=float(np.log2(1 + len(read.spoken))),
            best_word=float(vector.idf[held & known].max() / max(float(self._words.highest_idf), 1e-6)) if (held & known).any() else 0.0,
        )

    def _held(self, vector: QuestionVector, group: int) -> Array:
        """Which of the question's words a group's text holds, in any translation or form, shape (n_words,)."""
        held = np.zeros(len(vector.words), dtype=bool)
        start, terms = self._store["entry_term_start"], self._store["entry_term"]
        for entry in self._by_group[self._span(group)]:
            listed = terms[start[entry] : start[entry + 1]]
            where = np.searchsorted(listed, vector.alike_terms)
            where[where == len(listed)] = 0
            held[vector.alike_owner[listed[where] == vector.alike_terms]] = True
        return held

    def _span(self, group: int) -> slice:
        begin = int(self._group_start[group])
        end = int(self._group_start[group + 1]) if group + 1 < len(self._group_start) else len(self._by_group)
        return slice(begin, end)

    def _terms(self, vector: QuestionVector) -> Array:
        """An entry whole plus its best section; a group speaks by its best translation, the others add a little."""
        entries = scores(self._words.entries, vector.terms, vector.weights)
        sections = scores(self._words.sections, vector.terms, vector.weights)
        articles = np.bincount(self._entry_article, weights=entries) / self._article_length
        value = entries + np.maximum.reduceat(sections, self._section_start) + ARTICLE_WEIGHT * articles[self._entry_article]
        value = value[self._by_group]
        best_one = np.maximum.reduceat(value, self._group_start)
        return best_one + TRANSLATION_WEIGHT * (np.add.reduceat(value, self._group_start) - best_one)

    def _best_groups(self, read: Reading) -> Array:
        positive = np.flatnonzero(read.total > 0)
        if len(positive) > N_CANDIDATES:
            kept = read.total[positive]
            floor = np.partition(kept, len(kept) - N_CANDIDATES)[len(kept) - N_CANDIDATES]
            positive = positive[kept >= floor]
        return positive[np.argsort(-read.total[positive], kind="stable")[:N_CANDIDATES]]

    def _hit(self, read: Reading, group: int, confidence: float, proof: Evidence, locale: str | None) -> Hit:
        entry = self._store.entry(self._in_locale(group, locale))
        match = read.matches.get(group)
        captures: dict[str, str] = {}
        matched = ""
        if match is not None and match.score >= _SURELY_A_MESSAGE:
            template = self._store.entry(match.entry).messages[match.message]
            captures, matched = messages.capture(template, read.text), template.text
        held = self._held(read.vector, group)
        heaviest = np.argsort(-read.vector.idf, kind="stable")
        return Hit(
            entry,
            confidence,
            {"identifier": round(proof.name, 4), "message": round(proof.message, 4), "terms": round(min(proof.terms / 3.0, 1.0), 4)},
            captures,
            matched,
            tuple(read.vector.words[i] for i in heaviest if held[i])[:6],
        )

    def _in_locale(self, group: int, locale: str | None) -> int:
        """Number of the group's entry in the locale wanted, else in the tree's first one that has it."""
        numbers = self._by_group[self._span(group)].tolist()
        if locale is not None and len(numbers) > 1:
            listed = [self.locales[self._store["entry_locale"][number]] for number in numbers]
            chosen = locales.negotiate(locale, listed)
            if chosen is not None:
                return int(numbers[listed.index(chosen)])
        return int(numbers[0])

    def _language(self, read: Reading) -> str | None:
        """Language of what is left once the error text is taken out: that is the person's own."""
        match = max(read.matches.values(), key=lambda one: one.score, default=None)
        if match is None or match.score < _SURELY_A_MESSAGE:
            return self._general.language(read.spoken)
        printed = words(read.text)
        return self._general.language([*printed[: match.first], *printed[match.last + 1 :]])

    @cached_property
    def _group_of_id(self) -> dict[str, int]:
        return {entry.id: int(group) for entry, group in zip(self.entries(), self._entry_group, strict=True)}
