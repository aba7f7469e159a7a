"""Links of wikis, and targets with blanks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.parsing import parse_article
from kb.wikilinks import mended


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("See [[Pumps]].", "See Pumps."),
        ("See [[pumps/Left-pump]] and [[Water the pump]].", "See [[pumps/Left-pump]] and Water the pump."),
        ("See [[Pumps/Left-pump]].", "See Left pump."),
        ("See [[the left pump|Left-pump]].", "See the left pump."),
        ("See [[Left-pump|the left pump]].", "See the left pump."),
        ("[[_TOC_]]", ""),
        ("![[pump.png]] Look.", " Look."),
        ("[a](../other folder/x.md#y)", "[a](<../other folder/x.md#y>)"),
    ],
)
def test_a_link_of_a_wiki_is_its_words(written: str, read: str) -> None:
    assert mended(written) == read


@pytest.mark.parametrize(
    "text",
    ["if [[ -f x ]]; then", "[[inputs.cpu]]", '[["a", "b"]]', "`[[Pumps]]`", "[[Postman]](https://x.example)",
     "[[1]](#x)", '[a](b.md "my title.x")', "[a](<b c.md>)", "[a](b.md) and (c d.md)"],
)  # fmt: skip
def test_what_is_no_link_of_a_wiki_stays(text: str) -> None:
    assert mended(text) == text


def test_a_target_with_blanks_leaves_no_marks_in_the_answer() -> None:
    text = "# T\n\n## Symptom\n\nIt leaks, see [the valve](../old parts/valve.md).\n\n## Solution\n\nAsk [[Ann Lee]].\n"
    (entry,) = parse_article(text, path="a.md", slug="a", locale="en-us").article.entries
    assert (entry.symptom, entry.solution) == ("It leaks, see the valve.", "Ask Ann Lee.")


@given(st.text(st.sampled_from('[]|()`! aB-/."')))
def test_any_line_is_read(line: str) -> None:
    mended(line)
