"""Take secrets out of a text: the one boundary before anything is matched, printed, stored or logged.

People paste keys: in connection strings, SAS tokens, debug output, JSON that was escaped twice, URLs. What is secret
is found in the text as it stands and in readings of it with escapes undone and wrapped lines joined; the places found
are cut out of the original, so everything else stays as it was pasted. What is needed to help stays too: ``HostName``,
``DeviceId``, ``SharedAccessKeyName``, the ``sr``, ``se`` and ``skn`` of a token, thumbprints, tracking ids.

Every pattern runs in time linear in the text: a run of characters is bounded or can only start in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.bare_keys import bare_keys, encoded
from bot.hints import Hinted
from bot.readings import Reading, Span, around, readings, widest
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
_DEEPEST = 2
_REPEATED_FROM = 12
"""A value of this length found once as a secret is cut out wherever else it stands."""
_MOST_REPEATED = 24
_LONGEST_PRIVATE_KEY = 20_000


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets, and what kinds were in it."""

    text: str
    kinds: tuple[str, ...]
    """Each once, in the order of the text: ``("shared-access-key", "signature")``."""


def redact(text: str) -> Redacted:
    """Return the text with every secret replaced by ``[redacted:{kind}]``; redacting twice changes nothing more."""
    kinds: dict[str, None] = {}
    spans = _merged(_spans(text))
    for _ in range(_MOST_PASSES):
        if not spans:
            break
        kinds |= dict.fromkeys(span.kind for span in spans)
        width = widest(text)
        text, cuts = _cut(text, spans)
        # A cut can free a neighbour that only its surroundings had hidden; elsewhere all is as it was.
        is_freed = width != widest(text) or any(_spans(text[a:b]) for a, b in around(text, cuts))
        spans = _merged(_spans(text)) if is_freed else []
    return Redacted(text, tuple(kinds))


def unmarked(text: str) -> str:
    """Return a redacted text without the marks: what was taken out is no word to look for."""
    return _MARKS.sub(" ", text)


def _cut(text: str, spans: Iterable[Span]) -> tuple[str, list[int]]:
    """The text with marks in the place of spans, and where it was cut."""
    parts: list[str] = []
    cuts: list[int] = []
    position = length = 0
    for span in spans:
        mark = f"{_MARK}{span.kind}]"
        parts += (text[position : span.start], mark)
        length += span.start - position + len(mark)
        cuts.append(length)
        position = span.end
    parts.append(text[position:])
    return "".join(parts), cuts


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping places as one, of the kind of the widest."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            kind = last.kind if last.end - last.start >= span.end - span.start else span.kind
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append(span)
    return merged


def _spans(text: str, depth: int = 0) -> list[Span]:
    """Places of secrets in the text, found in every reading of it; ``depth`` counts the layers of base64 around it."""
    found: list[Span] = []
    values: dict[str, str] = {}
    as_read = readings(text)
    for reading in as_read:
        for seen, is_joined in ((reading, False), (reading.refilled(), False), (reading.unwrapped(), True)):
            if seen is None:
                continue
            for start, end in seen.parts():
                for within in _search(seen.text[start:end], is_joined=is_joined, depth=depth):
                    span = Span(within.start + start, within.end + start, within.kind)
                    values.setdefault(seen.text[span.start : span.end], span.kind)
                    found.append(seen.in_original(span))
    found.extend(_repeated(as_read, values))
    return [span for span in found if span.end > span.start and not text.startswith(_MARK, span.start)]


def _repeated(as_read: Iterable[Reading], values: dict[str, str]) -> Iterator[Span]:
    """Further places where a value stands that was recognised as secret by what stood around it elsewhere."""
    known = [value for value in values if len(value) >= _REPEATED_FROM][:_MOST_REPEATED]
    for reading in as_read:
        for value in known:
            at = reading.text.find(value)
            while at >= 0:
                yield reading.in_original(Span(at, at + len(value), values[value]))
                at = reading.text.find(value, at + len(value))


def _search(text: str, *, is_joined: bool, depth: int) -> Iterator[Span]:
    """Places of secrets in one reading; where lines may have been joined only what has a known length counts."""
    hinted = Hinted(text)
    for pattern in EXACT if is_joined else PATTERNS:
        for start, end in hinted.parts(pattern.hints):
            yield from _matches(pattern, text, start, end)
    yield from bare_keys(text, is_joined=is_joined)
    if depth < _DEEPEST:
        yield from encoded(text, lambda inside: bool(_spans(inside, depth + 1)))
    if is_joined:
        return
    if "sharedaccesssignature" in hinted:
        yield from _tokens(text)
    if "key-----" in hinted:
        yield from _private_keys(text)


def _matches(pattern: SecretPattern, text: str, start: int, end: int) -> Iterator[Span]:
    for match in pattern.regex.finditer(text, start, end):
        if match.group(1):
            yield Span(match.start(1), match.end(1), pattern.kind)


def _tokens(text: str) -> Iterator[Span]:
    """Values of a SAS token's fields, but for those that say whom and until when it is for."""
    for match in SAS.finditer(text):
        position = match.start(1)
        for part in match.group(1).split("&"):
            name, equals, value = part.partition("=")
            start = position + len(name) + len(equals)
            if equals and value and name.strip().lower() not in SAS_KEPT:
                yield Span(start, start + len(value), "signature")
            position += len(part) + 1


def _private_keys(text: str) -> Iterator[Span]:
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
        yield Span(start, end - len(text[start:end]) + len(text[start:end].rstrip()), "private-key")


def _length_of_body(lines: Iterable[str]) -> int:
    """Characters of the lines that can only be inside a PEM block."""
    length = 0
    for number, line in enumerate(lines):
        if (number == 0 and not line.strip()) or PRIVATE_KEY_LINE.fullmatch(line):
            length += len(line)
        else:
            break
    return length
