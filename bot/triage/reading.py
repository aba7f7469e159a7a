"""Files, compressed files and pipes as lines of bytes, read piece by piece."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import os
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from bot.decoding import HEAD, encoding_of
from bot.errors import FileUnreadable

STDIN = "-"
PIECE = 1 << 20
_LONGEST_LINE = 64 * 1024
"""A line is cut there: a log without line breaks must not fill the memory."""
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"PK\x03\x04")
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, OSError)

Warn = Callable[[str, BaseException], None]
"""Called with a file's name and what broke off its reading."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a file."""

    lines: list[bytes]
    n_bytes: int
    encoding: str
    """How the lines are to be read: ``utf-8`` or a code page."""


def read_pieces(name: str, warn: Warn) -> Iterator[Piece]:
    """Yield the lines of a file, ``-`` for standard input; compressed ones by what they are, not by their name.

    Raises
    ------
    FileUnreadable
        If there is no such file, or it cannot be opened.
    TextUnreadable
        If it is no text.
    """
    try:
        stream = cast(IO[bytes], sys.stdin.buffer) if name == STDIN else Path(name).open("rb")  # noqa: SIM115
    except OSError as error:
        raise FileUnreadable(
            "{file} cannot be read ({reason})",
            "name a log file, or - for what is piped in",
            file=name,
            reason=error.strerror or str(error),
        ) from error
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))
    with closing(buffered):
        for opened in _opened(cast(io.BufferedReader, buffered), name):
            yield from _pieces(opened, name, warn)


def _opened(stream: io.BufferedReader, name: str) -> Iterator[IO[bytes]]:
    """The text streams in a file: one, or those of a zip."""
    head = stream.peek(8)[:8]
    if head.startswith(b"\x1f\x8b"):
        yield cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    elif head.startswith(b"BZh"):
        yield cast(IO[bytes], bz2.BZ2File(stream))
    elif head.startswith(b"\xfd7zXZ\0"):
        yield cast(IO[bytes], lzma.LZMAFile(stream))  # noqa: SIM115  closed with the stream under it
    elif head.startswith(b"PK\x03\x04"):
        if not stream.seekable():
            raise FileUnreadable("a zip archive cannot be piped in", "name the file instead")
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    with archive.open(member) as inside:
                        yield inside
    else:
        yield stream


def _pieces(stream: IO[bytes], name: str, warn: Warn) -> Iterator[Piece]:
    rest = b""
    encoding, decoder = "", None
    is_over = False
    while not is_over:
        try:
            data = _some(stream)
        except _BROKEN as error:
            warn(name, error)
            data = b""
        is_over = not data
        n_bytes = len(data)
        if not encoding and data:
            encoding, decoder = _read_as(data)
        if decoder is not None:
            data = decoder.decode(data, final=is_over).encode()
        lines = (rest + data).split(b"\n")
        rest = b"" if is_over else lines.pop()
        if len(rest) > _LONGEST_LINE:
            lines.append(rest)
            rest = b""
        if is_over and lines and not lines[-1]:
            lines.pop()
        if lines or n_bytes:
            yield Piece(
                [line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] for line in lines],
                n_bytes,
                encoding or "utf-8",
            )


def _read_as(head: bytes) -> tuple[str, codecs.IncrementalDecoder | None]:
    """How a file that begins so is read: its encoding, and a decoder to UTF-8 where a line break is more than one byte."""
    encoding = encoding_of(head[:HEAD])
    if encoding in _WIDE:
        return "utf-8", codecs.getincrementaldecoder(encoding)(errors="replace")
    return encoding, None


def _some(stream: IO[bytes]) -> bytes:
    """What is there now, up to a piece: a pipe that writes slowly is read as it comes."""
    read1 = getattr(stream, "read1", None)
    return cast(bytes, read1(PIECE) if read1 is not None else stream.read(PIECE))


def follow_pieces(name: str, is_stopped: Callable[[], bool], wait_s: float = 0.5) -> Iterator[Piece]:
    """Yield the lines of a file and then whatever is appended to it, for ever; an empty piece while nothing comes.

    A file that was replaced (rotated) is read on under its name from its beginning, and so is one cut short.

    Raises
    ------
    FileUnreadable
        If it is compressed: nothing is appended to such a file that could be read.
    TextUnreadable
        If it is no text.
    """
    path = Path(name)
    stream = _reopened(path)
    rest, encoding, decoder = b"", "", None
    try:
        while not is_stopped():
            data = stream.read(PIECE) if stream is not None else b""
            if data:
                if not encoding:
                    if data.startswith(_COMPRESSED):
                        raise FileUnreadable(
                            "{file} is compressed and cannot be followed", "leave out --follow", file=name
                        )
                    encoding, decoder = _read_as(data)
                n_bytes = len(data)
                if decoder is not None:
                    data = decoder.decode(data).encode()
                lines = (rest + data).split(b"\n")
                rest = lines.pop()[-_LONGEST_LINE:]
                yield Piece(lines, n_bytes, encoding)
                continue
            if stream is None or _is_replaced(stream, path):
                if rest:
                    yield Piece([rest], 0, encoding)
                    rest = b""
                if stream is not None:
                    stream.close()
                stream, encoding, decoder = _reopened(path), "", None
                if stream is not None:
                    continue
            yield Piece([], 0, encoding or "utf-8")
            time.sleep(wait_s)
    finally:
        if stream is not None:
            stream.close()


def _reopened(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except OSError:
        return None  # between two files of a rotation


def _is_replaced(stream: IO[bytes], path: Path) -> bool:
    """Another file has the name now, or this one was cut short."""
    try:
        named, opened = path.stat(), os.fstat(stream.fileno())
    except OSError:
        return False
    return (named.st_ino, named.st_dev) != (opened.st_ino, opened.st_dev) or named.st_size < stream.tell()
