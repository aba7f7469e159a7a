"""Files, compressed files and pipes as lines; through rotations, without ever holding a whole log."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot.errors import FileUnreadable, TextUnreadable
from bot.triage.reading import follow_pieces, read_pieces

TEXT = b"one\ntwo\nthree"


def lines_of(path: Path) -> list[bytes]:
    return [line for piece in read_pieces(str(path), _no_warning) for line in piece.lines]


def _no_warning(name: str, error: BaseException) -> None:
    raise AssertionError(f"{name}: {error}")


def test_a_file_is_its_lines(tmp_path):
    (tmp_path / "a.log").write_bytes(TEXT)
    assert lines_of(tmp_path / "a.log") == [b"one", b"two", b"three"]


@pytest.mark.parametrize(
    "compress", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"]
)
def test_a_compressed_file_is_told_by_what_it_is(tmp_path, compress):
    (tmp_path / "a.log").write_bytes(compress(TEXT))
    assert lines_of(tmp_path / "a.log") == [b"one", b"two", b"three"]


def test_two_gzip_streams_one_after_another_are_both_read(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert lines_of(tmp_path / "a.gz") == [b"one", b"two"]


def test_every_file_of_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.log", "one\n")
        archive.writestr("b.log", "two\n")
    assert lines_of(tmp_path / "a.zip") == [b"one", b"two"]


def test_a_file_that_breaks_off_is_told_and_read_as_far_as_it_goes(tmp_path):
    whole = gzip.compress(b"".join(b"line %d\n" % n for n in range(200_000)))
    (tmp_path / "a.gz").write_bytes(whole[: len(whole) // 2])
    told = []
    lines = [
        line
        for piece in read_pieces(str(tmp_path / "a.gz"), lambda *what: told.append(what))
        for line in piece.lines
    ]
    assert len(lines) > 1000
    assert len(told) == 1


def test_wide_encodings_become_bytes_that_lines_can_be_split_in(tmp_path):
    (tmp_path / "a.log").write_bytes("é1\r\né2".encode("utf-16"))
    assert lines_of(tmp_path / "a.log") == ["é1\r".encode(), "é2".encode()]


def test_a_log_without_line_breaks_does_not_fill_the_memory(tmp_path):
    (tmp_path / "a.log").write_bytes(b"x" * 5_000_000)
    assert max(map(len, lines_of(tmp_path / "a.log"))) <= 64 * 1024


def test_an_empty_file_has_no_lines(tmp_path):
    (tmp_path / "a.log").write_bytes(b"")
    assert lines_of(tmp_path / "a.log") == []


def test_what_is_no_text_or_not_there_is_said_so(tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(range(32)) * 200)
    with pytest.raises(TextUnreadable):
        lines_of(tmp_path / "a.bin")
    with pytest.raises(FileUnreadable):
        lines_of(tmp_path / "none.log")


def followed(path: Path, *steps: Callable[[], object]) -> list[bytes]:
    """The lines read while the steps are taken, one each time nothing more comes."""
    remaining = list(steps)
    state = {"is_over": False}
    lines: list[bytes] = []
    for piece in follow_pieces(str(path), lambda: state["is_over"], wait_s=0):
        lines += piece.lines
        if not piece.lines and remaining:
            remaining.pop(0)()
        elif not piece.lines:
            state["is_over"] = True
    return lines


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as out:
        out.write(data)


def nothing() -> None:
    """One more look, so that a file which is back is seen."""


def test_what_is_appended_is_read_as_it_comes(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"one\ntw")
    steps = partial(append, log, b"o\nth"), partial(append, log, b"ree\n")
    assert followed(log, *steps) == [b"one", b"two", b"three"]


def test_a_rotated_file_is_read_on_under_its_name(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"one\n")

    def rotate() -> None:
        log.rename(tmp_path / "a.log.1")
        log.write_bytes(b"two\n")

    assert followed(log, rotate, nothing) == [b"one", b"two"]


def test_a_file_that_was_cut_short_is_read_from_its_beginning(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"one one one\n")
    assert followed(log, partial(log.write_bytes, b"two\n"), nothing) == [b"one one one", b"two"]


def test_a_file_that_is_gone_for_a_while_is_waited_for(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"one\n")
    steps = partial(log.rename, tmp_path / "x"), nothing, partial(log.write_bytes, b"two\n"), nothing
    assert followed(log, *steps) == [b"one", b"two"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_log_in_a_wide_encoding_is_followed(tmp_path, encoding):
    log = tmp_path / "a.log"
    log.write_bytes("one\ntwo\n".encode(encoding))
    more = partial(append, log, "thrée\n".encode("utf-16-le"))
    assert [line.lstrip(b"\xef\xbb\xbf") for line in followed(log, more, nothing)] == [
        b"one",
        b"two",
        "thrée".encode(),
    ]


def test_a_compressed_file_cannot_be_followed_and_says_so(tmp_path):
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(TEXT))
    with pytest.raises(FileUnreadable, match="cannot be followed; leave out --follow"):
        followed(tmp_path / "a.log.gz")
