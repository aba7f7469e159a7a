"""X."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.service import Service


def register(app: App, service: Service) -> None:
    """Register the listeners."""
