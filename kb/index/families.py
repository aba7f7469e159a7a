"""Families of words that say one trouble, found in a text and compared by cosine.

Documents say "throttled", people say "tells me to slow down": both are of one family. Families serve ranking only; how sure an
answer is never rests on them, since everyday words are what strangers' questions are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
"""Words, and phrases, of a language whose families are held ready."""


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


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The forms that begin with a word."""

    longer: tuple[int, ...]
    """How many words they have, longest first, where more than one."""
    alone: tuple[int, ...]
    """Families that the word alone is a form of."""


class FamilyForms:
    """Finds families in a text, for building and for asking."""

    def __init__(self, arrays: Store | Mapping[str, Array]) -> None:
        """``arrays`` are those that :func:`kb.index.family_arrays.form_arrays` makes."""
        self._forms = Table(arrays["form_hash"])
        self._start = arrays["form_start"]
        self._family = arrays["form_family"]
        self._firsts = Table(arrays["first_hash"])
        self._first_lengths = arrays["first_lengths"]
        self._languages = tuple(bytes(arrays["family_languages"]).decode().split(","))
        # Questions share most of their words: what was found for them is remembered, by language.
        self._begins: dict[str, dict[str, _Beginning | None]] = {language: {} for language in self._languages}
        self._longer: dict[str, dict[str, tuple[int, ...]]] = {language: {} for language in self._languages}

    def find(self, text: Sequence[str], languages: Sequence[str] | None = None) -> Array:
        """Return the families of a text's words, each once, ascending; a longer form hides the shorter ones inside it."""
        found: set[int] = set()
        for language in languages or self._languages:
            if language in self._begins:
                self._add_families(text, language, found)
        return np.array(sorted(found), dtype=np.int64)

    def _add_families(self, text: Sequence[str], language: str, found: set[int]) -> None:
        known = self._beginnings(text, language)
        forms = self._longer[language]
        if len(forms) > _MOST_REMEMBERED:
            forms = self._longer[language] = {}
        covered = 0
        for at, word in enumerate(text):
            beginning = known[word]
            if beginning is None or at < covered:
                continue
            covered = at + 1
            families = beginning.alone
            for length in beginning.longer:
                if at + length <= len(text):
                    words = " ".join(text[at : at + length])
                    form = forms.get(words)
                    if form is None:
                        form = forms[words] = self._families_of(language, text[at : at + length])
                    if form:
                        families, covered = form, at + length
                        break
            found.update(families)

    def _beginnings(self, text: Sequence[str], language: str) -> Mapping[str, _Beginning | None]:
        """Return which forms begin with each of a text's words: with most words none does, and it is remembered which."""
        known = self._begins[language]
        if len(known) > _MOST_REMEMBERED:
            known = self._begins[language] = {}
        if new := [word for word in dict.fromkeys(text) if word not in known]:
            positions = self._firsts.positions([form_key(language, (stem(word, language),)) for word in new])
            for word, first in zip(new, positions, strict=True):
                known[word] = None
                if first >= 0:
                    lengths = lengths_of(int(self._first_lengths[first]))
                    longer = tuple(length for length in lengths if length > 1)
                    alone = self._families_of(language, (word,)) if 1 in lengths else ()
                    known[word] = _Beginning(longer, alone)
        return known

    def _families_of(self, language: str, form: Sequence[str]) -> tuple[int, ...]:
        place = self._forms.position(form_key(language, [stem(word, language) for word in form]))
        return tuple(self._family[self._start[place] : self._start[place + 1]].tolist()) if place >= 0 else ()


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
        self.idf = store["family_idf"]
        """Shape (n_families,): what each is worth."""
        self._sections = Segments(store["family_section_start"])
        self._n_groups = n_groups
        n_sections = int(store["family_section_start"][-1])
        _, self._both = two_kinds(store, "family", n_groups, n_sections)
        self._forms = FamilyForms(store)

    def find(self, text: Sequence[str]) -> Array:
        """Return the families of a question's words, ascending."""
        return self._forms.find(text)

    def scores(self, families: Array) -> tuple[Array, Array] | None:
        """Return the cosine of a question with every group over families, and with the best section of every entry.

        Shapes (n_groups,) and (n_entries,); None where the question holds no family.
        """
        weights = self.idf[families].astype(float)
        norm = float(np.sqrt((weights**2).sum()))
        if not norm:
            return None
        both = scores(self._both, families, weights / norm)
        return both[: self._n_groups], self._sections.largest(both[self._n_groups :])
