"""What speaks for the best candidate being right, as numbers a calibration can weigh.

Each is about the question and one candidate, in the units said; none is about the words themselves, so that what is
learned on some trees holds on others.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np

from kb import identifiers
from kb.index.general import General
from kb.index.scoring import Reading
from kb.index.store import Store
from kb.index.words import QuestionVector, Words
from kb.tokens import fold, words

Array = np.ndarray[Any, Any]

_CODE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z]+_\w+|[a-z]+[A-Z]\w+|[A-Z]\w*[a-z][A-Z]\w*")
_CAPITALISED = re.compile(r"(?<=[^.!?\n>\]] )[A-Z][a-zA-Z]{3,}\b")
_SELDOM = 4.0
"""Zipf frequency below which a word of general language tells more than that somebody speaks."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of the best candidate for one question."""

    terms: float
    """Score of the terms alone, about [0, 3]."""
    margin: float
    """Total score above the best candidate of another article, relative to the larger, in [-1, 1]."""
    name: float
    """Share of the identifiers found that speak for it, times trust, in [0, 1]."""
    message: float
    """Its best message match, in [0, 1)."""
    coverage: float
    """Share of that message found, in [0, 1]."""
    explained: float
    """Share of the question's information (idf²) that its text holds, in [0, 1]."""
    explained_specific: float
    """The same over words that are rarer in general language than in the tree, in [0, 1]."""
    foreign: float
    """Share of the question's words that general language knows and the tree does not, in [0, 1]."""
    foreign_rare: float
    """The part of those that general language uses seldom, such as names of other products, in [0, 1]."""
    unheard: float
    """Share of the question's words that neither knows, in [0, 1]."""
    typical: float
    """Mean over the words of log10 (frequency in the tree / in general language), about [-2, 4]."""
    stray_names: float
    """Codes in the question that the tree does not know, 0 when it knows one; at most 3."""
    strange_code: float
    """Share of the names of code in the question (``a.b.C``, ``camelCase``) that hold no word of the tree, in [0, 1)."""
    strange_names: float
    """Share of the question's words that are capitalised names the tree does not know, in [0, 1]."""
    length: float
    """log2 of (1 + words)."""
    best_word: float
    """The largest idf among the question's words that it holds, relative to the highest idf of the tree, in [0, 1]."""

    def vector(self) -> tuple[float, ...]:
        """Return the numbers in the order of the fields."""
        return astuple(self)


NAMES = tuple(field.name for field in fields(Evidence))


class Witness:
    """Says what speaks for a candidate, from the arrays of an index."""

    def __init__(self, store: Store, terms: Words, general: General) -> None:
        self._start = store["entry_term_start"]
        self._terms = store["entry_term"]
        self._highest_idf = max(terms.highest_idf, 1e-6)
        self._general = general

    def held(self, vector: QuestionVector, entries: Array) -> Array:
        """Return which of the question's words some of these entries hold, in any form, shape (n_words,)."""
        held = np.zeros(len(vector.words), dtype=bool)
        for entry in entries.tolist():
            listed = self._terms[self._start[entry] : self._start[entry + 1]]
            if len(listed):
                where = listed.searchsorted(vector.alike_terms)
                where[where == len(listed)] = 0
                held[vector.alike_owner[listed[where] == vector.alike_terms]] = True
        return held

    def evidence(self, read: Reading, group: int, entries: Array, rival: float) -> Evidence:
        """Return what speaks for a group with these entries, ``rival`` being the best total of another article."""
        vector = read.vector
        n_words = max(len(vector.words), 1)
        held = self.held(vector, entries)
        table = self._general.zipf(vector.words)
        zipf = table.max(axis=1) if table.size else np.zeros(len(vector.words))
        known = vector.known >= 0
        common = zipf > 0
        foreign = common & ~known
        heard = known | common
        information = np.where(heard, vector.idf**2, 0.0)
        # idf is ln((1 + n) / (1 + df)) + 1: its inverse is the share of entries that use the word.
        frequency = np.where(known, np.exp(1.0 - vector.idf), 0.0)
        lift = np.log10(np.maximum(frequency, 1e-5)) + 2.0 - (np.where(common, zipf, 1.0) - 4.0)
        specific = information * np.where(known, np.maximum(lift, 0.0), common)
        total = float(read.total[group])
        match = read.matches.get(group)
        surely_held = held & known
        return Evidence(
            terms=float(read.terms[group]),
            margin=(total - rival) / max(total, rival, 1e-6),
            name=float(read.named.shares[read.named.groups == group].sum()),
            message=match.score if match else 0.0,
            coverage=match.coverage if match else 0.0,
            explained=float(information[held].sum() / max(information.sum(), 1e-6)),
            explained_specific=float(specific[held].sum() / max(specific.sum(), 1e-6)),
            foreign=float(foreign.sum() / n_words),
            foreign_rare=float((foreign & (zipf < _SELDOM)).sum() / n_words),
            unheard=float((~heard).sum() / n_words),
            typical=float(lift[heard].sum() / max(heard.sum(), 1)),
            stray_names=0.0 if len(read.named.groups) else float(min(3, len(identifiers.find(read.text)))),
            strange_code=_strange_code(read),
            strange_names=_strange_names(read) / n_words,
            length=float(np.log2(1 + len(read.spoken))),
            best_word=float(vector.idf[surely_held].max() / self._highest_idf) if surely_held.any() else 0.0,
        )


def _strange_code(read: Reading) -> float:
    code = list(dict.fromkeys(_CODE.findall(read.text)))
    known = read.vector.recognised
    return sum(1 for name in code if not any(word in known for word in words(name) if len(word) > 3)) / (
        1.0 + len(code)
    )


def _strange_names(read: Reading) -> int:
    return len({fold(name) for name in _CAPITALISED.findall(read.text)} - read.vector.recognised)
