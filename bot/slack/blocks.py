"""Slack's blocks, each within its limits by construction: nothing that is built here is refused for its size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.printable import printable
from bot.slack.rich import Element, n_characters, piece, section

Block = dict[str, Any]

MOST_IN_VIEW = 100
MOST_CHARACTERS = 9_000
"""In all blocks of a message; Slack refuses from some ten thousand on and does not say where."""
MOST_IN_HEADER = 150
MOST_ON_BUTTON = 75
MOST_IN_VALUE = 2_000
MOST_IN_TITLE = 24
MOST_IN_FALLBACK = 3_000
"""Of the text for notifications and screen readers: ``chat.update`` refuses more than 4,000 characters."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that stands for them in notifications and for screen readers."""

    text: str
    blocks: tuple[Block, ...] = ()

    def noted(self, lines: Sequence[str]) -> Message:
        """Return it with small print below."""
        return Message(self.text, (*self.blocks, context(*lines))) if any(lines) else self


def escaped(content: str) -> str:
    """Return text that Slack's markup reads as the text it is: it pings nobody and opens no link."""
    content = printable(content).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A blank of no width in an address or a name keeps Slack from making a link or a ping of it by itself.
    return content.replace("://", ":\u200b//").replace("@", "@\u200b")


def fallback(*lines: str) -> str:
    """Return lines as the text that stands for blocks."""
    return shortened("\n".join(escaped(line) for line in lines if line), MOST_IN_FALLBACK) or "…"


def shortened(content: str, most: int) -> str:
    """Return the text within a length, its end marked where some is left out."""
    return content if len(content) <= most else content[: most - 1].rstrip() + "…"


def plain(content: str, most: int = 3_000) -> dict[str, Any]:
    """Return text that is taken as it stands."""
    return {"type": "plain_text", "text": shortened(printable(content).strip(), most) or "…", "emoji": False}


def header(content: str) -> Block:
    """Return a title."""
    return {"type": "header", "text": plain(" ".join(content.split()), MOST_IN_HEADER)}


def rich(elements: Sequence[Element]) -> Block:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def paragraph(content: str, *, style: str = "") -> Block:
    """Return a line of text."""
    return rich([section([piece(printable(content) or "…", style=style)])])


def context(*lines: str) -> Block:
    """Return small print; at most ten lines of it."""
    return {
        "type": "context",
        "elements": [plain(line, 2_000) for line in lines if line.strip()][:10] or [plain("…")],
    }


def divider() -> Block:
    """Return a line across."""
    return {"type": "divider"}


def button(
    label: str, action: str, value: str, *, style: str = "", confirm: dict[str, Any] | None = None
) -> Element:
    """Return a button; what is pressed comes back as its value."""
    if len(value) > MOST_IN_VALUE:
        raise ValueError(f"a button's value holds {MOST_IN_VALUE} characters, got {len(value)}")
    made: Element = {
        "type": "button",
        "action_id": action,
        "text": plain(label, MOST_ON_BUTTON),
        "value": value,
    }
    if style:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def confirmation(title: str, content: str, yes: str, no: str) -> dict[str, Any]:
    """Return what is asked before a button does what it says."""
    return {
        "title": plain(title, 100),
        "text": plain(content, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def actions(buttons: Sequence[Element], block_id: str = "") -> Block:
    """Return a row of buttons."""
    made: Block = {"type": "actions", "elements": list(buttons)[:25]}
    if block_id:
        made["block_id"] = block_id
    return made


def thumbs(action: str, up: str, down: str, value: str) -> Block:
    """Return the pair of thumbs below an answer."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action,
                "positive_button": {"text": plain(up, MOST_ON_BUTTON), "value": f"up:{value}"},
                "negative_button": {"text": plain(down, MOST_ON_BUTTON), "value": f"down:{value}"},
            }
        ],
    }


def size(blocks: Iterable[Block]) -> int:
    """Return how many characters blocks hold, as Slack counts them."""
    return sum(map(_size, blocks))


def _size(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    if not isinstance(value, dict):
        return 0
    if value.get("type") in ("text", "link"):
        return n_characters(value)
    return sum(
        len(inner)
        if isinstance(inner, str) and name in ("text", "url", "alt_text", "title")
        else _size(inner)
        for name, inner in value.items()
    )
