import json
import shutil

import pytest

from kb.errors import IndexUnusable
from kb.index.build import build
from kb.index.store import Store
from kb.search import KnowledgeBase
from tests.kb.conftest import SMALL_TREE


@pytest.fixture
def index(small_index, tmp_path):
    return shutil.copytree(small_index, tmp_path / "index")


def test_entries_come_back_as_they_were_read(small_index):
    entries = {(entry.id, entry.locale): entry for entry in Store(small_index).entries()}
    assert len(entries) == 7
    entry = entries["7001-valve-stuck#no-answer", "fr-fr"]
    assert [message.text for message in entry.messages] == [
        "Valve '{valve}' did not answer within {count} seconds"
    ]
    assert (entry.identifiers, entry.url) == (("7001", "ValveStuck"), "https://docs.example/fr-fr/valves")


def test_two_causes_keep_their_solutions(small):
    remedies = small.entry("7001-valve-stuck#half-open").remedies
    assert [(one.cause, one.solution) for one in remedies] == [
        ("Something is in the seat.", "1. Clean the seat."),
        ("The limit switch is loose.", "1. Tighten the switch."),
    ]


def test_a_missing_index_says_how_to_build_one(tmp_path):
    with pytest.raises(IndexUnusable, match="hubmedic kb build"):
        KnowledgeBase.open(tmp_path)


def test_a_torn_manifest_is_damage(index):
    (index / "manifest.json").write_text('{"format": 2')
    with pytest.raises(IndexUnusable, match="damaged"):
        KnowledgeBase.open(index)


def test_a_missing_array_is_damage(index):
    next(index.glob("*/word_hash.npy")).unlink()
    with pytest.raises(IndexUnusable, match="damaged"):
        KnowledgeBase.open(index)


def test_an_array_that_asks_to_be_unpickled_is_damage_and_runs_nothing(index):
    import numpy as np

    np.save(next(index.glob("*/word_idf.npy")), np.array([{"code": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(IndexUnusable, match="damaged"):
        KnowledgeBase.open(index)


def test_numbers_that_lead_outside_the_arrays_are_damage(index):
    import numpy as np

    path = next(index.glob("*/word_row.npy"))
    rows = np.load(path)
    np.save(path, np.full_like(rows, 10**6))
    with pytest.raises(IndexUnusable, match="damaged"):
        KnowledgeBase.open(index).find("valve")


def test_an_index_of_another_format_says_which(index):
    manifest = json.loads((index / "manifest.json").read_text())
    (index / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(IndexUnusable, match="has format 99"):
        KnowledgeBase.open(index)


def test_a_manifest_cannot_lead_outside_its_folder(index):
    manifest = json.loads((index / "manifest.json").read_text())
    (index / "manifest.json").write_text(json.dumps(manifest | {"generation": "../elsewhere"}))
    with pytest.raises(IndexUnusable, match="damaged"):
        KnowledgeBase.open(index)


def test_an_open_index_serves_on_and_notices_a_new_build(index):
    before = KnowledgeBase.open(index)
    assert before.is_current()
    build([SMALL_TREE], index)
    assert not before.is_current()
    assert before.find("7001").candidates[0].entry.slug == "7001-valve-stuck"


def test_a_rebuild_reads_only_what_changed(tmp_path):
    tree = shutil.copytree(SMALL_TREE, tmp_path / "tree")
    first = build([tree], tmp_path / "index")
    article = tree / "en-us" / "pump-noise.md"
    article.write_text(article.read_text().replace("rattles", "howls"))
    second = build([tree], tmp_path / "index")
    assert (first.n_parsed, second.n_parsed) == (first.n_articles, 1)
    assert KnowledgeBase.open(tmp_path / "index").find("howls").candidates[0].entry.slug == "pump-noise"


def test_a_bad_wording_is_named(tmp_path):
    from kb.errors import LabelsError

    tree = shutil.copytree(SMALL_TREE, tmp_path / "tree")
    (tree / "wordings" / "bad.jsonl").write_text("nonsense\n")
    with pytest.raises(LabelsError, match=r"bad\.jsonl:1"):
        build([tree], tmp_path / "index")
