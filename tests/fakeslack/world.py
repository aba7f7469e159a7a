"""What is in the fake's workspaces: people, channels, messages, files. Plain state, changed under one lock."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakeslack.mentions import Touched, touched


@dataclass
class Team:
    """A workspace."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person, or the user a bot acts as."""

    id: str
    team: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    is_admin: bool = False
    is_deleted: bool = False

    def payload(self, *, include_locale: bool) -> dict[str, Any]:
        """As users.info and user_change tell it."""
        told: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.is_deleted,
            "real_name": self.name.title(),
            "tz": "Europe/Paris",
            "tz_offset": 3600,
            "profile": {"real_name": self.name.title(), "display_name": self.name, "team": self.team},
            "is_admin": self.is_admin,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1767607200,
        }
        if include_locale:
            told["locale"] = self.locale
        return told


@dataclass
class UserGroup:
    """A group that can be tagged."""

    id: str
    team: str
    handle: str
    members: list[str]


@dataclass
class File:
    """A file somebody uploaded."""

    id: str
    team: str
    user: str
    name: str
    content: bytes
    mimetype: str
    filetype: str
    mode: str
    url: str
    channels: list[str] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": self.id,
            "created": 1767607200,
            "timestamp": 1767607200,
            "name": self.name,
            "title": self.name,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "pretty_type": self.filetype.title(),
            "user": self.user,
            "user_team": self.team,
            "editable": self.mode == "snippet",
            "size": len(self.content),
            "mode": self.mode,
            "is_external": False,
            "is_public": True,
            "url_private": self.url,
            "url_private_download": self.url,
            "file_access": "visible",
        }
        if self.mode == "snippet":
            text = self.content.decode("utf-8", "replace")
            told |= {"preview": text[:500], "lines": text.count("\n") + 1, "is_truncated": len(text) > 500}
        return told


@dataclass
class Message:
    """One message as it stands now."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str = ""
    """``ts`` of the message that opened the thread; empty outside threads."""
    bot_id: str = ""
    app_id: str = ""
    subtype: str = ""
    metadata: dict[str, Any] | None = None
    files: list[File] = field(default_factory=list)
    reactions: list[tuple[str, str]] = field(default_factory=list)
    """Who reacted with what."""
    edited: str = ""
    """``ts`` of the last edit."""
    only_for: str = ""
    """The one who sees it, for an ephemeral message."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """How it was posted: ``unfurl_links``, ``reply_broadcast``…"""
    is_deleted: bool = False
    arrived: float = field(default_factory=time.monotonic)
    """When it came, by the machine's clock: for latencies."""
    n_edits: int = 0
    history: list[str] = field(default_factory=list)
    """Texts it had before."""

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.only_for)

    @property
    def touched(self) -> Touched:
        """Whom it pings and where it links to."""
        return touched(self.text, self.blocks, self.arguments)

    @property
    def pings(self) -> tuple[str, ...]:
        """Everybody it notifies: ``"<!channel>"``, ``"<@U1>"``; a test wants this empty."""
        return self.touched.pings

    def payload(self, *, with_metadata: bool = False) -> dict[str, Any]:
        """As history and events tell it."""
        told: dict[str, Any] = {"type": "message", "text": self.text, "ts": self.ts, "team": self.team}
        told |= {name: value for name, value in self._optional() if value}
        if with_metadata and self.metadata is not None:
            told["metadata"] = self.metadata
        return told

    def _optional(self) -> Iterator[tuple[str, Any]]:
        yield "user", self.user
        yield "subtype", self.subtype
        yield "bot_id", self.bot_id
        yield "app_id", self.app_id
        yield "thread_ts", self.thread_ts
        yield "blocks", self.blocks
        yield "files", [file.payload() for file in self.files]
        yield "edited", {"user": self.user, "ts": self.edited} if self.edited else None
        names = dict.fromkeys(name for _, name in self.reactions)
        yield (
            "reactions",
            [
                {"name": name, "users": users, "count": len(users)}
                for name in names
                if (users := [user for user, given in self.reactions if given == name])
            ],
        )


@dataclass
class Channel:
    """A conversation: public or private channel, direct message, or one of several."""

    id: str
    team: str
    name: str
    kind: str
    """``channel``, ``group``, ``im`` or ``mpim``: what events call ``channel_type``."""
    members: list[str]
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, dict[str, Message]] = field(default_factory=dict)
    """By the thread they stand in."""

    def add(self, message: Message) -> None:
        """Put a message in."""
        self.messages[message.ts] = message
        if message.thread_ts and message.thread_ts != message.ts:
            self.replies.setdefault(message.thread_ts, {})[message.ts] = message

    def remove(self, message: Message) -> None:
        """Take a message out."""
        del self.messages[message.ts]
        self.replies.get(message.thread_ts, {}).pop(message.ts, None)

    def payload(self, *, of: str) -> dict[str, Any]:
        """As conversations.info tells it to ``of``."""
        told: dict[str, Any] = {
            "id": self.id,
            "created": 1767607200,
            "is_archived": self.is_archived,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_ext_shared": False,
            "context_team_id": self.team,
        }
        if self.kind == "im":
            told["user"] = next((one for one in self.members if one != of), of)
        else:
            told |= {"name": self.name, "name_normalized": self.name, "is_member": of in self.members}
        return told

    def thread(self, thread_ts: str) -> list[Message]:
        """What stands in a thread, its first message included, oldest first."""
        first = [self.messages[thread_ts]] if thread_ts in self.messages else []
        return [*first, *self.replies.get(thread_ts, {}).values()]


class World:
    """Every workspace of one fake."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._number = itertools.count(1)
        self._last_ts = 0
        self.changed = threading.Condition(threading.RLock())
        """Held whenever anything is read or changed; told of every change."""
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.ephemerals: list[Message] = []

    def new_id(self, prefix: str) -> str:
        """An id as Slack's look: a letter, then digits and capitals."""
        return f"{prefix}0{next(self._number):07X}"

    def new_ts(self) -> str:
        """The time as a ``ts`` that no message has yet."""
        with self.changed:
            self._last_ts = max(self._last_ts + 1, int(self._now() * 1_000_000))
            seconds, micros = divmod(self._last_ts, 1_000_000)
            return f"{seconds}.{micros:06d}"

    def add(self, message: Message) -> Message:
        """Put a message where it belongs."""
        with self.changed:
            if message.is_ephemeral:
                self.ephemerals.append(message)
            else:
                self.channels[message.channel].add(message)
            self.changed.notify_all()
        return message

    def direct(self, team: str, users: list[str]) -> Channel:
        """The direct message of these users, opened when it is not."""
        kind = "im" if len(users) == 2 else "mpim"
        with self.changed:
            for channel in self.channels.values():
                if channel.kind == kind and channel.team == team and set(channel.members) == set(users):
                    return channel
            channel = Channel(self.new_id("D" if kind == "im" else "G"), team, "", kind, list(users))
            self.channels[channel.id] = channel
            return channel
