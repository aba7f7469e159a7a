"""``python -m benchmarks.calibrate``: learn the weights of the confidence on every labelled set, and write ``kb/calibration.toml``.

Each set's questions are asked on its own tree and on every other tree, where none has an answer. Before the weights are
written, each tree is left out in turn to show what they are worth on a tree they have not seen.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.sets import ROOT, SETS
from bot.redaction import redact
from kb import evaluation
from kb.calibration import features_of
from kb.evaluation import auroc, calibration_error
from kb.evidence import NAMES
from kb.index.build import build
from kb.model import Hit
from kb.search import KnowledgeBase

_STRENGTH = 0.3
"""Inverse of the regularisation: weak data, strong prior."""
_FOREIGN_WEIGHT = 0.3
"""What a question of another tree counts beside one of the tree's own."""
_HARD_WEIGHT = 2.0
"""What a question without answer counts that was written for the tree: few, and the hardest to tell."""
_NEXT = 6.0
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question asked on one tree."""

    tree: str
    is_own: bool
    has_answer: bool
    is_right: bool
    features: Array


def main() -> None:
    """Collect, check and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answer-from", type=float, default=0.86)
    parser.add_argument("--choices-from", type=float, default=0.1)
    options = parser.parse_args()
    samples, centres, spreads = _collect()
    for left_out in sorted({one.tree for one in samples}):
        # The two trees on the same product share their questions: both are left out together.
        others = [one for one in samples if _product(one.tree) != _product(left_out)]
        answerable, first_right = _fit(others)
        own = [one for one in samples if one.tree == left_out and one.is_own]
        chances = [_chance(one, answerable) * _chance(one, first_right) for one in own]
        inside = [chance for chance, one in zip(chances, own, strict=True) if one.has_answer]
        outside = [chance for chance, one in zip(chances, own, strict=True) if not one.has_answer]
        print(
            f"left out {left_out}: ood_auroc {auroc(inside, outside)}, ece {calibration_error(chances, [one.is_right for one in own])}"
        )
    answerable, first_right = _fit(samples)
    lines = [
        "# Weights of the confidence, written by benchmarks/calibrate.py: a constant, then the features of kb/evidence.py",
        f"# ({', '.join(NAMES)}),",
        "# then the scaled ones of kb/calibration.py.",
        f"answerable = {answerable.round(4).tolist()}",
        f"first_right = {first_right.round(4).tolist()}",
        "# A tree too small to measure is read with the mean of those learned on.",
        f"centre = {np.mean(centres, axis=0).round(4).tolist()}",
        f"spread = {np.mean(spreads, axis=0).round(4).tolist()}",
        "# How fast the confidence of the candidates after the first falls with their score.",
        f"next = {_NEXT}",
        "# From which confidence one entry is answered, and from which two or three are offered.",
        f"answer_from = {options.answer_from}",
        f"choices_from = {options.choices_from}",
    ]
    (ROOT / "kb" / "calibration.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _collect() -> tuple[list[Sample], list[list[float]], list[list[float]]]:
    samples: list[Sample] = []
    centres, spreads = [], []
    for tree in SETS:
        if not tree.is_there:
            continue
        with tempfile.TemporaryDirectory() as folder:
            build([tree.tree], Path(folder))
            knowledge = KnowledgeBase.open(Path(folder))
            constants = knowledge.constants
            centre, spread = np.array(constants["centre"]), np.array(constants["spread"])
            centres.append(centre)
            spreads.append(spread)
            asked: set[Path] = set()
            for questions in SETS:
                is_own = questions.questions == tree.questions
                if not questions.is_there or questions.questions in asked:
                    continue
                asked.add(questions.questions)
                for one in evaluation.read_labels(questions.questions):
                    if is_own and tree.only_in_core and one.expect and one.labels.get("in_core") != "true":
                        continue
                    found = knowledge.evidence(redact(one.query).text)
                    if found is None:
                        continue
                    right = is_own and any(
                        evaluation.is_right(Hit(entry, 0.0, {}), one.expect)
                        for entry in knowledge.translations(found[1])
                    )
                    features = features_of(np.array([found[0].vector()]), centre, spread)[0]
                    samples.append(Sample(tree.name, is_own, is_own and bool(one.expect), right, features))
        print(f"{tree.name}: {len(samples)} questions so far")
    return samples, centres, spreads


def _fit(samples: list[Sample]) -> tuple[Array, Array]:
    answerable = _logistic(
        np.array([one.features for one in samples]),
        np.array([one.has_answer for one in samples]),
        np.array(
            [(1.0 if one.has_answer else _HARD_WEIGHT) if one.is_own else _FOREIGN_WEIGHT for one in samples]
        ),
    )
    inside = [one for one in samples if one.has_answer]
    first_right = _logistic(
        np.array([one.features for one in inside]),
        np.array([one.is_right for one in inside]),
        np.ones(len(inside)),
    )
    return answerable, first_right


def _logistic(features: Array, truth: Array, weights: Array) -> Array:
    """Weights in the features' own units, fitted on standardised ones so that the penalty treats them alike."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation[deviation < 1e-9] = 1.0
    mean[0], deviation[0] = 0.0, 1.0
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(
        ((features - mean) / deviation)[:, 1:], truth, sample_weight=weights
    )
    learned = np.append(0.0, model.coef_[0] / deviation[1:])
    learned[0] = model.intercept_[0] - (learned[1:] * mean[1:]).sum()
    return learned


def _chance(sample: Sample, weights: Array) -> float:
    return float(1.0 / (1.0 + np.exp(-sample.features @ weights)))


def _product(tree: str) -> str:
    return "iot hub" if tree in ("packaged articles", "azure-iot-hub") else tree


if __name__ == "__main__":
    main()
