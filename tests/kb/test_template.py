from datetime import date

import pytest

from kb.errors import KnowledgeError
from kb.library import read_tree
from kb.lint import lint_tree
from kb.template import article_text, write_article
from kb.vocabulary import languages

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("slug", ["401003-iothubunauthorized", "dns-resolution", "edge/gateways"])
def test_a_new_article_parses_whole_in_every_locale_and_nothing_is_wrong_with_it(tmp_path, slug):
    write_article(tmp_path, slug, ["en-us", "fr-FR"], TODAY)
    tree = read_tree(tmp_path)
    assert {article.locale for article in tree.articles} == {"en-us", "fr-fr"}
    assert {
        (one.id, one.parts, len(one.messages)) for article in tree.articles for one in article.entries
    } == {(f"{slug}#first-problem", ("symptom", "cause", "solution"), 1)}
    assert lint_tree(tmp_path) == ()


def test_a_code_in_the_name_titles_the_article(tmp_path):
    assert "# 401003 iothubunauthorized\n" in article_text("401003-iothubunauthorized", "en-us", TODAY)
    assert "# Dns resolution\n" in article_text("dns-resolution", "en-us", TODAY)


@pytest.mark.parametrize("language", languages())
def test_every_language_gets_a_shape(language):
    assert "ms.date: 11/24/2026" in article_text("x", language, TODAY)


@pytest.mark.parametrize("slug", ["", "../x", "a//b", "A B", "x.md/", "é", "-x"])
def test_a_name_that_makes_no_file_is_refused(tmp_path, slug):
    with pytest.raises(KnowledgeError, match=r"cannot be used; use small letters"):
        write_article(tmp_path, slug, ["en-us"], TODAY)


def test_a_name_may_end_as_the_file_does(tmp_path):
    [path] = write_article(tmp_path, "7003-pumpleaks.md", ["en-us"], date(2026, 1, 5))
    assert path.name == "7003-pumpleaks.md"


def test_an_article_that_is_there_is_never_overwritten(tmp_path):
    (path,) = write_article(tmp_path, "x", ["fr-fr"], TODAY)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"is there already"):
        write_article(tmp_path, "x", ["en-us", "fr-fr"], TODAY)
    assert path.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "en-us").exists()
