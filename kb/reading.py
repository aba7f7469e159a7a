"""Make a paste readable: JSON that was escaped once or twice, Python dicts, HTML entities, ANSI colours, URL encoding.

The same error arrives as ``{"Message":"ErrorCode:…"}``, with every quote escaped, as a Python dict from ``az``, or
coloured by a terminal. Read as plain text they are one.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_ESCAPED_QUOTE = re.compile(r"\\+([\"'/])")
_ESCAPED_BREAK = re.compile(r"\\+(?:r\\+n|[nr])(?![a-z]{2})")
_ESCAPED_TAB = re.compile(r"\\+t(?![a-z])")
_UNICODE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_FRAME = re.compile(
    r"^\s*(?:at\s+[\w$.<>]+[(:]|File \"[^\"]+\", line \d+|\.\.\. \d+ more|#\d+\s+0x|\^+$|\S+\.(?:js|ts|go|rb|php):\d+)"
)
_FEW_LINES = 4
"""Lines up to which a paste is short: nothing in it is drowned."""
_BLANKS = re.compile(r"[^\S\n]+")


def read(text: str) -> str:
    """Return the text as its author would have read it on a screen, line breaks kept."""
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "\\" in text:
        text = _UNICODE.sub(_character, text)
        text = _ESCAPED_QUOTE.sub(r"\1", text)
        text = _ESCAPED_BREAK.sub("\n", text)
        text = _ESCAPED_TAB.sub(" ", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if "%" in text and len(_PERCENT.findall(text)) >= 2:
        text = unquote(text, errors="replace")
    text = _UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _BLANKS.sub(" ", text)


def telling(text: str) -> str:
    """Return a long paste without its stack frames: forty of them would outweigh the line that matters.

    A short text, and one of which nothing would be left, is returned as it is.
    """
    lines = text.split("\n")
    if len(lines) <= _FEW_LINES:
        return text
    kept = "\n".join(line for line in lines if not _FRAME.match(line))
    return kept if kept.strip() else text


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return match.group() if 0xD800 <= code <= 0xDFFF else chr(code)
