"""Tables that are not just shown: the facts of an event, and errors one a row.

| Event ID | 10854 |            | Error code | Description | Solution |
| Message Text | The string … | | 400001 InvalidProtocolVersion | … | … |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb import blocks as b
from kb import naming
from kb.blocks import Block, Bullets, Paragraph, Quote, Span, SpanKind, Table
from kb.vocabulary import Column, EventField, Vocabulary

Cell = tuple[Span, ...]

_NOTHING = {
    "", "0", "-", "--", "—", "–", "n/a", "n\\a", "na", "n.a.", "none", "néant", "aucun", "aucune", "s/o",
    "sans objet", "keine", "unknown", "varies",
}  # fmt: skip
_ESCAPES = re.compile(r"%[rntb0](?![A-Za-z0-9])")
"""Of Windows message files: line breaks and the end of the message."""
_DOUBLE_BRACE = re.compile(r"\{\{(\w+)\}(?!\})")
"""``{{1}``, which machine translation makes of ``{1}``."""
_SEE = 14
"""Words up to which a cell that holds a link only sends the reader on."""


@dataclass(frozen=True, slots=True)
class Event:
    """The facts of one event."""

    fields: tuple[tuple[Cell, Cell], ...]
    """Name and value as the article has them, without empty ones and the message."""
    message: Cell
    identifiers: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One error of a table."""

    code: Cell
    message: Cell
    description: Cell
    cause: Cell
    solution: Cell
    identifiers: tuple[str, ...]
    line: int

    @property
    def target(self) -> str:
        """Where the row's own name leads, empty when it is no link."""
        return next(
            (span.target for span in b.spans_in((*self.code, *self.message)) if span.kind is SpanKind.LINK),
            "",
        )

    @property
    def sends_to(self) -> str:
        """Where a solution that only says "see …" leads, empty when it says more."""
        return sends_to(self.solution)

    @property
    def tells(self) -> bool:
        """Whether the row says what to do or why, rather than only naming a message."""
        return bool(b.text(self.cause) or (b.text(self.solution) and not self.sends_to))


def sends_to(spans: Sequence[Span]) -> str:
    """Return the target of running text that is little more than one link."""
    links = [span for span in b.spans_in(spans) if span.kind is SpanKind.LINK]
    if len(links) != 1:
        return ""
    around = len(b.text(spans).split()) - len(b.text(links[0].spans).split())
    return links[0].target if around <= 5 or len(b.text(spans).split()) <= _SEE else ""


def read_event(table: Table, words: Vocabulary) -> Event | None:
    """Return the event a table tells of, None where it tells of none.

    Both styles are read: with a header that only says "Field | Details", and with an empty one.
    """
    if len(table.header) != 2:
        return None
    rows = [table.header, *table.rows]
    known = [(words.event_field(b.text(row[0])), row[0], row[1]) for row in rows]
    kinds = {kind for kind, _, _ in known if kind is not None}
    if sum(1 for kind, _, _ in known if kind is not None) < 3 or kinds <= {EventField.OTHER}:
        return None
    message: Cell = ()
    names: list[str] = []
    fields: list[tuple[Cell, Cell]] = []
    for kind, name, value in known:
        shown = b.text(value).strip("` ")
        if kind is None or shown.lower() in _NOTHING:
            continue
        if kind is EventField.MESSAGE:
            message = value
            continue
        fields.append((name, value))
        if kind in (EventField.EVENT_ID, EventField.SYMBOLIC_NAME):
            names += _names_of(b.lines(value))
    return Event(tuple(fields), message, tuple(dict.fromkeys(names)), table.line)


def _names_of(lines: Sequence[str]) -> list[str]:
    """The names in a cell: one a line or comma; words in a row ("RPC EXTENDED ERROR") are a description."""
    found = [piece.strip() for line in lines for piece in re.split(r"[,;]", _ESCAPES.sub("", line))]
    names = [re.sub(r"^\W+|\W+$", "", name) for name in found if name and len(name.split()) == 1]
    return [name for name in names if len(name) > 2 and name.strip("0")]


def event_blocks(event: Event, colon: str = ":") -> list[Block]:
    """Return an event as it is shown: its message as a quote, its facts as a list."""
    found: list[Block] = []
    if event.message:
        paragraphs = [
            Paragraph((Span(SpanKind.TEXT, line),), event.line) for line in message_lines(event.message)
        ]
        found.append(Quote(tuple(paragraphs), event.line))
    items = tuple(
        ((Paragraph((Span(SpanKind.TEXT, f"{b.text(name)}{colon} "), *value), event.line),) if name else ())
        for name, value in event.fields
    )
    if items:
        found.append(Bullets(tuple(item for item in items if item), event.line))
    return found


def message_lines(spans: Sequence[Span]) -> list[str]:
    """Return the lines of a message cell, without the escapes of Windows message files."""
    mended = (_DOUBLE_BRACE.sub(r"{\1}", _ESCAPES.sub(" ", line)) for line in b.lines(spans))
    return [cleaned for line in mended if (cleaned := " ".join(line.split()))]


def read_rows(table: Table, words: Vocabulary) -> tuple[Row, ...]:
    """Return the errors of a table, one a row; empty where the table is something else.

    It is one when a column says codes or messages and another says what they mean, why they come or what to do, and
    most rows do name an error.
    """
    columns = _columns(table, words)
    if columns is None:
        return ()
    rows: list[Row] = []
    for cells, line in zip(table.rows, table.row_lines, strict=True):
        parts = {kind: cells[position] for kind, position in columns.items()}
        code, message = parts.get(Column.CODE, ()), parts.get(Column.MESSAGE, ())
        names = naming.declared(b.text(code)) or (naming.declared(b.text(message)) if not code else ())
        if not b.text((*code, *message)):
            continue
        rows.append(
            Row(
                code,
                message,
                parts.get(Column.DESCRIPTION, ()),
                parts.get(Column.CAUSE, ()),
                parts.get(Column.SOLUTION, ()),
                names,
                line,
            )
        )
    named = sum(1 for row in rows if row.identifiers)
    if Column.MESSAGE in columns and (Column.SOLUTION in columns or Column.CAUSE in columns):
        return tuple(rows)
    return tuple(rows) if named and named * 2 >= len(rows) else ()


def _columns(table: Table, words: Vocabulary) -> dict[Column, int] | None:
    """Position of each kind of column; None where the table is not one of errors."""
    found: dict[Column, int] = {}
    for position, title in enumerate(table.header):
        kind = words.column(b.text(title))
        if kind is not None and kind not in found:
            found[kind] = position
    if not table.rows:
        return None
    if Column.CODE not in found and found and 0 not in found.values() and _are_codes(table):
        found[Column.CODE] = 0  # "Reason | Explanation": the first column holds codes whatever it is called
    if Column.CODE not in found and Column.MESSAGE not in found:
        return None
    others = found.keys() - {Column.CODE} if Column.CODE in found else found.keys() - {Column.MESSAGE}
    return found if others else None


def _are_codes(table: Table) -> bool:
    """Whether most cells of the first column are a name and nothing else."""
    cells = [b.text(row[0]) for row in table.rows]
    return (
        sum(1 for cell in cells if cell and naming.declared(cell) and naming.is_only_names(cell)) * 4
        >= len(cells) * 3
    )
