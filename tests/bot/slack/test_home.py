"""The app's home: language, what is new, privacy, and for admins what was not answered and what people fixed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.gaps import Fix, Unanswered, gather
from bot.i18n import speaker
from bot.slack.home import Shelf, home_view
from bot.slack.news import Told
from bot.store.people import Person
from tests.bot.slack.conftest import ROOT
from tests.fakeslack import blocks as rules
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.reading import pressables, text_of

Start = Callable[..., Any]
ARTICLE = """---
title: {code} Frobnicated
---
# {code} Frobnicated

## Symptoms

The device logs `{code} Frobnicated`.

## Cause

{cause}

## Solution

Turn it {way}.
"""


def wrote(tree: Path, code: str, cause: str, way: str = "off") -> None:
    (tree / "en-us").mkdir(parents=True, exist_ok=True)
    (tree / "en-us" / f"{code}.md").write_text(ARTICLE.format(code=code, cause=cause, way=way))


def build(tree: Path, out: Path, cache: Path) -> None:
    code = "from bot.cli import main; raise SystemExit(main())"
    arguments = [sys.executable, "-c", code, "kb", "build", str(tree), "--out", str(out), "--locale", "en-us"]
    environment = {
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(cache),
        "XDG_DATA_HOME": str(cache),
        "PATH": "",
    }
    subprocess.run(arguments, check=True, env=environment, capture_output=True, timeout=100)


def shown(slack: FakeSlack) -> str:
    slack.open_home(slack.ada)
    slack.settle()
    view = slack.home(slack.ada)
    return text_of(view["blocks"]) if view is not None else ""


def test_what_came_and_what_changed_with_a_new_index_is_told(
    slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    tree, index = tmp_path / "docs", tmp_path / "index"
    wrote(tree, "990001", "The flux is low.")
    wrote(tree, "990002", "The flux is high.")
    build(tree, index, tmp_path)
    start("slack", **slack.env(), HUBMEDIC_KB=str(index))
    slack.wait_connected(timeout_s=60)
    slack.wait_until(lambda: "Nothing new in the last 30 days." in shown(slack), "a home without news")
    wrote(tree, "990002", "The flux is higher than the manual says.", "around")
    wrote(tree, "990003", "The flux is gone.")
    build(tree, index, tmp_path)
    slack.wait_until(lambda: "990003" in shown(slack), "the news", 30)
    text = shown(slack)
    assert "new  990003 Frobnicated" in text
    assert "changed  990002 Frobnicated" in text
    assert "990001" not in text


def test_who_wants_no_unasked_answers_says_so_in_the_home(bot: FakeSlack) -> None:
    person = bot.add_user("erik", locale="en-US")
    auto = next(one for one in bot.world.channels.values() if one.name == "auto")
    bot.join(auto, person)
    bot.open_home(person)
    bot.wait_until(lambda: bot.home(person) is not None, "a home")

    def press(which: str) -> None:
        bot.click(next(one for one in [bot.platform.homes[person.id]]), which)

    press("Don't answer me unasked")
    bot.wait_until(lambda: "Answer me unasked again" in labels(bot, person), "the other button")
    paste = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
    quiet, other = bot.say(auto, person, paste), bot.say(auto, bot.ada, paste)
    bot.wait_for_answers(other)
    assert [one for one in bot.messages(auto, quiet.ts) if one.bot_id] == []
    press("Forget me")
    bot.wait_until(lambda: "Don't answer me unasked" in labels(bot, person), "choices forgotten")


def test_a_fix_that_a_human_marked_is_shown_to_admins(bot: FakeSlack) -> None:
    staffed = next(one for one in bot.world.channels.values() if one.name == "staffed")
    question = bot.mention(staffed, bot.ada, "the flux capacitor hums at night")
    (answer,) = bot.wait_for_answers(question)
    bot.click(answer, "Get a human")
    bot.wait_for_answers(question, n=2)
    fix = bot.say(staffed, bot.benoit, "tighten the third screw", question.ts)
    bot.react(fix, bot.benoit, "white_check_mark")

    def told() -> str:
        bot.open_home(bot.ada)
        bot.settle()
        return str(bot.home(bot.ada))

    bot.wait_until(lambda: "tighten the third screw" in told(), "the fix in the home")
    bot.open_home(bot.benoit)
    bot.settle()
    assert "third screw" not in str(bot.home(bot.benoit))


def test_a_home_full_of_everything_is_taken_by_slack() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 1, 5, tzinfo=UTC)
    clusters = gather([Unanswered(f"<!channel> {n} " + "x" * 3000, "en", "C1", now) for n in range(40)])
    fixes = [Fix("q" * 5000, "@here " * 900, "en", "C1", now)] * 30
    shelf = Shelf(
        10_000,
        ("en-us", "fr-fr"),
        tuple(Told("t" * 160, "https://x.example/" + "a" * 900, True) for _ in range(8)),
    )
    for language in ("en", "fr"):
        view = home_view(speaker(language), Person("T1", "U1", is_muted=True), shelf, clusters, fixes)
        assert rules.problems_of_view(view) == []


def labels(bot: FakeSlack, person: Any) -> list[str]:
    home = bot.home(person)
    return [label for one in pressables(home["blocks"]) for label in one.labels] if home else []
