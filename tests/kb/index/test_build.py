"""A build that keeps what is unchanged, beside one from nothing."""

import json
import random
import shutil

import numpy as np
import pytest

from kb.index import build as module
from kb.index.build import build
from kb.index.store import Store
from kb.search import KnowledgeBase
from tests.kb.conftest import SMALL_TREE

NEW = "---\ntitle: {code} Something{n}\n---\n# {code} Something{n}\n\n## Symptoms\n\n{words}\n\n## Cause\n\nCause {n}.\n"
WORDS = (
    "valve",
    "froze",
    "gizmo",
    "spindle",
    "leaks",
    "humming",
    "unreachable",
    "overheats",
    "gauge",
    "Ventil",
)


def arrays_of(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    place = folder / manifest["generation"]
    arrays = {path.stem: np.load(path) for path in sorted(place.glob("*.npy"))}
    return arrays, (place / "entries.jsonl").read_bytes(), manifest["fingerprint"]


def assert_same(folder, other):
    (ours, entries, fingerprint), wanted = arrays_of(folder), arrays_of(other)
    assert ours.keys() == wanted[0].keys()
    for name, array in wanted[0].items():
        assert ours[name].dtype == array.dtype, name
        if array.dtype == np.float32:
            np.testing.assert_allclose(ours[name], array, rtol=1e-6, atol=1e-7, err_msg=name)
        else:
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    assert (entries, fingerprint) == wanted[1:]


def edit(tree, chance):
    """Change the tree as an author would."""
    articles = sorted(tree.rglob("*.md"))
    one = chance.choice(articles)
    words = " ".join(chance.choices(WORDS, k=8)) + f" part{chance.randint(100, 999)}"
    match chance.randint(0, 4):
        case 0:
            one.write_text(one.read_text() + f"\n\nSeen as well: the {words}.\n")
        case 1:
            one.write_text(one.read_text().replace("valve", chance.choice(WORDS)))
        case 2 if len(articles) > 4:
            one.unlink()
        case 3:
            n = chance.randint(8000, 9999)
            (one.parent / f"{n}-something.md").write_text(NEW.format(code=n, n=n, words=words))
        case _:
            wordings = next(tree.rglob("wordings/*.jsonl"))
            entry = {"entry": "7001-valve-stuck#no-answer", "wording": words}
            wordings.write_text(wordings.read_text() + json.dumps(entry) + "\n")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changed_a_build_on_top_equals_one_from_nothing(tmp_path, seed):
    chance = random.Random(seed)
    tree = shutil.copytree(SMALL_TREE, tmp_path / "tree")
    build([tree], tmp_path / "index")
    for _ in range(4):
        for _ in range(chance.randint(1, 2)):
            edit(tree, chance)
        build([tree], tmp_path / "index")
    build([tree], tmp_path / "fresh")
    assert_same(tmp_path / "index", tmp_path / "fresh")


def test_an_unchanged_tree_gives_the_same_index_and_reads_no_text(tmp_path, monkeypatch):
    build([SMALL_TREE], tmp_path / "index")
    monkeypatch.setattr(module, "ScikitTfidf", None, raising=False)
    read = []
    analyse = module.analyse
    monkeypatch.setattr(
        module, "analyse", lambda texts, *rest: read.append(len(texts)) or analyse(texts, *rest)
    )
    before = arrays_of(tmp_path / "index")
    build([SMALL_TREE], tmp_path / "index")
    assert read == [0]
    after = arrays_of(tmp_path / "index")
    assert before[1:] == after[1:]


def test_a_rebuild_loads_no_scikit_learn(tmp_path):
    import subprocess
    import sys

    build([SMALL_TREE], tmp_path / "index")
    code = (
        "import sys\nfrom pathlib import Path\nfrom kb.index.build import build\n"
        "build([Path(sys.argv[1])], Path(sys.argv[2]))\nprint('sklearn' in sys.modules, 'scipy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SMALL_TREE), str(tmp_path / "index")],
        capture_output=True,
        text=True,
        check=True,
        cwd=SMALL_TREE.parents[2],
    )
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("damage", ["torn", "empty", "other code", "pickle"])
def test_what_is_kept_may_be_damaged_and_everything_is_read_anew(tmp_path, damage):
    index = tmp_path / "index"
    build([SMALL_TREE], index)
    kept = index / "kept.npz"
    if damage == "torn":
        kept.write_bytes(kept.read_bytes()[:2000])
    elif damage == "empty":
        kept.write_bytes(b"")
    elif damage == "pickle":
        np.savez(kept, version=np.array([{"code": 1}], dtype=object))
    else:
        with np.load(kept) as file:
            arrays = {name: file[name] for name in file.files}
        np.savez(kept, **arrays | {"version": np.zeros(3, np.uint8)})
    build([SMALL_TREE], index)
    build([SMALL_TREE], tmp_path / "fresh")
    assert_same(index, tmp_path / "fresh")


def test_entries_are_written_anew_where_the_generation_before_is_gone(tmp_path):
    index = tmp_path / "index"
    build([SMALL_TREE], index)
    shutil.rmtree(index / Store(index).manifest.generation)
    build([SMALL_TREE], index)
    assert KnowledgeBase.open(index).find("7001").candidates[0].entry.slug == "7001-valve-stuck"


def test_a_tree_without_a_word_is_built_and_answers_nothing(tmp_path):
    article = tmp_path / "tree" / "en-us" / "1.md"
    article.parent.mkdir(parents=True)
    article.write_text("# 1\n\n2\n", encoding="utf-8")
    build([tmp_path / "tree"], tmp_path / "index")
    assert KnowledgeBase.open(tmp_path / "index").find("the valve is stuck").hits == ()
