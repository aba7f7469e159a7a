"""Families of words that say one trouble, found in a text and compared by cosine.

Documents say "throttled", people say "tells me to slow down": both are of one family. Families serve ranking only; how sure an
answer is never rests on them, since everyday words are what strangers' questions are made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.hashing import positions
from kb.index.store import Store
from kb.index.topk import Postings, scores
from kb.stems import stem
from kb.thesaurus import Family
from kb.tokens import words

Array = np.ndarray[Any, Any]

LONGEST = 5
"""Words in a form; longer ones say more than one thing."""


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


def families_in(
    text: Sequence[str], by_first: dict[str, list[tuple[tuple[str, ...], set[int]]]], language: str
) -> set[int]:
    """Return the families of a text's words: what :meth:`FamilyForms.find` does, quicker for a whole tree."""
    stems = [stem(word, language) for word in text]
    found: set[int] = set()
    position = 0
    while position < len(stems):
        step = 1
        for form, numbers in by_first.get(stems[position], ()):
            if len(form) == 1 or tuple(stems[position : position + len(form)]) == form:
                found |= numbers
                step = len(form)
                break
        position += step
    return found


class FamilyForms:
    """Finds families in a text, for building and for asking."""

    def __init__(
        self,
        form_hash: Array,
        form_start: Array,
        form_family: Array,
        first_hash: Array,
        languages: Sequence[str],
    ) -> None:
        self._hash = form_hash
        self._start = form_start
        self._family = form_family
        self._first = first_hash
        self._languages = tuple(languages)

    def find(self, text: Sequence[str], languages: Sequence[str] | None = None) -> Array:
        """Return the families of a text's words, each once, ascending; a longer form hides the shorter ones inside it."""
        wanted = [language for language in languages or self._languages if language in self._languages]
        found: set[int] = set()
        stems = [[stem(word, language) for word in text] for language in wanted]
        begins = positions(
            self._first, [f"{lang}:{one}" for lang, row in zip(wanted, stems, strict=True) for one in row]
        )
        spans = [
            (number, position, length)
            for number, position in (divmod(int(begin), len(text)) for begin in np.flatnonzero(begins >= 0))
            for length in range(min(LONGEST, len(text) - position), 0, -1)
        ]
        keys = [form_key(wanted[number], stems[number][at : at + length]) for number, at, length in spans]
        covered = (-1, 0)
        for (number, position, length), form in zip(spans, positions(self._hash, keys).tolist(), strict=True):
            if form >= 0 and (number, position) >= covered:
                found.update(self._family[self._start[form] : self._start[form + 1]].tolist())
                covered = (number, position + length)
        return np.array(sorted(found), dtype=np.int64)


class Families:
    """Reads the family arrays of an index."""

    def __init__(self, store: Store, n_groups: int) -> None:
        self._idf = store["family_idf"]
        self._section_start = store["section_start"][:-1]
        self._groups = Postings(
            store["family_start"],
            store["family_row"],
            store["family_weight"],
            store["family_bound"],
            n_groups,
        )
        self._sections = Postings(
            store["family_section_start"],
            store["family_section_row"],
            store["family_section_weight"],
            store["family_section_bound"],
            int(store["section_start"][-1]),
        )
        languages = bytes(store["family_languages"]).decode().split(",")
        self._forms = FamilyForms(
            store["form_hash"], store["form_start"], store["form_family"], store["first_hash"], languages
        )

    def scores(self, text: Sequence[str]) -> tuple[Array, Array] | None:
        """Return the cosine of a question with every group over families, and with the best section of every entry.

        Shapes (n_groups,) and (n_entries,); None where the question holds no family.
        """
        families = self._forms.find(text)
        weights = self._idf[families].astype(float)
        norm = float(np.sqrt((weights**2).sum()))
        if not norm:
            return None
        sections = scores(self._sections, families, weights / norm)
        return scores(self._groups, families, weights / norm), np.maximum.reduceat(
            sections, self._section_start
        )
