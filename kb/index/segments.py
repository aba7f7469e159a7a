"""The largest value of each of many neighbouring stretches of an array."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_SHORT = 4.0
"""Mean length up to which a few passes over all stretches are quicker than one reduction of each."""
_PASSES = 4


class Segments:
    """Stretches one behind the other, none of them empty."""

    def __init__(self, start: Array) -> None:
        """``start`` of shape (n_segments + 1,): where they begin, and the end of the last."""
        self._begins = start[:-1]
        lengths = np.diff(start)
        self._is_short = len(lengths) > 0 and start[-1] <= _SHORT * len(lengths)
        if self._is_short:
            self._places = [self._begins + np.minimum(place, lengths - 1) for place in range(_PASSES)]
            self._long = np.flatnonzero(lengths > _PASSES)
            self._rest = np.stack([self._begins[self._long] + _PASSES, start[1:][self._long]], axis=1).ravel()
            if len(self._rest) and self._rest[-1] == start[-1]:
                self._rest = self._rest[:-1]

    def largest(self, values: Array) -> Array:
        """Return the largest value of each, shape (n_segments,)."""
        if not self._is_short:
            return np.asarray(np.maximum.reduceat(values, self._begins))
        found: Array = values[self._places[0]]
        for places in self._places[1:]:
            np.maximum(found, values[places], out=found)
        if len(self._long):
            rest = np.maximum.reduceat(values, self._rest)[::2]
            found[self._long] = np.maximum(found[self._long], rest)
        return found
