"""HTML that stands for a block Markdown has itself: a table as a pipe table, preformatted text as a fenced block."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_BLANKS = re.compile(r"[ \t\r\n]+")
_CODE_TAGS = re.compile(r"</?(?:pre|code|span|b|i|em|strong|a)\b[^>]*>", re.IGNORECASE)
_KEPT = ("code", "b", "strong", "em", "i", "a")
"""Tags that format, kept in a cell for :mod:`kb.markdown` to read."""
_FENCE = "~" * 5
"""Five tildes: preformatted text often holds backticks, and seldom a row of these."""


def table_lines(source: str) -> list[str]:
    """Return the lines of a pipe table for an HTML table, every row as wide as the widest; none without cells."""
    cells = _Cells()
    cells.feed(source)
    rows = [row for row in cells.rows if row]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    header, *body = [_pipe_row([*row, *[""] * (width - len(row))]) for row in rows]
    return [header, "|" + " --- |" * width, *body]


def code_lines(source: str) -> list[str]:
    """Return the lines of a fenced block for preformatted text, its entities read and its tags left out."""
    text = html.unescape(_CODE_TAGS.sub("", source))
    return [_FENCE, *text.strip("\n").split("\n"), _FENCE]


def _pipe_row(cells: list[str]) -> str:
    written = (_BLANKS.sub(" ", cell).strip().replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(written)} |"


class _Cells(HTMLParser):
    """Reads the cells of an HTML table, their formatting as it stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
        elif tag in ("br", "p", "li"):
            self.handle_data("<br>")
        elif tag in _KEPT:
            self.handle_data(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _KEPT:
            self.handle_data(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
