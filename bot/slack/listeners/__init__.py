"""What Bolt calls: each listener reads its payload and hands it on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.slack.listeners import commands, messages, people, presses
from bot.slack.service import Service

_ANY = re.compile(".*", re.DOTALL)


def register(app: App, service: Service) -> None:
    """Register every listener."""
    for part in (messages, presses, commands, people):
        part.register(app, service)
    app.event(_ANY)(_let_be)
    app.action(_ANY)(_let_be)
    app.view_closed(_ANY)(_let_be)


def _let_be(ack: Callable[..., Any]) -> None:
    """Say that it came: Slack would send it again, and show people an error for a button of an older version."""
    ack()
