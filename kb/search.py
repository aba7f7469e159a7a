"""Question -> hits and outcome."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kb import messages
from kb.calibration import MOST_OFFERED, Calibration
from kb.errors import UnknownEntry
from kb.evidence import Evidence, Witness
from kb.index.general import General, rarer_elsewhere
from kb.index.groups import Groups
from kb.index.scoring import Ranking, Reading, Scoring
from kb.index.store import Store
from kb.model import Entry, Found, Hit, Outcome
from kb.tokens import words

Array = np.ndarray[Any, Any]

N_CANDIDATES = 10
_SURELY_A_MESSAGE = 0.2
"""Score from which a message match is shown, and taken out before the person's own language is told."""
_SURELY_NAMED = 0.95
"""Share of the identifiers found that speak for an entry from which it is what they name."""
_TERMS_SHOWN = 6
_ERROR_WORDS = frozenset(["code", "erreur", "error", "event", "evenement", "status", "statut"])
_EVERYDAY = -0.4
"""log10 of the frequency in the tree to that in general language up to which a word says nothing of a cause: "since this morning"."""
_SUBJECT = 0.3
"""Share of the entries that use a word from which it names what the tree is about."""
_AS_GOOD = 0.92
"""Share of the best score from which another cause of the same error is as good an answer: on the project's own questions the
first of such causes is the right one in two cases of three."""


class KnowledgeBase:
    """An open index: finds entries for questions; any number of threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._groups = Groups(store)
        self._scoring = Scoring(store, self._groups)
        self._general = General(store)
        self._witness = Witness(self._groups, self._scoring.words, self._scoring.holdings, self._general)
        self._calibration = Calibration()

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

    @property
    def fingerprint(self) -> str:
        """What changes with the documents and with the code that reads them."""
        return self._store.manifest.fingerprint

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
        return self._store.entry(self._groups.in_locale(self.group(entry_id), locale))

    def find(self, text: str, *, locale: str | None = None, limit: int = 3) -> Found:
        """Find the entries a question is about.

        Parameters
        ----------
        text : str
            The question or paste, already without secrets.
        locale : str, optional
            BCP 47 tag of the locale entries are wanted in; None takes the tree's first.
        limit : int
            Most hits to show where several are close, at least 1.

        Returns
        -------
        Found
            The outcome with its hits, and up to ten candidates best first, whatever the outcome.
        """
        if limit < 1:
            raise ValueError(f"limit must be at least 1, got {limit}")
        try:
            return self._find(text, locale, limit)
        except (IndexError, ValueError) as error:  # numbers of the index that lead outside its arrays
            raise self._store.damaged() from error

    def _find(self, text: str, locale: str | None, limit: int) -> Found:
        read = self._scoring.read(text)
        ranking = self._scoring.rank(read, N_CANDIDATES)
        language = self._language(read)
        if not len(ranking.groups):
            return Found(Outcome.NONE, 0.0, (), (), language)
        causes = self._causes(read)
        if len(causes) > 1:
            ranking = self._led_by(causes, read, ranking)
        proof = self._witness.evidence(read, ranking)
        confidences = self._calibration.confidences(proof, ranking.totals)
        outcome, n_close = self._calibration.outcome(confidences)
        if outcome is Outcome.ANSWER and (n_causes := len(causes) or self._n_causes(read, ranking)) > 1:
            outcome, n_close = Outcome.CHOICES, n_causes
        elif outcome is Outcome.NONE and proof.name >= _SURELY_NAMED and len(ranking.groups) > 1:
            outcome, n_close = (
                Outcome.CHOICES,
                MOST_OFFERED,
            )  # a code of the tree is known, whatever stands beside it
        n_shown = min(n_close, limit)
        candidates = tuple(
            self._hit(read, ranking, number, confidence, locale, explain=number < max(n_shown, 1))
            for number, confidence in enumerate(confidences)
        )
        return Found(outcome, candidates[0].confidence, candidates[:n_shown], candidates, language)

    def rank_words(self, text: str, k: int) -> list[tuple[int, float]]:
        """Return the k best entries by their words alone, as (entry number, score): what an index is compared by."""
        return self._scoring.rank_words(text, k)

    def group(self, entry_id: str) -> int:
        """Return the number of the group with that id.

        Raises
        ------
        UnknownEntry
            If no entry has that id.
        """
        group = self._group_of_id.get(entry_id)
        if group is None:
            raise UnknownEntry(
                "no entry is named {entry}", "hubmedic kb list shows the names", entry=entry_id
            )
        return group

    def translations(self, group: int) -> list[Entry]:
        """Return a group's entry in every locale it exists in."""
        return [self._store.entry(number) for number in self._groups.entries(group).tolist()]

    def evidence(self, text: str) -> tuple[Evidence, int] | None:
        """Return what speaks for the best group, and the group; None where none scores."""
        read = self._scoring.read(text)
        ranking = self._scoring.rank(read, N_CANDIDATES)
        if not len(ranking.groups):
            return None
        return self._witness.evidence(read, ranking), int(ranking.groups[0])

    def _causes(self, read: Reading) -> Array:
        """The groups of a code that stands alone, in the order of their article: it says which error it is, not which of its causes."""
        named = read.named
        if not len(named.groups) or not self._stands_alone(read):
            return np.zeros(0, dtype=np.int64)
        causes: Array = np.sort(named.groups[named.shares >= named.shares.max() - 1e-9])
        return causes[np.argsort(self._groups.listed[causes], kind="stable")][:N_CANDIDATES]

    def _stands_alone(self, read: Reading) -> bool:
        """Whether all that is said besides the names is that somebody asks about an error of this tree."""
        codes = {
            word for start, _ in read.named.spans for word in words(read.text[start:].split(maxsplit=1)[0])
        }
        rest = [word for word in read.vector.words if word not in codes]
        zipf = self._general.highest(rest)
        shares = np.array([self._scoring.words.share(word) for word in rest])
        says_nothing = (shares >= _SUBJECT) | (rarer_elsewhere(shares, zipf) <= _EVERYDAY)
        return all(
            is_idle or word in _ERROR_WORDS for word, is_idle in zip(rest, says_nothing.tolist(), strict=True)
        )

    def _led_by(self, causes: Array, read: Reading, ranking: Ranking) -> Ranking:
        """The causes of a code first, in their order and as good as each other; then the others."""
        is_other = ~np.isin(ranking.groups, causes)
        groups = np.concatenate([causes, ranking.groups[is_other]])[:N_CANDIDATES]
        best = np.full(len(causes), ranking.totals.max())
        totals = np.concatenate([best, ranking.totals[is_other]])[:N_CANDIDATES]
        return Ranking(groups, totals, self._scoring.holdings.words(read.vector, groups.tolist()))

    def _n_causes(self, read: Reading, ranking: Ranking) -> int:
        """How many of the first candidates are causes of one error, where the question hardly tells the first two apart; else 1."""
        totals = ranking.totals
        if len(totals) < 2 or totals[1] < _AS_GOOD * totals[0]:
            return 1
        slugs = self._groups.slug[ranking.groups]
        same_error = [
            slug == slugs[0] or group in read.named.by_group
            for slug, group in zip(slugs.tolist(), ranking.groups.tolist(), strict=True)
        ]
        return [*same_error, False].index(False)

    def _hit(
        self,
        read: Reading,
        ranking: Ranking,
        number: int,
        confidence: float,
        locale: str | None,
        *,
        explain: bool,
    ) -> Hit:
        """A candidate; what it matched is looked for only where it will be shown."""
        group = int(ranking.groups[number])
        entry = self._store.entry(self._groups.in_locale(group, locale))
        match = read.matches.get(group)
        reasons = {
            "identifier": round(read.named.by_group.get(group, 0.0), 4),
            "message": round(match.score, 4) if match else 0.0,
            "terms": round(min(float(read.terms[group]) / 3.0, 1.0), 4),
        }
        if not explain:
            return Hit(entry, confidence, reasons)
        captures: dict[str, str] = {}
        matched = ""
        if match is not None and match.score >= _SURELY_A_MESSAGE:
            template = self._store.entry(match.entry).messages[match.message]
            captures, matched = messages.capture(template, read.text), template.text
        vector = read.vector
        held = ranking.held.get(group)
        if held is None:  # more are shown than were told apart
            held = self._scoring.holdings.words(vector, [group])[group]
        heaviest = np.argsort(-vector.idf, kind="stable").tolist()
        terms = tuple(vector.words[i] for i in heaviest if held[i])[:_TERMS_SHOWN]
        return Hit(entry, confidence, reasons, captures, matched, terms)

    def _language(self, read: Reading) -> str | None:
        """Language of what is left once the error text is taken out: that is the person's own."""
        match = max(read.matches.values(), key=lambda one: one.score, default=None)
        if match is None or match.score < _SURELY_A_MESSAGE:
            return self._general.language(read.spoken)
        return self._general.language([*read.printed[: match.first], *read.printed[match.last + 1 :]])

    @cached_property
    def _group_of_id(self) -> dict[str, int]:
        return {
            entry.id: int(group)
            for entry, group in zip(self.entries(), self._store["entry_group"], strict=True)
        }
