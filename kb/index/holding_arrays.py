"""What each group holds, as arrays: its terms, and behind them its families of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from kb.index.ragged import Ragged

Array = np.ndarray[Any, Any]


def holding_arrays(terms: Ragged, families: Ragged, entry_group: Array, n_terms: int) -> dict[str, Array]:
    """Return the arrays that :class:`kb.index.holdings.Holdings` reads.

    Parameters
    ----------
    terms : Ragged
        Term numbers of every entry.
    families : Ragged
        Family numbers of every group; here they are counted on from the terms.
    entry_group : ndarray of shape (n_entries,)
    n_terms : int
    """
    counted_on = Ragged(families.start, families.values + np.int32(n_terms))
    groups = np.arange(families.n_rows)
    held = terms.then(counted_on).merged(np.concatenate([entry_group, groups]), families.n_rows)
    return {"held_start": held.start, "held": held.values}
