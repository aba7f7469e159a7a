"""Families of words as arrays: the forms that find them in a question, and each group's and section's families by weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.index import families
from kb.index.analysis import Analysis
from kb.index.bags import Bags
from kb.index.families import listed_forms
from kb.index.hashing import hashes
from kb.index.posting_arrays import flat, postings
from kb.index.ragged import Ragged, starts
from kb.index.tfidf import of_length_one
from kb.thesaurus import Family

Array = np.ndarray[Any, Any]


def family_arrays(analysis: Analysis, entry_group: Array, n_families: int) -> dict[str, Array]:
    """Return which groups and sections hold which families, and what a family is worth.

    Sections are the document's own: families carry people's words over to those of documents, and accepted wordings are people's.
    """
    found = analysis.families
    n_groups = int(entry_group.max()) + 1
    groups = found.merged(np.repeat(entry_group, analysis.n_sections), n_groups)
    frequency = np.bincount(groups.values, minlength=n_families)
    idf = np.log((n_groups + 1.0) / (frequency + 1.0)).astype(np.float32)
    sections = found.take(np.flatnonzero(analysis.is_documented))
    return {
        "family_idf": idf,
        "family_section_start": starts(analysis.n_documented),
        "group_family_start": groups.start,
        "group_family": groups.values,
    } | postings("family", n_families, (groups, _weights(groups, idf)), (sections, _weights(sections, idf)))


def _weights(rows: Ragged, idf: Array) -> Array:
    return of_length_one(Bags(np.zeros(len(idf), np.uint64), rows, idf), idf[rows.values])


def form_arrays(thesaurus: Sequence[Family]) -> dict[str, Array]:
    """Return the arrays that find families in a text."""
    listed = listed_forms(thesaurus)
    forms = {
        families.form_key(language, stems): found
        for language, by_first in listed.items()
        for candidates in by_first.values()
        for stems, found in candidates
    }
    firsts_of = {
        families.form_key(language, (first,)): families.lengths_mask(len(stems) for stems, _ in candidates)
        for language, by_first in listed.items()
        for first, candidates in by_first.items()
    }
    hashed_firsts = hashes(list(firsts_of))
    by_hash = np.argsort(hashed_firsts)
    names = list(forms)
    hashed = hashes(names)
    order = np.argsort(hashed)
    owners = [sorted(forms[names[i]]) for i in order]
    return {
        "form_hash": hashed[order],
        "form_start": starts([len(one) for one in owners]),
        "form_family": flat(owners),
        "first_hash": hashed_firsts[by_hash],
        "first_lengths": np.array(list(firsts_of.values()), dtype=np.uint8)[by_hash],
        "family_languages": np.frombuffer(",".join(listed).encode(), dtype=np.uint8),
    }
