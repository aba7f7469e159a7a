"""Nothing in a document or a paste can steer the terminal it is printed on."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.printable import escaped, printable

STEERING = [
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link", "\x1bPq\x1b\\", "\x9b2J", "\x08\x08", "\x7f", "\x00",
    "\u202eevil\u202c", "\u2066x\u2069", "\u200e", "\ufeff", "\U000e0041", "\r overwritten",
]  # fmt: skip


@pytest.mark.parametrize("text", STEERING, ids=repr)
def test_what_steers_is_taken_out_and_words_stay(text):
    shown = printable(f"before {text} after")
    assert all(unicodedata.category(c) not in ("Cc", "Cf") or c == "\n" for c in shown)
    assert shown.startswith("before ")
    assert shown.endswith(" after")


def test_an_escape_sequence_goes_whole():
    assert printable("\x1b[1;31mred\x1b[0m \x1b]0;title\x07text") == "red text"


@pytest.mark.parametrize(
    "text",
    ["plain", "tab\there", "two\nlines", "œuvre « 10 € »", "日本語", "\u0646\u200c\u0645", "👩\u200d🔧"],
)
def test_text_as_people_write_it_stays_as_it_is(text):
    assert printable(text) == text


@given(st.text())
def test_printing_is_safe_and_settled_for_any_text(text):
    shown = printable(text)
    assert "\x1b" not in shown
    assert "\r" not in shown
    assert printable(shown) == shown


@given(
    st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
)
def test_json_means_the_same_once_escaped_and_holds_nothing_that_steers(document):
    text = escaped(json.dumps(document, ensure_ascii=False))
    assert json.loads(text) == document
    assert printable(text) == text
