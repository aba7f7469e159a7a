"""Where the knowledge comes from: an index, docs trees kept indexed, or the packaged articles."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from bot import sources
from bot.sources import PACKAGED_ARTICLES, Source, open_source, read_source, stamp_of
from kb.errors import IndexUnusable, TreeError

TEXT = "# 7001 PumpStuck\n\n## Symptoms\n\n- `Pump is stuck`\n\n## Cause\n\nSand.\n\n## Solution\n\n1. Clean it.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "en-us").mkdir(parents=True)
    (tmp_path / "docs" / "en-us" / "pump.md").write_text(TEXT, encoding="utf-8")
    return tmp_path / "docs"


def test_nothing_set_names_the_packaged_articles():
    assert read_source(None) == read_source("") == Source(trees=(PACKAGED_ARTICLES,))


def test_a_folder_with_a_manifest_is_an_index_and_any_other_a_tree(tree, tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "manifest.json").write_text("{}", encoding="utf-8")
    assert read_source(str(tmp_path / "index")) == Source(tmp_path / "index")
    assert read_source(str(tree)) == Source(trees=(tree,))
    assert read_source(os.pathsep.join([str(tree), str(tree)])) == Source(trees=(tree, tree))


def test_an_index_among_several_folders_and_a_missing_folder_are_told(tree, tmp_path):
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TreeError, match="served alone"):
        read_source(os.pathsep.join([str(tree), str(tmp_path)]))
    with pytest.raises(TreeError, match="no folder"):
        read_source(str(tmp_path / "none"))


def test_a_tree_is_indexed_once_and_again_when_a_file_changed(tree, tmp_path):
    steps: list[str] = []

    def opened():
        return open_source(
            Source(trees=(tree,)), tmp_path / "cache", progress=lambda step, *_: steps.append(step)
        )

    assert opened().n_entries == 1
    n_first = len(steps)
    assert opened().n_entries == 1
    assert len(steps) == n_first
    (tree / "en-us" / "valve.md").write_text(
        TEXT.replace("7001 PumpStuck", "7002 ValveOpen"), encoding="utf-8"
    )
    assert opened().n_entries == 2


def test_a_damaged_index_in_the_cache_is_built_again(tree, tmp_path):
    open_source(Source(trees=(tree,)), tmp_path / "cache")
    [manifest] = (tmp_path / "cache").rglob("manifest.json")
    manifest.write_text("{broken", encoding="utf-8")
    assert open_source(Source(trees=(tree,)), tmp_path / "cache").n_entries == 1


def test_accepted_wordings_count_as_a_change(tree, tmp_path):
    aliases = tmp_path / "aliases.jsonl"
    before = stamp_of([tree], aliases)
    aliases.write_text("{}", encoding="utf-8")
    assert stamp_of([tree], aliases) != before


def test_wordings_that_a_tree_brings_along_count_as_a_change(tree):
    before = stamp_of([tree])
    (tree / "wordings").mkdir()
    (tree / "wordings" / "pump.jsonl").write_text('{"entry": "pump#1", "wording": "it wobbles"}\n')
    assert stamp_of([tree]) != before


def test_a_circle_of_links_ends(tree):
    (tree / "en-us" / "again").symlink_to(tree)
    assert stamp_of([tree]) == stamp_of([tree])


def test_two_that_want_the_same_index_build_it_once(tree, tmp_path, monkeypatch):
    built: list[Path] = []
    from kb.index import build as building

    def build(trees, out, **options):
        built.append(out)
        return real(trees, out, **options)

    real = building.build
    monkeypatch.setattr(building, "build", build)
    opened = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_source(Source(trees=(tree,)), tmp_path / "cache")))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert [one.n_entries for one in opened] == [1, 1, 1]


def test_a_cache_that_cannot_be_written_is_told(tree, tmp_path):
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(IndexUnusable, match="cannot be kept"):
        open_source(Source(trees=(tree,)), tmp_path / "cache")


def test_the_listing_reads_no_file(tree, monkeypatch):
    stamp_of([tree])
    monkeypatch.setattr(sources.Path, "open", lambda *_: pytest.fail("opened a file"))
    stamp_of([tree])
