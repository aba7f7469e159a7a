"""Keys that no word before them gives away: glued to their neighbours, cut by a line break, in hexadecimal, or inside base64.

What is no key must stay: thumbprints and digests (hexadecimal too, but said to be such), GUIDs, names of code, certificates.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from bot.readings import END, PREFIX, Span, later

_CHARACTERS = r"A-Za-z0-9+/_\-"
_LENGTHS = {44: "=", 88: "=="}
"""Base64 of 32 and of 64 bytes, and its padding."""
_GLUED = later(rf"(?<![{_CHARACTERS}])[{_CHARACTERS}]{{43,150}}={{1,2}}(?!=)")
_MOST_GLUED = 64
_CASE = re.compile(r"[^A-Za-z0-9]+")
_RUNS = re.compile(r"[A-Z]+|[a-z]+|[0-9]+")
_LEAST_CHANGES = 10
"""Changes between upper case, lower case and digits: chance has 25 of them in 43 characters, a path of names a handful."""
_LEAST_OF_A_CASE = 3

_BREAK = later(rf"\n{PREFIX}(?=[{_CHARACTERS}])", re.VERBOSE)
_PIECE = later(rf"(?<![{_CHARACTERS}])([{_CHARACTERS}]{{1,88}}={{0,2}}){END}\Z")
_LONGEST_PIECE = 150
"""Characters before a line break in which the first piece of a cut key stands, what ends the line included."""
_REST = later(
    rf"([{_CHARACTERS}]{{1,88}}={{0,2}})(?![{_CHARACTERS}=])({END}\n{PREFIX}(?=[{_CHARACTERS}]))?", re.VERBOSE
)
_MOST_PIECES = 5

_PADDED = later(rf"=(?![{_CHARACTERS}=])")
_LAST_WORD = later(rf"[{_CHARACTERS}]*={{1,2}}")
_RUN_AT_END = later(rf"[{_CHARACTERS}]+\Z")
_MOST_WORDS = 6
_LEAST_SPREAD = 18
"""Changes between cases in words put together, from which chance wrote them rather than somebody: CamelCase has less."""
_IS_NAMED = later(
    r"(?i)(?:key|cl[ée]|secret|sig(?:nature)?|token)[\"']?\s?(?:is|est|was|:|=|>|-)?[\s\"':=]{0,4}\Z"
)
_NAMED_BEFORE = 24

_HEX = later(r"(?<![0-9A-Za-z])(?:0[xX])?([0-9a-fA-F]{64}(?:[0-9a-fA-F]{64})?)(?![0-9A-Za-z])")
_WHOLE_HEX = later(r"[0-9a-fA-F]{64}(?:[0-9a-fA-F]{64})?")
_SAYS = later(
    r"(?i)(?P<key>key|secret|psk|cl[ée]\b|password|passphrase)|thumbprint|fingerprint|empreinte|sha-?\d|sha_\d|digest|hash|checksum|"
    r"x5t|etag|container|image|layer|commit|blob|certificat|root"
)
_BEFORE = 64
"""Characters before a hexadecimal number in which what it is may be said: the nearest word decides."""
_LONG_RUN = later(r"[0-9A-Fa-f]{32,}")
"""The number before this one, which what is said of both stands in front of."""
_FILE_BEHIND = later(
    r"(?:[ \t]|%(?:25)?20){2}\*?[\w./-]|[ \t]\*?[\w./-]{1,80}\.\w{1,8}\b|[ \t]{0,4}\((?:thumb|finger)print"
)
_LEAST_DIFFERENT = 8

_BLOB = later(rf"[{_CHARACTERS}]{{56,}}={{0,2}}")
_READABLE = bytes((*range(32, 127), 9, 10, 13))
_LEAST_READABLE = 0.9


def bare_keys(text: str, *, is_joined: bool) -> Iterator[Span]:
    """Yield places of keys that look like keys; where lines were joined, what was cut is whole."""
    if "=" in text:
        yield from _glued(text)
    if "\n" in text and not is_joined:
        yield from _broken(text)
    if "=" in text and not is_joined:
        yield from _spread(text)
    for match in _HEX().finditer(text):
        if _is_hex_key(text, match.start(), match.end(), match.group(1)):
            yield Span(match.start(1), match.end(1), "hex-key")


def encoded(text: str, holds_secret: Callable[[str], bool]) -> Iterator[Span]:
    """Yield runs of base64 that hold a text with a secret in it: a connection string, a token, a private key."""
    for match in _BLOB().finditer(text):
        if any(map(holds_secret, _texts(match.group()))):
            yield Span(match.start(), match.end(), "connection-string")


def is_random(text: str) -> bool:
    """Tell whether characters follow each other as chance has it, rather than as in a name, a path or a GUID."""
    plain = _CASE.sub("", text)
    n_upper, n_lower = sum(map(str.isupper, plain)), sum(map(str.islower, plain))
    if min(n_upper, n_lower) < _LEAST_OF_A_CASE:
        return False
    return _n_changes(plain) > _LEAST_CHANGES


def _n_changes(text: str) -> int:
    return len(_RUNS.findall(_CASE.sub("", text)))


def _glued(text: str) -> Iterator[Span]:
    """``expected<key>got``: the last characters before the padding are the key, whatever stands at either side."""
    for match in _GLUED().finditer(text):
        run = match.group()
        padding = "=" * run.count("=")
        length = next(length for length, marks in _LENGTHS.items() if marks == padding)
        is_long_enough = length <= len(run) <= length + _MOST_GLUED
        if is_long_enough and is_random(run[-length:]) and not any(_texts(run)):
            yield Span(match.end() - length, match.end(), "base64-key")


def _broken(text: str) -> Iterator[Span]:
    """A key in pieces at the end of one line and the beginning of the next ones."""
    for line_break in _BREAK().finditer(text):
        start = line_break.start()
        match = _PIECE().search(text, max(start - _LONGEST_PIECE, 0), start)
        if match is None:
            continue
        joined, position = match.group(1), line_break.end()
        for _ in range(_MOST_PIECES):
            rest = _REST().match(text, position)
            if rest is None:
                break
            joined += rest.group(1)
            if len(joined) > 128:
                break
            if _is_whole(joined) or (
                _WHOLE_HEX().fullmatch(joined) and _is_hex_key(text, match.start(), rest.end(1), joined)
            ):
                yield Span(match.start(), rest.end(1), "base64-key")
                break
            if rest.group(2) is None:
                break
            position = rest.end()


def _spread(text: str) -> Iterator[Span]:
    """A key in words, of which the last is padded: ``the key is AbCd… EfGh…=``, typed so or cut by a blank."""
    for padding in _PADDED().finditer(text):
        end = padding.end()
        words = text[max(end - _LONGEST_PIECE, 0) : end].rsplit(None, _MOST_WORDS)
        if len(words) < 2 or not _LAST_WORD().fullmatch(words[-1]):
            continue
        joined = words[-1]
        for word in reversed(words[:-1]):
            run = _RUN_AT_END().search(word)
            if run is None or len(joined) > max(_LENGTHS):
                break
            joined = run.group() + joined
            if len(joined) in _LENGTHS and _is_whole(joined):
                start = _start_of(joined, text, end)
                before = text[max(start - _NAMED_BEFORE, 0) : start]
                if _n_changes(joined) >= _LEAST_SPREAD or _IS_NAMED().search(before):
                    yield Span(start, end, "base64-key")
            if run.start():
                break


def _start_of(joined: str, text: str, end: int) -> int:
    """Where the characters begin that stand before ``end`` with blanks among them."""
    left = len(joined)
    while left:
        end -= 1
        left -= not text[end].isspace()
    return end


def _is_whole(joined: str) -> bool:
    padding = _LENGTHS.get(len(joined))
    return (
        bool(padding)
        and joined.endswith(str(padding))
        and "=" not in joined.rstrip("=")
        and is_random(joined)
    )


def _is_hex_key(text: str, start: int, end: int, value: str) -> bool:
    if len(set(value.lower())) < _LEAST_DIFFERENT:
        return False
    before = _LONG_RUN().sub("", text[max(start - 4 * _BEFORE, 0) : start])[-_BEFORE:]
    said = list(_SAYS().finditer(before))
    if said:
        return said[-1]["key"] is not None
    return _FILE_BEHIND().match(text, end) is None


def _texts(run: str) -> Iterator[str]:
    """What a run of base64 says where it is text, also with some characters before it that are none of it."""
    plain = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    for skipped in range(4):
        piece = plain[skipped:]
        try:
            data = base64.b64decode(
                piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece + "=" * (-len(piece) % 4)
            )
        except binascii.Error:
            continue
        if len(data.translate(None, _READABLE)) < (1 - _LEAST_READABLE) * len(data):
            yield data.decode("utf-8", errors="replace")
