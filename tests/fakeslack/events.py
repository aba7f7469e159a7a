"""Payloads as Slack sends them: events in their envelope, commands, interactions."""

from __future__ import annotations

from typing import Any

from tests.fakeslack.app import Installed, SlackApp
from tests.fakeslack.world import Channel, Message, Team, User


def event_callback(
    app: SlackApp, installed: Installed, event: dict[str, Any], *, event_id: str, at: float
) -> dict[str, Any]:
    """An event as it is delivered."""
    return {
        "token": app.verification_token,
        "team_id": installed.team,
        "context_team_id": installed.team,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": installed.team,
                "user_id": installed.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message(said: Message, channel: Channel, parent: Message | None) -> dict[str, Any]:
    """A new message."""
    told = said.payload()
    told |= {"channel": channel.id, "event_ts": said.ts, "channel_type": channel.kind}
    if parent is not None:
        told["parent_user_id"] = parent.user
    if said.files and not said.bot_id:
        told |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
    return told


def app_mention(said: Message, channel: Channel) -> dict[str, Any]:
    """The twin of a message that names the bot."""
    told = said.payload()
    told.pop("subtype", None)
    return told | {"type": "app_mention", "channel": channel.id, "event_ts": said.ts}


def message_changed(said: Message, before: dict[str, Any], channel: Channel, *, ts: str) -> dict[str, Any]:
    """A message that reads otherwise now."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": said.payload(),
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def message_deleted(before: dict[str, Any], channel: Channel, *, ts: str, n_replies: int) -> dict[str, Any]:
    """A message that is gone; one that has replies leaves a stone, and Slack calls that a change."""
    if n_replies:
        stone = {
            "type": "message",
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
            "ts": before["ts"],
            "thread_ts": before["ts"],
            "reply_count": n_replies,
        }
        return {
            "type": "message",
            "subtype": "message_changed",
            "message": stone,
            "previous_message": before,
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": channel.kind,
        }
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": before["ts"],
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def reaction(kind: str, user: User, said: Message, name: str, *, ts: str) -> dict[str, Any]:
    """``reaction_added`` or ``reaction_removed``."""
    return {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item_user": said.user,
        "item": {"type": "message", "channel": said.channel, "ts": said.ts},
        "event_ts": ts,
    }


def command(
    app: SlackApp,
    team: Team,
    channel: Channel,
    user: User,
    *,
    name: str,
    text: str,
    trigger: str,
    response_url: str,
) -> dict[str, str]:
    """A slash command; in HTTP it comes as a form."""
    names = {"group": "privategroup", "im": "directmessage", "mpim": "mpdm"}
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def interaction(kind: str, app: SlackApp, team: Team, user: User, *, trigger: str) -> dict[str, Any]:
    """What every interaction has."""
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "trigger_id": trigger,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place_of(said: Message, channel: Channel) -> dict[str, Any]:
    """Where the message of an interaction stands."""
    container = {
        "type": "message",
        "message_ts": said.ts,
        "channel_id": channel.id,
        "is_ephemeral": said.is_ephemeral,
    }
    if said.thread_ts:
        container["thread_ts"] = said.thread_ts
    told: dict[str, Any] = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
    }
    if not said.is_ephemeral:  # Slack does not send what it does not keep
        told["message"] = said.payload(with_metadata=True)
    return told
