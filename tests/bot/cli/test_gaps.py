"""``hubmedic gaps`` and ``kb alias``: what was not answered, articles to start from, and wordings taken over from it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store.claims import Place
from bot.store.database import Database
from bot.store.escalations import Draft, Drafts
from bot.store.feedback import Vote, Votes
from bot.store.questions import Asked, Questions, Result
from bot.store.threads import ThreadKey
from bot.store.upgrade import upgrade

Run = Callable[..., Any]
NOW = datetime.now(UTC)
TREE = {
    "990001": ("The device logs `990001 Frobnicated`.", "The flux is low."),
    "990002": ("The device logs `990002 Defrobnicated`.", "The flux is high."),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "docs" / "en-us"
    folder.mkdir(parents=True)
    for code, (symptom, cause) in TREE.items():
        text = f"# {code}\n\n## Symptoms\n\n{symptom}\n\n## Cause\n\n{cause}\n\n## Solution\n\nTurn it off.\n"
        (folder / f"{code}.md").write_text(text)
    return folder.parent


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database with a fortnight of questions in it."""
    url = f"sqlite:///{tmp_path}/hubmedic.db"
    upgrade(url)
    database = Database(url)
    questions, votes = Questions(database), Votes(database)

    def ask(n: int, text: str, language: str, channel: str, outcome: str = "none", **changes: Any) -> Place:
        place = Place("T1", channel, f"17000000{n:02}.000100")
        asked = Asked(
            place, "U1", "mention", text, language, language, outcome, 0.1, (), NOW - timedelta(days=1)
        )
        questions.record(Asked(**{name: getattr(asked, name) for name in asked.__slots__} | changes))
        return place

    ask(1, "EX9931 at boot", "en", "C1")
    ask(2, "EX9931 au démarrage", "fr", "C2")
    ask(3, "after the update EX9931", "en", "C1")
    ask(4, "=the lawn mower smokes", "en", "C1")
    ask(5, "ancient question", "en", "C1", asked_at=NOW - timedelta(days=60))
    ask(6, "404001 answered well", "en", "C1", "answer", entries=("404001#1",))
    ask(7, "404104 did not help", "en", "C1", "answer", entries=("404104#1",), result=Result.DID_NOT_WORK)
    disliked = ask(8, "403002 was disliked", "en", "C1", "answer", entries=("403002#1",))
    votes.cast(Vote(disliked, "1.2", "U1", is_up=False), now=NOW)
    Drafts(database).keep(
        Draft(
            ThreadKey("T1", "C1", "1.3"),
            "U1",
            "U2",
            "en",
            "the flux hums at night",
            "# Tighten screw 3\nthen rest",
            NOW,
        )
    )
    database.close()
    return {
        "DATABASE_URL": url,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "HUBMEDIC_ALIASES": str(tmp_path / "aliases.jsonl"),
    }


def test_alike_questions_are_one_gap_counted_by_language_and_channel(
    run: Run, environment: dict[str, str]
) -> None:
    told = run("gaps", "--json", **environment)
    assert (told.status, told.err) == (0, "")
    first = told.json["gaps"][0]
    assert (first["count"], first["identifiers"]) == (3, ["EX9931"])
    assert (set(first["languages"]), set(first["channels"])) == ({"en", "fr"}, {"C1", "C2"})
    every = [text for gap in told.json["gaps"] for text in gap["questions"]]
    assert "404104 did not help" in every
    assert "403002 was disliked" in every
    assert not {"ancient question", "404001 answered well"} & set(every)
    assert [fix["question"] for fix in told.json["fixes"]] == ["the flux hums at night"]


def test_days_look_further_back(run: Run, environment: dict[str, str]) -> None:
    told = run("gaps", "--json", "--days", "90", **environment)
    assert "ancient question" in str(told.json)


def test_the_report_is_read_by_people_in_their_language(run: Run, environment: dict[str, str]) -> None:
    english, french = run("gaps", **environment), run("gaps", lang="fr_FR.UTF-8", **environment)
    assert english.out.startswith("3×  EX9931 at boot")
    assert "shown, without help: 404104#1" in english.out
    assert "Fixes that people marked" in english.out
    assert "Solutions marquées" in french.out


def test_a_spreadsheet_takes_nothing_for_a_formula(run: Run, environment: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("gaps", "--csv", **environment).out)))
    assert rows[0]["count"] == "3"
    assert [row["example"] for row in rows if "lawn" in row["example"]] == ["'=the lawn mower smokes"]


def test_drafts_are_articles_that_the_linter_understands_and_are_written_once(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    docs = tmp_path / "drafts"
    told = run("gaps", "--draft", str(docs), "--json", **environment)
    written = [Path(path) for path in told.json["drafts"]]
    assert len(written) == 1 + len(told.json["gaps"])
    gap = next(path for path in written if path.name.startswith("ex9931"))
    text = gap.read_text()
    assert text.index("### Symptoms") < text.index("EX9931 at boot") < text.index("### Cause")
    fix = next(path for path in written if "flux" in path.name).read_text()
    assert fix.index("### Solution") < fix.index("Tighten screw 3")
    assert "\n# Tighten" not in fix
    known = run("kb", "list", "--json", HUBMEDIC_KB=str(docs), **environment).json["entries"]
    assert any("EX9931" in name for entry in known for name in (*entry["identifiers"], *entry["messages"]))
    gap.write_text("mine")
    again = run("gaps", "--draft", str(docs), "--json", **environment)
    assert (again.json["drafts"], again.json["fixes"], gap.read_text()) == ([], [], "mine")


def test_without_anything_it_says_so(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.db"
    upgrade(url)
    told = run("gaps", DATABASE_URL=url)
    assert (told.status, told.out.strip()) == (
        0,
        "Nothing: every question of the last 30 days found an answer.",
    )


def test_an_accepted_wording_is_a_line_and_finds_its_entry_after_the_next_build(
    run: Run, environment: dict[str, str], tree: Path, tmp_path: Path
) -> None:
    environment = environment | {"HUBMEDIC_KB": str(tree)}
    wording = "my pump sings the blues after lunch"
    (entry, _) = sorted(one["entry"] for one in run("kb", "list", "--json", **environment).json["entries"])
    assert run("ask", wording, "--json", **environment).json["outcome"] == "none"
    added = run("kb", "alias", entry, *wording.split(), "--json", **environment)
    assert (added.status, added.json["added"]) == (0, True)
    (line,) = (tmp_path / "aliases.jsonl").read_text().splitlines()
    assert json.loads(line) == {"entry": entry, "wording": wording}
    assert run("ask", wording, "--json", **environment).json["hits"][0]["entry"] == entry
    again = run("kb", "alias", entry, wording, **environment)
    assert (again.status, "stands in" in again.out) == (0, True)
    assert len((tmp_path / "aliases.jsonl").read_text().splitlines()) == 1


def test_a_wording_is_kept_without_its_keys(
    run: Run, environment: dict[str, str], tree: Path, tmp_path: Path
) -> None:
    environment = environment | {"HUBMEDIC_KB": str(tree)}
    (entry, _) = sorted(one["entry"] for one in run("kb", "list", "--json", **environment).json["entries"])
    key = "SharedAccessKey=" + "Q2x" * 14 + "Q="
    assert run("kb", "alias", entry, f"pump fails with {key}", **environment).status == 0
    assert "Q2xQ2x" not in (tmp_path / "aliases.jsonl").read_text()
