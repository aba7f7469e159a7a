"""``hubmedic kb``: a small docs tree built, checked, listed, shown and counted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.kb.listing import article_titles
from tests.standin import entry

ARTICLE = """---
title: {title}
ms.date: 01/05/2026
---

# {title}

## <a name="stuck"></a>7001 PumpStuck

### {symptoms}

- `Pump '{{pump}}' is stuck at {{pressure}} bar`

{words}

### Cause

{cause}

### Solution

1. {step}

## <a name="dry"></a>7002 PumpDry

### {symptoms}

- `Pump '{{pump}}' runs dry`

### Cause

{cause}

### Solution

1. {step}
"""
ENGLISH = ARTICLE.format(
    title="Pumps",
    symptoms="Symptoms",
    words="The needle does not move.",
    cause="Sand got into the pump.",
    step="Clean the pump.",
)
FRENCH = ARTICLE.format(
    title="Pompes",
    symptoms="Symptômes",
    words="L'aiguille ne bouge pas.",
    cause="Du sable est entré dans la pompe.",
    step="Nettoyez la pompe.",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for locale, text in (("en-us", ENGLISH), ("fr-fr", FRENCH)):
        folder = tmp_path / "docs" / locale
        folder.mkdir(parents=True)
        (folder / "pumps.md").write_text(text, encoding="utf-8")
    return tmp_path / "docs"


@pytest.fixture
def index(run, tree: Path, tmp_path: Path) -> Path:
    assert run("kb", "build", str(tree), "--out", str(tmp_path / "index")).status == 0
    return tmp_path / "index"


def test_a_tree_becomes_an_index_that_is_served(run, tree, tmp_path):
    ran = run("kb", "build", str(tree), "--out", str(tmp_path / "index"))
    assert (ran.status, "HUBMEDIC_KB=" in ran.out) == (0, True)
    asked = run("ask", "Pump 'north' is stuck at 9 bar", "--json", HUBMEDIC_KB=str(tmp_path / "index"))
    assert asked.json["hits"][0]["entry"] == "pumps#stuck"
    assert asked.json["hits"][0]["captures"] == {"pump": "north", "pressure": "9"}


def test_a_second_build_reads_only_what_changed(run, tree, index):
    (tree / "fr-fr" / "pumps.md").write_text(FRENCH.replace("sable", "gravier"), encoding="utf-8")
    told = run("kb", "build", str(tree), "--out", str(index), "--json").json
    assert (told["articles"], told["parsed"]) == (2, 1)


def test_an_article_that_cannot_be_read_is_reported_and_the_rest_serves(run, tree, tmp_path):
    (tree / "en-us" / "broken.md").write_bytes(b"\xff\xfe\x00\xd8A\x00")
    ran = run("kb", "build", str(tree), "--out", str(tmp_path / "index"))
    assert ran.status == 1
    assert "en-us/broken.md:1:" in ran.err
    assert run("ask", "7001", HUBMEDIC_KB=str(tmp_path / "index")).status == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["none", "--out", "x"], 2), (["."], 2), ([], 2)],
    ids=["no such tree", "no --out", "nothing"],
)
def test_wrong_usage_of_build_is_told(run, arguments, status):
    assert run("kb", "build", *arguments).status == status


def test_a_tree_without_articles_could_not_be_built(run, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = run("kb", "build", str(tmp_path / "empty"), "--out", str(tmp_path / "index"), "--json")
    assert (ran.status, ran.json["error"]["code"]) == (3, "tree")


def test_an_index_never_lands_among_other_files(run, tree, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "letter.txt").write_text("x", encoding="utf-8")
    ran = run("kb", "build", str(tree), "--out", str(folder))
    assert (ran.status, "letter.txt" in ran.err, [one.name for one in folder.iterdir()]) == (
        2,
        True,
        ["letter.txt"],
    )
    ran = run("kb", "build", str(tree), "--out", str(folder / "letter.txt"))
    assert (ran.status, "is a file" in ran.err) == (2, True)
    (folder / "letter.txt").rename(folder / ".DS_Store")
    assert run("kb", "build", str(tree), "--out", str(folder)).status == 0


def test_a_folder_that_takes_nothing_could_not_run(run, tree, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    ran = run("kb", "build", str(tree), "--out", str(tmp_path / "index"), "--json")
    assert (ran.status, ran.json["error"]["code"]) == (3, "file-unwritable")


def test_one_article_is_one(run, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        "# E1234 stuck\n\n## Symptoms\n\nStuck.\n\n## Cause\n\nDirt.\n", encoding="utf-8"
    )
    out = run("kb", "build", str(tmp_path / "docs"), "--out", str(tmp_path / "index")).out
    assert "1 article with 1 entry" in " ".join(out.split())


def test_entries_are_listed_once_for_each_locale_as_json(run, index):
    told = run("kb", "list", "--json", HUBMEDIC_KB=str(index)).json["entries"]
    assert [(one["entry"], one["locale"]) for one in told] == [
        ("pumps#stuck", "en-us"),
        ("pumps#dry", "en-us"),
        ("pumps#stuck", "fr-fr"),
        ("pumps#dry", "fr-fr"),
    ]
    assert set(told[0]) == {"entry", "slug", "article", "locale", "title", "identifiers", "messages", "parts"}
    assert told[0]["messages"] == ["Pump '{pump}' is stuck at {pressure} bar"]
    assert told[0]["parts"] == ["symptom", "cause", "solution"]


def test_entries_are_listed_once_in_the_readers_language(run, index):
    out = run("kb", "list", "-l", "fr", HUBMEDIC_KB=str(index)).out
    assert out.count("#stuck") == 1
    assert "Pompes" in out


@pytest.mark.parametrize("name", ["pumps#stuck", "7001", "PumpStuck", "pumps"])
def test_an_entry_is_shown_by_id_code_name_or_article(run, index, name):
    ran = run("kb", "show", name, "--locale", "fr", HUBMEDIC_KB=str(index))
    assert ran.status == 0
    assert "Du sable est entré dans la pompe." in ran.out


def test_an_entry_that_is_not_there_ends_with_1(run, index):
    ran = run("kb", "show", "nothing", HUBMEDIC_KB=str(index))
    assert (ran.status, "hubmedic kb list" in ran.err) == (1, True)


def test_a_file_is_shown_as_it_will_be_answered(run, tree):
    ran = run("kb", "show", str(tree / "en-us" / "pumps.md"), "--json")
    assert [one["entry"] for one in ran.json["entries"]] == ["pumps#stuck", "pumps#dry"]
    assert ran.json["entries"][0]["solution"] == "1. Clean the pump."


def test_what_is_no_article_is_not_shown(run, tmp_path):
    (tmp_path / "passwd").write_text("root:x:0:0\n", encoding="utf-8")
    ran = run("kb", "show", str(tmp_path / "passwd"))
    assert (ran.status, "is no article" in ran.err, ran.out) == (2, True, "")
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    assert run("kb", "show", str(tmp_path / "empty.md")).status == 1


def test_an_article_is_listed_under_its_title_in_the_readers_language():
    entries = [
        replace(entry("pump", title="Stuck"), anchor="one", article_title="Pumps"),
        replace(entry("pump", locale="fr-fr", title="À sec"), anchor="two", article_title="Pompes", line=9),
    ]
    assert article_titles(entries, "fr") == {"pump": "Pompes"}
    assert article_titles(entries, "en-GB") == {"pump": "Pumps"}
    assert article_titles(entries, "de") == {"pump": "Pumps"}


def test_a_clean_tree_has_nothing_to_complain_about(run, tree):
    ran = run("kb", "lint", str(tree))
    assert (ran.status, ran.out) == (0, "")


def test_complaints_are_lines_that_an_editor_can_jump_to(run, tree):
    (tree / "en-us" / "valves.md").write_text(ENGLISH.replace("700", "800"), encoding="utf-8")
    ran = run("kb", "lint", str(tree))
    assert ran.status == 1
    path, line, sentence = ran.out.splitlines()[0].split(":", 2)
    assert Path(path) == tree / "en-us" / "valves.md"
    assert line.isdigit()
    assert sentence.strip()
    told = run("kb", "lint", str(tree), "--json").json["complaints"]
    assert set(told[0]) == {"tree", "path", "line", "kind", "message"}


def test_a_file_where_a_tree_was_wanted_is_called_one(run, tree):
    ran = run("kb", "lint", str(tree / "en-us" / "pumps.md"))
    assert (ran.status, "is a file; name the folder it is in" in ran.err) == (2, True)


def test_complaints_come_in_the_readers_language(run, tree):
    (tree / "en-us" / "valves.md").write_text(ENGLISH.replace("700", "800"), encoding="utf-8")
    english, french = run("kb", "lint", str(tree)).out, run("kb", "lint", str(tree), lang="fr_FR.UTF-8").out
    assert english != french


def test_a_new_article_parses_and_is_never_written_over(run, tree):
    ran = run("kb", "new", "7003-pumpleaks", "--tree", str(tree))
    written = [Path(line) for line in ran.out.splitlines()]
    assert [path.relative_to(tree).as_posix() for path in written] == [
        "en-us/7003-pumpleaks.md",
        "fr-fr/7003-pumpleaks.md",
    ]
    assert run("kb", "show", str(written[1])).status == 0
    again = run("kb", "new", "7003-pumpleaks", "--tree", str(tree))
    assert (again.status, "is there already" in again.err) == (2, True)


def test_labelled_questions_become_figures(run, index, tmp_path):
    labels = tmp_path / "questions.jsonl"
    rows = [
        {"id": "1", "query": "Pump 'a' is stuck at 3 bar", "lang": "en", "kind": "paste", "expect": ["7001"]},
        {"id": "2", "query": "7002", "lang": "en", "kind": "code", "expect": ["pumps"]},
        {"id": "3", "query": "bake bread", "lang": "en", "kind": "other", "expect": []},
    ]
    labels.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    details = tmp_path / "details.jsonl"
    told = run("kb", "eval", str(labels), "--json", "--details", str(details), HUBMEDIC_KB=str(index)).json
    assert (told["all"]["n"], told["all"]["top1"]) == (2, 1.0)
    assert set(told) == {"all", "lang", "kind"}
    lines = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in lines] == ["1", "2", "3"]
    assert set(lines[0]) == {"id", "outcome", "confidence", "ranked"}
    assert "top1" in run("kb", "eval", str(labels), HUBMEDIC_KB=str(index)).out


@pytest.mark.parametrize(
    "line",
    [
        '{"query": "x"}',
        '{"query": 5, "expect": []}',
        '{"query": " ", "expect": []}',
        '{"query": "x", "expect": "7001"}',
        "[]",
    ],
)
def test_a_line_that_is_no_labelled_question_is_named(run, index, tmp_path, line):
    (tmp_path / "x.jsonl").write_text('{"query": "7001", "expect": ["7001"]}\n' + line, encoding="utf-8")
    ran = run("kb", "eval", str(tmp_path / "x.jsonl"), HUBMEDIC_KB=str(index))
    assert (ran.status, "x.jsonl:2:" in ran.err) == (3, True)


def test_a_label_that_names_nothing_is_told(run, index, tmp_path):
    (tmp_path / "x.jsonl").write_text('{"query": "7001", "expect": ["7001", "7O01"]}', encoding="utf-8")
    ran = run("kb", "eval", str(tmp_path / "x.jsonl"), HUBMEDIC_KB=str(index))
    assert (ran.status, ran.err) == (0, "1 label names nothing in this index: 7O01\n")
    assert max(map(len, ran.out.splitlines())) < 80


def test_a_file_that_holds_no_labels_could_not_be_counted(run, index, tmp_path):
    (tmp_path / "x.jsonl").write_text("not json\n", encoding="utf-8")
    ran = run("kb", "eval", str(tmp_path / "x.jsonl"), HUBMEDIC_KB=str(index))
    assert (ran.status, "x.jsonl:1:" in ran.err) == (3, True)
