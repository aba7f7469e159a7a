"""What speaks for the best candidate being right, as numbers a calibration can weigh.

Each is about the question and one candidate, in the units said; none is about the words themselves, so that what is
learned on some trees holds on others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import numpy as np

from kb.index.general import General, rarer_elsewhere
from kb.index.groups import Groups
from kb.index.holdings import Holdings
from kb.index.scoring import Ranking, Reading
from kb.index.templates import TemplateMatch
from kb.index.words import QuestionVector, Words
from kb.products import product_names

Array = np.ndarray[Any, Any]

_SELDOM = 4.0
"""Zipf frequency below which a word of general language tells more than that somebody speaks."""
_NOTHING = 0.002
"""What telling words come to in questions that only say that something is wrong."""
_MUCH = 300.0
"""Information, in idf² times the log10 of how much rarer the words are elsewhere, that says all there is to say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of the best candidate for one question."""

    name: float
    """Share of the identifiers found that speak for it, times trust, in [0, 1]."""
    message: float
    """Its best message match, in [0, 1)."""
    likeness: float
    """Cube of the cosine of its section or wording that is most like the question, words spelled alike added, in [0, 4.1]:
    what is nearly the same tells, however short; what is half alike does not."""
    margin: float
    """Total score above the best candidate of another article, relative to the larger, in [-1, 1]."""
    explained: float
    """Share of the question's information (idf²) that its text holds, in [0, 1]."""
    best_word: float
    """The largest idf among the question's words that it holds, relative to the highest idf of the tree, in [0, 1]."""
    telling: float
    """Information it holds in words that are rarer in general language than in the tree, in [0, 1)."""
    telling_message: float
    """The same of the words of the message found alone, in [0, 1)."""
    subject: float
    """How much the question is about what the tree is about: the largest frequency of a word in the tree, times the log10
    of how much more frequent that is than in general language; about [0, 4]."""
    elsewhere: float
    """n / (1 + n) of the products that the question names and its text does not."""
    foreign: float
    """log2 of (1 + the question's words that the tree does not know and general language seldom or never uses)."""
    foreign_seldom: float
    """Share of the question's words that the tree does not know and general language seldom uses, in [0, 1]."""
    foreign_ever: float
    """Share of the question's words that the tree does not know and general language does, in [0, 1]."""
    unheard: float
    """Share of the question's words that neither knows, in [0, 1]."""
    length: float
    """log2 of (1 + words)."""

    @property
    def says_something(self) -> bool:
        """Return whether the candidate shares more with the question than words of everyday language ("thanks", "it doesn't work")."""
        return max(self.telling, self.name, self.message) > _NOTHING

    def vector(self) -> tuple[float, ...]:
        """Return the numbers in the order of the fields."""
        return tuple(_in_order(self))


NAMES = tuple(field.name for field in fields(Evidence))
_in_order = attrgetter(*NAMES)  # dataclasses.astuple copies each number, at a tenth of a question's time


class Witness:
    """Says what speaks for a candidate, from the arrays of an index."""

    def __init__(self, groups: Groups, terms: Words, holdings: Holdings, general: General) -> None:
        self._groups = groups
        self._holdings = holdings
        self._highest_idf = max(terms.highest_idf, 1e-6)
        self._general = general

    def evidence(self, read: Reading, ranking: Ranking) -> Evidence:
        """Return what speaks for the first candidate."""
        vector = read.vector
        group = int(ranking.groups[0])
        held = ranking.held[group]
        known = vector.known >= 0
        zipf = self._general.highest(vector.words)
        common = zipf > 0
        information = np.where(known | common, vector.idf**2, 0.0)
        # idf is ln((1 + n) / (1 + df)) + 1: its inverse is the share of entries that use the word.
        frequency = np.where(known, np.exp(1.0 - vector.idf), 0.0)
        rarer = rarer_elsewhere(frequency, zipf)
        telling = information * np.maximum(rarer, 0.0)
        foreign = ~known & (zipf < _SELDOM)
        n_words = max(len(vector.words), 1)
        total, rival = float(ranking.totals[0]), self._rival(ranking)
        match = read.matches.get(group)
        return Evidence(
            name=read.named.by_group.get(group, 0.0),
            message=match.score if match else 0.0,
            likeness=float(read.closest[self._groups.entries(group)].max()) ** 3,
            margin=(total - rival) / max(total, rival, 1e-6),
            explained=float(information[held].sum() / max(information.sum(), 1e-6)),
            best_word=float(vector.idf[held & known].max(initial=0.0) / self._highest_idf),
            telling=math.tanh(telling[held].sum() / _MUCH),
            telling_message=math.tanh(telling[held & _printed(read, match)].sum() / _MUCH) if match else 0.0,
            subject=float((frequency * np.maximum(rarer, 0.0)).max(initial=0.0)),
            elsewhere=self._elsewhere(vector, group),
            foreign=math.log2(1 + np.count_nonzero(foreign)),
            foreign_seldom=np.count_nonzero(foreign & common) / n_words,
            foreign_ever=np.count_nonzero(~known & common) / n_words,
            unheard=np.count_nonzero(~known & ~common) / n_words,
            length=math.log2(1 + len(read.spoken)),
        )

    def _rival(self, ranking: Ranking) -> float:
        """The best total of another article."""
        first, *others = self._groups.slug[ranking.groups].tolist()
        return next(
            (float(ranking.totals[place]) for place, slug in enumerate(others, 1) if slug != first), 0.0
        )

    def _elsewhere(self, vector: QuestionVector, group: int) -> float:
        names = product_names()
        named = [
            term for word, term in zip(vector.words, vector.known.tolist(), strict=True) if word in names
        ]
        n_names = int(np.count_nonzero(~self._holdings.uses(group, np.array(named)))) if named else 0
        return n_names / (1.0 + n_names)


def _printed(read: Reading, match: TemplateMatch) -> Array:
    """Which of the question's words stand where the message was found, shape (n_words,)."""
    printed = frozenset(read.printed[match.first : match.last + 1])
    return np.fromiter((word in printed for word in read.vector.words), bool, len(read.vector.words))
