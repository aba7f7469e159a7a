"""The labelled sets and the trees they are asked on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HUBMEDIC_SHARED", ROOT.parent / "shared"))


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One file of questions and the tree it is asked on."""

    name: str
    questions: Path
    tree: Path
    only_in_core: bool = False
    """Count only the questions that one of the fifteen core articles answers."""

    @property
    def is_there(self) -> bool:
        """Return whether both the questions and the tree are on this machine."""
        return self.questions.is_file() and self.tree.is_dir()


PACKAGED = ROOT / "kb" / "articles"
QUESTIONS = ROOT / "benchmarks" / "questions"
ELSEWHERE = QUESTIONS / "elsewhere.jsonl"
"""What none of the trees answers: questions on other products, in the words and messages of this one, and talk of a channel."""
OWN = LabelledSet("own questions", QUESTIONS / "iot_hub.jsonl", PACKAGED)
"""A question or more for each packaged entry, and what people on call post, written without sight of the accepted wordings."""
SETS = (
    LabelledSet("packaged articles", SHARED / "eval/iot_hub_dev.jsonl", PACKAGED),
    LabelledSet(
        "azure-iot-hub", SHARED / "eval/iot_hub_dev.jsonl", SHARED / "corpus/azure-iot-hub", only_in_core=True
    ),
    LabelledSet("cpp-errors", SHARED / "eval/cpp_messages_dev.jsonl", SHARED / "corpus/cpp-errors"),
    LabelledSet("biztalk-errors", SHARED / "eval/biztalk_dev.jsonl", SHARED / "corpus/biztalk-errors"),
)
