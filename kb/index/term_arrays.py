"""The words of entries and of their sections, as arrays: rows of TF-IDF, and the terms of each entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index.analysis import Analysis
from kb.index.bags import Bags
from kb.index.hashing import hashes
from kb.index.posting_arrays import postings
from kb.index.ragged import Ragged, firsts, order_of, places, starts
from kb.index.tfidf import Tfidf
from kb.model import Entry
from kb.products import product_names

Array = np.ndarray[Any, Any]

_WORDING_SHARE = 0.5
"""What a word of an accepted wording counts in its entry whole, beside one of the document."""
_LEAST = 0.4
"""Part of a section's root mean square from which a weight is kept: half of what questions touch is below, and decides nothing."""


def term_arrays(entries: Sequence[Entry], analysis: Analysis, tfidf: Tfidf) -> dict[str, Array]:
    """Return the arrays that :class:`kb.index.words.Words` and :class:`kb.index.scoring.Scoring` read."""
    sections = analysis.sections
    section_start = starts(analysis.n_sections)
    whole = sections.summed(section_start, np.where(analysis.is_documented, 1.0, _WORDING_SHARE))
    # idf is counted over whole entries: a word in every section of one entry is still rare.
    idf = tfidf.idf(whole)
    weights = tfidf.weights(whole, idf)
    entry_article = _articles(entries)
    told = _without_foreign_names(whole, sections, section_start, analysis.is_documented)
    return {
        "section_start": section_start,
        "word_hash": sections.vocabulary,
        "word_idf": idf,
        "entry_article": entry_article,
        "article_length": _article_lengths(entry_article, whole, weights),
        "entry_term_start": told.start,
        "entry_term": told.values,
    } | postings(
        "word", len(idf), (whole.terms, weights), _pruned(sections.terms, tfidf.weights(sections, idf))
    )


def _pruned(rows: Ragged, weights: Array) -> tuple[Ragged, Array]:
    """Leave out what adds next to nothing (Carmel et al. 2001, "Static index pruning for information retrieval systems").

    Every row is of length 1: its root mean square is 1 by the root of its terms.
    """
    kept = weights * np.sqrt(rows.lengths)[rows.row_of] >= _LEAST
    return rows.where(kept), weights[kept]


def _without_foreign_names(whole: Bags, sections: Bags, section_start: Array, is_documented: Array) -> Ragged:
    """Terms of every entry, but for names of products that its accepted wordings alone mention.

    They say where people met the trouble, "our GitHub action gets a 401": the article is none the more about GitHub.
    """
    is_name = np.isin(sections.vocabulary, hashes(sorted(product_names())))
    rows, terms = sections.terms.row_of, sections.terms.values
    documented = is_documented[rows] & is_name[terms]
    owner = np.repeat(np.arange(whole.n_rows), np.diff(section_start))[rows[documented]]
    n_terms = np.int64(max(len(sections.vocabulary), 1))
    is_told = np.isin(whole.terms.row_of * n_terms + whole.terms.values, owner * n_terms + terms[documented])
    return whole.terms.where(is_told | ~is_name[whole.terms.values])


def _articles(entries: Sequence[Entry]) -> Array:
    names = [(entry.slug, entry.locale) for entry in entries]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int32)


def _article_lengths(entry_article: Array, whole: Bags, weights: Array) -> Array:
    """An article's vector is the sum of its entries': its cosine needs their scores and this length alone."""
    n_articles = int(entry_article.max(initial=-1)) + 1
    lengths = (
        np.bincount(entry_article[whole.terms.lengths > 0], minlength=n_articles).clip(0, 1).astype(float)
    )
    # The vector of an article with one entry is that entry's, of length 1: only the others are summed.
    n_entries = np.bincount(entry_article, minlength=n_articles)
    several = np.flatnonzero(n_entries[entry_article] > 1)
    terms = whole.terms.take(several)
    keys = np.repeat(entry_article[several], terms.lengths) * np.int64(max(len(whole.vocabulary), 1))
    keys += terms.values
    order = order_of(keys)
    first = firsts(keys[order])
    if len(first):
        values = weights[places(whole.terms.start, several)][order].astype(float)
        squares = np.add.reduceat(values, first) ** 2
        articles = keys[order][first] // max(len(whole.vocabulary), 1)
        summed = np.sqrt(np.bincount(articles, weights=squares, minlength=n_articles))
        lengths[n_entries > 1] = summed[n_entries > 1]
    return np.asarray(np.maximum(lengths, 1e-6), dtype=np.float32)
