"""Lines of a terminal: text that wraps to the width, code that does not.

A page is a tuple of :class:`Line`; views make pages out of values, :class:`Page` hands them to rich. Code stands on lines of
its own and is neither wrapped nor padded, however deep in a list: a command is copied as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from bot.printable import printable
from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind
from kb.markdown import parse

TITLE = "bold"
LABEL = "bold cyan"
QUIET = "dim"
_STYLES = {SpanKind.CODE: "bold", SpanKind.STRONG: "bold", SpanKind.EMPHASIS: "italic"}
_NARROWEST = 20
_WIDEST_CELL = 60
_STEP = "  "
_BEFORE_MARK = re.compile(r"(?<=\w) (?=[:;!?»](?:\s|$))|(?<=«) ")
_HELD = {0xA0: 0xE000, 0x202F: 0xE001}
_LET_GO = {held: blank for blank, held in _HELD.items()}
"""Blanks that hold together stand for letters of private use while lines are broken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a page, or one line of code."""

    text: Text
    first: str = ""
    """What stands before it: an indent, a bullet, a number."""
    rest: str = ""
    """What stands before the lines it is wrapped into."""
    is_code: bool = False
    needs: int = 0
    """Columns without which ``otherwise`` is shown in its place."""
    otherwise: tuple[Line, ...] = ()

    def within(self, indent: str) -> Line:
        """The line further to the right."""
        return replace(
            self,
            first=indent + self.first,
            rest=indent + self.rest,
            otherwise=tuple(one.within(indent) for one in self.otherwise),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Lines as rich prints them."""

    lines: tuple[Line, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in _fitting(self.lines, options.max_width):
            if (
                not line.is_code
                and line.rest.isspace()
                and cell_len(line.rest) + _NARROWEST > options.max_width
            ):
                yield Segment(
                    line.first.rstrip()
                )  # columns as wide as the terminal: what follows them goes below
                yield Segment.line()
                line = replace(line, first=_STEP, rest=_STEP)
            width = max(options.max_width - max(cell_len(line.first), cell_len(line.rest)), _NARROWEST)
            pieces: Iterable[Text] = [line.text] if line.is_code else _wrapped(line.text, console, width)
            prefix = line.first
            for piece in pieces:
                piece.rstrip()
                yield Segment(prefix if piece.plain else prefix.rstrip())
                yield from piece.render(console)
                yield Segment.line()
                prefix = line.rest


def _fitting(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Yield the lines, what is too wide for the terminal in its other shape."""
    for one in lines:
        if one.needs and cell_len(one.first) + one.needs > width:
            yield from one.otherwise
        else:
            yield one


def _wrapped(text: Text, console: Console, width: int) -> list[Text]:
    """Break a text into lines, and never before a colon of French nor at any other blank that holds together."""
    plain = _BEFORE_MARK.sub("\xa0", text.plain)
    if "\xa0" not in plain and "\u202f" not in plain:
        return list(text.wrap(console, width))
    held = text.copy()
    held.plain = plain.translate(_HELD)  # rich breaks at every blank that Unicode knows
    pieces = list(held.wrap(console, width))
    for piece in pieces:
        piece.plain = piece.plain.translate(_LET_GO)
    return pieces


def line(text: str, style: str = "") -> Line:
    """Return a line of text in one style."""
    return styled((text, style))


def styled(*pieces: tuple[str, str]) -> Line:
    """Return a line of pieces, each with its style; as spans, since rich drops the style of a whole text."""
    return Line(Text.assemble(*((printable(text), style) for text, style in pieces)))


def as_it_stands(one: Line) -> Line:
    """Return the line so that it is not wrapped: an address or a command stays whole."""
    return replace(one, is_code=True)


def gap() -> Line:
    """Return an empty line."""
    return Line(Text())


def indented(lines: Iterable[Line], by: int = 2) -> Iterator[Line]:
    """Yield lines further to the right."""
    return (one.within(" " * by) for one in lines)


def markdown(source: str) -> list[Line]:
    """Return the lines of a text in Markdown."""
    return _blocks(parse(printable(source)).blocks)


def columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Line]:
    """Return a table: as columns where their cells are short, a line a cell where they are not."""
    cells = [[_flat(cell) for cell in row] for row in rows]
    return _table([_flat(cell) for cell in header], cells)


def _blocks(blocks: Iterable[Block], *, is_tight: bool = False) -> list[Line]:
    found: list[Line] = []
    for block in blocks:
        lines = _block(block)
        if found and lines and not is_tight:
            found.append(gap())
        found += lines
    return found


def _block(block: Block) -> list[Line]:
    if isinstance(block, Paragraph):
        return [Line(part) for part in _text(block.spans).split("\n")]
    if isinstance(block, Heading):
        heading = _text(block.spans)
        heading.stylize(TITLE)
        return [Line(heading)]
    if isinstance(block, CodeBlock):
        return [
            Line(Text.assemble((code, "bold")), "  ", "  ", is_code=True) for code in block.text.split("\n")
        ]
    if isinstance(block, Quote):
        return [one.within("│ ") for one in _blocks(block.blocks)]
    if isinstance(block, Bullets):
        return _bullets(block)
    return _table(
        [_text(cell).plain for cell in block.header],
        [[_text(cell).plain for cell in row] for row in block.rows],
    )


def _bullets(block: Bullets) -> list[Line]:
    found: list[Line] = []
    last = (block.start or 0) + len(block.items) - 1
    for number, item in enumerate(block.items, block.start or 0):
        mark = "• " if block.start is None else f"{number}.".rjust(len(str(last)) + 1) + " "
        indent = " " * len(mark)
        if found and not block.is_tight:
            found.append(gap())
        for place, one in enumerate(_blocks(item, is_tight=block.is_tight)):
            if one.is_code and place == 0:
                found.append(Line(Text(mark.rstrip())))
            found.append(
                one.within(indent)
                if place or one.is_code
                else replace(one, first=mark + one.first, rest=indent + one.rest)
            )
    return found


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Line]:
    widths = [max(map(cell_len, column)) for column in zip(header, *rows, strict=True)]
    narrow = widths[:-1]
    # A name in the last column may be as long as it is: nothing stands behind it that it could push away.
    is_name = not any(" " in row[-1].strip() for row in rows if row)
    fits = max(narrow, default=0) <= _WIDEST_CELL and sum(narrow) + 2 * len(narrow) <= 60 and is_name
    if widths and (fits or (max(widths) <= _WIDEST_CELL and sum(widths) + 2 * len(widths) <= 100)):
        first, *others = [
            as_it_stands(
                styled(("  ".join(_padded(c, w) for c, w in zip(row, widths, strict=True)).rstrip(), style))
            )
            for row, style in [(header, LABEL), *((row, "") for row in rows)]
        ]
        if is_name:
            return [first, *others]
        needs = sum(widths) + 2 * (len(widths) - 1)
        below = [
            (*([gap()] if place and any(header) else []), *_a_line_a_cell(header, [row]))
            for place, row in enumerate(rows)
        ]
        return [
            replace(one, needs=needs, otherwise=instead)
            for one, instead in zip([first, *others], [(), *below], strict=True)
        ]
    return _a_line_a_cell(header, rows)


def _a_line_a_cell(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Line]:
    found: list[Line] = []
    for row in rows:
        if not any(header):  # a list of what one can type, and what it does
            *named, told = row
            found += [styled(("  ".join(filter(None, named)), "")), line(told).within(_STEP)]
            continue
        if found:
            found.append(gap())
        found += [
            styled((f"{name}: " if name else "", LABEL), (cell, ""))
            for name, cell in zip(header, row, strict=True)
            if cell
        ]
    return found


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))


def _flat(text: str) -> str:
    return " ".join(printable(text).split())


def _text(spans: Iterable[Span]) -> Text:
    text = Text()
    for span in spans:
        if span.kind is SpanKind.TEXT:
            text.append(span.text)
        elif span.kind is SpanKind.BREAK:
            text.append("\n")
        elif span.kind is SpanKind.CODE:
            text.append(span.text, _STYLES[span.kind])
        elif span.kind is SpanKind.LINK:
            inside = _text(span.spans)
            text.append_text(inside)
            if span.target and span.target != inside.plain:
                text.append(f" ({span.target})", QUIET)
        elif span.kind is not SpanKind.IMAGE:
            inside = _text(span.spans)
            inside.stylize(_STYLES[span.kind])
            text.append_text(inside)
    return text
