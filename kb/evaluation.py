"""Labelled questions -> figures: how often the right entry comes first, and how well the confidence knows it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import LabelsError
from kb.identifiers import key
from kb.model import Found, Hit, Outcome

GROUPED_BY = ("lang", "kind", "origin", "in_core")
_BINS = 10
"""Of the calibration error."""
_RANKED = 10
"""Candidates that are looked at for the right one."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question whose right answers are known."""

    id: str
    query: str
    expect: tuple[str, ...]
    """Identifiers, slugs or article paths; empty where the right outcome is ``none``."""
    labels: Mapping[str, str]
    """Values of :data:`GROUPED_BY` that the line has."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, answered and compared."""

    question: Labelled
    found: Found
    rank: int
    """1-based rank of the first right candidate, 0 where none is among the first ten."""
    elapsed_ms: float


def read_labels(path: Path) -> tuple[Labelled, ...]:
    """Return the labelled questions of a JSONL file.

    Raises
    ------
    LabelsError
        If a line is not a labelled question; names file and line.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LabelsError("{path} cannot be read", "name a JSONL file in UTF-8", path=str(path)) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            query, expect = fields["query"], fields["expect"]
            if not isinstance(query, str) or not query.strip() or not isinstance(expect, list):
                raise ValueError
            found.append(
                Labelled(
                    str(fields.get("id", number)),
                    query,
                    tuple(map(str, expect)),
                    {
                        name: str(fields[name]).lower()
                        if isinstance(fields[name], bool)
                        else str(fields[name])
                        for name in GROUPED_BY
                        if fields.get(name) is not None
                    },
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabelsError(
                "{path}:{line}: not a labelled question",
                'write one object a line: {{"id", "query", "lang", "kind", "expect": [...]}}',
                path=str(path),
                line=number,
            ) from error
    if not found:
        raise LabelsError("{path} holds no question", "write one object a line", path=str(path))
    return tuple(found)


def evaluate(questions: Sequence[Labelled], find: Callable[[str], Found]) -> tuple[Judged, ...]:
    """Ask every question and compare; the time of each holds all of ``find``, the reading of the text included."""
    judged = []
    for question in questions:
        started = time.perf_counter()
        found = find(question.query)
        elapsed = (time.perf_counter() - started) * 1000
        rank = next(
            (n for n, hit in enumerate(found.candidates[:_RANKED], 1) if is_right(hit, question.expect)), 0
        )
        judged.append(Judged(question, found, rank, elapsed))
    return tuple(judged)


def is_right(hit: Hit, expected: Sequence[str]) -> bool:
    """Return whether a candidate is one of the expected: by identifier, by slug, or by article path or its tail."""
    entry = hit.entry
    named = {key(identifier) for identifier in entry.identifiers}
    slug_path = f"{entry.slug}.md"
    return any(
        key(one) in named
        or one in (entry.slug, entry.id)
        or any(path == one or path.endswith("/" + one) for path in (entry.path, slug_path))
        for one in expected
    )


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the figures over all questions and for each value of each label."""
    report: dict[str, Any] = {"all": _figures(judged)}
    for label in GROUPED_BY:
        values = sorted({one.question.labels[label] for one in judged if label in one.question.labels})
        if values:
            report[label] = {
                value: _figures([one for one in judged if one.question.labels.get(label) == value])
                for value in values
            }
    return report


def details(judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Yield what each question got, so that anyone can count again."""
    for one in judged:
        yield {
            "id": one.question.id,
            "outcome": one.found.outcome.value,
            "confidence": round(one.found.confidence, 6),
            "ranked": [
                {
                    "entry": hit.entry.id,
                    "slug": hit.entry.slug,
                    "article": hit.entry.path,
                    "identifiers": list(hit.entry.identifiers),
                    "confidence": round(hit.confidence, 6),
                }
                for hit in one.found.candidates[:_RANKED]
            ],
        }


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    inside = [one for one in judged if one.question.expect]
    outside = [one for one in judged if not one.question.expect]
    answers = [one for one in judged if one.found.outcome is Outcome.ANSWER]
    times = [one.elapsed_ms for one in judged]
    return {
        "n": len(inside),
        "top1": _share(sum(one.rank == 1 for one in inside), len(inside)),
        "top3": _share(sum(1 <= one.rank <= 3 for one in inside), len(inside)),
        "mrr10": _share(sum(1.0 / one.rank for one in inside if one.rank), len(inside)),
        "ood_auroc": auroc(
            [one.found.confidence for one in inside], [one.found.confidence for one in outside]
        ),
        "answered": _share(len(answers), len(judged)),
        "answered_wrong": _share(sum(one.rank != 1 for one in answers), len(judged)),
        "abstained_right": _share(sum(one.found.outcome is Outcome.NONE for one in outside), len(outside)),
        "ece": calibration_error([one.found.confidence for one in judged], [one.rank == 1 for one in judged]),
        "p50_ms": round(float(np.quantile(times, 0.5)), 3) if times else None,
        "p99_ms": round(float(np.quantile(times, 0.99)), 3) if times else None,
    }


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return the chance that an answerable question has the higher confidence, ties counted half (Hanley & McNeil 1982).

    None where either side is empty.
    """
    if not inside or not outside:
        return None
    high, low = np.asarray(inside)[:, None], np.asarray(outside)[None, :]
    return round(float((high > low).mean() + 0.5 * (high == low).mean()), 4)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the expected calibration error over ten bins of equal count (Naeini et al. 2015); None without questions."""
    if not confidences:
        return None
    order = np.argsort(np.asarray(confidences), kind="stable")
    values, truth = np.asarray(confidences)[order], np.asarray(right, dtype=float)[order]
    error = sum(
        len(bin_) * abs(values[bin_].mean() - truth[bin_].mean())
        for bin_ in np.array_split(np.arange(len(values)), _BINS)
        if len(bin_)
    )
    return round(float(error) / len(values), 4)


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
