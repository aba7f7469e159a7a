"""Evidence -> confidence: a number that means what it says.

Two logistic models (Platt 1999, "Probabilistic outputs for support vector machines") are multiplied: the chance that the tree
answers the question at all, and the chance that the first candidate is right if it does. Their weights were learned on labelled
questions over several trees (``calibration.toml``, written by ``benchmarks/calibrate.py``).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kb.evidence import NAMES, Evidence
from kb.model import Outcome

Array = np.ndarray[Any, Any]

MOST_OFFERED = 3
"""Candidates that are offered where none is sure enough to be the answer."""
_TOO_LITTLE = 0.99
"""What a question that says nothing gets at most, of the confidence from which something is offered."""
WEIGHTED = ("always", *NAMES)
"""What a model has a weight for: a constant, then each feature."""


class Calibration:
    """Confidence and outcome, from the weights that were learned."""

    def __init__(self) -> None:
        learned = _learned()
        models = (learned["answerable"], learned["first_right"])
        self._models = np.array([[model.get(name, 0.0) for name in WEIGHTED] for model in models])
        self._next = float(learned["next"])
        self._answer_from = float(learned["answer_from"])
        self._choices_from = float(learned["choices_from"])

    def confidences(self, evidence: Evidence, totals: Array) -> list[float]:
        """Return the confidence of each candidate, from what speaks for the first and every candidate's total.

        The first one's is calibrated; the others' fall off from it with their totals, and never exceed it.
        """
        odds = self._models @ np.array([1.0, *evidence.vector()])
        first = math.prod([_logistic(one) for one in odds.tolist()])
        if not evidence.says_something:
            first = min(first, _TOO_LITTLE * self._choices_from)
        behind = (totals / max(float(totals[0]), 1e-6) - 1.0) * self._next
        return [first * math.exp(min(one, 0.0)) for one in behind.tolist()]

    def outcome(self, confidences: Sequence[float]) -> tuple[Outcome, int]:
        """Return the outcome, and how many candidates it shows."""
        if confidences[0] >= self._answer_from:
            return Outcome.ANSWER, 1
        if confidences[0] >= self._choices_from and len(confidences) > 1:
            return Outcome.CHOICES, min(MOST_OFFERED, len(confidences))
        return Outcome.NONE, 0


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(min(odds, 30.0), -30.0)))


@cache
def _learned() -> dict[str, Any]:
    return tomllib.loads(files("kb").joinpath("calibration.toml").read_text(encoding="utf-8"))
