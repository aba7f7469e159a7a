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
from kb.index.ragged import Ragged, firsts, order_of, starts
from kb.index.tfidf import of_length_one
from kb.thesaurus import Family

Array = np.ndarray[Any, Any]


def family_arrays(analysis: Analysis, entry_group: Array, n_families: int) -> dict[str, Array]:
    """Return which groups and sections hold which families, and what a family is worth."""
    sections = analysis.families
    owner = np.repeat(entry_group, analysis.n_sections)[sections.row_of]
    n_groups = int(entry_group.max()) + 1
    groups = _membership(owner, sections.values, n_groups, n_families)
    frequency = np.bincount(groups.values, minlength=n_families)
    idf = np.log((n_groups + 1.0) / (frequency + 1.0)).astype(np.float32)
    return {"family_idf": idf} | postings(
        "family", n_families, (groups, _weights(groups, idf)), (sections, _weights(sections, idf))
    )


def _membership(rows: Array, families_held: Array, n_rows: int, n_families: int) -> Ragged:
    """Each family of each row once, ascending."""
    keys = rows.astype(np.int64) * max(n_families, 1) + families_held
    keys = keys[order_of(keys)]
    keys = keys[firsts(keys)]
    found, held = np.divmod(keys, max(n_families, 1))
    return Ragged(np.searchsorted(found, np.arange(n_rows + 1)).astype(np.int64), held.astype(np.int32))


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
