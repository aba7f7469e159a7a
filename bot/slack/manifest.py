"""The manifest a Slack app is made from: exactly what the settings use. Pure."""

from __future__ import annotations

from typing import Any

from bot.i18n import Speaker
from bot.settings import Settings
from bot.slack.help import COMMAND
from bot.slack.refs import View
from bot.slack.scopes import events, scopes

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
INSTALL_PATH = "/slack/install"


def manifest(settings: Settings, say: Speaker, url: str | None = None) -> dict[str, Any]:
    """Return the manifest: over Socket Mode, or over HTTP at an address of ours."""
    address = url.rstrip("/") if url else ""
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": say("Paste an error, get its cause and fix"),
        "usage_hint": say("your error or question"),
        "should_escape": True,
    }
    subscriptions: dict[str, Any] = {"bot_events": list(events(settings))}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": list(scopes(settings))}}
    if address:
        command["url"] = address + EVENTS_PATH
        subscriptions["request_url"] = address + EVENTS_PATH
        interactivity["request_url"] = address + EVENTS_PATH
        oauth["redirect_urls"] = [address + REDIRECT_PATH]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "hubmedic",
            "description": say("Paste an error, get its cause and fix"),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "hubmedic", "always_online": True},
            "agent_view": {
                "agent_description": say("Paste an error, get its cause and fix"),
                "suggested_prompts": [
                    {"title": say("Paste an error"), "message": say("I get this error: ")},
                    {"title": say("What can you do?"), "message": "help"},
                ],
            },
            "shortcuts": [
                {
                    "name": say("Troubleshoot this message"),
                    "type": "message",
                    "callback_id": View.TROUBLESHOOT.value,
                    "description": say("Find cause and fix, shown to you alone"),
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": subscriptions,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
