"""Whom a message would ping and where it would link, as Slack reads its markup.

Escaped text (``&lt;!channel&gt;``), plain text objects and the text elements of rich text are inert. What is not certain is counted,
so that a test that finds nothing has found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MARKUP = re.compile(
    r"<(?P<who>!(?:channel|here|everyone|group)\b|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+)[^<>\n]*>"
    r"|<(?P<link>(?:[a-z][a-z0-9+.-]*:|mailto:)[^<>\n|]+)(?:\|[^<>\n]*)?>"
)
_AT = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
_URL = re.compile(r"(?<![<\w|])https?://[^\s<>|\"')\]]+")
_MARKDOWN_LINK = re.compile(r"\[[^\]\n]*\]\(<?([^)\s>]+)")


@dataclass(frozen=True)
class Touched:
    """What a message reaches outside itself."""

    pings: tuple[str, ...]
    links: tuple[str, ...]


def touched(text: str, blocks: list[dict[str, Any]], arguments: dict[str, Any]) -> Touched:
    """Read a message's text and blocks."""
    pings: dict[str, None] = {}
    links: dict[str, None] = {}
    is_parsed = arguments.get("parse") == "full" or bool(arguments.get("link_names"))
    found = [*_in_mrkdwn(text, is_parsed=is_parsed)] if arguments.get("mrkdwn", True) else []
    for block in blocks:
        found += _in_block(block)
    for kind, value in found:
        (pings if kind == "ping" else links)[value] = None
    return Touched(tuple(pings), tuple(links))


def _in_mrkdwn(text: str, *, is_parsed: bool) -> Iterator[tuple[str, str]]:
    for match in _MARKUP.finditer(text):
        if match["who"]:
            yield "ping", f"<{match['who']}>"
        else:
            yield "link", match["link"]
    if is_parsed:
        for match in _AT.finditer(text):
            yield "ping", f"@{match[1]}"
    for match in _URL.finditer(text):
        yield "link", match[0]


def _in_block(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _in_block(one)
        return
    if not isinstance(value, dict):
        return
    kind = value.get("type")
    if kind == "mrkdwn":
        # Without "verbatim" Slack parses names itself.
        yield from _in_mrkdwn(str(value.get("text", "")), is_parsed=not value.get("verbatim", False))
    elif kind == "markdown":
        text = str(value.get("text", ""))
        yield from _in_mrkdwn(text, is_parsed=True)
        for match in _MARKDOWN_LINK.finditer(text):
            yield "link", match[1]
    elif kind == "user":
        yield "ping", f"<@{value.get('user_id')}>"
    elif kind == "usergroup":
        yield "ping", f"<!subteam^{value.get('usergroup_id')}>"
    elif kind == "broadcast":
        yield "ping", f"<!{value.get('range')}>"
    elif kind in ("plain_text", "raw_text", "raw_number", "text"):
        return
    else:
        if kind == "link":
            yield "link", str(value.get("url"))
        for name, inner in value.items():
            if name == "url" and kind == "button":
                yield "link", str(inner)
            else:
                yield from _in_block(inner)
