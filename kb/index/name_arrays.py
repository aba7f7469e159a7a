"""Who is whose translation, and which identifiers name which groups, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.identifiers import key
from kb.index.analysis import Analysis
from kb.index.hashing import hashes
from kb.index.posting_arrays import flat
from kb.index.ragged import starts
from kb.model import Entry

Array = np.ndarray[Any, Any]

_MENTIONS = 4
"""Entries that may mention a name for each one that bears it before it is trusted less: what all mention (``401``) names none."""


def group_arrays(entries: Sequence[Entry]) -> dict[str, Array]:
    """Return the group, the locale and the article of entries: translations of one entry are one group."""
    numbers = {
        identity: number for number, identity in enumerate(dict.fromkeys(entry.id for entry in entries))
    }
    entry_group = np.array([numbers[entry.id] for entry in entries], dtype=np.int32)
    slugs = {slug: number for number, slug in enumerate(dict.fromkeys(entry.slug for entry in entries))}
    locales = {name: number for number, name in enumerate(dict.fromkeys(entry.locale for entry in entries))}
    group_slug = np.zeros(len(numbers), dtype=np.int32)
    # Backwards, so that the first entry of a group has the last word.
    group_slug[entry_group[::-1]] = [slugs[entry.slug] for entry in reversed(entries)]
    return {
        "entry_group": entry_group,
        "entry_locale": np.array([locales[entry.locale] for entry in entries], dtype=np.int16),
        "group_slug": group_slug,
    }


def name_arrays(entries: Sequence[Entry], analysis: Analysis, entry_group: Array) -> dict[str, Array]:
    """Return identifiers, the groups they name, and how far each is to be trusted."""
    owners: dict[str, set[int]] = {}
    for entry, group in zip(entries, entry_group.tolist(), strict=True):
        for identifier in entry.identifiers:
            if folded := key(identifier):
                owners.setdefault(folded, set()).add(group)
    names = list(owners)
    hashed = hashes(names)
    order = np.argsort(hashed)
    groups = [sorted(owners[names[i]]) for i in order]
    n_groups = int(entry_group.max()) + 1
    spoken_for = np.array([len(one) for one in groups], dtype=float)
    mentions = _mentions(hashed[order], analysis, entry_group)
    trust = np.minimum(1.0, _MENTIONS * spoken_for / np.maximum(mentions, 1))
    return {
        "name_hash": hashed[order],
        "name_trust": trust.astype(np.float32),
        "name_start": starts([len(one) for one in groups]),
        "name_group": flat(groups),
        "name_idf": np.log((n_groups + 1.0) / spoken_for).astype(np.float32),
    }


def _mentions(names: Array, analysis: Analysis, entry_group: Array) -> Array:
    """How many groups use each name, given by its hash, anywhere in their documents, shape (n_names,)."""
    terms = analysis.sections.terms
    vocabulary = analysis.sections.vocabulary
    at = np.searchsorted(vocabulary, names)
    at[at == len(vocabulary)] = 0
    name_of = np.full(len(vocabulary), -1)
    is_used = vocabulary[at] == names if len(vocabulary) else np.zeros(len(names), dtype=bool)
    name_of[at[is_used]] = np.flatnonzero(is_used)
    group = np.repeat(np.repeat(entry_group, analysis.n_sections), terms.lengths)
    named = name_of[terms.values]
    counts = (named >= 0) & np.repeat(analysis.is_documented, terms.lengths)
    pairs = np.unique(named[counts] * (int(entry_group.max()) + 1) + group[counts])
    return np.bincount(pairs // (int(entry_group.max()) + 1), minlength=len(names))
