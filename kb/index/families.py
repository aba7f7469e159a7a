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

Array = np.ndarray[Any, Any]

LONGEST = 5
"""Words in a form; longer ones say more than one thing."""


def form_key(language: str, stems: Sequence[str]) -> str:
    """Return how a form is named in the index."""
    return f"{language}:{' '.join(stems)}"


class FamilyForms:
    """Finds families in a text, for building and for asking."""

    def __init__(self, form_hash: Array, form_start: Array, form_family: Array, first_hash: Array, languages: Sequence[str]) -> None:
        self._hash = form_hash
        self._start = form_start
        self._family = form_family
        self._first = first_hash
        self._languages = tuple(languages)

    def find(self, words: Sequence[str], languages: Sequence[str] | None = None) -> Array:
        """Return the families of a text's words, each once, ascending; a longer form hides the shorter ones inside it."""
        wanted = [language for language in languages or self._languages if language in self._languages]
        found: set[int] = set()
        stems = [[stem(word, language) for word in words] for language in wanted]
        begins = positions(self._first, [f"{lang}:{one}" for lang, row in zip(wanted, stems, strict=True) for one in row])
        spans = [
            (number, position, length)
            for number, position in (divmod(int(begin), len(words)) for begin in np.flatnonzero(begins >= 0))
            for length in range(min(LONGEST, len(words) - position), 0, -1)
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

    def __init__(self, store: Store) -> None:
        self._idf = store["family_idf"]
        self._postings = Postings(
            store["family_start"], store["family_row"], store["family_weight"], store["family_bound"], int(store["family_rows"][0])
        )
        languages = bytes(store["family_languages"]).decode().split(",")
        self._forms = FamilyForms(
            store["form_hash"], store["form_start"], store["form_family"], store["first_hash"], languages
        )

    def scores(self, words: Sequence[str]) -> Array:
        """Return the cosine of the question with every group over families, shape (n_groups,)."""
        families = self._forms.find(words)
        weights = self._idf[families].astype(float)
        norm = float(np.sqrt((weights**2).sum()))
        if not norm:
            return np.zeros(self._postings.n_rows)
        return scores(self._postings, families, weights / norm)


