"""Message templates, matched to a paste: literal text first, so that ten thousand cost what ten do.

A template's words are looked up like a question's; the few templates with the most of them in the paste are then
aligned word by word. A match is worth ``tanh(information · coverage · order / 25) · coverage²``, where information is the
idf found, coverage its share of all the template's idf, and order how much of it stands in the template's order,
close together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from kb.index.hashing import Table
from kb.index.store import Store
from kb.index.topk import Postings, best

Array = np.ndarray[Any, Any]

_ALIGNED = 8
"""Templates aligned for one text."""
_MOST_KEPT = 4_096
"""Templates whose words are held ready."""
_SATURATION = 25.0
"""Information at which a match is worth ``tanh(1)``, 0.76: that of five words of idf 5."""
_LEAST = 0.05
"""Score below which a template counts as not found."""
_CUT_OFF_PARDON = 0.7
"""Share of what a cut took away that does not count as missing."""
_STARTS_TRIED = 6
"""Places of a template's first word from which a chain is tried."""
_VALUE_WORDS = 6
"""Words a value may have between two words of a template."""


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """One template found in a text."""

    entry: int
    """Number of the entry it belongs to."""
    message: int
    """Which of the entry's messages it is."""
    score: float
    """In [0, 1)."""
    first: int
    """Index of the first matched word in the text's words."""
    last: int


class Templates:
    """Reads the template arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._table = Table(store["message_word_hash"])
        self._idf_of = store["message_word_idf"]
        self._entry = store["message_entry"]
        self._number = store["message_number"]
        self._mass = store["message_mass"]
        self._start = store["message_start"]
        self._words = store["message_words"]
        self._word_text = store["message_word_text"]
        self._kept: dict[int, tuple[list[int], float]] = {}
        start = store["message_post_start"]
        self._postings = Postings(
            start[:-1],
            start[1:],
            store["message_post_row"],
            store["message_post_weight"],
            store["message_post_bound"],
            len(self._entry),
        )

    def match(self, words: Sequence[str]) -> list[TemplateMatch]:
        """Return the templates found in the words of a text, best first."""
        if not words or not len(self._entry):
            return []
        where: dict[int, list[int]] = {}
        for position, term in enumerate(self._table.positions(words)):
            if term >= 0:
                where.setdefault(term, []).append(position)
        if not where:
            return []
        # Weighted by idf and divided by the template's mass, a row's score is its coverage times the root of what it
        # holds: long templates found whole come first, short ones found whole are not lost.
        known = np.array(sorted(where), dtype=np.int64)
        rows, _ = best(self._postings, known, np.ones(len(known)), _ALIGNED)
        matches = [match for row in rows.tolist() if (match := self._align(row, where, words)) is not None]
        return sorted(matches, key=lambda match: -match.score)

    def _align(self, row: int, where: dict[int, list[int]], words: Sequence[str]) -> TemplateMatch | None:
        idf = self._idf
        template, mass = self._template(row)
        present = sum([idf[term] for term in template if term in where])
        if not self._can_match(template, present, mass, words[-1], where):
            return None
        found = [(index, where[term]) for index, term in enumerate(template) if term in where]
        chain = _longest_chain(found, len(template))
        reached, last = chain[-1]
        # A paste is often cut off: its last word may be the beginning of the template's next one.
        fragment = len(words) - 1
        if (
            last < fragment <= last + _VALUE_WORDS
            and reached + 1 < len(template)
            and self._texts[template[reached + 1]].startswith(words[fragment])
        ):
            chain.append((reached + 1, fragment))
            reached, last = chain[-1]
        aligned = sum([idf[template[index]] for index, _ in chain])
        # What a cut took away is no evidence against the template, though less for it than what is there.
        cut_off = sum([idf[term] for term in template[reached + 1 :]]) if last == len(words) - 1 else 0.0
        coverage = aligned / (mass - _CUT_OFF_PARDON * cut_off)
        order = aligned / max(present, aligned)
        first = chain[0][1]
        # Words of one message stand together; the same words strewn over forty lines are no message.
        spread = min(1.0, (2.0 * len(template) + 8.0) / (last - first + 1))
        score = _worth(aligned * order, coverage) * spread
        if score < _LEAST:
            return None
        return TemplateMatch(int(self._entry[row]), int(self._number[row]), score, first, last)

    def _template(self, row: int) -> tuple[list[int], float]:
        """Return a template's words and their mass; the ones looked at lately are kept."""
        found = self._kept.get(row)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept = {}
            words: list[int] = self._words[self._start[row] : self._start[row + 1]].tolist()
            found = self._kept[row] = (words, float(self._mass[row]))
        return found

    def _can_match(
        self, template: list[int], present: float, mass: float, final: str, where: dict[int, list[int]]
    ) -> bool:
        """Tell whether a template can be worth anything, were all of it that is there in its order."""
        if _worth(present, present / mass) >= _LEAST:
            return True
        # Where the text may end inside the template, what is missing is pardoned, and a beginning counts as a word.
        most = present + max([self._idf[term] for term in template if term not in where], default=0.0)
        if _worth(most, most / max(mass - _CUT_OFF_PARDON * (mass - most), most)) < _LEAST:
            return False
        return any(self._texts[term].startswith(final) for term in template)

    @cached_property
    def _idf(self) -> list[float]:
        values: list[float] = self._idf_of.tolist()
        return values

    @cached_property
    def _texts(self) -> list[str]:
        return bytes(self._word_text).decode().split("\n")


def _worth(found: float, coverage: float) -> float:
    return math.tanh(found * coverage / _SATURATION) * coverage * coverage


def _longest_chain(found: list[tuple[int, list[int]]], n_words: int) -> list[tuple[int, int]]:
    """Return (index in the template, position in the text) of the template's words found in its order.

    Greedy from each place its first word found stands at; exact subsequences cost more and differ on no real paste.
    """
    longest: list[tuple[int, int]] = []
    for start in found[0][1][:_STARTS_TRIED]:
        chain: list[tuple[int, int]] = []
        position = start - 1
        limit = start + 3 * n_words + 24
        for index, places in found:
            for place in places:
                if place > position:
                    if place < limit:
                        chain.append((index, place))
                        position = place
                    break
        if len(chain) > len(longest):
            longest = chain
    return longest
