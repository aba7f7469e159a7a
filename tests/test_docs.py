"""What the documents say is so: their commands run, their settings, links and JSON fields are those of the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Finding, Status
from bot.checks.runner import Diagnosis
from bot.cli import main
from bot.cli.check import document
from bot.cli.commands import Group, Lazy
from bot.cli.running import COMMANDS
from bot.i18n import speaker
from bot.settings import CONFIG, Channel, Hub, Settings
from bot.store.claims import Place
from bot.store.database import Database
from bot.store.escalations import Draft, Drafts
from bot.store.questions import Asked, Questions
from bot.store.threads import ThreadKey

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
DEVICE_MISSING = "IotHub 'contoso-hub' does not contain the specified device 'pump-7'"
LOG = f"""2026-01-05 10:00:00Z INFO start
2026-01-05 10:01:11Z ERROR {DEVICE_MISSING}
2026-01-05 10:02:11Z ERROR {DEVICE_MISSING}
2026-01-05 10:03:40Z ERROR spool of 12 MB cannot be written: disk full
"""
OPEN = frozenset({"reasons", "captures", "deleted"})
"""Objects whose names depend on what was asked."""


def commands(lazy: dict[str, Lazy], before: str = "hubmedic") -> Iterator[str]:
    for name, one in lazy.items():
        loaded = one.load()
        if isinstance(loaded, Group):
            yield from commands(loaded._lazy, f"{before} {name}")
        else:
            yield f"{before} {name}"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., str]:
    """Runs a command where ``gateway.log`` lies, and returns what it prints."""
    (tmp_path / "gateway.log").write_text(LOG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/hubmedic.db")
    monkeypatch.setenv("HUBMEDIC_ALIASES", str(tmp_path / "aliases.jsonl"))

    def go(*arguments: str) -> str:
        capsys.readouterr()
        main(list(arguments))
        return capsys.readouterr().out

    return go


def sessions() -> list[tuple[list[str], str]]:
    """The commands of the README's first session, each with what it shows of the output."""
    block = README.split("```console\n")[1].split("```")[0]
    shown = [part.partition("\n") for part in block.split("$ hubmedic ")[1:]]
    return [
        (["triage", "gateway.log"] if c.startswith("triage") else ["ask", c[5:-1]], o) for c, _, o in shown
    ]


@pytest.mark.parametrize(("command", "shown"), sessions(), ids=lambda part: " ".join(part)[:40])
def test_the_readme_shows_what_the_terminal_prints(
    command: list[str], shown: str, run: Callable[..., str]
) -> None:
    printed = as_words(run(*command))
    place = 0
    for piece in filter(str.strip, shown.split("...\n")):
        assert as_words(piece) in printed[place:]
        place = printed.index(as_words(piece), place)


def as_words(text: str) -> str:
    """A text without its line breaks; how sure an answer is moves by a hundredth with every wording that is added."""
    return re.sub(r"\d+\s%", "# %", " ".join(text.split()))


def test_every_command_stands_in_the_readme() -> None:
    table = README.split("| command | does |")[1].split("\n\n")[0]
    missing = [
        name for name in commands(COMMANDS) if not all(f"{word}" in table for word in name.split()[1:])
    ]
    assert missing == []


def test_every_setting_stands_in_the_readme_or_with_slack() -> None:
    slack = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    in_file = [one for one in fields(Settings) if one.metadata.get("is_file_only")]
    named = [one.metadata["variable"] for one in fields(Settings) if one not in in_file]
    hub = [f"__{one.name.upper()}" for one in fields(Hub)]
    assert [name for name in (*named, *hub, CONFIG) if name not in README] == []
    assert [one.name for one in (*in_file, *fields(Channel)) if one.name not in slack] == []


def test_every_variable_of_the_documents_is_a_setting() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md")))
    known = {one.metadata["variable"] for one in fields(Settings)} | {CONFIG}
    told = set(re.findall(r"\b(?:HUBMEDIC|SLACK|DATABASE)_[A-Z_]*[A-Z]\b", text))
    assert {name for name in told if not name.startswith("HUBMEDIC_HUBS__")} <= known


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md"))], ids=lambda p: p.name
)
def test_every_link_has_a_target(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    targets = [one for one in re.findall(r"\]\(([^)#]+)", text) if "://" not in one]
    assert [one for one in targets if not (page.parent / one).exists()] == []


def documented(command: str) -> Any:
    """The example of a command in the page on JSON."""
    section = JSON.split(f"## `{command}`\n")[1].split("\n## ")[0]
    return json.loads(section.split("```json\n")[1].split("```")[0])


def shape(value: Any, name: str = "") -> Any:
    """The names in a document, what is in lists by their first."""
    if isinstance(value, dict):
        return {} if name in OPEN else {key: shape(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return None


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", DEVICE_MISSING],
        ["triage", "gateway.log"],
        ["kb", "list"],
        ["kb", "alias", "401003-iothubunauthorized#device-not-in-hub", "it never heard of my pump"],
        ["kb", "eval", "questions.jsonl"],
        ["db", "upgrade"],
        ["db", "purge"],
        ["gaps"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_the_fields_of_json_are_those_documented(
    arguments: list[str], run: Callable[..., str], tmp_path: Path
) -> None:
    name = " ".join(arguments[:2] if arguments[0] in ("kb", "db") else arguments[:1])
    labelled = [("1", DEVICE_MISSING, ["401003"]), ("2", "who brings the cake on friday?", [])]
    (tmp_path / "questions.jsonl").write_text(
        "".join(json.dumps({"id": i, "query": q, "expect": e}) + "\n" for i, q, e in labelled)
    )
    if arguments[0] in ("gaps", "doctor") or arguments == ["db", "purge"]:
        run("db", "upgrade")
    if arguments == ["gaps"]:
        keep_a_gap(f"sqlite:///{tmp_path}/hubmedic.db")
    told = json.loads(run(*arguments, "--json"))
    assert shape(told) == shape(documented(f"hubmedic {name}"))


def test_the_fields_of_a_build_are_those_documented(run: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "en-us"
    folder.mkdir(parents=True)
    (folder / "pump.md").write_text(
        "# Pump\n\n## Symptoms\n\nIt hums. [x](gone.md)\n\n## Cause\n\n## Solution\n"
    )
    built = json.loads(run("kb", "build", "docs", "--out", "knowledge", "--json"))
    assert built["complaints"], "the article is to have something wrong with it"
    assert shape(built) == shape(documented("hubmedic kb build"))


def test_errors_have_the_fields_documented(run: Callable[..., str]) -> None:
    told = json.loads(run("kb", "show", "401099", "--json"))
    first = json.loads(JSON.split("```json\n")[1].split("```")[0])
    assert shape(told) == shape(first)
    assert told["error"]["code"] == first["error"]["code"]


def test_findings_have_the_fields_documented() -> None:
    finding = Finding("device-missing", Status.RULED_OUT, "It is there.", "GET /twins/x", datetime.now(UTC))
    told = document(Diagnosis((finding,), hub="plant", device="pump-7"), speaker("en"))
    assert shape(told) == shape(documented("hubmedic check"))


def keep_a_gap(url: str) -> None:
    """A question nobody could answer, and a fix that somebody marked."""
    now = datetime.now(UTC)
    database = Database(url)
    place = Place("T1", "C1", "1700000001.000100")
    asked = Asked(place, "U1", "mention", "EX9931", "en", "en", "none", 0.1, ("404104#1",), now)
    Questions(database).record(asked)
    Drafts(database).keep(Draft(ThreadKey("T1", "C1", "1.3"), "U1", "U2", "en", "it hums", "Tighten it", now))
    database.close()
