"""Footnotes of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.footnotes import translate
from kb.parsing import parse_article


def plain(text: str) -> str:
    lines = text.split("\n")
    found, numbers = translate(lines, range(1, len(lines) + 1))
    assert len(found) == len(numbers)
    return "\n".join(found)


def test_a_short_note_stands_where_it_is_pointed_at() -> None:
    assert plain("Close it.[^1] Wait.\n\n[^1]: Not before\nnoon.") == "Close it. (Not before noon) Wait.\n"


def test_a_note_reaches_the_answer_of_its_section() -> None:
    text = "# Pump\n\n## Cause\n\nIt is wet.[^w]\n\n## Solution\n\nDry it.\n\n[^w]: Rain comes in.\n"
    (entry,) = parse_article(text, path="a.md", slug="a", locale="en-us").article.entries
    assert (entry.cause, entry.solution) == ("It is wet. (Rain comes in)", "Dry it.")


def test_a_note_of_a_table_stays_a_paragraph_and_its_mark_goes() -> None:
    text = "| Valve |\n| --- |\n| left [^1] |\n\n[^1]: Old ones only."
    assert plain(text) == "| Valve |\n| --- |\n| left |\n\nOld ones only."


def test_a_long_note_stays_where_it_stands() -> None:
    long = " ".join(["word"] * 50)
    assert plain(f"Close it.[^1]\n\n[^1]: {long}") == f"Close it.\n\n{long}"


@pytest.mark.parametrize(
    "text",
    ["Match [^a-z]+ only.", "```\nClose[^1]\n[^1]: x\n```", "Use `[^1]`.", "Close it.[^2]"],
)
def test_what_has_no_note_is_no_mark(text: str) -> None:
    assert plain(text) == text


def test_a_mark_in_code_stays() -> None:
    assert plain("Use `[^1]`.[^1]\n\n[^1]: Or `[^2]`.") == "Use `[^1]`.\n\nOr `[^2]`."


@given(
    st.lists(
        st.sampled_from(["Close.[^1]", "[^1]: noon", "", "```", "| a[^1] |", "    more", "- [^1]", "[^1]:"])
    )
)
def test_any_lines_are_read_and_keep_the_numbers_of_their_file(lines: list[str]) -> None:
    found, numbers = translate(lines, list(range(1, len(lines) + 1)))
    assert len(found) == len(numbers)
    assert numbers == sorted(numbers)
