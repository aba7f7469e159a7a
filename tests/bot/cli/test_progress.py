from pathlib import Path

from bot.cli.progress import _STEPS
from kb.index.build import build

SMALL_TREE = Path(__file__).parents[2] / "corpus" / "small"


def test_every_step_of_a_build_is_told_in_words(tmp_path):
    steps = set()
    build([SMALL_TREE], tmp_path / "index", progress=lambda step, _done, _total: steps.add(step))
    assert steps - {"articles"} == _STEPS.keys()
