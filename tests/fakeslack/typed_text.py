"""What Slack makes of what people type: escapes, links nobody asked for, rich text blocks.

``HostName=contoso.azure-devices.net`` arrives as ``HostName=<http://contoso.azure-devices.net|contoso.azure-devices.net>``, and
whoever reads a pasted error has to know.
"""

from __future__ import annotations

import re
from typing import Any

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(
    r"(?P<url>https?://[^\s<>|\"']+[^\s<>|\"'.,;:!?)\]])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<host>(?<![\w@/.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:com|net|org|io|dev|fr)\b(?![\w@-]))"
)


def as_sent(text: str) -> str:
    """The ``text`` of the event that tells of a typed message. Mentions written ``<@U…>`` stay mentions."""
    return "".join(_sent(part, is_code=number % 2 == 1) for number, part in enumerate(_CODE.split(text)))


def escaped(text: str) -> str:
    """Text without markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich_text(text: str, block_id: str) -> list[dict[str, Any]]:
    """The blocks that go with a typed message."""
    elements: list[dict[str, Any]] = []
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            elements.append({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]})
        elif part.strip() or not elements:
            elements.append({"type": "rich_text_section", "elements": _pieces(part)})
    return [{"type": "rich_text", "block_id": block_id, "elements": elements}]


def _sent(text: str, *, is_code: bool) -> str:
    parts: list[str] = []
    position = 0
    for mention in _MENTION.finditer(text):
        parts += (_linked(text[position : mention.start()], is_code=is_code), mention[0])
        position = mention.end()
    parts.append(_linked(text[position:], is_code=is_code))
    return "".join(parts)


def _linked(text: str, *, is_code: bool) -> str:
    parts: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        if is_code and not match["url"]:
            continue
        parts.append(escaped(text[position : match.start()]))
        found = escaped(match[0])
        if match["url"]:
            parts.append(f"<{found}>")
        elif match["mail"]:
            parts.append(f"<mailto:{found}|{found}>")
        else:
            parts.append(f"<http://{found}|{found}>")
        position = match.end()
    parts.append(escaped(text[position:]))
    return "".join(parts)


def _pieces(text: str) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = []
    position = 0
    for mention in _MENTION.finditer(text):
        if position < mention.start():
            pieces.append({"type": "text", "text": text[position : mention.start()]})
        pieces.append({"type": "user", "user_id": mention[1]})
        position = mention.end()
    if position < len(text):
        pieces.append({"type": "text", "text": text[position:]})
    return pieces
