"""``/hubmedic`` and the message shortcut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from bot.slack.commands import run_subcommand
from bot.slack.help import COMMAND
from bot.slack.refs import View
from bot.slack.service import Service


def register(app: App, service: Service) -> None:
    """Register the listeners."""

    def command(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        taken = context["taken"]
        if taken.claim is not None:
            service.desk.answer(taken.job, taken.claim)
        else:
            run_subcommand(service, str(context["team_id"]), body)

    def troubleshoot(ack: Callable[..., Any], context: Mapping[str, Any]) -> None:
        ack()
        taken = context["taken"]
        if taken.claim is not None:
            service.desk.answer(taken.job, taken.claim)

    app.command(COMMAND)(command)
    app.shortcut({"type": "message_action", "callback_id": View.TROUBLESHOOT.value})(troubleshoot)
