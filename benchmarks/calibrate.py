"""``python -m benchmarks.calibrate``: learn the weights of the confidence on every labelled set, and write ``kb/calibration.toml``.

Each set's questions are asked on its own tree and on every other tree, where none has an answer; so are the questions on other
products. Before the weights are written, each tree is left out in turn to show what they are worth on a tree they have not seen.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.sets import ELSEWHERE, OWN, PACKAGED, ROOT, SETS, LabelledSet
from bot.redaction import redact
from kb import evaluation
from kb.calibration import WEIGHTED
from kb.evaluation import Labelled, auroc, calibration_error
from kb.index.build import build
from kb.model import Hit
from kb.search import KnowledgeBase

_STRENGTH = 0.3
"""Inverse of the regularisation: weak data, strong prior."""
_WRITTEN_FOR_IT = 2.0
"""What a question without answer counts that was written for the tree beside one that has its answer: few, and hard to tell."""
_OURS = 0.5
"""What one of our own questions counts: they are more than those of all other sets, and all on one tree."""
_ELSEWHERE = 0.3
"""What a question on another product counts on the packaged articles, whose words it uses, ..."""
_OF_ANOTHER_TREE = 0.05
"""... and on the other trees, as a question of another tree does."""
_NEXT = 6.0
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question asked on one tree."""

    tree: str
    questions: Path
    has_answer: bool
    is_right: bool
    features: Array
    """A constant 1, then the evidence."""
    weight: float

    @property
    def is_own(self) -> bool:
        """Return whether the question was written for the tree."""
        return self.weight > _OF_ANOTHER_TREE


def main() -> None:
    """Collect, check and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answer-from", type=float, default=0.85)
    parser.add_argument("--choices-from", type=float, default=0.15)
    options = parser.parse_args()
    samples = _collect()
    for left_out in dict.fromkeys(one.tree for one in samples):
        # The two trees on the same product share their questions: both are left out together.
        weights = _fit([one for one in samples if _product(one.tree) != _product(left_out)])
        _report(f"left out {left_out}", [one for one in samples if one.tree == left_out], *weights)
    answerable, first_right = _fit(samples)
    for tree in dict.fromkeys(one.tree for one in samples):
        _report(f"all, on {tree}", [one for one in samples if one.tree == tree], answerable, first_right)
    lines = [
        "# Weights of the confidence, written by benchmarks/calibrate.py; the features are those of kb/evidence.py.",
        "# How fast the confidence of the candidates after the first falls with their score.",
        f"next = {_NEXT}",
        "# From which confidence one entry is answered, and from which two or three are offered.",
        f"answer_from = {options.answer_from}",
        f"choices_from = {options.choices_from}",
        "",
        "# Whether the tree answers the question at all.",
        *_table("answerable", answerable),
        "",
        "# Whether the first candidate is right, where it does.",
        *_table("first_right", first_right),
    ]
    (ROOT / "kb" / "calibration.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(name: str, weights: Array) -> Iterator[str]:
    yield f"[{name}]"
    for feature, weight in zip(WEIGHTED, weights.tolist(), strict=True):
        yield f"{feature} = {weight:.4f}"


def _report(label: str, samples: Sequence[Sample], answerable: Array, first_right: Array) -> None:
    for questions in dict.fromkeys(one.questions for one in samples if one.is_own and one.has_answer):
        asked = [
            one
            for one in samples
            if one.questions == questions or (questions == OWN.questions and one.questions == ELSEWHERE)
        ]
        chances = [_chance(one, answerable) * _chance(one, first_right) for one in asked]
        inside = [chance for chance, one in zip(chances, asked, strict=True) if one.has_answer]
        outside = [chance for chance, one in zip(chances, asked, strict=True) if not one.has_answer]
        error = calibration_error(chances, [one.is_right for one in asked])
        print(f"{label}, {questions.stem}: ood_auroc {auroc(inside, outside)}, ece {error}")


def _collect() -> list[Sample]:
    """Every question asked on every tree; one index a tree, asked with each set once."""
    sets = [one for one in (*SETS, OWN) if one.is_there]
    samples: list[Sample] = []
    for tree in dict.fromkeys(one.tree for one in sets):
        with tempfile.TemporaryDirectory() as folder:
            build([tree], Path(folder))
            knowledge = KnowledgeBase.open(Path(folder))
            own = {one.questions: one for one in sets if one.tree == tree}
            for questions in dict.fromkeys([*(one.questions for one in sets), ELSEWHERE]):
                samples += _asked(knowledge, questions, tree, own.get(questions))
        print(f"{tree.name}: {len(samples)} questions so far")
    return samples


def _asked(
    knowledge: KnowledgeBase, questions: Path, tree: Path, own: LabelledSet | None
) -> Iterator[Sample]:
    if own is None and questions == OWN.questions and _product(tree.name) == _product(PACKAGED.name):
        return  # the other tree on the same product answers some of them, and nobody said which
    for one in evaluation.read_labels(questions):
        if own is not None and own.only_in_core and one.expect and one.labels.get("in_core") != "true":
            continue
        found = knowledge.evidence(redact(one.query).text)
        if found is None:
            continue
        evidence, group = found
        has_answer = own is not None and bool(one.expect)
        expected = _accepted(one, own)
        right = has_answer and any(
            evaluation.is_right(Hit(entry, 0.0, {}), expected) for entry in knowledge.translations(group)
        )
        if own is not None:
            weight = (_OURS if own is OWN else 1.0) if has_answer else _WRITTEN_FOR_IT
        else:
            weight = _ELSEWHERE if questions == ELSEWHERE and tree == PACKAGED else _OF_ANOTHER_TREE
        features = np.array([1.0, *evidence.vector()])
        yield Sample(tree.name, questions, has_answer, right, features, weight)


def _accepted(question: Labelled, own: LabelledSet | None) -> tuple[str, ...]:
    """Entry of the article expected, for the own questions, as the other sets are labelled: by code or by article."""
    return tuple(name.partition("#")[0] for name in question.expect) if own is OWN else question.expect


def _fit(samples: Sequence[Sample]) -> tuple[Array, Array]:
    answerable = _logistic(
        np.array([one.features for one in samples]),
        np.array([one.has_answer for one in samples]),
        np.array([one.weight for one in samples]),
    )
    inside = [one for one in samples if one.has_answer]
    first_right = _logistic(
        np.array([one.features for one in inside]),
        np.array([one.is_right for one in inside]),
        np.array([one.weight for one in inside]),
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
    return "iot hub" if tree in (PACKAGED.name, "azure-iot-hub") else tree


if __name__ == "__main__":
    main()
