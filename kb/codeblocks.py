"""What a code block of a symptom prints: the lines of a log that carry an error, the message fields of JSON.

A block that is a program, a command or only tells how things go prints no message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from kb import printed
from kb.blocks import CodeBlock

_OUTPUT_LANGUAGES = {
    "", "output", "text", "txt", "log", "logs", "console", "none", "plaintext", "error", "syslog", "input",
}  # fmt: skip
"""What authors call blocks of printed text; most call them nothing."""
_DATA_LANGUAGES = {"json", "xml", "http", "yaml"}
"""Blocks of which only the message fields count."""
_MESSAGE_FIELDS = {
    "message", "error", "errormessage", "error_message", "exceptionmessage", "detail", "details", "description", "reason",
    "title", "error_description",
}  # fmt: skip
_FIELD = re.compile(r'\\?"(\w+)\\?"\s*:\s*"((?:[^"\\]|\\.)*)"')
"""Also inside JSON that is itself a text of JSON, or is cut short."""
_LABELLED = re.compile(r"[\w.]{2,30}:(?:\s|$)")
"""``warn: …`` begins a line of a log, it goes on from none."""
_LOG_LEVEL = re.compile(r"(?:^|[\s\[<(:])(?:INF|INFO|DBG|DEBUG|TRACE|VERBOSE|NOTICE)(?:[\s\]>):]|$)")
_WRAPPED_FROM = 40
"""Characters from which a line may be one that a web page broke in two."""

Line = tuple[str, int]
"""A text and the line of the file it stands on."""


def messages_of(block: CodeBlock) -> Iterator[Line]:
    """Yield the lines of a block that carry an error; a single line that is no program counts whatever it says."""
    if block.language not in _OUTPUT_LANGUAGES:
        if block.language in _DATA_LANGUAGES:
            yield from _field_values(block)
        return
    lines = [(line.strip(), number) for line, number in zip(block.text.split("\n"), block.lines, strict=True)]
    lines = [(line, number) for line, number in lines if line]
    if not lines:
        return
    values = list(_field_values(block))
    yield from values
    is_data = bool(values) and len(lines) < 3 and lines[0][0].startswith(("{", "["))
    if is_data or _is_program(lines):
        return
    whole = _rejoined(lines)
    for line, number in whole:
        if printed.is_command(line) or _LOG_LEVEL.search(line):
            continue
        is_all = len(whole) == 1
        tells = printed.tells_trouble(line) or (is_all and printed.n_words(line) > 1)
        if tells and not printed.is_field(line):
            yield line, number


def _is_program(lines: Sequence[Line]) -> bool:
    """Whether most lines are source code, what it says of trouble aside."""
    n_program = sum(1 for line, _ in lines if printed.is_program(line) and not printed.tells_trouble(line))
    return n_program * 2 > len(lines)


def _rejoined(lines: Sequence[Line]) -> list[Line]:
    """Lines that a web page wrapped are put together again: the one before ends in the middle of a sentence."""
    found: list[Line] = []
    for line, number in lines:
        before = found[-1][0] if found else ""
        goes_on = line[:1].islower() and not _LABELLED.match(line)
        if goes_on and len(before) > _WRAPPED_FROM and not printed.ends_sentence(before):
            found[-1] = (f"{before} {line}", found[-1][1])
        else:
            found.append((line, number))
    return found


def _field_values(block: CodeBlock) -> Iterator[Line]:
    """The texts of message fields of JSON."""
    for match in _FIELD.finditer(block.text):
        if match.group(1).lower().replace("-", "") not in _MESSAGE_FIELDS:
            continue
        try:
            value = json.loads(f'"{match.group(2)}"')
        except ValueError:
            value = match.group(2)
        if printed.n_words(value) > 1:
            yield value, block.lines[block.text.count("\n", 0, match.start())]
