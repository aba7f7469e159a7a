"""Message templates as words with their weights, and their postings."""

from __future__ import annotations

from typing import Any

import numpy as np

from kb.index.analysis import Analysis
from kb.index.bags import Bags
from kb.index.posting_arrays import postings
from kb.index.ragged import Ragged, firsts, order_of, starts
from kb.index.tfidf import Tfidf

Array = np.ndarray[Any, Any]


def message_arrays(analysis: Analysis, tfidf: Tfidf) -> dict[str, Array]:
    """Return the arrays that :class:`kb.index.templates.Templates` reads; messages without a literal word are left out."""
    filled = np.flatnonzero(analysis.messages.lengths > 0)
    owner = np.repeat(np.arange(len(analysis.n_messages)), analysis.n_messages)
    number = np.arange(len(owner)) - np.repeat(starts(analysis.n_messages)[:-1], analysis.n_messages)
    words, vocabulary, texts = _used_words(analysis, filled)
    bags = _distinct(words, vocabulary)
    idf = tfidf.idf(bags)
    weights = idf[bags.terms.values]
    held = np.bincount(bags.terms.row_of, weights=weights, minlength=bags.n_rows)
    mass = np.bincount(words.row_of, weights=idf[words.values], minlength=words.n_rows)
    # A row's score is then coverage · sqrt(information): what is aligned first.
    weights = weights / np.sqrt(np.maximum(held, 1e-6))[bags.terms.row_of]
    return {
        "message_entry": owner[filled].astype(np.int32),
        "message_number": number[filled].astype(np.int32),
        "message_word_hash": vocabulary,
        "message_word_idf": idf,
        "message_word_text": np.frombuffer("\n".join(texts).encode(), dtype=np.uint8),
        "message_mass": mass.astype(np.float32),
        "message_start": words.start,
        "message_words": words.values,
    } | postings("message_post", len(idf), (bags.terms, weights))


def _used_words(analysis: Analysis, filled: Array) -> tuple[Ragged, Array, list[str]]:
    """The messages as numbers of the words that are used, these by their hashes in order, and their texts."""
    words = analysis.messages.take(filled)
    known = analysis.message_words
    used = np.zeros(len(known.texts), dtype=bool)
    used[words.values] = True
    numbers = np.flatnonzero(used)
    numbers = numbers[np.argsort(known.hashed[numbers])]
    rank = np.zeros(len(known.texts), dtype=np.int64)
    rank[numbers] = np.arange(len(numbers))
    return words.mapped(rank), known.hashed[numbers], [known.texts[one] for one in numbers.tolist()]


def _distinct(words: Ragged, vocabulary: Array) -> Bags:
    """Each word of a message once."""
    n_terms = max(len(vocabulary), 1)
    keys = words.row_of * n_terms + words.values
    keys = keys[order_of(keys)]
    keys = keys[firsts(keys)]
    rows, terms = np.divmod(keys, n_terms)
    begins = np.searchsorted(rows, np.arange(words.n_rows + 1)).astype(np.int64)
    return Bags(vocabulary, Ragged(begins, terms.astype(np.int32)), np.ones(len(terms), dtype=np.float32))
