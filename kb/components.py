"""Components of MDX and JSX in a text: where a tag ends, what it says of itself, the text without them.

An attribute may hold braces, quotes and ``>`` and run over many lines, which no regular expression follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_OPEN = re.compile(r"<(/?)([A-Za-z][\w.]*)(?=[\s/>]|$)")
_ATTRIBUTE = re.compile(
    r"""\b(type|kind|style|variant|color|title|label|name|summary|question)=\{?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"'`{}]+))"""
)
_COMPOUND = re.compile(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[A-Z]{2,}[a-z]\w*")
"""``SimpleTab``, ``FAIcon``: names that no placeholder of one word has."""
_TICKS = re.compile(r"(`+[^`]*`+)")
_LITERAL = re.compile(r"=\{`[^`]*`\}")
_VALUE = re.compile(r"\s[\w-]+=(?=\{)")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag in a text."""

    start: int
    end: int
    name: str
    attributes: str
    is_closing: bool
    is_empty: bool
    """Whether it closes itself: ``<Icon/>``."""

    @property
    def told(self) -> dict[str, str]:
        """What its attributes say to a reader: its title, its kind."""
        return {name: next(filter(None, values), "") for name, *values in _ATTRIBUTE.findall(self.attributes)}

    @property
    def title(self) -> str:
        """The words over what it holds, empty where it has none."""
        told = self.told
        return (
            told.get("title") or told.get("label") or told.get("question") or told.get("summary") or ""
        ).strip()


def tags(text: str) -> Iterator[Tag]:
    """Yield the tags that stand whole in a text, in order."""
    position = 0
    while match := _OPEN.search(text, position):
        end = _end(text, match.end())
        if end < 0:
            position = match.end()
            continue
        inside = text[match.end() : end - 1]
        is_empty = inside.endswith("/")
        yield Tag(
            match.start(), end, match.group(2), inside.removesuffix("/"), bool(match.group(1)), is_empty
        )
        position = end


def is_unfinished(text: str) -> bool:
    """Tell whether the last tag of a text goes on in the next line."""
    last = None
    for match in _OPEN.finditer(text):
        last = match
    return last is not None and _end(text, last.end()) < 0


def alone(text: str) -> tuple[Tag, ...]:
    """Return the tags of a line that holds nothing else, none where it does."""
    found = tuple(tags(text)) if text.lstrip().startswith("<") else ()
    rest, position = "", 0
    for tag in found:
        rest += text[position : tag.start]
        position = tag.end
    return () if (rest + text[position:]).strip() else found


def named_in(lines: Sequence[str]) -> frozenset[str]:
    """Return the names that are components in a document which does not say that it holds any.

    ``<SimpleTab>`` is one where ``</SimpleTab>`` stands on a line too, or where it closes itself; ``<ClientId>`` is a placeholder.
    """
    opened: set[str] = set()
    closed: set[str] = set()
    for line in lines:
        if "<" not in line:
            continue
        for tag in tags(_TICKS.sub(" ", line)):
            if tag.is_empty and _COMPOUND.fullmatch(tag.name):
                opened.add(tag.name)
                closed.add(tag.name)
        for tag in alone(line):
            (closed if tag.is_closing else opened).add(tag.name)
    return frozenset(name for name in opened & closed if _COMPOUND.fullmatch(name))


def without(text: str, is_component: Callable[[str], bool]) -> str:
    """Return a line without the components in it and without the attributes of HTML that only JSX understands."""

    def cleaned(piece: str) -> str:
        found, position = "", 0
        for tag in tags(piece):
            found += piece[position : tag.start]
            position = tag.end
            if is_component(tag.name):
                continue
            shown = piece[tag.start : tag.end]
            found += _plain(tag) if "={" in tag.attributes else shown
        return found + piece[position:]

    return _outside_code(_LITERAL.sub('=""', text) if "={`" in text else text, cleaned)


def _plain(tag: Tag) -> str:
    """A tag without the attributes whose value is code."""
    attributes = tag.attributes
    while match := _VALUE.search(attributes):
        end = _braces_end(attributes, match.end())
        attributes = attributes[: match.start()] + (attributes[end:] if end > 0 else "")
    return f"<{'/' * tag.is_closing}{tag.name}{attributes}{'/' * tag.is_empty}>"


def _end(text: str, position: int) -> int:
    """Return the position behind the ``>`` that ends a tag, -1 where it is not ended."""
    while position < len(text):
        char = text[position]
        if char == ">":
            return position + 1
        if char == "{":
            position = _braces_end(text, position)
            if position < 0:
                return -1
            continue
        if char in "\"'" and text[position - 1] == "=":
            closing = text.find(char, position + 1)
            if closing < 0:
                return -1
            position = closing
        elif char == "<":
            return -1
        position += 1
    return -1


def _braces_end(text: str, position: int) -> int:
    """Return the position behind the brace that closes the one here, -1 where none does."""
    depth = 0
    for index in range(position, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if not depth:
            return index + 1
    return -1


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    """Change a line where it is no inline code."""
    if "`" not in line:
        return change(line)
    return "".join(piece if piece.startswith("`") else change(piece) for piece in _TICKS.split(line))
