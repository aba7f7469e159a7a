"""What Bolt calls: each listener reads its payload and hands it on."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.listeners import commands, messages, people, presses
from bot.slack.service import Service


def register(app: App, service: Service) -> None:
    """Register every listener."""
    for part in (messages, presses, commands, people):
        part.register(app, service)
