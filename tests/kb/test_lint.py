from pathlib import Path

import pytest

from kb.errors import TreeError
from kb.lint import lint_tree

ROOT = Path(__file__).parents[2]
SIGNALS = ROOT / "tests" / "corpus" / "signals"


def sentences(root):
    return [str(complaint) for complaint in lint_tree(root)]


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_everything_wrong_in_a_tree_is_told_with_its_place():
    assert sentences(SIGNALS) == [
        "en-us/8002-bell.md:6: no symptom is given for this problem",
        'en-us/8002-bell.md:14: link "8001-red-light.md#nowhere" leads to no section of en-us/8001-red-light.md',
        'en-us/8002-bell.md:14: link "gone.md" leads to no file of this tree',
        "en-us/8002-bell.md:16: no symptom is given for this problem",
        "en-us/index-8000-8099.md:1: there is no version of this article in fr-fr",
        "fr-fr/8001-red-light.md:1: this translation is of 2024-01-15, its original en-us/8001-red-light.md of 2025-02-01",
        "fr-fr/8002-bell.md:3: no symptom is given for this problem",
        "fr-fr/8002-bell.md:13: no symptom is given for this problem",
    ]


def test_a_code_that_two_articles_answer_is_told(tmp_path):
    write(tmp_path, {"a.md": "# 51003 Pump\n\n## Cause\n\nx", "b.md": "# 51003 Pump again\n\n## Cause\n\nx"})
    assert "b.md:1: 51003 is answered in a.md:1 too" in sentences(tmp_path)


def test_the_status_of_http_belongs_to_everybody(tmp_path):
    write(
        tmp_path, {"a.md": "# Error 404 here\n\n## Cause\n\nx", "b.md": "# Error 404 there\n\n## Cause\n\nx"}
    )
    assert not any("404" in sentence for sentence in sentences(tmp_path))


def test_a_section_that_was_not_translated_is_told_once_an_article(tmp_path):
    original = "".join(
        f"## {word}\n\n### Symptom\n\nx\n\n### Cause\n\nx\n\n### Solution\n\nx\n\n"
        for word in ("Red", "Green", "Blue")
    )
    translated = '## <a name="red"></a>Rouge\n\n### Symptôme\n\nx\n\n### Cause\n\nx\n\n### Solution\n\nx\n'
    write(tmp_path, {"en-us/a.md": f"# T\n\n{original}", "fr-fr/a.md": f"# T\n\n{translated}"})
    assert sentences(tmp_path) == ["en-us/a.md:17: #green, #blue have no counterpart in fr-fr/a.md"]


def test_links_that_leave_the_tree_or_the_web_are_not_judged(tmp_path):
    links = "[a](https://x.example/y) [b](../../outside.md) [c](/azure/x) [d](~/x.md) [e](mailto:a@b.example) [f](#t)"
    write(tmp_path, {"a.md": f"# T\n\n{links}"})
    assert sentences(tmp_path) == []


def test_a_path_that_names_the_folders_above_a_part_of_a_repository_is_followed(tmp_path):
    write(tmp_path, {"a/x.md": "# T\n\n[y](../../docs/b/y.md#part)", "b/y.md": "# Y\n\n## Part\n\ntext"})
    assert sentences(tmp_path) == []


def test_an_article_that_was_left_out_is_told_as_an_error(tmp_path):
    (tmp_path / "x.md").write_bytes(b"\x00\x01\xff" * 9)
    (complaint,) = lint_tree(tmp_path)
    assert (complaint.kind, complaint.path) == ("error", "x.md")


def test_a_tree_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(TreeError):
        lint_tree(tmp_path / "gone")


def test_nothing_is_wrong_in_our_own_articles():
    assert sentences(ROOT / "kb" / "articles") == []


def test_a_link_to_a_page_of_the_site_is_not_judged(tmp_path):
    links = "[a](./valve) [b](../pump/) [c](valve/#stuck) [d](gone.png) [e](gone.mdx)"
    write(tmp_path, {"guide/a.md": f"# T\n\ntext to read\n\n{links}\n"})
    assert sentences(tmp_path) == [
        'guide/a.md:5: link "gone.mdx" leads to no file of this tree',
        'guide/a.md:5: link "gone.png" leads to no file of this tree',
    ]


def test_a_section_is_found_under_the_name_that_any_site_gives_it(tmp_path):
    links = "[a](#tls-ssl-of-the-valve) [b](#tlsssl-of-the-valve) [c](#_5-1-2) [d](#fermee) [e](#gone)"
    text = f"# T\n\n{links}\n\n## TLS/SSL of the valve\n\nx\n\n## 5.1.2\n\nx\n\n## Fermée\n\nx\n"
    write(tmp_path, {"a.md": text})
    assert sentences(tmp_path) == ['a.md:3: link "#gone" leads to no section of a.md']


def test_a_link_to_a_file_that_its_locale_ends_leads_there(tmp_path):
    text = '# T\n\nThe valve is stuck.\n\n[a](../taps/valve.{locale}.md#stuck)\n\n## <a name="stuck"></a>S\n\nx\n'
    files = {
        f"{name}.{locale}.md": text.format(locale=locale)
        for name in ("pumps/a", "taps/valve")
        for locale in ("en", "fr")
    }
    write(tmp_path, files)
    assert sentences(tmp_path) == []


def test_a_path_through_folders_above_the_tree_is_known_by_its_end(tmp_path):
    write(
        tmp_path,
        {"a.mdx": "# T\n\n[v](../../docs/taps/v.mdx#gone)\n", "taps/v.mdx": "# V\n\nThe valve is stuck.\n"},
    )
    assert sentences(tmp_path) == [
        'a.mdx:3: link "../../docs/taps/v.mdx#gone" leads to no section of taps/v.mdx'
    ]
