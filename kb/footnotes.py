"""Footnotes read where they are pointed at: an answer shows one section, whose notes stand at the end of the page.

``Close it.[^1]`` … ``[^1]: Not before noon.`` becomes ``Close it. (Not before noon)``. A note that is long, or that only
a table or heading points at, stays a paragraph where it stands. Only what has a note is a mark: ``[^a-z]`` may be a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from kb.fences import Fence, opened_by

_MARK = re.compile(r"[ \t]?\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
_TICKS = re.compile(r"(`+[^`]*`+)")
_NO_SENTENCE = re.compile(r"^\s*(?:\||#{1,6}\s)")
_BLOCK = re.compile(r"^\s*(?:[-*+>|#]|\d+[.)]\s|`{3}|~{3})")
_MOST_WORDS = 40
"""Words up to which a note may stand in parentheses."""


def translate(lines: Sequence[str], numbers: Sequence[int]) -> tuple[list[str], list[int]]:
    """Return the lines of a document with its footnotes in place, each line with that of its file."""
    if not any("[^" in line for line in lines):
        return list(lines), list(numbers)
    in_code = _in_code(lines)
    notes = _notes(lines, in_code)
    if not notes:
        return list(lines), list(numbers)
    told = {
        label
        for line, is_code in zip(lines, in_code, strict=True)
        if not is_code and not _NO_SENTENCE.match(line) and not _NOTE.match(line)
        for label in _MARK.findall(_TICKS.sub("", line))
    }
    inline = {label: text for label, (_, _, text) in notes.items() if label in told and text}
    gone = {position for label in inline for position in range(notes[label][0], notes[label][1])}
    found: list[str] = []
    kept: list[int] = []
    for position, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        if position in gone:
            continue
        if not in_code[position]:
            note = _NOTE.match(line)
            if note and note.group(1) in notes:
                line = note.group(2)
            line = _placed(line, notes.keys(), {} if _NO_SENTENCE.match(line) else inline)
        found.append(line)
        kept.append(number)
    return found, kept


def _in_code(lines: Sequence[str]) -> list[bool]:
    found: list[bool] = []
    fence: Fence | None = None
    for line in lines:
        if fence is None:
            fence = opened_by(line)
            found.append(fence is not None)
        else:
            found.append(True)
            fence = None if fence.is_closed_by(line) else fence
    return found


def _notes(lines: Sequence[str], in_code: Sequence[bool]) -> dict[str, tuple[int, int, str]]:
    """Each note by its label: the lines it takes, and its text where it is short and one paragraph."""
    found: dict[str, tuple[int, int, str]] = {}
    for position, line in enumerate(lines):
        match = None if in_code[position] else _NOTE.match(line)
        if match is None:
            continue
        end = position + 1
        while (
            end < len(lines)
            and lines[end].strip()
            and not (in_code[end] or _NOTE.match(lines[end]) or _BLOCK.match(lines[end]))
        ):
            end += 1
        text = " ".join(one.strip() for one in (match.group(2), *lines[position + 1 : end])).strip()
        behind = next((one for one in lines[end:] if one.strip()), "")
        is_whole = not behind.startswith(("    ", "\t")) and not _BLOCK.match(
            behind if behind.startswith(" ") else ""
        )
        is_short = (
            bool(text) and len(text.split()) <= _MOST_WORDS and "[^" not in text and not _BLOCK.match(text)
        )
        found.setdefault(match.group(1), (position, end, text if is_whole and is_short else ""))
    return found


def _placed(line: str, labels: Collection[str], inline: Mapping[str, str]) -> str:
    """A line with its marks replaced by their notes, the marks of other notes left out."""

    def note(match: re.Match[str]) -> str:
        label = match.group(1)
        if label in inline:
            return f" ({inline[label].rstrip('.')})"
        return "" if label in labels else match.group()

    return "".join(piece if piece.startswith("`") else _MARK.sub(note, piece) for piece in _TICKS.split(line))
