"""Small blocks, a window, and what an error of the client holds, for the fake's own tests."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

Blocks = list[dict[str, Any]]


def refused(error: pytest.ExceptionInfo[SlackApiError]) -> Any:
    return error.value.response.data


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def fetched(url: str, token: str) -> tuple[str, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.headers.get_content_type(), response.read()


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "vote",
    "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "up"},
    "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "down"},
}


CARD: Blocks = [
    {"type": "header", "text": {"type": "plain_text", "text": "401003"}},
    section("*Symptom*"),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    },
    {
        "type": "container",
        "title": {"type": "plain_text", "text": "All steps"},
        "is_collapsible": True,
        "child_blocks": [section("1. renew")],
    },
    {"type": "markdown", "text": "**Steps**\n\n1. renew"},
    {"type": "divider"},
    actions(button("next"), button("why", value="x" * 2000)),
    {"type": "context_actions", "elements": [FEEDBACK]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "sure"}]},
]
