"""What a document is made of, whatever wrote it down: blocks that hold spans, each block with its line.

    Heading · Paragraph · CodeBlock · Quote · Bullets · Table       blocks
    Span(kind)                                                      text, code, strong, emphasis, link, image, break

:mod:`kb.markdown` makes them from source, :mod:`kb.rendering` writes them as clean Markdown or plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

_BLANKS = re.compile(r"[ \t\r\n]+")
"""Not the blank that French puts before a colon: that one stays."""


class SpanKind(Enum):
    """What a piece of running text is."""

    TEXT = 1
    CODE = 2
    STRONG = 3
    EMPHASIS = 4
    LINK = 5
    IMAGE = 6
    BREAK = 7
    """A line ended on purpose."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of running text; ``spans`` are inside strong text, emphasis and links."""

    kind: SpanKind
    text: str = ""
    spans: tuple[Span, ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the name its author gave it, if any."""

    level: int
    spans: tuple[Span, ...]
    line: int
    anchor: str = ""
    """From ``<a name="…">`` or ``{#…}``; empty where only the words name it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: tuple[Span, ...]
    line: int


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text to be taken as it stands."""

    text: str
    language: str
    line: int
    lines: tuple[int, ...]
    """Line of each line of the text."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote, or an alert such as ``[!NOTE]``."""

    blocks: tuple[Block, ...]
    line: int
    alert: str = ""
    """``"note"``, ``"tip"``, ``"important"``, ``"warning"``, ``"caution"``…; empty for a plain quote."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each item being blocks."""

    items: tuple[tuple[Block, ...], ...]
    line: int
    start: int | None = None
    """First number of a numbered list; None where it has none."""
    is_tight: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a header and rows of cells, every row as wide as the header."""

    header: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    line: int
    row_lines: tuple[int, ...]
    """Line of each row."""


Block = Heading | Paragraph | CodeBlock | Quote | Bullets | Table


def text(spans: Iterable[Span]) -> str:
    """Return running text without its marks, blanks single."""
    return _BLANKS.sub(" ", "".join(_pieces(spans))).strip(" ")


def lines(spans: Iterable[Span]) -> list[str]:
    """Return running text as the lines its author broke it into, empty ones left out."""
    pieces = "".join(_pieces(spans)).split("\n")
    return [line for piece in pieces if (line := _BLANKS.sub(" ", piece).strip())]


def _pieces(spans: Iterable[Span]) -> Iterator[str]:
    for span in spans:
        if span.kind in (SpanKind.TEXT, SpanKind.CODE):
            yield span.text
        elif span.kind is SpanKind.BREAK:
            yield "\n"
        elif span.kind is not SpanKind.IMAGE:
            yield from _pieces(span.spans)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block, outer ones before those inside."""
    for block in blocks:
        yield block
        if isinstance(block, Quote):
            yield from walk(block.blocks)
        elif isinstance(block, Bullets):
            for item in block.items:
                yield from walk(item)


def runs(block: Block) -> Iterator[tuple[Span, ...]]:
    """Yield the running texts that stand directly in a block."""
    if isinstance(block, Heading | Paragraph):
        yield block.spans
    elif isinstance(block, Table):
        yield from block.header
        for row in block.rows:
            yield from row


def spans_in(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield every span, outer ones before those inside."""
    for span in spans:
        yield span
        yield from spans_in(span.spans)


def plain(blocks: Iterable[Block]) -> str:
    """Return the words of blocks, one block a line: to count and compare, not to show."""
    found: list[str] = []
    for block in walk(blocks):
        if isinstance(block, CodeBlock):
            found.append(block.text)
        else:
            found.extend(text(run) for run in runs(block))
    return "\n".join(piece for piece in found if piece)


def n_words(blocks: Iterable[Block]) -> int:
    """Return how many words blocks hold; a Chinese or Japanese character counts as half a word."""
    return n_words_in(plain(blocks), characters_a_word=2)


def n_words_in(text: str, *, characters_a_word: int) -> int:
    """Return how many words a text holds; of scripts without blanks between words, so many characters are one."""
    dense = sum(1 for char in text if "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af")
    return len(text.split()) + dense // characters_a_word
