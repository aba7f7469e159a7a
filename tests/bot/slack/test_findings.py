"""Findings as Slack shows them: what was asked just now is told apart from what was only read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.answer import Finding, Status
from bot.i18n import speaker
from bot.slack.findings import finding_elements


@pytest.mark.parametrize(
    ("source", "heading"),
    [("pasted text", "Read in what you pasted"), ("GET /twins/pump-7", "Checked right now")],
)
def test_only_what_was_asked_just_now_is_said_to_be(source: str, heading: str) -> None:
    found = Finding("token-expired", Status.CONFIRMED, "x", source, datetime(2026, 1, 5, tzinfo=UTC))
    assert heading in json.dumps(finding_elements([found], speaker("en")))
