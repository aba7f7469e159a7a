"""Frames of the socket: any number of them, cut anywhere, and what is none."""

from __future__ import annotations

import logging
import socket
import struct
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.socket_mode.builtin import connection

from bot.slack import frames

TEXT, PING = 1, 9


def frame(payload: bytes, opcode: int = TEXT, *, is_last: bool = True) -> bytes:
    size = len(payload)
    head = bytes([(128 if is_last else 0) | opcode])
    if size < 126:
        return head + bytes([size]) + payload
    if size < 65536:
        return head + struct.pack("!BH", 126, size) + payload
    return head + struct.pack("!BQ", 127, size) + payload


@given(st.lists(st.binary(max_size=400), max_size=30), st.lists(st.integers(0, 12_000), max_size=40))
def test_frames_are_read_whole_wherever_they_are_cut(payloads: list[bytes], cuts: list[int]) -> None:
    stream, reader = b"\n" + b"".join(map(frame, payloads)), frames.Reader()
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    read = [payload for a, b in pairwise(edges) for _, payload in reader.take(stream[a:b])]
    assert read == payloads


def test_a_burst_far_deeper_than_python_goes_is_read() -> None:
    reader = frames.Reader()
    stream = frame(b"x" * 100) * 20_000
    assert len(reader.take(stream[:-1])) == 19_999
    assert len(reader.take(stream[-1:])) == 1


def test_a_message_in_parts_is_one_and_a_ping_may_stand_between() -> None:
    reader = frames.Reader()
    stream = frame(b"a", is_last=False) + frame(b"?", PING) + frame(b"b", 0, is_last=False) + frame(b"c", 0)
    assert [(header.opcode, payload) for header, payload in reader.take(stream)] == [
        (PING, b"?"),
        (TEXT, b"abc"),
    ]


@pytest.mark.parametrize(
    "data", [b"UNAUTHENTICATED: cache_error\n", frame(b"x")[:1] + b"\x81x", b"\x81\x7f" + b"\xff" * 8]
)
def test_what_is_no_frame_ends_the_connection(data: bytes) -> None:
    with pytest.raises(ConnectionError):
        frames.Reader().take(data)


def test_a_connection_that_slack_closed_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame(b"one") + frame(b"two")[:3])
        read = frames.receive(ours, threading.Lock(), logging.getLogger("test"))
        assert [payload for _, payload in read] == [b"one"]
        theirs.sendall(frame(b"two")[3:])
        read = frames.receive(ours, threading.Lock(), logging.getLogger("test"))
        assert [payload for _, payload in read] == [b"two"]
        theirs.close()
        with pytest.raises(ConnectionError):
            frames.receive(ours, threading.Lock(), logging.getLogger("test"))


def test_slack_sdk_reads_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_receive_messages", connection._receive_messages)
    frames.install()
    assert connection.Connection.run_until_completion.__globals__["_receive_messages"] is frames.receive
