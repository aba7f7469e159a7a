"""Pages of questions in bold."""

from __future__ import annotations

import pytest

from kb.model import Entry
from kb.parsing import parse_article


def entries(text: str) -> list[tuple[str, str]]:
    found: tuple[Entry, ...] = parse_article(text, path="a.md", slug="a", locale="en-us").article.entries
    return [(one.title, one.solution) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "# FAQ\n\n**Is it wet?**\n\nYes.\n\n**Is it hot?**\n\nNo.\n",
        "# FAQ\n\n**Is it wet?**  \nYes.\n\n**Is it hot?** No.\n",
        "# FAQ\n\n**Q: Is it wet?**\n\nA: Yes.\n\n**Q2. Is it hot?**\n\nA: No.\n",
        "# FAQ\n\n**Q1: Is it wet?**\n\n**A1:** Yes.\n\n**Q2: Is it hot?**\n\n**A2**: No.\n",
        "# FAQ\n\n<details>\n<summary>Is it wet?</summary>\n\nYes.\n\n</details>\n<details><summary><b>Is it hot?</b></summary>\n\nNo.\n\n</details>\n",
    ],
)
def test_each_question_in_bold_is_an_entry(text: str) -> None:
    assert entries(text) == [("Is it wet?", "Yes."), ("Is it hot?", "No.")]


def test_one_question_in_bold_is_emphasis() -> None:
    assert len(entries("# Pump\n\n**Is it wet?**\n\nDry it.\n\nThen wait.\n")) == 1


def test_questions_inside_a_solution_divide_it_and_nothing_else() -> None:
    text = "# Pump\n\n## Cause\n\nx\n\n## Solution\n\n**Is it wet?**\n\nDry it.\n\n**Is it hot?**\n\nWait.\n"
    assert entries(text) == [("Pump", "**Is it wet?**\n\nDry it.\n\n**Is it hot?**\n\nWait.")]
