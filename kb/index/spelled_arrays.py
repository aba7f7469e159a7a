"""The words of a tree by their spelling, as arrays: their text, their letter pieces, and which ones are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.index.alike import alike
from kb.index.analysis import WordTexts
from kb.index.bags import Bags
from kb.index.hashing import hashes
from kb.index.ragged import Ragged, firsts, order_of, places, starts
from kb.index.spelling import END, GRAM
from kb.index.tfidf import Tfidf

Array = np.ndarray[Any, Any]

_ALIKE = 0.55
"""Cosine over letter pieces from which two words of the tree count as forms of one."""
_MOST_ALIKE = 12
"""Forms kept for a word."""
_LONGEST_PIECE = 5
_CODE_POINT = 21
"""Bits of a character in Unicode."""


def spelled_arrays(words: WordTexts, vocabulary: Array, idf: Array, tfidf: Tfidf) -> dict[str, Array]:
    """Return the arrays that :class:`kb.index.spelling.Spelling` reads.

    Parameters
    ----------
    words : WordTexts
        Words of the tree that can be compared.
    vocabulary : ndarray of shape (n_terms,), dtype uint64
        Hashes of all terms, sorted.
    idf : ndarray of shape (n_terms,)
    tfidf : Tfidf
    """
    order = sorted(range(len(words.texts)), key=words.texts.__getitem__)
    texts = [words.texts[number] for number in order]
    own = np.searchsorted(vocabulary, words.hashed[order]).astype(np.int32)
    term_spelled = np.full(len(vocabulary), -1, dtype=np.int32)
    term_spelled[own] = np.arange(len(own))
    encoded = [word.encode() for word in texts]
    joined = " ".join(["", *texts, ""])  # every word with a blank on both sides: its ends are letters too
    pieces = _pieces(joined, [len(text) for text in texts])
    near, likeness = _alike(pieces, len(texts), tfidf)
    near_terms = own[near.values]
    arrays: dict[str, Array] = {
        "spelled_term": own,
        "spelled_text": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "spelled_offset": starts([len(one) for one in encoded]),
        "term_spelled": term_spelled,
        "near_start": near.start,
        "near_term": near_terms,
        "near_weight": likeness * idf[near_terms],
    }
    return arrays | _by_piece(pieces[0], joined, len(texts))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Every piece of so many letters that words hold."""

    owners: Array
    """The word each is of, shape (n,), int64, ascending."""
    numbers: Array
    """Equal for equal pieces, from 0 on, shape (n,), int64."""
    samples: Array
    """Where one of each number begins in the words joined, shape (n_different,), int64."""


def _by_piece(threes: _Pieces, joined: str, n_words: int) -> dict[str, Array]:
    """The words that hold each piece of three letters, by the pieces' hashes."""
    hashed = hashes([joined[at : at + GRAM].replace(" ", END) for at in threes.samples.tolist()])
    order = np.argsort(hashed)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    keys = rank[threes.numbers] * np.int64(max(n_words, 1)) + threes.owners
    keys = keys[order_of(keys)]
    keys = keys[firsts(keys)]
    found, words = np.divmod(keys, max(n_words, 1))
    return {
        "gram_hash": hashed[order],
        "gram_start": starts(np.bincount(found, minlength=len(order))),
        "gram_word": words.astype(np.int32),
    }


def _alike(pieces: Sequence[_Pieces], n_words: int, tfidf: Tfidf) -> tuple[Ragged, Array]:
    """For each word the words that are forms of it: cosine over pieces of three to five letters."""
    n_before = np.cumsum([0, *(len(one.samples) for one in pieces)])
    n_pieces = max(int(n_before[-1]), 1)
    keys = np.concatenate(
        [
            one.owners * n_pieces + one.numbers + before
            for one, before in zip(pieces, n_before[:-1], strict=True)
        ]
    )
    keys = keys[order_of(keys)]
    first = firsts(keys)
    rows, terms = np.divmod(keys[first], n_pieces)
    counts = np.diff(np.append(first, len(keys))).astype(np.float32)
    start = np.searchsorted(rows, np.arange(n_words + 1)).astype(np.int64)
    bags = Bags(np.arange(n_before[-1], dtype=np.uint64), Ragged(start, terms.astype(np.int32)), counts)
    if not n_words:
        return bags.terms, counts
    return alike(bags, tfidf.weights(bags, tfidf.idf(bags)), _ALIKE, _MOST_ALIKE)


def _pieces(joined: str, lengths: Sequence[int]) -> list[_Pieces]:
    """Return the pieces of three letters, of four, of five: of words joined by single blanks, blanks at both ends."""
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    begins = starts(np.array(lengths, dtype=np.int64) + 1)[:-1]
    padded = np.array(lengths, dtype=np.int64) + 2
    numbers = codes[:-1] << np.uint64(_CODE_POINT) | codes[1:]
    found = []
    for length in range(GRAM, _LONGEST_PIECE + 1):
        # A piece is what stands before its last letter, by its number, and that letter: no two are taken for one.
        per_word = np.maximum(padded - length + 1, 0)
        owners = np.repeat(np.arange(len(lengths)), per_word)
        at = places(np.stack([begins, begins + per_word], axis=1).ravel(), np.arange(0, 2 * len(lengths), 2))
        keys = numbers[at] << np.uint64(_CODE_POINT) | codes[at + length - 1]
        order = np.argsort(keys, kind="stable")
        first = firsts(keys[order])
        number = np.empty(len(keys), dtype=np.int64)
        number[order] = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(keys))))
        found.append(_Pieces(owners, number, at[order[first]]))
        numbers = np.zeros(len(codes), dtype=np.uint64)
        numbers[at] = number.astype(np.uint64)
    return found
