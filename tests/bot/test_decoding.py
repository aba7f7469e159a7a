"""Whatever encoding a paste or a log comes in, its words are read; what is no text is said to be none."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decoding import decode, encoding_of
from bot.errors import TextUnreadable

FRENCH = "L’appareil « pump-7 » n’est plus connecté : délai dépassé, ça n’a pas marché"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_french_is_read_in_the_encodings_people_have(encoding):
    assert decode(FRENCH.encode(encoding)) == FRENCH


def test_what_a_french_console_prints_is_read():
    text = "Échec : le périphérique a été désactivé à 10h"
    assert decode(text.encode("cp850")) == text


def test_one_accent_is_enough():
    assert decode("réseau".encode("cp1252")) == "réseau"


def test_a_log_in_another_script_is_read():
    text = "Ошибка подключения устройства: сервер недоступен, повторите попытку позже\n" * 20
    assert decode(text.encode("cp1251")) == text


def test_a_character_cut_in_two_at_the_end_spoils_nothing_else():
    data = "délai dépassé é".encode()[:-1]
    assert decode(data).startswith("délai dépassé ")


def test_zero_bytes_of_a_crash_are_left_out():
    assert (
        decode(b"401003\0\0\0\0 IoTHubUnauthorized and more words")
        == "401003 IoTHubUnauthorized and more words"
    )


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF" + os.urandom(5000), b"\x89PNG\r\n\x1a\n" + os.urandom(5000), bytes(4096)],
    ids=["program", "picture", "zeros"],
)
def test_what_is_no_text_is_said_to_be_none(data):
    with pytest.raises(TextUnreadable, match="not text"):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_are_said_not_to_be(data):
    with suppress(TextUnreadable):
        assert "\0" not in decode(data)


@given(st.text(max_size=200))
def test_utf8_is_always_read_as_such(text):
    data = text.encode("utf-8", errors="ignore")
    if "\0" not in text and not any(ord(character) < 32 or ord(character) == 127 for character in text):
        assert encoding_of(data).startswith("utf-8")
