"""Fenced code, line by line: which line opens a block and which one closes it (CommonMark 0.31, section 4.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENS = re.compile(
    r"^(?P<before>[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>.*)$"
)


@dataclass(frozen=True, slots=True)
class Fence:
    """The line that opens a block of code."""

    mark: str
    """Its backticks or tildes: as many of them, or more, close the block."""
    is_quoted: bool
    """Whether it stands in a block quote, whose end is the end of the block too."""

    def is_closed_by(self, line: str) -> bool:
        """Tell whether a line closes the block, in a quote or not."""
        rest = line.lstrip(" \t>").rstrip(" \t")
        return len(rest) >= len(self.mark) and not rest.strip(self.mark[0])


def opened_by(line: str) -> Fence | None:
    """Return the fence that a line is, also as the first of a list item; None where it opens no block."""
    match = _OPENS.match(line)
    if match is None or (match["mark"][0] == "`" and "`" in match["info"]):  # the latter is inline code
        return None
    return Fence(match["mark"], match["before"].lstrip().startswith(">"))
