"""Frames of the socket, read one after another however many come at once.

slack_sdk's own reader calls itself for every frame and every piece of one, until a read happens to end where a frame does. A
burst of some hundred events is deeper than Python goes: it loses its place in the stream, and the bot is deaf until
somebody restarts it. It also forgets the beginning of a frame whose end takes seconds, and takes a closed connection for
one where nothing comes. :func:`install` puts this reader in its place.
"""

from __future__ import annotations

import errno
import logging
import struct
import weakref
from dataclasses import dataclass, field
from socket import socket
from threading import Lock

from slack_sdk.socket_mode.builtin import connection
from slack_sdk.socket_mode.builtin.frame_header import FrameHeader

Frame = tuple[FrameHeader, bytes]
PIECE = 64 * 1024
_MOST_BYTES = 16 * 1024 * 1024
"""Of a frame; Slack's are some kilobytes."""
_CONTINUED = 0
_CONTROL = 8
"""From here on opcodes are of pings and the like, which may stand between the parts of a message."""


@dataclass(slots=True)
class Reader:
    """What has come over one connection and is no whole message yet."""

    pending: bytearray = field(default_factory=bytearray)
    parts: list[Frame] = field(default_factory=list)
    has_begun: bool = False

    def take(self, data: bytes) -> list[Frame]:
        """Take what was read and return the messages that are whole now.

        Raises
        ------
        ConnectionError
            If it cannot be what a WebSocket sends: nothing after it could be read either.
        """
        if not self.has_begun:  # slack_sdk leaves the last character of the handshake's answer to be read
            data = data.removeprefix(b"\n")
            self.has_begun = True
        self.pending += data
        found: list[Frame] = []
        at = 0
        while (frame := _frame_at(self.pending, at)) is not None:
            header, payload, at = frame
            if header.opcode < _CONTROL and (header.opcode == _CONTINUED or not header.fin):
                self.parts.append((header, payload))
                if not header.fin:
                    continue
                header, payload = self.parts[0][0], b"".join(piece for _, piece in self.parts)
                self.parts.clear()
            found.append((header, payload))
        del self.pending[:at]
        return found


_READERS: weakref.WeakKeyDictionary[socket, Reader] = weakref.WeakKeyDictionary()


def receive(
    sock: socket,
    sock_receive_lock: Lock,
    logger: logging.Logger,
    receive_buffer_size: int = PIECE,
    all_message_trace_enabled: bool = False,
) -> list[Frame]:
    """Return the messages that one read completes; called as slack_sdk calls its own."""
    with sock_receive_lock:
        try:
            data = sock.recv(max(receive_buffer_size, PIECE))
        except OSError as error:
            if error.errno in (errno.EBADF, errno.ENOTSOCK):
                return []  # closed from this side: the caller notices
            raise
    if not data:
        raise ConnectionResetError("Slack closed the socket")
    return _READERS.setdefault(sock, Reader()).take(data)


def install() -> None:
    """Have slack_sdk read frames with this."""
    connection._receive_messages = receive  # type: ignore[attr-defined,assignment]


def _frame_at(data: bytearray, at: int) -> tuple[FrameHeader, bytes, int] | None:
    """A frame and where the next one begins; None while it is not whole."""
    if len(data) < at + 2:
        return None
    first, second = data[at], data[at + 1]
    if first & 0b0111_0000 or second & 0b1000_0000:
        raise ConnectionResetError("what came over the socket is no frame of Slack's")
    size, start = second, at + 2
    if size == 126:
        if len(data) < at + 4:
            return None
        size, start = struct.unpack_from("!H", data, at + 2)[0], at + 4
    elif size == 127:
        if len(data) < at + 10:
            return None
        size, start = struct.unpack_from("!Q", data, at + 2)[0], at + 10
    if size > _MOST_BYTES:
        raise ConnectionResetError("a frame of the socket is longer than any of Slack's")
    if len(data) < start + size:
        return None
    header = FrameHeader(opcode=first & 0b1111, fin=first & 0b1000_0000, masked=0, length=size)
    return header, bytes(data[start : start + size]), start + size
