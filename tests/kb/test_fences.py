import pytest

from kb.fences import Fence, opened_by


@pytest.mark.parametrize(
    ("line", "mark", "is_quoted"),
    [
        ("```json", "```", False),
        ("  ~~~~", "~~~~", False),
        ("> > ```", "```", True),
        ("1. ```text", "```", False),
        ("> - ~~~", "~~~", True),
    ],
)
def test_a_block_opens_in_a_quote_and_in_an_item_too(line, mark, is_quoted):
    assert opened_by(line) == Fence(mark, is_quoted)


@pytest.mark.parametrize("line", ["``", "text ```", "```a`b", "", "> text"])
def test_other_lines_open_none(line):
    assert opened_by(line) is None


@pytest.mark.parametrize("line", ["```", "`````  ", " > ```"])
def test_as_many_marks_or_more_close_it(line):
    assert Fence("```", is_quoted=False).is_closed_by(line)


@pytest.mark.parametrize("line", ["``", "~~~", "``` x", "x ```", "", ">"])
def test_fewer_marks_others_and_marks_with_text_do_not(line):
    assert not Fence("```", is_quoted=False).is_closed_by(line)
