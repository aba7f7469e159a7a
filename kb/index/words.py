"""The words of entries as postings, and a question's words as a vector over them.

A question's vector holds its words and pairs of words (TF-IDF, Manning et al. 2008, section 6.4), plus, with a
lower weight, the words of the tree that are spelled alike: forms of one word, compounds, typing mistakes, French
typed without accents. That is what character n-grams do for a whole text, at the cost of the question's few words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kb.index.hashing import positions
from kb.index.spelling import Spelling
from kb.index.store import Store
from kb.index.topk import Postings

Array = np.ndarray[Any, Any]

ALIKE_SHARE = 0.6
"""Weight of the vector with words spelled alike beside the exact one; chosen on the labelled sets."""


def pairs(words: Sequence[str]) -> list[str]:
    """Return neighbouring words joined, as the index names them."""
    return [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question in the index's terms."""

    terms: Array
    """Term numbers, each once, int64."""
    weights: Array
    """float64, positive."""
    words: tuple[str, ...]
    """The question's distinct words, in order."""
    known: Array
    """Shape (n_words,), int64: the term of each word, -1 where the tree does not use it."""
    idf: Array
    """Shape (n_words,), float64: idf of each word, the highest for unknown ones."""
    alike_terms: Array
    """Terms spelled like the words, int64, ..."""
    alike_owner: Array
    """... and which word each belongs to."""

    @property
    def recognised(self) -> frozenset[str]:
        """The question's words that the tree uses, or spells a little differently."""
        return frozenset(self.words[owner] for owner in self.alike_owner.tolist())


class Words:
    """Reads the word arrays of an index."""

    def __init__(self, store: Store) -> None:
        self._hash = store["word_hash"]
        self._idf = store["word_idf"]
        section_start = store["section_start"]
        self.entries = Postings(
            store["word_start"],
            store["word_row"],
            store["word_weight"],
            store["word_bound"],
            len(section_start) - 1,
        )
        self.sections = Postings(
            store["section_post_start"],
            store["section_row"],
            store["section_weight"],
            store["section_bound"],
            int(section_start[-1]),
        )
        self._spelling = Spelling(store)
        self.highest_idf = float(self._idf.max()) if len(self._idf) else 1.0

    def vector(self, words: Sequence[str]) -> QuestionVector:
        """Return the vector of a question's words, in order."""
        counts = Counter(words)
        distinct = tuple(counts)
        joined = Counter(pairs(words))
        both = positions(self._hash, (*distinct, *joined))
        known, pair_terms = both[: len(distinct)], both[len(distinct) :]
        idf = np.where(known >= 0, self._idf[np.maximum(known, 0)], self.highest_idf).astype(float)
        frequency = 1.0 + np.log(np.fromiter(counts.values(), float, len(counts)))

        pair_frequency = 1.0 + np.log(np.fromiter(joined.values(), float, len(joined)))
        pair_idf = np.where(pair_terms >= 0, self._idf[np.maximum(pair_terms, 0)], self.highest_idf)

        exact_terms = np.concatenate([known, pair_terms])
        exact = np.concatenate([frequency * idf, pair_frequency * pair_idf])
        norm = float(np.sqrt((exact**2).sum())) or 1.0
        seen = exact_terms >= 0

        alike_terms, alike, owner = self._spelling.alike(distinct, known)
        alike = alike * frequency[owner] * self._idf[alike_terms]
        alike_norm = float(np.sqrt((alike**2).sum())) or 1.0

        terms = np.concatenate([exact_terms[seen], alike_terms])
        weights = np.concatenate([exact[seen] / norm, ALIKE_SHARE * alike / alike_norm])
        terms, inverse = np.unique(terms, return_inverse=True)
        return QuestionVector(
            terms,
            np.bincount(inverse, weights=weights, minlength=len(terms)),
            distinct,
            known,
            idf,
            alike_terms,
            owner,
        )
