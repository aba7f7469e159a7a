"""How common words are in general language, as arrays: the only door to wordfreq beside :mod:`kb.locales`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kb import locales
from kb.index.hashing import hashes
from kb.tokens import words

Array = np.ndarray[Any, Any]

_ALWAYS = ("en", "fr")
_RAREST_BIN = 560
"""Words down to Zipf frequency 3.4, some twenty thousand a language, count as general language."""


def languages_of(tree_locales: Sequence[str]) -> list[str]:
    """Return the languages whose common words an index holds: those of its locales, and those people ask in anyway."""
    return list(dict.fromkeys([*map(locales.language, tree_locales), *_ALWAYS]))


def general_arrays(languages: Sequence[str]) -> dict[str, Array]:
    """Return the common words of each language with their Zipf frequency, times 25 in a byte."""
    import wordfreq

    available = [language for language in languages if language in wordfreq.available_languages()]
    table: dict[str, list[int]] = {}
    for number, language in enumerate(available):
        for bin_number, common in enumerate(wordfreq.get_frequency_list(language)):
            if bin_number > _RAREST_BIN:
                break
            # wordfreq keeps words in bins of a centibel: bin n holds frequency 10 ** (-n / 100), Zipf 9 - n / 100.
            value = round((9.0 - bin_number / 100.0) * 25)
            for word in common:
                for folded in words(word)[:1]:
                    row = table.setdefault(folded, [0] * len(available))
                    row[number] = max(row[number], value)
    hashed = hashes(list(table))
    order = np.argsort(hashed)
    zipf = np.array(list(table.values()), dtype=np.uint8).reshape(len(table), len(available))[order]
    return {
        "general_hash": hashed[order],
        "general_zipf": zipf,
        "general_languages": np.frombuffer(",".join(available).encode(), dtype=np.uint8),
    }
