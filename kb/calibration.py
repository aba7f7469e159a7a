"""Evidence -> confidence: a number that means what it says.

Two logistic models (Platt 1999, "Probabilistic outputs for support vector machines") are multiplied: the chance that the tree
answers the question at all, and the chance that the first candidate is right if it does. Their weights were learned on labelled
questions over several trees (``calibration.toml``, written by ``benchmarks/calibrate.py``). What a score means differs from tree to
tree, so each build measures how questions look that the tree has no answer to: questions made from its own entries,
asked with the entry taken away. Scores are then read in units of that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kb.evidence import NAMES, Evidence
from kb.model import Outcome

Array = np.ndarray[Any, Any]

SCALED = ("terms", "explained", "explained_specific", "typical", "best_word")
"""Features that are also read in units of the tree's unanswerable questions."""
_FARTHEST = 6.0
_LEAST_SPREAD = 0.05
_CERTAIN_NAME = 0.95
_KNOWN_CODE = 0.5


class Calibration:
    """Confidence and outcome for one tree."""

    def __init__(self, constants: Mapping[str, Sequence[float]]) -> None:
        learned = _learned()
        self._centre = np.array(constants.get("centre", learned["centre"]), dtype=float)
        self._spread = np.array(constants.get("spread", learned["spread"]), dtype=float)
        self._answerable = np.array(learned["answerable"], dtype=float)
        self._first_right = np.array(learned["first_right"], dtype=float)
        self._next = float(learned["next"])
        self._answer_from = float(learned["answer_from"])
        self._choices_from = float(learned["choices_from"])

    def confidences(self, evidence: Evidence, totals: Array) -> list[float]:
        """Return the confidence of each candidate, from what speaks for the first and every candidate's total.

        The first one's is calibrated; the others' fall off from it with their totals, and never exceed it.
        """
        features = features_of(np.array([evidence.vector()]), self._centre, self._spread)[0]
        first = _logistic(features, self._answerable) * _logistic(features, self._first_right)
        if evidence.name >= _CERTAIN_NAME:
            # Whatever stands around it: a code the tree knows, fully trusted, is that code.
            first = max(first, _KNOWN_CODE)
        behind = np.exp((totals - totals[0]) / max(float(totals[0]), 1e-6) * self._next)
        return [float(first * share) for share in behind]

    def outcome(self, confidences: Sequence[float]) -> tuple[Outcome, int]:
        """Return the outcome, and how many candidates it shows."""
        if confidences[0] >= self._answer_from:
            return Outcome.ANSWER, 1
        if confidences[0] >= self._choices_from and len(confidences) > 1:
            return Outcome.CHOICES, min(3, len(confidences))
        return Outcome.NONE, 0


def features_of(vectors: Array, centre: Array, spread: Array) -> Array:
    """Return the features of evidence: as they are, and the scaled ones in units of a tree.

    Parameters
    ----------
    vectors : ndarray of shape (n, n_features)
        :meth:`kb.evidence.Evidence.vector` of each question.
    centre, spread : ndarray of shape (n_scaled,)
        Mean and standard deviation over the tree's unanswerable questions.

    Returns
    -------
    ndarray of shape (n, 1 + n_features + n_scaled)
        A constant 1 first.
    """
    scaled = vectors[:, [NAMES.index(name) for name in SCALED]]
    units = np.clip((scaled - centre) / np.maximum(spread, _LEAST_SPREAD), -_FARTHEST, _FARTHEST)
    return np.hstack([np.ones((len(vectors), 1)), vectors, units])


def measure(unanswerable: Sequence[Evidence]) -> dict[str, list[float]]:
    """Return a tree's constants from the evidence of questions it has no answer to; empty where there are too few."""
    if len(unanswerable) < 20:
        return {}
    scaled = np.array([one.vector() for one in unanswerable])[:, [NAMES.index(name) for name in SCALED]]
    return {"centre": scaled.mean(axis=0).round(5).tolist(), "spread": scaled.std(axis=0).round(5).tolist()}


def _logistic(features: Array, weights: Array) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(features @ weights, -30.0, 30.0))))


@cache
def _learned() -> dict[str, Any]:
    return tomllib.loads(files("kb").joinpath("calibration.toml").read_text(encoding="utf-8"))
