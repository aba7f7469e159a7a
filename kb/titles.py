"""Titles that tell the entries of an article apart: "Cause" three times over helps nobody to choose."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.model import Entry
from kb.sections import Section

_MOST = 80
"""Characters of a message that a title may end with."""


def told_apart(entries: Sequence[Entry], article: Section, colon: str) -> list[Entry]:
    """Return the entries; of those with one title each has the heading above its own too, or the message it is about."""
    above = _headings_above(article)
    alike: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        alike.setdefault(entry.title, []).append(number)
    found = list(entries)
    for numbers in alike.values():
        for number, title in _titles([entries[number] for number in numbers], numbers, above, colon):
            found[number] = replace(entries[number], title=title)
    return found


def _titles(
    alike: Sequence[Entry], numbers: Sequence[int], above: dict[int, str], colon: str
) -> Iterator[tuple[int, str]]:
    """Yield the numbers of entries whose title is not enough, each with a new one; none where nothing tells them apart."""
    headings = [above.get(entry.line, "") for entry in alike]
    messages = [_message_of(entry) for entry in alike]
    title = alike[0].title
    if len(set(headings)) > 1:
        for number, heading in zip(numbers, headings, strict=True):
            if heading not in ("", title):
                yield number, f"{heading}{colon} {title}"
    elif len(alike) > 1 and all(messages) and len(set(messages)) == len(alike):
        for number, message in zip(numbers, messages, strict=True):
            yield number, f"{title}{colon} {message}"


def _headings_above(article: Section) -> dict[int, str]:
    """By the line of a heading the one above it, where that says something else and is not the article's title."""
    return {
        child.line: section.title
        for section in article.walk()
        for child in section.children
        if section.title not in (child.title, article.title)
    }


def _message_of(entry: Entry) -> str:
    return textwrap.shorten(entry.messages[0].text, _MOST, placeholder="…") if entry.messages else ""
