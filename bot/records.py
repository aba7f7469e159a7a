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


_LOGGED = re.compile(
    r"""
    [<\[(]?(?:\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d\d:\d\d:\d\d|\d{10,13}\b)      # a time
    | [A-Z][a-z]{2}\ {1,2}\d{1,2}\ \d\d:\d\d | [a-zéû]{3,5}\.?\ {1,2}\d{1,2}\ \d\d:\d\d:\d\d  # that of syslog and journalctl
    | \[?(?:ERROR|ERR|WARN(?:ING)?|INFO|DEBUG|FATAL|CRIT(?:ICAL)?|TRACE|NOTICE)\b | [EWIDF](?:/[\w.-]+|\ \(\d+\)|\d{4}\ \d\d:)
    | (?:[A-Za-z_][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception)\b(?:[:(]|\s*$)                              # an exception
    """,
    re.VERBOSE,
)


def without_records(text: str) -> str:
    """Return the lines of a text that are no records of a log: what whoever pasted it may have said themselves."""
    kept: list[str] = []
    record = ""
    for line in text.split("\n"):
        if _LOGGED.match(line) or (not line[:1].isspace() and _GOES_ON.match(line)):
            record = line
        elif not (record and goes_on(line, record)):
            kept.append(line)
            record = ""
    return "\n".join(kept)


def goes_on(line: str, record: str) -> bool:
    """Return whether a line can only go on with the record before it."""
    if _GOES_ON.match(line):
        return True
    return _PYTHON_TRACE in record and bool(_LAST_OF_TRACE.match(line))
