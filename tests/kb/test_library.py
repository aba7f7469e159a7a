import os
from pathlib import Path

import pytest

from kb.errors import ArticleError, TreeError
from kb.library import read_file, read_tree
from tests.kb.trees import SIGNALS, entry, write

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def paths(tree):
    return [article.path for article in tree.articles]


def locales(tree):
    return {article.path: article.locale for article in tree.articles}


class TestDiscovery:
    def test_contents_readmes_includes_and_excluded_files_are_no_articles(self):
        tree = read_tree(SIGNALS)
        assert tree.name == "Signals"
        assert paths(tree) == [
            "en-us/8001-red-light.md",
            "en-us/8002-bell.md",
            "en-us/index-8000-8099.md",
            "fr-fr/8001-red-light.md",
            "fr-fr/8002-bell.md",
        ]

    def test_a_folder_that_is_not_there_is_said_so(self, tmp_path):
        with pytest.raises(TreeError, match=r"is not a folder; name a folder that holds Markdown"):
            read_tree(tmp_path / "gone")

    @pytest.mark.parametrize("toml", ["name = ", 'colour = "red"', "exclude = 3", 'base_url = "ftp://x"'])
    def test_settings_that_cannot_be_used_are_said_so(self, tmp_path, toml):
        write(tmp_path, {"hubmedic.toml": toml})
        with pytest.raises(TreeError, match=r"hubmedic\.toml"):
            read_tree(tmp_path)

    @pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
    def test_links_that_turn_in_a_circle_or_lead_out_of_the_tree_are_not_followed(self, tmp_path):
        outside = write(tmp_path / "outside", {"secret.md": "# Secret\n\ntext"})
        tree = write(tmp_path / "tree", {"a/one.md": "# One\n\ntext"})
        (tree / "a" / "again").symlink_to(tree / "a")
        (tree / "out").symlink_to(outside)
        (tree / "secret.md").symlink_to(outside / "secret.md")
        assert paths(read_tree(tree)) == ["a/one.md"]

    def test_a_bad_article_is_told_and_the_others_still_serve(self, tmp_path):
        write(tmp_path, {"good.md": "# Good\n\ntext", "picture.md": b"\x89PNG\x00\x01\x02\xff" * 20})
        tree = read_tree(tmp_path)
        assert paths(tree) == ["good.md"]
        assert [(str(one), one.kind) for one in tree.complaints] == [
            ("picture.md:1: the file is not text; save it as UTF-8, or name it otherwise", "error")
        ]

    def test_a_file_too_big_is_told(self, tmp_path):
        write(tmp_path, {"big.md": b"# Big\n" + b"x " * 4_100_000, "good.md": "# Good\n\ntext"})
        assert [str(one) for one in read_tree(tmp_path).complaints] == [
            "big.md:1: the file is bigger than 8 MB; split it, or exclude it in hubmedic.toml"
        ]


class TestLocales:
    def test_the_nearest_folder_named_like_a_locale_counts(self, tmp_path):
        files = ("en-us/a.md", "docs/fr_FR/b.md", "en-us/pt-br/c.md", "plain/d.md")
        tree = read_tree(write(tmp_path, dict.fromkeys(files, "# T\n\nx")), locale="de")
        assert locales(tree) == {
            "en-us/a.md": "en-us",
            "docs/fr_FR/b.md": "fr-fr",
            "en-us/pt-br/c.md": "pt-br",
            "plain/d.md": "de",
        }

    def test_the_slug_leaves_the_locale_out_wherever_it_stands(self, tmp_path):
        tree = read_tree(write(tmp_path, {"docs/en-us/a/b.md": "# T\n\nx", "docs/fr-fr/a/b.md": "# T\n\nx"}))
        assert {article.slug for article in tree.articles} == {"docs/a/b"}

    def test_two_letters_are_a_language_only_where_languages_stand(self, tmp_path):
        files = ("en/a.md", "fr/a.md", "en-us/it/b.md", "guide/no/c.md")
        tree = read_tree(write(tmp_path, dict.fromkeys(files, "# T\n\nx")), locale="en")
        assert locales(tree) == {
            "en/a.md": "en",
            "fr/a.md": "fr",
            "en-us/it/b.md": "en-us",
            "guide/no/c.md": "en",
        }

    def test_settings_then_front_matter_then_the_caller_then_the_words_tell(self, tmp_path):
        stated = "---\nms.contentlocale: fr-FR\n---\n# T\n\nx"
        german = "# T\n\nDer Dienst ist nicht erreichbar, weil das Zertifikat abgelaufen ist und niemand es bemerkt hat."
        write(tmp_path, {"a.md": stated, "b.md": german})
        assert locales(read_tree(tmp_path)) == {"a.md": "fr-fr", "b.md": "de"}
        assert locales(read_tree(tmp_path, locale="sv-SE")) == {"a.md": "fr-fr", "b.md": "sv-se"}
        write(tmp_path, {"hubmedic.toml": 'locale = "pl"'})
        assert locales(read_tree(tmp_path, locale="sv-SE")) == {"a.md": "pl", "b.md": "pl"}

    def test_a_tree_that_is_itself_the_folder_of_a_locale_has_it(self, tmp_path):
        assert locales(read_tree(write(tmp_path / "fr-fr", {"a.md": "# T\n\nx"}))) == {"a.md": "fr-fr"}


class TestJoining:
    def test_translations_share_their_names_whatever_their_headings_say(self):
        tree = read_tree(SIGNALS)
        french = entry(tree, "8001-red-light#1", "fr-fr")
        assert (french.cause, french.solution) == (
            "Quelqu'un a arrêté les trains.",
            "Demandez à l'aiguilleur.",
        )
        assert french.url == "https://docs.example/fr-fr/signals/8001-red-light"

    def test_a_translation_without_anchors_is_joined_by_its_place(self):
        assert (
            entry(read_tree(SIGNALS), "8002-bell#it-does-not-ring", "fr-fr").title == "La cloche ne sonne pas"
        )

    def test_an_anchor_of_another_section_is_never_taken_for_this_one(self, tmp_path):
        one, two = (
            "# T\n\n## Dog\n\n### Cause\n\na\n\n",
            '# T\n\n## <a name="elephant"></a>X\n\n### Cause\n\na\n\n',
        )
        tree = read_tree(write(tmp_path, {"en-us/a.md": one, "fr-fr/a.md": two}))
        assert [one.id for article in tree.articles for one in article.entries] == ["a#dog", "a#elephant"]

    def test_a_reworded_anchor_is_still_the_same(self, tmp_path):
        shape = (
            '# T\n\n## <a name="{}"></a>X\n\n### Cause\n\na\n\n## <a name="other"></a>Y\n\n### Cause\n\nb\n'
        )
        files = {
            "en-us/a.md": shape.format("agent-stops-after-a-minute"),
            "fr-fr/a.md": shape.format("agent-stops-after-about-a-minute"),
        }
        tree = read_tree(write(tmp_path, files))
        assert {one.anchor for article in tree.articles for one in article.entries} == {
            "agent-stops-after-a-minute",
            "other",
        }

    def test_a_row_whose_error_has_an_article_is_no_entry_and_gives_it_its_message(self):
        tree = read_tree(SIGNALS)
        found = entry(tree, "8001-red-light#1", "en-us")
        assert [message.text for message in found.messages] == [
            "Signal '*' shows red",
            "the signal '{name}' is red",
        ]
        assert [
            one.anchor for article in tree.articles for one in article.entries if "index" in one.slug
        ] == ["8003"]

    def test_an_error_that_two_indexes_list_belongs_to_the_one_of_its_range(self, tmp_path):
        table = "| Error | Message |\n|-|-|\n| Error Q7101 | it is cold |\n| Error Q7102 | it is hot |\n| Error Q7103 | it is wet |\n"
        files = {
            "by-version.md": f"# By version\n\n{table}",
            "range.md": f"# Errors Q7100 through Q7199\n\n{table}",
        }
        tree = read_tree(write(tmp_path, files), locale="en")
        assert {one.path for article in tree.articles for one in article.entries} == {"range.md"}


def test_one_file_is_read_as_its_tree_reads_it():
    alone = read_file(SIGNALS / "fr-fr" / "8001-red-light.md")
    assert alone == read_tree(SIGNALS).articles[3]


def test_one_file_that_cannot_be_read_is_an_error(tmp_path):
    write(tmp_path, {"x.md": b"\x00\x01\xff" * 9})
    with pytest.raises(ArticleError):
        read_file(tmp_path / "x.md")


def test_many_articles_read_in_parallel_are_the_same_in_the_same_order(tmp_path, monkeypatch):
    write(tmp_path, {f"en-us/{number:03}.md": f"# {number}\n\ntext {number}" for number in range(60)})
    alone = read_tree(tmp_path)
    monkeypatch.setattr("kb.library._PARALLEL", 10)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert read_tree(tmp_path) == alone


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real documents are not here")
class TestRealTrees:
    def test_every_core_error_of_iot_hub_has_symptom_cause_and_solution_in_both_languages(self):
        tree = read_tree(CORPUS / "azure-iot-hub")
        core = [
            article
            for article in tree.articles
            if "troubleshoot-error-" in article.path and "codes" not in article.path
        ]
        assert len(core) == 30
        assert {one.parts for article in core for one in article.entries} == {
            ("symptom", "cause", "solution")
        }

    def test_the_consolidated_page_has_an_entry_a_row_and_its_sections(self):
        tree = read_tree(CORPUS / "azure-iot-hub")
        found = [one for article in tree.articles if "error-codes" in article.path for one in article.entries]
        assert len(found) > 150
        assert sum(1 for one in found if "-" in one.anchor) >= 13

    def test_every_english_entry_of_biztalk_has_its_french_one(self):
        tree = read_tree(CORPUS / "biztalk-errors")
        ids = {
            locale: {one.id for article in tree.articles for one in article.entries if one.locale == locale}
            for locale in ("en-us", "fr-fr")
        }
        assert ids["en-us"] <= ids["fr-fr"]


class TestOddFiles:
    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
    def test_a_pipe_that_is_named_like_an_article_is_not_waited_for(self, tmp_path):
        write(tmp_path, {"a.md": "# T\n\n## Symptom\n\nx\n"})
        os.mkfifo(tmp_path / "pipe.md")
        (tmp_path / "folder.md").mkdir()
        assert paths(read_tree(tmp_path)) == ["a.md"]

    def test_a_tree_that_is_nothing_but_its_readme_serves_it(self, tmp_path):
        write(
            tmp_path,
            {"README.md": "# T\n\n## Symptom\n\nx\n", "LICENSE.md": "MIT", "CHANGELOG.md": "# 1.0\n"},
        )
        assert paths(read_tree(tmp_path)) == ["README.md"]
        write(tmp_path, {"docs/a.md": "# T\n\n## Symptom\n\nx\n"})
        assert paths(read_tree(tmp_path)) == ["docs/a.md"]

    def test_links_that_lead_nowhere_or_in_circles_are_told(self, tmp_path):
        write(tmp_path, {"a.md": "# T\n\n## Symptom\n\nx\n"})
        (tmp_path / "dead.md").symlink_to("gone")
        (tmp_path / "up").symlink_to("..")
        tree = read_tree(tmp_path)
        assert paths(tree) == ["a.md"]
        assert [one.path for one in tree.complaints if one.kind == "error"] == ["dead.md"]


class TestTitlesOfATree:
    def test_a_title_that_three_articles_share_has_the_articles_before_it(self, tmp_path):
        text = "# {}\n\nThe pump has a valve and a lever, and both of them are to be looked at.\n\n## {}\n\n{}\n\n## {}\n\n{}\n"
        long = "Turn the lever to the left until the water stops, and wait for the bell. " * 5
        write(
            tmp_path,
            {f"{n}.md": text.format(f"Pump {n}", "Usage", long, f"Lever {n}", long) for n in range(3)},
        )
        found = {one.title for article in read_tree(tmp_path).articles for one in article.entries}
        assert {"Pump 0: Usage", "Pump 1: Usage", "Pump 2: Usage", "Lever 0"} <= found
        (tmp_path / "2.md").unlink()
        found = {one.title for article in read_tree(tmp_path).articles for one in article.entries}
        assert "Usage" in found
