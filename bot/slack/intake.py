"""From a delivery of Slack's to a claim: what is asked is read, and taken by exactly one process, before the ack."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.redaction import redact
from bot.slack.help import COMMAND
from bot.slack.incoming import Job, Way, plain_text, read_files, read_message
from bot.slack.parts import LEASE, Parts
from bot.slack.refs import View
from bot.store.claims import Claim, Place, Wanted
from bot.store.errors import SecretRefused
from bot.store.threads import ThreadKey

_LOG = logging.getLogger("hubmedic.slack")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a delivery asks, and our claim on it."""

    job: Job | None = None
    claim: Claim | None = None
    is_known: bool = False
    """Somebody answers it already, or did."""


class Intake:
    """Claims what is asked."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def take(self, body: Mapping[str, Any], team: str, bot_user: str) -> Taken:
        """Read a delivery and claim the question in it, if there is one: one write, nothing else is waited for."""
        job = self._job(body, team, bot_user)
        if job is None:
            return Taken()
        wanted = Wanted(job.place, job.event_id, job.user, job.way.value, job.to_work(), job.thread_ts)
        claims, parts = self._parts.claims, self._parts
        try:
            claim = claims.take(wanted, owner=parts.owner, now=parts.now(), lease=LEASE)
        except SecretRefused:
            _LOG.error("a question that cannot be kept is answered, but not again after a crash")
            claim = claims.take(replace(wanted, work="{}"), owner=parts.owner, now=parts.now(), lease=LEASE)
        return Taken(job, claim) if claim is not None else Taken(job, is_known=True)

    def _job(self, body: Mapping[str, Any], team: str, bot_user: str) -> Job | None:
        kind = body.get("type")
        if body.get("command"):
            return command_job(body, team)
        if kind == "message_action" and body.get("callback_id") == View.TROUBLESHOOT:
            return shortcut_job(body, team, bot_user)
        event = body.get("event")
        if kind != "event_callback" or not isinstance(event, Mapping):
            return None
        if event.get("type") not in ("message", "app_mention"):
            return None
        event_id = str(body.get("event_id") or "")
        if event.get("subtype") == "message_changed":
            return self._edit(event, team, event_id, bot_user)
        channel = str(event.get("channel") or "")
        thread_ts = str(event.get("thread_ts") or "")
        is_reply = bool(thread_ts) and thread_ts != event.get("ts") and not event.get("bot_id")
        is_ours = is_reply and self._parts.memory.load(ThreadKey(team, channel, thread_ts)) is not None
        return read_message(event, team, event_id, bot_user, self._parts.channel(channel), is_ours=is_ours)

    def _edit(self, event: Mapping[str, Any], team: str, event_id: str, bot_user: str) -> Job | None:
        """A person's message that reads otherwise: of a question answered, an edit; else perhaps a question now."""
        message, before = event.get("message") or {}, event.get("previous_message") or {}
        if message.get("subtype") == "tombstone" or message.get("bot_id") or not message.get("user"):
            return None
        if message.get("text") == before.get("text"):
            return None  # a link was unfurled
        channel, ts = str(event.get("channel") or ""), str(message.get("ts") or "")
        edited = str((message.get("edited") or {}).get("ts") or event.get("ts") or "")
        thread_ts = str(message.get("thread_ts") or ts)
        text = plain_text(str(message.get("text") or ""), bot_user)
        known = self._parts.claims.find(Place(team, channel, ts))
        is_called = bool(bot_user) and f"<@{bot_user}" in str(message.get("text") or "")
        is_unanswered = known is not None and known.kind == Way.AUTO and not known.message_ts
        if known is None or (is_unanswered and is_called):
            told = {
                **message,
                "channel": channel,
                "type": "message",
                "channel_type": event.get("channel_type"),
            }
            job = read_message(told, team, event_id, bot_user, self._parts.channel(channel))
            if job is None or known is None:
                return job
            # Nobody had called when it was let be; now somebody waits.
            return replace(job, place=Place(team, channel, f"{ts}/called"))
        return Job(
            place=Place(team, channel, f"{ts}/edit/{edited}"),
            way=Way.EDIT,
            user=str(message["user"]),
            text=text,
            thread_ts=thread_ts,
            event_id=event_id,
            bot_user=bot_user,
            files=read_files(message),
            secrets=redact(text).kinds,
            of=ts,
        )


def command_job(body: Mapping[str, Any], team: str) -> Job | None:
    """Return the question of a slash command; None for one that sets something."""
    text = plain_text(str(body.get("text") or ""))
    first, _, rest = text.partition(" ")
    if str(body.get("command")) != COMMAND:
        return None
    if is_subcommand(text) and first.lower() != "ask":
        return None
    asked = rest.strip() if first.lower() == "ask" else text
    if not asked:
        return None
    ts = f"command/{body.get('trigger_id')}"[:120]
    return Job(
        place=Place(team, str(body.get("channel_id") or ""), ts),
        way=Way.COMMAND,
        user=str(body.get("user_id") or ""),
        text=asked,
        thread_ts=ts,
        event_id=ts,
        response_url=str(body.get("response_url") or ""),
        secrets=redact(asked).kinds,
    )


def is_subcommand(text: str) -> bool:
    """Whether a command sets something rather than asks: ``mute`` does, ``mute my alerts`` asks."""
    words = text.lower().split()
    if not words:
        return True
    first, rest = words[0], words[1:]
    if first == "ask":
        return True
    if first in ("help", "mute", "unmute"):
        return not rest
    if first == "forget":
        return rest in ([], ["me"])
    return first == "lang" and len(rest) <= 1


def shortcut_job(body: Mapping[str, Any], team: str, bot_user: str) -> Job:
    """Return the question of the message shortcut: the message itself."""
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or "")
    ts = f"shortcut/{body.get('trigger_id') or body.get('action_ts')}"[:120]
    text = plain_text(str(message.get("text") or ""), bot_user)
    return Job(
        place=Place(team, channel, ts),
        way=Way.SHORTCUT,
        user=str((body.get("user") or {}).get("id") or ""),
        text=text,
        thread_ts=ts,
        event_id=ts,
        bot_user=bot_user,
        files=read_files(message),
        response_url=str(body.get("response_url") or ""),
        of=str(message.get("thread_ts") or message.get("ts") or ""),
    )
