"""A question that was deleted: its answer goes too, whether it stands already or is still being made."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.slack.errors import SlackError
from bot.slack.service import Service
from bot.slack.underway import run_name
from bot.store.claims import Place
from bot.store.threads import ThreadKey

_LOG = logging.getLogger("hubmedic.slack")


def deleted_ts(event: Mapping[str, Any]) -> str:
    """Return the ``ts`` of the message that an event says is gone; one with replies leaves a stone and counts too."""
    if event.get("subtype") == "message_deleted":
        before = event.get("previous_message") or {}
        return "" if before.get("bot_id") else str(event.get("deleted_ts") or "")
    message = event.get("message") or {}
    if event.get("subtype") == "message_changed" and message.get("subtype") == "tombstone":
        return str(message.get("ts") or "")
    return ""


def withdraw(service: Service, team: str, channel: str, ts: str) -> None:
    """Take the answer to a deleted question back."""
    parts = service.parts
    place = Place(team, channel, ts)
    parts.checks.stop(run_name(place))
    claim = parts.claims.withdraw(place, now=parts.now())
    if claim is None:
        return
    try:
        client = parts.clients(team)
        service.desk.later.take_back(place, client)
        if claim.message_ts:
            client.delete(channel, claim.message_ts)
    except SlackError as error:
        _LOG.warning("an answer could not be taken back: %s", error)
    if claim.thread_ts == ts:
        parts.memory.drop(ThreadKey(team, channel, ts))
