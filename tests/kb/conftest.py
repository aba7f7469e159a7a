from pathlib import Path

import pytest

from kb.index.build import build
from kb.search import KnowledgeBase

SMALL_TREE = Path(__file__).parents[1] / "corpus" / "small"
PACKAGED = Path(__file__).parents[2] / "kb" / "articles"


@pytest.fixture(scope="session")
def small_index(tmp_path_factory):
    """Valves, pumps and a sensor that has no French article."""
    folder = tmp_path_factory.mktemp("small") / "index"
    build([SMALL_TREE], folder)
    return folder


@pytest.fixture(scope="session")
def small(small_index):
    return KnowledgeBase.open(small_index)


@pytest.fixture(scope="session")
def packaged(tmp_path_factory):
    """The articles that come with hubmedic, indexed once a session."""
    folder = tmp_path_factory.mktemp("packaged") / "index"
    build([PACKAGED], folder)
    return KnowledgeBase.open(folder)
