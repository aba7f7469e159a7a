"""Lines of a log and the records they make up: a stack trace or a JSON block belongs to its first line."""

from __future__ import annotations

import re

_GOES_ON = re.compile(
    r"""
      \s+\S                                                # indented
    | [\]})]+[,;]?\s*$                                     # the end of a block
    | at\s+[\w.$<>/-]+[(:\[] | from\s+\S+:\d | File\s+"     # a frame
    | Caused\ by: | Suppressed: | \.\.\.\s\d+\ more
    | The\ above\ exception\ was | During\ handling\ of | Traceback\ \(most\ recent
    | -{2,}>\s | ---\s?End\ of
    | \#\d+\s+(?:0x|\S+\()                                 # gdb, PHP
    | \^+\s*$
    """,
    re.VERBOSE,
)
_PYTHON_TRACE = "Traceback (most recent"
_LAST_OF_TRACE = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b")


def goes_on(line: str, record: str) -> bool:
    """Return whether a line can only go on with the record before it."""
    if _GOES_ON.match(line):
        return True
    return _PYTHON_TRACE in record and bool(_LAST_OF_TRACE.match(line))
