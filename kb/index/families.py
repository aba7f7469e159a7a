"""Families of words that say one trouble, found in a text and compared by cosine.

Documents say "throttled", people say "tells me to slow down": both are of one family. Families serve ranking only; how sure an
answer is never rests on them, since everyday words are what strangers' questions are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kb.index.hashing import Table
from kb.index.segments import Segments
from kb.index.store import Store
from kb.index.topk import scores, two_kinds
from kb.stems import stem
from kb.thesaurus import Family
from kb.tokens import words

Array = np.ndarray[Any, Any]

LONGEST = 5
"""Words in a form; longer ones say more than one thing."""
_MOST_REMEMBERED = 16_384


def form_key(language: str, stems: Sequence[str]) -> str:
    """Return how a form is named in the index."""
    return f"{language}:{' '.join(stems)}"


Listed = dict[str, dict[str, list[tuple[tuple[str, ...], set[int]]]]]
"""By language and first stem: the forms that begin so, longest first, each with its families."""


def listed_forms(thesaurus: Sequence[Family]) -> Listed:
    """Return the forms of a thesaurus as stems."""
    found: dict[str, dict[tuple[str, ...], set[int]]] = {}
    for number, family in enumerate(thesaurus):
        for language, forms in family.forms.items():
            for form in forms:
                stems = tuple(stem(word, language) for word in words(form)[:LONGEST])
                if stems:
                    found.setdefault(language, {}).setdefault(stems, set()).add(number)
    listed: Listed = {}
    for language, forms_of in found.items():
        by_first = listed.setdefault(language, {})
        for stems in sorted(forms_of, key=len, reverse=True):
            by_first.setdefault(stems[0], []).append((stems, forms_of[stems]))
    return listed


class FamilyForms:
    """Finds families in a text, for building and for asking."""

    def __init__(self, arrays: Store | Mapping[str, Array]) -> None:
        """``arrays`` are those that :func:`kb.index.family_arrays.form_arrays` makes."""
        self._forms = Table(arrays["form_hash"])
        self._start = arrays["form_start"]
        self._family = arrays["form_family"]
        self._firsts = Table(arrays["first_hash"])
        self._first_lengths = arrays["first_lengths"]
        self._lengths = [*map(lengths_of, range(1 << LONGEST))]
        self._languages = tuple(bytes(arrays["family_languages"]).decode().split(","))
        self._begins: dict[str, dict[str, tuple[int, ...]]] = {language: {} for language in self._languages}

    def find(self, text: Sequence[str], languages: Sequence[str] | None = None) -> Array:
        """Return the families of a text's words, each once, ascending; a longer form hides the shorter ones inside it."""
        found: set[int] = set()
        for language in languages or self._languages:
            if language in self._begins:
                found.update(self._in_language(text, language))
        return np.array(sorted(found), dtype=np.int64)

    def _in_language(self, text: Sequence[str], language: str) -> Iterator[int]:
        begins = self._lengths_beginning(text, language)
        spans = [
            (at, length)
            for at, word in enumerate(text)
            for length in begins[word]
            if at + length <= len(text)
        ]
        keys = [
            form_key(language, [stem(word, language) for word in text[at : at + length]])
            for at, length in spans
        ]
        covered = 0
        for (at, length), form in zip(spans, self._forms.positions(keys), strict=True):
            if form >= 0 and at >= covered:
                yield from self._family[self._start[form] : self._start[form + 1]].tolist()
                covered = at + length

    def _lengths_beginning(self, text: Sequence[str], language: str) -> Mapping[str, tuple[int, ...]]:
        """Return how long the forms are that begin with each of a text's words, longest first: with most words none does."""
        known = self._begins[language]
        if len(known) > _MOST_REMEMBERED:
            known = self._begins[language] = {}
        if new := [word for word in dict.fromkeys(text) if word not in known]:
            positions = self._firsts.positions([form_key(language, (stem(word, language),)) for word in new])
            for word, first in zip(new, positions, strict=True):
                known[word] = self._lengths[self._first_lengths[first]] if first >= 0 else ()
        return known


def lengths_mask(lengths: Iterable[int]) -> int:
    """Return lengths of forms as bits, one for a form of a single word."""
    mask = 0
    for length in lengths:
        mask |= 1 << (length - 1)
    return mask


def lengths_of(mask: int) -> tuple[int, ...]:
    """Return the lengths of forms that a mask holds, longest first."""
    return tuple(length for length in range(LONGEST, 0, -1) if mask >> (length - 1) & 1)


class Families:
    """Reads the family arrays of an index."""

    def __init__(self, store: Store, n_groups: int) -> None:
        self._idf = store["family_idf"]
        self._sections = Segments(store["section_start"])
        self._n_groups = n_groups
        _, self._both = two_kinds(store, "family", n_groups, int(store["section_start"][-1]))
        self._forms = FamilyForms(store)

    def scores(self, text: Sequence[str]) -> tuple[Array, Array] | None:
        """Return the cosine of a question with every group over families, and with the best section of every entry.

        Shapes (n_groups,) and (n_entries,); None where the question holds no family.
        """
        families = self._forms.find(text)
        weights = self._idf[families].astype(float)
        norm = float(np.sqrt((weights**2).sum()))
        if not norm:
            return None
        both = scores(self._both, families, weights / norm)
        return both[: self._n_groups], self._sections.largest(both[self._n_groups :])
