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
