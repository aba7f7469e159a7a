"""Text of a document or a paste as it may be printed: nothing in it can steer a terminal, turn or hide its neighbours."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,16}[@-~]|[\]PX^_][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|[ -/]{0,4}[0-~])"
)
"""An escape sequence whole, so that its letters don't stay behind."""
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but for the line break and the tab
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")


def printable(text: str) -> str:
    """Return the text without control characters, escape sequences and marks of direction; line breaks are ``\\n``."""
    if text.isascii() and text.isprintable():
        return text
    return _STEERING.sub("", _SEQUENCE.sub("", _BREAK.sub("\n", text)))


def escaped(json_text: str) -> str:
    """Return JSON in which what :func:`printable` would take out of its texts is written as an escape."""
    return _STEERING.sub(_escape, json_text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
