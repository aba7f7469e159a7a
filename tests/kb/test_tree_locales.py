"""The locale of an article where no folder says it: its file's name, and the tree around it."""

from __future__ import annotations

from pathlib import Path

from kb.library import read_file, read_tree
from kb.lint import lint_tree

ENGLISH = "# Pump {n}\n\nThe pump stops when the water is too hot, and it starts again as soon as it has cooled down.\n"
FRENCH = "# Pompe {n}\n\nLa pompe s'arrête quand l'eau est trop chaude, et elle repart dès que celle-ci a refroidi.\n"


def _tree(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(n=file.name), encoding="utf-8")
    return root


def _locales(root: Path) -> dict[str, tuple[str, str]]:
    return {article.path: (article.slug, article.locale) for article in read_tree(root).articles}


def test_a_locale_at_the_end_of_a_files_name_is_the_articles(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"fax/guide.en-gb.md": ENGLISH, "fax/guide.fr-fr.md": FRENCH})
    assert _locales(root) == {
        "fax/guide.en-gb.md": ("fax/guide", "en-gb"),
        "fax/guide.fr-fr.md": ("fax/guide", "fr-fr"),
    }


def test_two_letters_at_the_end_of_a_name_count_beside_the_original(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"pump.md": ENGLISH, "pump.fr.md": FRENCH, "plugin.io.md": ENGLISH})
    assert _locales(root) == {
        "pump.md": ("pump", "en"),
        "pump.fr.md": ("pump", "fr"),
        "plugin.io.md": ("plugin.io", "en"),
    }


def test_a_file_alone_is_previewed_in_the_locale_of_its_name(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"pump.md": ENGLISH, "pump.fr.md": FRENCH})
    article = read_file(root / "pump.fr.md")
    assert (article.slug, article.locale) == ("pump", "fr")


def test_a_page_whose_words_tell_nothing_is_in_the_language_of_its_neighbours(tmp_path: Path) -> None:
    files = {f"{number}.md": FRENCH for number in range(3)}
    root = _tree(tmp_path, {**files, "codes.md": "# pump\n\n```\npump --start\n```\n\nE-17 E-18 E-19\n"})
    assert {locale for _, locale in _locales(root).values()} == {"fr"}


def test_a_page_that_only_looks_like_another_language_does_not_leave_its_tree(tmp_path: Path) -> None:
    files = {f"{number}.md": ENGLISH for number in range(4)}
    half = (
        "# pump v\n\npump a se na to je v s do pump o k tak ale za by pump si jen co jako.\n\n"
        + "Set it. " * 120
    )
    root = _tree(tmp_path, {**files, "options.md": half})
    assert {locale for _, locale in _locales(root).values()} == {"en"}
    assert not [one for one in lint_tree(root) if "no version" in one.message]


def test_a_french_page_among_english_ones_stays_french(tmp_path: Path) -> None:
    files = {f"{number}.md": ENGLISH for number in range(4)}
    root = _tree(tmp_path, {**files, "pompe.md": FRENCH * 3})
    assert _locales(root)["pompe.md"] == ("pompe", "fr")


def test_mdx_files_are_articles(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"pump.mdx": ENGLISH, "valve.md": ENGLISH})
    assert [slug for slug, _ in _locales(root).values()] == ["pump", "valve"]


def test_a_folder_of_two_letters_is_no_locale_where_its_articles_speak_the_trees_language(
    tmp_path: Path,
) -> None:
    files = {f"pump-{n}.md": ENGLISH for n in range(3)}
    root = _tree(tmp_path, {**files, "br/backup.md": ENGLISH, "fr/pump-1.md": FRENCH})
    found = _locales(root)
    assert found["fr/pump-1.md"] == ("pump-1", "fr")
    root = _tree(tmp_path / "other", {**files, "br/backup.md": ENGLISH})
    assert _locales(root)["br/backup.md"] == ("br/backup", "en")


def test_a_folder_of_translations_needs_no_other_locale_beside_it(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"pump-1.md": ENGLISH, "pump-2.md": ENGLISH, "fr/pump-1.md": FRENCH})
    assert _locales(root)["fr/pump-1.md"] == ("pump-1", "fr")


def test_an_article_outside_the_locales_is_in_the_one_of_its_language(tmp_path: Path) -> None:
    root = _tree(tmp_path, {"en_US/pump.md": ENGLISH, "fr_FR/pump.md": FRENCH, "guide.md": ENGLISH})
    assert _locales(root)["guide.md"] == ("guide", "en-us")


def test_translations_that_docusaurus_keeps_apart_are_joined(tmp_path: Path) -> None:
    plugin = "i18n/fr/docusaurus-plugin-content-docs"
    root = _tree(
        tmp_path,
        {
            "site/docs/pump.md": ENGLISH,
            "site/versioned_docs/version-2/pump.md": ENGLISH,
            f"site/{plugin}/current/pump.md": FRENCH,
            f"site/{plugin}/version-2/pump.md": FRENCH,
            f"site/{plugin}-community/current/pump.md": FRENCH,
            "site/i18n/fr/docusaurus-plugin-content-blog/pump.md": FRENCH,
        },
    )
    assert sorted(_locales(root).values()) == [
        ("site/blog/pump", "fr"),
        ("site/community/pump", "fr"),
        ("site/docs/pump", "en"),
        ("site/docs/pump", "fr"),
        ("site/versioned_docs/version-2/pump", "en"),
        ("site/versioned_docs/version-2/pump", "fr"),
    ]


def test_a_locale_of_few_articles_is_told_once(tmp_path: Path) -> None:
    files = {f"pump-{n}.md": ENGLISH for n in range(5)}
    root = _tree(tmp_path, {**files, "fr/pump-1.md": FRENCH})
    told = [str(one) for one in lint_tree(root)]
    assert "fr/pump-1.md:1: 1 of 5 articles have a version in fr" in told
    assert not any("no version" in sentence for sentence in told)


def test_english_of_one_region_is_english_of_the_other(tmp_path: Path) -> None:
    files = {f"{locale}/{n}.md": ENGLISH for locale, ns in (("en-us", "12"), ("en-gb", "3")) for n in ns}
    root = _tree(tmp_path, files)
    assert not any("no version" in str(one) for one in lint_tree(root))
