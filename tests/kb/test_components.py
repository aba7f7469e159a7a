"""Tags of MDX in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import components


def test_a_tag_ends_behind_its_braces_and_quotes() -> None:
    text = """Turn <Lever side={{ left: 1 > 0 }} title="a > b" /> it."""
    (tag,) = components.tags(text)
    assert text[tag.start : tag.end] == """<Lever side={{ left: 1 > 0 }} title="a > b" />"""
    assert (tag.name, tag.title, tag.is_empty) == ("Lever", "a > b", True)


@pytest.mark.parametrize("text", ["<Lever side={{", "text <Lever", '<Lever title="a', "<Lever\n"])
def test_a_tag_that_is_not_ended_goes_on(text: str) -> None:
    assert components.is_unfinished(text)
    assert list(components.tags(text)) == []


@pytest.mark.parametrize("text", ["a < b", "<Lever>", "5 <6", "", "</Lever> and more"])
def test_what_is_whole_does_not_go_on(text: str) -> None:
    assert not components.is_unfinished(text)


def test_a_line_of_tags_alone_is_told_from_one_with_words() -> None:
    assert [tag.name for tag in components.alone(" </Lever> <Wheel> ")] == ["Lever", "Wheel"]
    assert components.alone("<Wheel> turn") == ()


def test_names_that_close_are_components_and_placeholders_are_not() -> None:
    lines = [
        "<SimpleTab>",
        "show <ClientId> or `<CodeName/>`",
        "</SimpleTab>",
        "the <PumpVersion/> pump",
        "<Host>",
        "</Host>",
    ]
    assert components.named_in(lines) == {"SimpleTab", "PumpVersion"}


def test_code_keeps_its_tags() -> None:
    assert components.without("a <Icon/> b `<Icon/>`", lambda _: True) == "a  b `<Icon/>`"


@given(st.text(st.sampled_from('<>/{}"=ab A`\n')))
def test_any_text_is_read_and_tags_stand_in_order(text: str) -> None:
    position = 0
    for tag in components.tags(text):
        assert position <= tag.start < tag.end <= len(text)
        position = tag.end
    components.without(text, lambda _: True)
    components.named_in(text.split("\n"))
