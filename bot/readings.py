"""A pasted text as it reads once escapes are undone and cut lines joined, and where each of its characters came from.

Secrets are looked for in every reading; what is found is cut out of the original, so everything else stays as it was.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

_MOST_READINGS = 8
"""Of a text, or as many more characters in parts of it."""


def later(source: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return what gives a pattern, compiled when it is first needed: most questions need few of them."""
    return cache(lambda: re.compile(source, flags))


# Each branch begins with a character of its own, by which the engine skips what is no escape at the speed of a search.
_ESCAPE = later(
    r"""
      %(?P<percent>[0-7][0-9A-Fa-f])
    | \\(?:\\*)(?:(?P<char>["'/\\=:;&+,])|u00(?P<unicode>[0-7][0-9A-Fa-f])|x(?P<hex>[0-7][0-9A-Fa-f])|(?P<newline>r\\+n|[nr]))
    | '(?P<shell>"'"')
    | &(?P<entity>(?:amp|quot|apos|lt|gt|sol|plus|equals|\#\d{2,3}|\#[xX][0-9A-Fa-f]{2});)
    | (?P<unseen>\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00])
    """,
    re.VERBOSE,
)
_MARKS = ("%", "\\", "&", "\x1b", "\x00", "'\"'\"'")
_MARGIN = r"[ \t>|]{0,40}"
_LEAD = rf"""
    {_MARGIN}
    (?:(?:
        \[?\d{{4}}-\d\d-\d\d\S{{0,24}}[ \t](?:\d\d:\S{{0,14}}[ \t])?(?:\[?[A-Z]{{3,8}}\]?:?[ \t]{{1,4}})?   # the prefix of a log line
      | [A-Z][a-z]{{2}}[ ]{{1,2}}\d{{1,2}}[ ]\d\d:\d\d:\d\d[ ]\S{{1,64}}[ ]\S{{1,64}}:[ ]                        # of syslog
      | [\w.-]{{1,48}}[ ]{{1,8}}\|[ ]                                                                      # of docker compose
      | \d{{1,6}}[:|][ \t]{{0,4}}                                                                         # a line number
    ){_MARGIN}){{0,3}}
"""
PREFIX = rf"""{_LEAD}(?:[fbru]?["'])?"""
"""What may stand at the beginning of a line before that on which a cut one goes on."""
END = r"""(?:["'][ \t]{0,40}[+.]?|[ \t]{0,40}[\\^`]?)[ \t]{0,8}\r?"""
"""The end of a line that a screen cut, or that ends in one of two literals that code joins; then the line break."""
# Both are looked for from the line break on, which the engine finds at once; what stands before it is looked at then.
_WRAPPED = later(rf"\n{PREFIX}(?=[A-Za-z0-9+/_=%.-])", re.VERBOSE)
_BEFORE_WRAP = later(rf"(?<=\S{{20}}){END}\Z")
_LITERAL = later(rf"\n{_LEAD}[ \t]{{0,80}}[+.]?[ \t]{{0,4}}[fbru]?([\"'])(?=\S)", re.VERBOSE)
_BEFORE_LITERAL = later(r"(?<=\S)([\"'])[ \t]{0,40}[+\\]?[ \t]{0,8}\r?\Z")
_FULL_LINE_GOES_ON = later(r"\n(?:>[ \t]?){0,8}(?=\S)")
_LONGEST_END = 80
"""Characters before a line break that decide whether the line goes on, those of :data:`END` above all."""
_NARROWEST, _WIDEST = 20, 1000
_QUOTED_PRINTABLE = later(rf"=(?:(?P<hex>[0-7][0-9A-F])|(?P<soft>[ \t]{{0,8}}\r?\n{PREFIX}))", re.VERBOSE)
_MAIL_MARK = later(r"=(?:3D|1B|\r?\n)")
_WHOLE_KEY = later(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}\Z")
_MARGIN_OF_MAIL = 2_000
_SHORT = 20_000
_AROUND = 600
"""Characters on either side of a place that is read otherwise now which may make a secret with it."""
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text, and the kind of secret that stands there."""

    start: int
    end: int
    kind: str


def readings(text: str) -> list[Reading]:
    """Return the text as it stands and as it reads with ever more layers of escapes undone, those of mail too.

    Mail is undone around its marks alone: the padding of a key at the end of a line is one, in a log of any size.
    """
    found = [Reading(text)]
    seen = {text}
    n_left = _MOST_READINGS * len(text) + _MARGIN_OF_MAIL * _MOST_READINGS
    for reading in found:
        undone = [reading.unescaped(), *reading.without_mail_escapes()]
        # Where a cut went through an escape, only the lines put together have it; in a long paste that costs too much.
        if len(text) <= _SHORT and (whole := reading.refilled()) is not None:
            undone += [whole.unescaped(), *whole.without_mail_escapes()]
        for simpler in undone:
            if simpler is not None and simpler.text not in seen and len(simpler.text) <= n_left:
                n_left -= len(simpler.text)
                seen.add(simpler.text)
                found.append(simpler)
    return found


def around(text: str, places: Iterable[int], margin: int = _AROUND) -> list[tuple[int, int]]:
    """Return the parts of a text around some places, in order, each whole lines or, in long ones, whole words."""
    parts: list[tuple[int, int]] = []
    for place in places:
        if parts and place - margin <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(parts[-1][1], place + margin))
        else:
            parts.append((max(place - margin, 0), place + margin))
    whole: list[tuple[int, int]] = []
    for start, end in parts:
        start, end = opening(text, start), closing(text, min(end, len(text)))
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def widest(text: str) -> int:
    """Return the length of the longest line: lines as long as it may go on in the next one."""
    return max(map(len, text.split("\n")))


def opening(text: str, position: int) -> int:
    """Return where the line of a position begins; in a line that is very long, the word."""
    line = text.rfind("\n", max(position - _LONGEST_LINE, 0), position)
    return (line if line >= 0 else max(text.rfind("\n", 0, position), text.rfind(" ", 0, position))) + 1


def closing(text: str, position: int) -> int:
    """Return where the line of a position ends; in a line that is very long, the word."""
    line = text.find("\n", position, position + _LONGEST_LINE)
    if line >= 0:
        return line
    ends = [end for end in (text.find("\n", position), text.find(" ", position)) if end >= 0]
    return min(ends, default=len(text))


class Reading:
    """A text, and where each of its characters stood in the one it was made of."""

    def __init__(
        self, text: str, parent: Reading | None = None, units: _Units | None = None, offset: int = 0
    ) -> None:
        self.text = text
        self._parent = parent
        self._units = units
        self._offset = offset

    def parts(self) -> list[tuple[int, int]]:
        """Return the parts that read otherwise than in the text it was made of; all of it where it was made of none."""
        if self._units is None:
            return [(0, len(self.text))]
        return around(self.text, self._units.ends)

    def unescaped(self) -> Reading | None:
        """The text with one layer of escapes undone; None when there are none."""
        if self.text.isascii() and not any(mark in self.text for mark in _MARKS):
            return None
        return self._replaced(_ESCAPE(), _plain)

    def without_mail_escapes(self) -> Iterator[Reading]:
        """The parts of the text that mail may have gone through, with quoted-printable undone: soft line breaks above all."""
        marks = [mark.start() for mark in _MAIL_MARK().finditer(self.text)] if "=" in self.text else []
        sure = [mark for mark in marks if not _WHOLE_KEY().search(self.text, max(mark - 44, 0), mark)]
        for start, end in around(self.text, marks, _MARGIN_OF_MAIL):
            if not any(start <= mark < end for mark in sure):
                continue  # lines that end with the padding of a key: joined, the key would take the next word along
            part = self if end - start == len(self.text) else self._part(start, end)
            if (undone := part._replaced(_QUOTED_PRINTABLE(), _plain)) is not None:
                yield undone

    def unwrapped(self) -> Reading | None:
        """The text with lines joined that look like one long line cut in two; None when there are none."""
        return self._joined(
            (before.start(), match.end())
            for match in _WRAPPED().finditer(self.text)
            if (before := self._end_of_line(_BEFORE_WRAP(), match.start())) is not None
        )

    def refilled(self) -> Reading | None:
        """The text with lines joined that surely were one: literals that code joins, lines as wide as a screen."""
        return self._joined(sorted({*self._literals(), *self._full_lines()}))

    def _literals(self) -> Iterator[tuple[int, int]]:
        for match in _LITERAL().finditer(self.text):
            before = self._end_of_line(_BEFORE_LITERAL(), match.start())
            if before is not None and before.group(1) == match.group(1):
                yield before.start(), match.end()

    def _full_lines(self) -> Iterator[tuple[int, int]]:
        lines = self.text.split("\n")
        width = widest(self.text)
        position = -1
        for line in lines if _NARROWEST <= width <= _WIDEST else ():
            position += len(line) + 1
            if len(line) == width and (match := _FULL_LINE_GOES_ON().match(self.text, position)):
                yield match.start(), match.end()

    def _end_of_line(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """What a line ends with, found in the last characters before its break."""
        return pattern.search(self.text, max(position - _LONGEST_END, 0), position)

    def _part(self, start: int, end: int) -> Reading:
        return Reading(self.text[start:end], self, None, start)

    def _joined(self, places: Iterable[tuple[int, int]]) -> Reading | None:
        """The text without what stands between the ends of some places."""
        parts: list[str] = []
        units = _Units([], [], [])
        position = length = 0
        for start, end in places:
            if start < position:
                continue
            parts.append(self.text[position:start])
            length += start - position
            position = end
            units.add(length, start, end)
        parts.append(self.text[position:])
        return Reading("".join(parts), self, units) if units.ends else None

    def _replaced(self, pattern: re.Pattern[str], plain: Callable[[re.Match[str]], str]) -> Reading | None:
        parts: list[str] = []
        units = _Units([], [], [])
        position = length = 0
        for match in pattern.finditer(self.text):
            character = plain(match)
            length += match.start() - position + len(character)
            parts += (self.text[position : match.start()], character)
            position = match.end()
            units.add(length, match.start(), position)
        if not units.ends:
            return None
        parts.append(self.text[position:])
        return Reading("".join(parts), self, units)

    def in_original(self, span: Span) -> Span:
        """The span in the text this reading was made of."""
        if self._parent is None:
            return span
        if self._units is None:
            moved = Span(span.start + self._offset, span.end + self._offset, span.kind)
            return self._parent.in_original(moved)
        start, end = self._units.source(span.start), self._units.source(span.end - 1, is_end=True)
        return self._parent.in_original(Span(start, end, span.kind))


@dataclass(slots=True)
class _Units:
    """Where text was replaced: end in the new text, start and end in the old."""

    ends: list[int]
    starts: list[int]
    source_ends: list[int]

    def add(self, end: int, start: int, source_end: int) -> None:
        """Take one more place, behind the others."""
        self.ends.append(end)
        self.starts.append(start)
        self.source_ends.append(source_end)

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
    if kind in ("unseen", "soft"):
        return ""
    if kind == "shell":
        return "'"
    return chr(int(match.group(str(kind)), 16))
