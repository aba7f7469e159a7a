"""``make bench-speed``: how long a question takes, warm and from process start, beside what a user would take instead.

The index alone is compared: the question's words in, the best ten entries out. Then the whole product: a question against
the packaged articles, the command from its start, a build and a rebuild, and the memory of the largest index.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.peers import Peer, Ranked, speed_peers
from benchmarks.quality import text_of
from benchmarks.report import Report
from benchmarks.sets import SETS
from kb import evaluation
from kb.index.build import build
from kb.search import KnowledgeBase

_FIRST = 100
_FEW = 20
"""Questions after which what is loaded at the first one is there."""
_PASSES = 3
_COLUMNS = ("p50 ms", "p99 ms", "new questions, p50 ms")
_COMMAND = "import sys; sys.argv[0] = 'hubmedic'; from bot.cli import main; sys.exit(main())"
"""What the installed command does, for a checkout without one."""


class Ours:
    """The word index of the product, alone."""

    name = "hubmedic"

    def __init__(self) -> None:
        self._knowledge: KnowledgeBase | None = None

    def save(self, texts: Sequence[str], folder: Path) -> None:
        """Nothing to do: the index is built from the tree."""

    def load(self, folder: Path) -> None:
        """Open the index folder."""
        self._knowledge = KnowledgeBase.open(folder / "index")

    def rank(self, question: str, k: int) -> Ranked:
        """Return the best entries by their words."""
        assert self._knowledge is not None
        return self._knowledge.rank_words(question, k)


def peers() -> list[Peer]:
    """Ours first, then the others."""
    return [Ours(), *speed_peers()]


def main() -> None:
    """Run and print the tables; ``--child`` is one measured process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/RESULTS.md")
    parser.add_argument("--child", nargs=3, metavar=("PEER", "FOLDER", "QUESTIONS"), help=argparse.SUPPRESS)
    parser.add_argument("--child-product", nargs=2, metavar=("FOLDER", "QUESTIONS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(*options.child)
        return
    if options.child_product:
        _child_product(*options.child_product)
        return
    report = Report("speed", "make bench-speed")
    for labelled in SETS:
        if not labelled.is_there:
            report.remark(f"{labelled.name}: left out, its documents or questions are not on this machine")
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            built = build([labelled.tree], folder / "index")
            knowledge = KnowledgeBase.open(folder / "index")
            questions = [one.query for one in evaluation.read_labels(labelled.questions)]
            (folder / "questions.json").write_text(json.dumps(questions))
            texts = [text_of(entry) for entry in knowledge.entries()]
            report.table(
                f"{labelled.name}: the index alone, {len(texts)} entries, {len(questions)} questions",
                ["system", *_COLUMNS, f"process start to the first {_FIRST} questions, s"],
                [_measure(peer, texts, questions, folder) for peer in peers()],
            )
            *speeds, memory = _product(folder)
            changed_s = _build_after_a_change(labelled.tree, folder)
            report.table(
                f"{labelled.name}: the product",
                [
                    *_COLUMNS,
                    "build s",
                    "one article changed, build s",
                    "articles",
                    "entries",
                    "memory in use MB",
                ],
                [
                    [
                        *speeds,
                        f"{built.seconds:.1f}",
                        f"{changed_s:.2f}",
                        str(built.n_articles),
                        str(built.n_entries),
                        memory,
                    ]
                ],
            )
    report.table("hubmedic ask, process start to answer", ["what", "median s", "least", "most"], _ask_rows())
    report.finish(write=options.write)


def _measure(peer: Peer, texts: Sequence[str], questions: Sequence[str], folder: Path) -> list[str]:
    place = folder
    if peer.name != "hubmedic":
        place = Path(tempfile.mkdtemp(dir=folder))
        peer.save(texts, place)
    peer.load(place)
    speeds = _speeds(lambda question: peer.rank(question, 10), questions)
    starts = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.speed",
                "--child",
                peer.name,
                str(place),
                str(folder / "questions.json"),
            ],
            check=True,
        )
        starts.append(time.perf_counter() - started)
    return [
        peer.name,
        *speeds,
        f"{np.median(starts):.2f}",
    ]


def _forget_the_benchmark() -> None:
    """Keep the garbage collector off the documents that only the comparison holds: no user's process has them all in memory."""
    gc.collect()
    gc.freeze()


def _child(name: str, folder: str, questions: str) -> None:
    peer = next(one for one in peers() if one.name == name)
    peer.load(Path(folder))
    for question in json.loads(Path(questions).read_text())[:_FIRST]:
        peer.rank(question, 10)


def _child_product(folder: str, questions: str) -> None:
    knowledge = KnowledgeBase.open(Path(folder) / "index")
    speeds = _speeds(knowledge.find, json.loads(Path(questions).read_text()))
    print(json.dumps([*speeds, str(_most_memory_kb() // 1024)]))


def _most_memory_kb() -> int:
    """The most this process ever held; Linux counts a parent's memory into ``ru_maxrss`` of its child."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE)
        if found:
            return int(found.group(1))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _build_after_a_change(tree: Path, folder: Path) -> float:
    """Seconds of a build after one article got a sentence, with words in it that were not there before."""
    copied = Path(shutil.copytree(tree, folder / "tree"))
    build([copied], folder / "again")
    seconds = []
    for number, article in enumerate(sorted(copied.rglob("*.md"))[3:6]):
        article.write_bytes(article.read_bytes() + f"\n\nThe sprocket{number} stalls the gizmo.\n".encode())
        seconds.append(build([copied], folder / "again").seconds)
    return min(seconds)


def _product(folder: Path) -> list[str]:
    """Speed of a question and memory in use, in a process that holds nothing but the index, as a user's does."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.speed",
            "--child-product",
            str(folder),
            str(folder / "questions.json"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return [str(cell) for cell in json.loads(done.stdout)]


def _speeds(ask: Callable[[str], object], questions: Sequence[str]) -> list[str]:
    """Milliseconds in a warm process, half and 99 in a hundred below; and half of them below where a question is new.

    Warm is a process that has answered such questions before: most words of a question are then no news to it.
    """
    for question in questions[:_FEW]:
        ask(question)
    _forget_the_benchmark()
    new, *again = [[_ms(ask, question) for question in questions] for _ in range(1 + _PASSES)]
    return [
        f"{np.quantile(again, 0.5):.3f}",
        f"{np.quantile(again, 0.99):.3f}",
        f"{np.quantile(new[_FEW:], 0.5):.3f}",
    ]


def _ms(ask: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return (time.perf_counter() - started) * 1000


def _ask_rows() -> list[list[str]]:
    installed = Path(sys.executable).with_name("hubmedic")
    started_by = [str(installed)] if installed.is_file() else [sys.executable, "-c", _COMMAND]
    command = [*started_by, "ask", "device gets 401003 after an hour"]
    subprocess.run(command, check=True, capture_output=True)
    times = []
    for _ in range(11):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return [
        [
            "hubmedic ask, packaged articles",
            f"{np.median(times):.3f}",
            f"{min(times):.3f}",
            f"{max(times):.3f}",
        ]
    ]


if __name__ == "__main__":
    main()
