"""Messages, mentions, edits and deletions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.slack.service import Service
from bot.slack.withdrawing import deleted_ts, withdraw


def register(app: App, service: Service) -> None:
    """Register the listeners."""

    def said(context: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        taken = context["taken"]
        if taken.claim is not None:
            service.desk.answer(taken.job, taken.claim)
        elif ts := deleted_ts(event):
            withdraw(service, str(context["team_id"]), str(event["channel"]), ts)

    app.event("message")(said)
    app.event("app_mention")(said)
