"""What Slack sends, read into values: who asked what where, and what kind of asking it is. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from typing import Any

from bot.redaction import redact
from bot.settings import Channel
from bot.store.claims import Claim, Place

_MARKUP = re.compile(r"<([^<>\n]{1,3000})>")
_SUBTYPES = frozenset((None, "file_share", "thread_broadcast", "bot_message"))
_MOST_KEPT = 30_000
"""Characters of a question kept for whoever has to finish it after a crash."""


class Way(StrEnum):
    """How a question came."""

    MENTION = "mention"
    DIRECT = "dm"
    AUTO = "auto"
    """Nobody called the bot; the channel is listed."""
    REPLY = "reply"
    """In a thread the bot talks in, without its name."""
    COMMAND = "command"
    SHORTCUT = "shortcut"
    EDIT = "edit"
    """A question answered already that reads otherwise now."""

    @property
    def is_private(self) -> bool:
        """Only the asker sees the answer."""
        return self in (Way.COMMAND, Way.SHORTCUT)

    @property
    def is_addressed(self) -> bool:
        """Somebody waits for an answer, whatever it is."""
        return self not in (Way.AUTO, Way.REPLY)


@dataclass(frozen=True, slots=True)
class File:
    """Something attached."""

    name: str
    mimetype: str
    filetype: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Job:
    """A question on its way to an answer."""

    place: Place
    way: Way
    user: str
    text: str = field(repr=False)
    """As the person wrote it; it may hold secrets until the assistant has redacted it."""
    thread_ts: str
    """Thread the answer goes to."""
    event_id: str
    bot_user: str = ""
    files: tuple[File, ...] = ()
    response_url: str = field(default="", repr=False)
    """Where a private answer goes while it is good; not kept."""
    secrets: tuple[str, ...] = ()
    """Kinds of secrets in the text."""
    of: str = ""
    """``ts`` of the question an edit is about."""

    @property
    def is_top(self) -> bool:
        """It opens a thread rather than stands in one."""
        return self.thread_ts == self.place.ts

    def to_work(self) -> str:
        """Return what another process needs to finish it, redacted."""
        redacted = redact(self.text)
        return json.dumps(
            {
                "text": redacted.text[:_MOST_KEPT],
                "secrets": list(redacted.kinds),
                "bot": self.bot_user,
                "of": self.of,
                "files": [[one.name, one.mimetype, one.filetype, one.size, one.url] for one in self.files],
            }
        )


def job_of(claim: Claim) -> Job | None:
    """Return the job of a claim that somebody left unfinished; None where nothing of it is kept any more."""
    work = json.loads(claim.work or "{}")
    if "text" not in work:
        return None
    return Job(
        place=claim.place,
        way=Way(claim.kind),
        user=claim.user,
        text=str(work["text"]),
        thread_ts=claim.thread_ts,
        event_id="",
        bot_user=str(work.get("bot", "")),
        files=tuple(File(*one) for one in work.get("files", ())),
        secrets=tuple(work.get("secrets", ())),
        of=str(work.get("of", "")),
    )


def read_message(
    event: Mapping[str, Any],
    team: str,
    event_id: str,
    bot_user: str,
    settings: Channel,
    *,
    is_ours: bool = False,
) -> Job | None:
    """Return the question that a ``message`` or ``app_mention`` event holds; None where it is none for us.

    ``is_ours`` says that the bot talks in the message's thread.
    """
    if event.get("subtype") not in _SUBTYPES or event.get("hidden"):
        return None
    channel, ts, user = str(event.get("channel", "")), str(event.get("ts", "")), str(event.get("user") or "")
    raw = str(event.get("text") or "")
    bot = str(event.get("bot_id") or "")
    if not channel or not ts or user == bot_user or (not user and not bot):
        return None
    thread_ts = str(event.get("thread_ts") or ts)
    is_called = event.get("type") == "app_mention" or (bool(bot_user) and f"<@{bot_user}" in raw)
    if bot:
        is_listed = settings.mode == "auto" and not {bot, user}.isdisjoint(settings.answer_bots)
        way = Way.AUTO if is_listed and thread_ts == ts else None
    elif event.get("channel_type") == "im":
        way = Way.DIRECT
    elif is_called:
        way = Way.MENTION
    elif thread_ts != ts:
        way = Way.REPLY if is_ours and not _is_to_somebody(raw) else None
    else:
        way = Way.AUTO if settings.mode == "auto" else None
    if way is None:
        return None
    text = plain_text(raw, bot_user)
    return Job(
        place=Place(team, channel, ts),
        way=way,
        user=user or bot,
        text=text,
        thread_ts=thread_ts,
        event_id=event_id,
        bot_user=bot_user,
        files=read_files(event),
        secrets=redact(text).kinds,
    )


def read_files(message: Mapping[str, Any]) -> tuple[File, ...]:
    """Return what is attached to a message."""
    return tuple(
        File(
            name=str(one.get("name") or "")[:200],
            mimetype=str(one.get("mimetype") or ""),
            filetype=str(one.get("filetype") or ""),
            size=int(one.get("size") or 0),
            url=str(one.get("url_private_download") or one.get("url_private") or ""),
        )
        for one in message.get("files") or ()
        if isinstance(one, Mapping)
    )[:10]


def plain_text(raw: str, bot_user: str = "") -> str:
    """Return Slack's markup as the text its author typed; the bot's own name goes."""

    def typed(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target.startswith("@"):
            return "" if target[1:] == bot_user else f"@{label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or f"@{target[1:].split('^')[0]}"
        return label or target.removeprefix("mailto:")

    return unescape(_MARKUP.sub(typed, raw)).strip()


def _is_to_somebody(raw: str) -> bool:
    """It begins with somebody's name: it is said to them."""
    return raw.lstrip().startswith(("<@", "<!subteam"))
