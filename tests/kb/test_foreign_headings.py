"""Headings of other houses' knowledge bases: what is affected, what to read, what only divides."""

from __future__ import annotations

import pytest

from kb.model import Entry
from kb.parsing import parse_article


def _entries(text: str, locale: str = "en-us") -> tuple[Entry, ...]:
    return parse_article(text, path="a.md", slug="a", locale=locale).article.entries


@pytest.mark.parametrize(
    ("locale", "affected", "issue", "cause", "solution", "reading"),
    [
        ("en", "Affected products and versions", "Issue", "Cause", "Solution", "Related reading"),
        ("fr", "Produits et versions concernés", "Problème", "Cause", "Solution", "Lecture connexe"),
        ("de", "Betroffene Produkte und Versionen", "Problem", "Ursache", "Lösung", "Verwandtes Lesen"),
        ("ja", "影響を受ける製品とバージョン", "イシュー", "原因", "解決策", "関連資料"),
    ],
)
def test_what_is_affected_titles_no_problem(
    locale: str, affected: str, issue: str, cause: str, solution: str, reading: str
) -> None:
    text = (
        f"# Pump stops at night\n\nIntro to it.\n\n## {affected}\n\n- Pump firmware 2.x\n\n## {issue}\n\n"
        f"The pump stops.\n\n## {cause}\n\nA timer.\n\n## {solution}\n\nStop the timer.\n\n## {reading}\n\n[x](y.md)\n"
    )
    entries = _entries(text, locale)
    assert [entry.title for entry in entries] == ["Pump stops at night"]
    (remedy,) = entries[0].remedies
    assert (entries[0].symptom, remedy.cause, remedy.solution) == (
        "The pump stops.",
        "A timer.",
        "Stop the timer.",
    )
    assert "2.x" in entries[0].more
    complaints = parse_article(text, path="a.md", slug="a", locale=locale).article.complaints
    assert complaints == ()


def test_summary_and_more_information_are_one_entry_under_the_title_of_the_article() -> None:
    entries = _entries(
        "# Pumps show the wrong date\n\n## Summary\n\n" + "The date is the one of the maker. " * 5
        + "\n\n## More information\n\n" + "The clock starts when the pump is sold. " * 5
    )  # fmt: skip
    assert [entry.title for entry in entries] == ["Pumps show the wrong date"]


def test_an_entry_whose_heading_says_no_name_is_titled_with_the_article() -> None:
    entries = _entries(
        "# Pump clocks\n\n## Summary\n\n" + "Clocks drift in the heat of the day. " * 10
        + "\n\n## Set the clock by hand\n\n" + "Hold both keys until it blinks twice. " * 5
    )  # fmt: skip
    assert [entry.title for entry in entries] == ["Pump clocks: Summary", "Set the clock by hand"]


def test_a_few_words_about_the_whole_page_are_no_entry_of_their_own() -> None:
    entries = _entries(
        "# Read the clock\n\n" + "The clock can be read in two ways, at the pump and from afar. " * 3
        + "\n\n## Affected versions\n\n- Firmware 2.x\n\n## At the pump\n\n" + "Press the key and read it. " * 6
        + "\n\n## From afar\n\n" + "Ask the pump for it by its name. " * 6
    )  # fmt: skip
    assert [entry.title for entry in entries] == ["Read the clock", "At the pump", "From afar"]
    assert "Firmware 2.x" in entries[0].remedies[0].solution


def test_numbered_steps_behind_an_announced_error_are_no_messages() -> None:
    (entry,) = _entries(
        "# Cart stays empty\n\n## Issue\n\nThe following error is shown when you do the following:\n\n"
        "1. Go to the shop window.\n1. Put a pump into the cart.\n\n## Solution\n\nWait.\n"
    )  # fmt: skip
    assert [message.text for message in entry.messages] == []


@pytest.mark.parametrize(
    ("locale", "aim", "needs", "doing", "behind"),
    [
        ("en", "Objective", "Requirements", "Instructions", "Go further"),
        ("fr", "Objectif", "Prérequis", "En pratique", "Aller plus loin"),
        ("de", "Ziel", "Voraussetzungen", "In der praktischen Anwendung", "Weiterführende Informationen"),
        ("es", "Objetivo", "Requisitos", "Procedimiento", "Más información en nuestro sitio"),
        ("pt", "Objetivo", "Requisitos", "Instruções", "Quer saber mais"),
    ],
)
def test_headings_that_only_divide_a_guide_title_nothing_in_it(
    locale: str, aim: str, needs: str, doing: str, behind: str
) -> None:
    part = "Turn the lever slowly to the left, and wait until the water comes. " * 30
    text = (
        f"# Pump\n\n## {aim}\n\nWater.\n\n## {needs}\n\n- A pump.\n\n## {doing}\n\n### Lever\n\n{part}\n\n"
        f"### Wheel\n\n{part}\n\n## {behind}\n\nAsk [others](https://x.example).\n"
    )
    entries = _entries(text, locale)
    assert [entry.title for entry in entries if len(entry.solution) > 400] == ["Lever", "Wheel"]
    assert not any("others" in entry.solution for entry in entries)


def test_steps_behind_a_symptom_are_what_to_do() -> None:
    (entry,) = _entries("# Pump\n\n## Symptoms\n\nIt stops.\n\n## Steps\n\n1. Wait.\n")
    assert entry.solution == "**Steps**\n\n1. Wait."
