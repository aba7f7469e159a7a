"""Articles kept from one build to the next are read again where anything they were made from has changed."""

import shutil

import pytest

from kb.library import ParsedCache, read_tree
from tests.kb.trees import SIGNALS, entry, write


@pytest.fixture
def signals(tmp_path):
    shutil.copytree(SIGNALS, tmp_path / "signals")
    return tmp_path / "signals"


class TestCache:
    def test_only_what_changed_is_read_again(self, signals, tmp_path):
        first = ParsedCache(tmp_path / "cache")
        before = read_tree(signals, cache=first)
        second = ParsedCache(tmp_path / "cache")
        assert read_tree(signals, cache=second) == before
        assert (first.n_missed, second.n_missed) == (5, 0)
        path = signals / "en-us" / "8002-bell.md"
        path.write_text(
            path.read_text(encoding="utf-8").replace("A train comes.", "Two trains come."), encoding="utf-8"
        )
        third = ParsedCache(tmp_path / "cache")
        after = read_tree(signals, cache=third)
        assert third.n_missed == 1
        assert entry(after, "8002-bell#it-rings", "en-us").cause == "Two trains come."

    def test_a_changed_include_makes_its_article_new(self, signals, tmp_path):
        read_tree(signals, cache=ParsedCache(tmp_path / "cache"))
        (signals / "en-us" / "includes" / "product.md").write_text("the tram", encoding="utf-8")
        cache = ParsedCache(tmp_path / "cache")
        tree = read_tree(signals, cache=cache)
        assert cache.n_missed == 1
        assert "the tram is red" in entry(tree, "8001-red-light#1", "en-us").more

    def test_changed_settings_make_all_new(self, signals, tmp_path):
        read_tree(signals, cache=ParsedCache(tmp_path / "cache"))
        (signals / "hubmedic.toml").write_text(
            'base_url = "https://other.example/{slug}"\n', encoding="utf-8"
        )
        cache = ParsedCache(tmp_path / "cache")
        tree = read_tree(signals, cache=cache)
        assert cache.n_missed == len(tree.articles)
        assert entry(tree, "8001-red-light#1", "en-us").url == "https://other.example/8001-red-light"

    @pytest.mark.parametrize("damage", [b"", b"not json\n", b'{"salt": 1}\n[1, 2', b"\xff\xfe\x00"])
    def test_a_damaged_cache_is_no_cache(self, signals, tmp_path, damage):
        before = read_tree(signals, cache=ParsedCache(tmp_path / "cache"))
        (kept,) = (tmp_path / "cache").iterdir()
        kept.write_bytes(damage)
        assert read_tree(signals, cache=ParsedCache(tmp_path / "cache")) == before

    def test_two_trees_in_one_folder_do_not_push_each_other_out(self, signals, tmp_path):
        other = write(tmp_path / "other", {"en-us/a.md": "# T\n\nx"})
        for root in (signals, other):
            read_tree(root, cache=ParsedCache(tmp_path / "cache"))
        cache = ParsedCache(tmp_path / "cache")
        read_tree(signals, cache=cache)
        read_tree(other, cache=cache)
        assert cache.n_missed == 0
