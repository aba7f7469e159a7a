"""What opens over a message: the whole text of an entry, why it was found, and the reason for a thumb down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.i18n import N_, Speaker
from bot.slack import blocks as b
from bot.slack.refs import Ref, View
from bot.slack.rich import Element, cut

MOST_TEXT = 40_000
_A_BLOCK = 2_800
_REASONS = {
    "wrong": N_("It is about something else"),
    "did-not-work": N_("I did it and it did not help"),
    "unclear": N_("I don't understand it"),
    "outdated": N_("It is out of date"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What somebody says about a thumb down."""

    channel: str
    message_ts: str
    ref: Ref
    reason: str
    comment: str


def text_view(title: str, elements: Sequence[Element], say: Speaker) -> dict[str, Any]:
    """Return a modal to read."""
    kept = cut(elements, MOST_TEXT)
    blocks = [b.rich(group) for group in _grouped(kept.elements)][: b.MOST_IN_VIEW] or [b.paragraph("…")]
    return {
        "type": "modal",
        "title": b.plain(title, b.MOST_IN_TITLE),
        "close": b.plain(say("Close"), b.MOST_IN_TITLE),
        "blocks": blocks,
    }


def message_view(title: str, message: b.Message, say: Speaker) -> dict[str, Any]:
    """Return a message's blocks as a modal."""
    return {
        "type": "modal",
        "title": b.plain(title, b.MOST_IN_TITLE),
        "close": b.plain(say("Close"), b.MOST_IN_TITLE),
        "blocks": list(message.blocks),
    }


def reason_view(channel: str, message_ts: str, ref: Ref, say: Speaker) -> dict[str, Any]:
    """Return the modal that asks what was wrong with an answer."""
    options = [
        {"text": b.plain(say(words), b.MOST_ON_BUTTON), "value": name} for name, words in _REASONS.items()
    ]
    return {
        "type": "modal",
        "callback_id": View.REASON.value,
        "private_metadata": json.dumps([channel, message_ts, ref.to_text()]),
        "title": b.plain(say("What was wrong?"), b.MOST_IN_TITLE),
        "submit": b.plain(say("Send"), b.MOST_IN_TITLE),
        "close": b.plain(say("Cancel"), b.MOST_IN_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": b.plain(say("What was wrong?")),
                "element": {"type": "radio_buttons", "action_id": "reason", "options": options},
            },
            {
                "type": "input",
                "block_id": "comment",
                "optional": True,
                "label": b.plain(say("What would have helped?")),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "comment",
                    "multiline": True,
                    "max_length": 2000,
                },
            },
        ],
    }


def read_reason(view: Mapping[str, Any]) -> Reason | None:
    """Return what was sent with the modal; None where it is not ours."""
    try:
        channel, message_ts, told = json.loads(str(view.get("private_metadata") or ""))
    except (ValueError, TypeError):
        return None
    ref = Ref.from_text(str(told))
    if ref is None:
        return None
    values = (view.get("state") or {}).get("values") or {}
    chosen = ((values.get("reason") or {}).get("reason") or {}).get("selected_option") or {}
    comment = ((values.get("comment") or {}).get("comment") or {}).get("value") or ""
    reason = str(chosen.get("value") or "")
    return Reason(
        str(channel), str(message_ts), ref, reason if reason in _REASONS else "", str(comment)[:2000]
    )


def _grouped(elements: Sequence[Element]) -> list[list[Element]]:
    """Elements in blocks of a size that every client shows."""
    from bot.slack.rich import n_characters

    groups: list[list[Element]] = []
    size = 0
    for element in elements:
        own = n_characters(element)
        if not groups or size + own > _A_BLOCK:
            groups.append([])
            size = 0
        groups[-1].append(element)
        size += own
    return groups
