"""Take secrets out of a text: the one boundary before anything is matched, printed, stored or logged.

People paste keys: in connection strings, SAS tokens, debug output, JSON that was escaped twice, URLs. What is secret
is found in the text as it stands and in readings of it with escapes undone and wrapped lines joined; the places found
are cut out of the original, so everything else stays as it was pasted. What is needed to help stays too: ``HostName``,
``DeviceId``, ``SharedAccessKeyName``, the ``sr``, ``se`` and ``skn`` of a token, thumbprints, tracking ids.

Every pattern runs in time linear in the text: a run of characters is bounded or can only start in one place.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.secret_patterns import (
    EXACT,
    PATTERNS,
    PRIVATE_KEY_EDGE,
    PRIVATE_KEY_LINE,
    SAS,
    SAS_KEPT,
    SecretPattern,
)

_MARK = "[redacted:"
_MARKS = re.compile(r"\[redacted:[\w-]+\]")
_MOST_PASSES = 4
_MOST_READINGS = 4
_REPEATED_FROM = 12
"""A value of this length found once as a secret is cut out wherever else it stands."""
_MOST_REPEATED = 24
_LONGEST_PRIVATE_KEY = 20_000

_ESCAPE = re.compile(
    r"""
      %(?P<percent>[0-7][0-9A-Fa-f])
    | \\+(?P<char>["'/\\])
    | \\+u00(?P<unicode>[0-7][0-9A-Fa-f])
    | \\+x(?P<hex>[0-7][0-9A-Fa-f])
    | (?P<newline>\\+r\\+n|\\+[nr](?![a-z]{3}))
    | (?P<entity>&(?:amp|quot|apos|lt|gt|\#\d{2,3}|\#[xX][0-9A-Fa-f]{2});)
    | (?P<unseen>\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00])
    """,
    re.VERBOSE,
)
_WRAP = re.compile(
    r"""
    (?<=[^\s]{20})["']?[ \t]{0,40}[+\\]?[ \t]{0,8}\r?\n          # cut by a screen, or by two literals that code joins
    [ \t>|]{0,40}
    (?:\d{4}-\d\d-\d\d\S{0,24}[ \t](?:\d\d:\S{0,14}[ \t])?(?:[A-Z]{3,8}[ \t]{1,4})?)?   # the prefix of the next log line
    [fbr]?["']?
    (?=[A-Za-z0-9+/_=%.-])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets, and what kinds were in it."""

    text: str
    kinds: tuple[str, ...]
    """Each once, in the order of the text: ``("shared-access-key", "signature")``."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str


def redact(text: str) -> Redacted:
    """Return the text with every secret replaced by ``[redacted:{kind}]``; redacting twice changes nothing more."""
    kinds: dict[str, None] = {}
    for _ in range(_MOST_PASSES):  # a cut can free a neighbour that only its surroundings had hidden
        spans = _merged(_spans(text))
        if not spans:
            break
        kinds |= dict.fromkeys(span.kind for span in spans)
        text = _cut(text, spans)
    return Redacted(text, tuple(kinds))


def unmarked(text: str) -> str:
    """Return a redacted text without the marks: what was taken out is no word to look for."""
    return _MARKS.sub(" ", text)


def _cut(text: str, spans: Iterable[_Span]) -> str:
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += (text[position : span.start], f"{_MARK}{span.kind}]")
        position = span.end
    parts.append(text[position:])
    return "".join(parts)


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Overlapping places as one, of the kind of the widest."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            kind = last.kind if last.end - last.start >= span.end - span.start else span.kind
            merged[-1] = _Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append(span)
    return merged


def _spans(text: str) -> list[_Span]:
    """Places of secrets in the text, found in every reading of it."""
    found: list[_Span] = []
    readings: list[_Reading] = []
    reading = _Reading(text)
    values: dict[str, str] = {}
    for _ in range(_MOST_READINGS):
        readings.append(reading)
        for wrapped in (False, True):
            seen = reading if not wrapped else reading.unwrapped()
            if seen is None:
                continue
            for span in _search(seen.text, is_joined=wrapped):
                values.setdefault(seen.text[span.start : span.end], span.kind)
                found.append(seen.in_original(span))
        unescaped = reading.unescaped()
        if unescaped is None:
            break
        reading = unescaped
    found.extend(_repeated(readings, values))
    return [span for span in found if span.end > span.start and not text.startswith(_MARK, span.start)]


def _repeated(readings: Iterable[_Reading], values: dict[str, str]) -> Iterator[_Span]:
    """Further places where a value stands that was recognised as secret by what stood around it elsewhere."""
    known = [value for value in values if len(value) >= _REPEATED_FROM][:_MOST_REPEATED]
    for reading in readings:
        for value in known:
            at = reading.text.find(value)
            while at >= 0:
                yield reading.in_original(_Span(at, at + len(value), values[value]))
                at = reading.text.find(value, at + len(value))


def _search(text: str, *, is_joined: bool) -> Iterator[_Span]:
    """Places of secrets in one reading; where lines were joined only what has a known length counts."""
    lowered = text.lower()
    for pattern in EXACT if is_joined else PATTERNS:
        if any(hint in lowered for hint in pattern.hints):
            yield from _matches(pattern, text)
    if is_joined:
        return
    if "sharedaccesssignature" in lowered:
        yield from _tokens(text)
    if "private key-----" in lowered:
        yield from _private_keys(text)


def _matches(pattern: SecretPattern, text: str) -> Iterator[_Span]:
    for match in pattern.regex.finditer(text):
        if match.group(1):
            yield _Span(match.start(1), match.end(1), pattern.kind)


def _tokens(text: str) -> Iterator[_Span]:
    """Values of a SAS token's fields, but for those that say whom and until when it is for."""
    for match in SAS.finditer(text):
        position = match.start(1)
        for part in match.group(1).split("&"):
            name, equals, value = part.partition("=")
            start = position + len(name) + len(equals)
            if equals and value and name.strip().lower() not in SAS_KEPT:
                yield _Span(start, start + len(value), "signature")
            position += len(part) + 1


def _private_keys(text: str) -> Iterator[_Span]:
    """Private keys in PEM, those cut off at either end too."""
    position = 0
    for edge in PRIVATE_KEY_EDGE.finditer(text):
        if edge.start() < position:
            continue
        start, end = edge.span()
        if edge.group(1) == "END":  # its beginning was cut off
            before = text[max(position, start - _LONGEST_PRIVATE_KEY) : start]
            start -= _length_of_body(reversed(before.splitlines(keepends=True)))
        else:
            closing = text.find("-----END", end, end + _LONGEST_PRIVATE_KEY)
            last = PRIVATE_KEY_EDGE.match(text, closing) if closing >= 0 else None
            if last is not None:
                end = last.end()
            else:
                end += _length_of_body(text[end : end + _LONGEST_PRIVATE_KEY].splitlines(keepends=True))
        position = end
        yield _Span(start, end - len(text[start:end]) + len(text[start:end].rstrip()), "private-key")


def _length_of_body(lines: Iterable[str]) -> int:
    """Characters of the lines that can only be inside a PEM block."""
    length = 0
    for number, line in enumerate(lines):
        if (number == 0 and not line.strip()) or PRIVATE_KEY_LINE.fullmatch(line):
            length += len(line)
        else:
            break
    return length


class _Reading:
    """A text as it reads once escapes are undone, and where each of its characters came from."""

    def __init__(self, text: str, parent: _Reading | None = None, units: _Units | None = None) -> None:
        self.text = text
        self._parent = parent
        self._units = units

    def unescaped(self) -> _Reading | None:
        """The text with one layer of escapes undone; None when there are none."""
        if not any(mark in self.text for mark in ("%", "\\", "&", "\x1b", "\x00")) and self.text.isascii():
            return None
        return self._replaced(_ESCAPE, _plain)

    def unwrapped(self) -> _Reading | None:
        """The text with lines joined that look like one long line cut in two; None when there are none."""
        return self._replaced(_WRAP, lambda _match: "") if "\n" in self.text else None

    def _replaced(self, pattern: re.Pattern[str], plain: Callable[[re.Match[str]], str]) -> _Reading | None:
        parts: list[str] = []
        units = _Units([], [], [])
        position = length = 0
        for match in pattern.finditer(self.text):
            character = plain(match)
            length += match.start() - position + len(character)
            parts += (self.text[position : match.start()], character)
            position = match.end()
            units.ends.append(length)
            units.starts.append(match.start())
            units.source_ends.append(position)
        if not units.ends:
            return None
        parts.append(self.text[position:])
        return _Reading("".join(parts), self, units)

    def in_original(self, span: _Span) -> _Span:
        """The span in the text this reading was made of."""
        if self._parent is None or self._units is None:
            return span
        start, end = self._units.source(span.start), self._units.source(span.end - 1, is_end=True)
        return self._parent.in_original(_Span(start, end, span.kind))


@dataclass(slots=True)
class _Units:
    """Where text was replaced: end in the new text, start and end in the old."""

    ends: list[int]
    starts: list[int]
    source_ends: list[int]

    def source(self, position: int, *, is_end: bool = False) -> int:
        """Where a character of the new text begins in the old one, or ends."""
        before = bisect_right(self.ends, position)
        origin = (
            position
            - (self.ends[before - 1] if before else 0)
            + (self.source_ends[before - 1] if before else 0)
        )
        if before < len(self.starts) and origin >= self.starts[before]:
            return self.source_ends[before] if is_end else self.starts[before]
        return origin + 1 if is_end else origin


def _plain(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "char":
        return match.group("char")
    if kind == "newline":
        return "\n"
    if kind == "entity":
        return html.unescape(match.group())
    if kind == "unseen":
        return ""
    return chr(int(match.group(str(kind)), 16))
