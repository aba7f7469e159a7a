"""``make bench-quality``: the product beside what a user would take instead, on the same entries and questions.

Prints, for every labelled set, recall at one and three and the AUROC of "knows that it does not know", by kind of question,
then what each reading of the product is worth (the ablation), the contract's figures, and how much the figures
could move by chance. ``--write`` keeps the tables in RESULTS.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import Peer, quality_peers
from benchmarks.report import Report
from benchmarks.sets import ELSEWHERE, OWN, SETS, LabelledSet
from bot.redaction import redact
from kb import evaluation
from kb.evaluation import Judged, Labelled
from kb.index import scoring
from kb.index.build import build
from kb.model import Entry, Found, Hit, Outcome
from kb.search import KnowledgeBase

_K = 60
"""Rows asked of a peer, so that ten different entries are among them."""


def main() -> None:
    """Run every set and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/RESULTS.md")
    parser.add_argument("--without-peers", action="store_true", help="the product alone")
    options = parser.parse_args()
    report = Report("quality", "make bench-quality")
    pooled: list[Judged] = []
    for labelled in (*SETS, OWN):
        if not labelled.is_there:
            report.remark(f"{labelled.name}: left out, its documents or questions are not on this machine")
            continue
        questions = _questions(labelled)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "index"
            build([labelled.tree], out)
            knowledge = KnowledgeBase.open(out)
            judged = evaluation.evaluate(questions, lambda text, kb=knowledge: kb.find(redact(text).text))
            if labelled is not OWN:  # the contract's figures are of the others
                pooled.extend(judged)
            kinds = sorted({one.labels["kind"] for one in questions if one.expect})
            rows = [["hubmedic", *_row(judged, kinds)]]
            for name, setting in _ablations():
                with setting():
                    other = evaluation.evaluate(
                        questions, lambda text, kb=knowledge: kb.find(redact(text).text)
                    )
                rows.append([name, *_row(other, kinds)])
            if not options.without_peers:
                entries = list(knowledge.entries())
                for peer in quality_peers():
                    rows.append([peer.name, *_row(_ask(peer, entries, questions, Path(folder)), kinds)])
        report.table(
            f"{labelled.name}: {len(questions)} questions, top1 / top3 by kind",
            ["system", *kinds, "all", "mrr10", "ood_auroc"],
            rows,
        )
        report.table(f"{labelled.name}: the contract's figures", _HEADINGS, _contract(judged))
    if pooled:
        report.table("all sets together", _HEADINGS, _contract(pooled))
    report.finish(write=options.write)


_HEADINGS = [
    "questions",
    "n",
    "top1",
    "95 %",
    "top3",
    "ood_auroc",
    "answered",
    "answered_wrong",
    "abstained_right",
    "ece",
]


def _questions(labelled: LabelledSet) -> Sequence[Labelled]:
    questions = evaluation.read_labels(labelled.questions)
    if labelled is OWN:
        return (*questions, *evaluation.read_labels(ELSEWHERE))
    if labelled.only_in_core:
        return [one for one in questions if not one.expect or one.labels.get("in_core") == "true"]
    return questions


@contextmanager
def _setting(name: str, value: float) -> Iterator[None]:
    before = getattr(scoring, name)
    setattr(scoring, name, value)
    try:
        yield
    finally:
        setattr(scoring, name, before)


def _ablations() -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("· without the thesaurus", lambda: _setting("FAMILY_WEIGHT", 0.0)),
        ("· without message templates", lambda: _setting("MESSAGE_WEIGHT", 0.0)),
        ("· without identifiers", lambda: _setting("NAME_WEIGHT", 0.0)),
    ]


def _ask(
    peer: Peer, entries: Sequence[Entry], questions: Sequence[Labelled], folder: Path
) -> tuple[Judged, ...]:
    place = Path(tempfile.mkdtemp(dir=folder))
    peer.save([text_of(entry) for entry in entries], place)
    peer.load(place)

    def find(text: str) -> Found:
        best: dict[str, Hit] = {}
        for row, score in peer.rank(text, _K):
            best.setdefault(entries[row].id, Hit(entries[row], score, {}))
        hits = tuple(best.values())[:10]
        return Found(
            Outcome.ANSWER if hits else Outcome.NONE, hits[0].confidence if hits else 0.0, hits[:1], hits
        )

    return evaluation.evaluate(questions, find)


def text_of(entry: Entry) -> str:
    """Return everything an entry says, as one text."""
    return "\n".join(
        [
            entry.article_title,
            entry.title,
            " ".join(entry.identifiers),
            *(message.text for message in entry.messages),
            entry.symptom,
            entry.cause,
            entry.solution,
            entry.more,
        ]
    )


def _row(judged: Sequence[Judged], kinds: Sequence[str]) -> list[str]:
    report = evaluation.figures(judged)
    cells = []
    for kind in kinds:
        one = report["kind"][kind]
        cells.append(f"{one['top1']:.3f} / {one['top3']:.3f}")
    whole = report["all"]
    auroc = "" if whole["ood_auroc"] is None else f"{whole['ood_auroc']:.3f}"
    return [*cells, f"{whole['top1']:.3f} / {whole['top3']:.3f}", f"{whole['mrr10']:.3f}", auroc]


def _contract(judged: Sequence[Judged]) -> list[list[str]]:
    report = evaluation.figures(judged)
    rows = [("all", report["all"])]
    rows += [
        (f"{label}={value}", one)
        for label in ("lang", "kind")
        for value, one in report.get(label, {}).items()
    ]
    return [[name, *_cells(one, name, judged)] for name, one in rows]


def _cells(one: dict[str, Any], name: str, judged: Sequence[Judged]) -> list[str]:
    chosen = judged
    if "=" in name:
        label, value = name.split("=")
        chosen = [item for item in judged if item.question.labels.get(label) == value]
    ranks = np.array([item.rank == 1 for item in chosen if item.question.expect], dtype=float)
    interval = ""
    if len(ranks):
        # Bootstrap over questions, 2,000 draws with a fixed seed (Efron 1979).
        draws = np.random.default_rng(7).choice(ranks, (2000, len(ranks))).mean(axis=1)
        interval = f"{np.quantile(draws, 0.025):.2f}-{np.quantile(draws, 0.975):.2f}"

    def cell(figure: str) -> str:
        return "" if one[figure] is None else f"{one[figure]:.3f}"

    return [
        str(one["n"]),
        cell("top1"),
        interval,
        cell("top3"),
        cell("ood_auroc"),
        cell("answered"),
        cell("answered_wrong"),
        cell("abstained_right"),
        cell("ece"),
    ]


if __name__ == "__main__":
    main()
