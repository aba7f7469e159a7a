"""A pasted text as it reads once escapes are undone and cut lines joined, and where each of its characters came from.

Secrets are looked for in every reading; what is found is cut out of the original, so everything else stays as it was.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_MOST_READINGS = 8


def later(source: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return what gives a pattern, compiled when it is first needed: most questions need few of them."""
    return cache(lambda: re.compile(source, flags))


_ESCAPE = later(
    r"""
      %(?P<percent>[0-7][0-9A-Fa-f])
    | \\+(?P<char>["'/\\=:;&+,])
    | \\+u00(?P<unicode>[0-7][0-9A-Fa-f])
    | \\+x(?P<hex>[0-7][0-9A-Fa-f])
    | (?P<newline>\\+r\\+n|\\+[nr])
    | (?P<entity>&(?:amp|quot|apos|lt|gt|sol|plus|equals|\#\d{2,3}|\#[xX][0-9A-Fa-f]{2});)
    | (?P<unseen>\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00])
    """,
    re.VERBOSE,
)
_MARGIN = r"[ \t>|]{0,40}"
PREFIX = rf"""
    {_MARGIN}
    (?:
        \[?\d{{4}}-\d\d-\d\d\S{{0,24}}[ \t](?:\d\d:\S{{0,14}}[ \t])?(?:\[?[A-Z]{{3,8}}\]?:?[ \t]{{1,4}})?   # the prefix of a log line
      | [A-Z][a-z]{{2}}[ ]{{1,2}}\d{{1,2}}[ ]\d\d:\d\d:\d\d[ ]\S{{1,64}}[ ]\S{{1,64}}:[ ]                        # of syslog
      | [\w.-]{{1,48}}[ ]{{1,8}}\|[ ]                                                                      # of docker compose
      | \d{{1,6}}[:|][ \t]{{0,4}}                                                                         # a line number
    )?
    (?:[fbru]?["'])?
"""
"""What may stand at the beginning of a line before that on which a cut one goes on."""
CUT = r"""(?:["'][ \t]{0,40}[+.]?|[ \t]{0,40}[\\^`]?)[ \t]{0,8}\r?\n"""
"""The end of a line that a screen cut, or that ends in one of two literals that code joins."""
_WRAP = later(rf"(?<=[^\s]{{20}}){CUT}{PREFIX}(?=[A-Za-z0-9+/_=%.-])", re.VERBOSE)
_LITERALS = r"(?<=[^\s])(?P<quote>[\"'])[ \t]{0,40}[+\\]?[ \t]{0,8}\r?\n[ \t]{0,80}[+.]?[ \t]{0,4}[fbru]?(?P=quote)(?=\S)"
_NARROWEST, _WIDEST = 20, 1000
_QUOTED_PRINTABLE = later(rf"=(?:(?P<hex>[0-7][0-9A-F])|(?P<soft>[ \t]{{0,8}}\r?\n{PREFIX}))", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text, and the kind of secret that stands there."""

    start: int
    end: int
    kind: str


def readings(text: str) -> list[Reading]:
    """Return the text as it stands and as it reads with ever more layers of escapes undone, those of mail too."""
    found = [Reading(text)]
    seen = {text}
    for reading in found:
        for simpler in (reading.unescaped(), reading.without_mail_escapes()):
            if simpler is not None and simpler.text not in seen and len(found) < _MOST_READINGS:
                seen.add(simpler.text)
                found.append(simpler)
    return found


class Reading:
    """A text, and where each of its characters stood in the one it was made of."""

    def __init__(self, text: str, parent: Reading | None = None, units: _Units | None = None) -> None:
        self.text = text
        self._parent = parent
        self._units = units

    def unescaped(self) -> Reading | None:
        """The text with one layer of escapes undone; None when there are none."""
        if not any(mark in self.text for mark in ("%", "\\", "&", "\x1b", "\x00")) and self.text.isascii():
            return None
        return self._replaced(_ESCAPE(), _plain)

    def without_mail_escapes(self) -> Reading | None:
        """The text with quoted-printable undone, soft line breaks above all; None when there is none."""
        if "=3D" not in self.text and "=\n" not in self.text and "=\r\n" not in self.text:
            return None
        return self._replaced(_QUOTED_PRINTABLE(), _plain)

    def unwrapped(self) -> Reading | None:
        """The text with lines joined that look like one long line cut in two; None when there are none."""
        return self._replaced(_WRAP(), lambda _match: "") if "\n" in self.text else None

    def refilled(self) -> Reading | None:
        """The text with lines joined that surely were one: literals that code joins, lines as wide as a screen."""
        if "\n" not in self.text:
            return None
        width = max(map(len, self.text.split("\n")))
        full = (
            rf"(?<=[^\n]{{{width}}})\n(?:>[ \t]?){{0,8}}(?=\S)" if _NARROWEST <= width <= _WIDEST else r"(?!)"
        )
        return self._replaced(re.compile(f"{_LITERALS}|{full}"), lambda _match: "")

    def _replaced(self, pattern: re.Pattern[str], plain: Callable[[re.Match[str]], str]) -> Reading | None:
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
        return Reading("".join(parts), self, units)

    def in_original(self, span: Span) -> Span:
        """The span in the text this reading was made of."""
        if self._parent is None or self._units is None:
            return span
        start, end = self._units.source(span.start), self._units.source(span.end - 1, is_end=True)
        return self._parent.in_original(Span(start, end, span.kind))


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
    if kind in ("unseen", "soft"):
        return ""
    return chr(int(match.group(str(kind)), 16))
