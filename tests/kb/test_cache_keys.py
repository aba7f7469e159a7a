"""What a build keeps for the next one is keyed by all the code that made it: a module left out would serve old results."""

import ast
from pathlib import Path

from kb.index.kept import _SHAPED_BY
from kb.parsed_cache import _READERS

ROOT = Path(__file__).parents[2]
AFTER_THE_CACHE = {"errors", "joining"}
"""Articles are joined anew at each build, and one that cannot be read is never kept."""
ONLY_FOR_ASKING = {
    "errors", "index/posting_arrays", "index/segments", "index/spelling", "index/store", "index/tfidf", "index/topk",
}  # fmt: skip
"""Modules of the index that an analysis is not made with: they stand beside what is."""


def imported(module):
    """The modules of kb that a module imports, by their path below kb without its ending."""
    for node in ast.walk(ast.parse((ROOT / "kb" / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kb":
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                path = name.partition(".")[2].replace(".", "/")
                if (ROOT / "kb" / f"{path}.py").is_file():
                    yield path


def needed_by(*modules):
    """The modules, and all that they import, however far away."""
    found, waiting = set(modules), list(modules)
    while waiting:
        fresh = set(imported(waiting.pop())) - found
        found |= fresh
        waiting += fresh
    return found


def test_articles_are_kept_under_all_the_code_that_reads_them():
    assert needed_by("library") - AFTER_THE_CACHE == set(_READERS)


def test_analyses_are_kept_under_all_the_code_that_shapes_them():
    made_with = needed_by("index/analysis", "index/kept", "index/general_arrays", "index/family_arrays")
    assert made_with - ONLY_FOR_ASKING == set(_SHAPED_BY)
