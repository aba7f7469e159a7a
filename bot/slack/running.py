"""Run Slack over Socket Mode: open the index, then the socket; on SIGTERM let answers land and end."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.errors import SettingsUnusable
from bot.settings import Settings
from bot.slack import frames
from bot.slack.app import build
from bot.slack.client import SlackClient, web_client
from bot.slack.errors import SlackRefused
from bot.slack.service import make_service, open_database, slack_address
from bot.slack.workspaces import Workspace, Workspaces

_LOG = logging.getLogger("hubmedic.slack")
_CLOSING_S = 1.0
"""What the socket may take to close once every answer has landed."""
_AT_ONCE = 20
"""Deliveries of the socket worked on at once; each is a claim and an ack."""


def only_workspace(settings: Settings) -> Workspace:
    """Return who the bot token of the settings says we are.

    Raises
    ------
    SettingsUnusable
        If there is no token, or Slack does not take it.
    SlackUnreachable
        If Slack cannot be asked.
    """
    if not settings.slack_bot_token:
        raise SettingsUnusable(
            "{variable} is not set",
            "hubmedic slack manifest shows how to get one",
            variable="SLACK_BOT_TOKEN",
        )
    client = SlackClient(settings.slack_bot_token, slack_address(settings))
    try:
        told, _, _ = client.test()
    except SlackRefused as error:
        raise SettingsUnusable(
            "Slack does not take {variable}: {reason}",
            "copy the token that begins with xoxb- from your app's page",
            variable="SLACK_BOT_TOKEN",
            reason=error.reason,
        ) from error
    return Workspace(settings.slack_bot_token, str(told.get("user_id") or ""), str(told.get("bot_id") or ""))


def run_socket(settings: Settings) -> None:
    """Serve one workspace until SIGTERM or SIGINT."""
    if not settings.slack_app_token:
        raise SettingsUnusable(
            "{variable} is not set",
            "hubmedic slack manifest shows how to get one",
            variable="SLACK_APP_TOKEN",
        )
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    base_url = slack_address(settings)
    workspaces = Workspaces(base_url, only=only_workspace(settings))
    service = make_service(settings, workspaces, open_database(settings))
    service.load()
    app = build(service, workspaces)
    frames.install()
    handler = SocketModeHandler(
        app,
        settings.slack_app_token,
        web_client=web_client(None, base_url),
        concurrency=_AT_ONCE,
        proxy=web_client(None, base_url).proxy,
    )
    service.start()
    try:
        handler.connect()  # type: ignore[no-untyped-call]
        _LOG.warning(
            "connected to Slack; %s", "ready" if service.parts.engine.is_ready else "without articles"
        )
        while not stop.wait(0.2):
            pass
    finally:
        _LOG.warning("ending: answers under way are finished")
        # slack_sdk waits for its reading thread, seconds long: what the answers under way have to spare.
        closing = threading.Thread(target=handler.disconnect, name="hubmedic-closing", daemon=True)
        closing.start()
        service.drain()
        closing.join(_CLOSING_S)
