"""Everything the fake is made of, in one place: what its web side, its sockets and its driver all work on."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakeslack import events
from tests.fakeslack.app import Installed, SlackApp, new_token
from tests.fakeslack.clock import Clock
from tests.fakeslack.errors import ApiError
from tests.fakeslack.faults import Faults
from tests.fakeslack.rates import Rates
from tests.fakeslack.world import Channel, Message, Team, User, World

TRIGGER_S = 3.0
RESPONSE_URL_S = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass(frozen=True)
class ApiCall:
    """One call to the Web API as it came and what was answered."""

    method: str
    arguments: dict[str, Any]
    error: str
    """Slack's word for what was wrong, or what struck the call; empty: it went well."""
    token: str = field(repr=False, default="")


@dataclass
class Trigger:
    """Permission to open one view, for a moment."""

    user: str
    issued: float
    view_id: str = ""
    """The view it came from; only such a trigger pushes."""
    is_used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction, a few times."""

    channel: str
    user: str
    issued: float
    message_ts: str = ""
    """The message the interaction came from."""
    n_uses: int = 0


@dataclass
class View:
    """A modal that is open, or somebody's home."""

    id: str
    team: str
    user: str
    content: dict[str, Any]
    hash: str
    root: str
    previous: str = ""
    is_open: bool = True

    def payload(self, app: SlackApp, installed: Installed) -> dict[str, Any]:
        """As Slack gives it back."""
        told = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **self.content,
        }
        return told | {
            "id": self.id,
            "team_id": self.team,
            "hash": self.hash,
            "state": {"values": {}},
            "root_view_id": self.root,
            "previous_view_id": self.previous or None,
            "app_id": app.app_id,
            "app_installed_team_id": self.team,
            "bot_id": installed.bot_id,
        }


class Platform:
    """State and rules of one fake Slack."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.world = World(self.clock.now)
        self.rates = Rates(self.clock.now)
        self.faults = Faults()
        self.app = SlackApp(
            app_id=self.world.new_id("A"), client_id=f"{secrets.randbelow(10**12):012d}.{1:012d}"
        )
        self.calls: deque[ApiCall] = deque(maxlen=200_000)
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.scheduled: dict[str, tuple[float, dict[str, Any], Installed]] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        """Of the assistant, by channel and thread."""
        self.prompts: dict[str, list[dict[str, Any]]] = {}
        """Suggested in a direct message, by channel."""
        self.codes: dict[str, tuple[str, str, frozenset[str], str]] = {}
        """Of installations under way: workspace, installer, scopes, redirect address."""
        self.base_url = ""
        self.socket_url: Callable[[], str] = lambda: ""
        self.send_event: Callable[[dict[str, Any], Installed], None] = lambda event, installed: None
        """How an event gets to the app; set by the delivery."""
        self._count = itertools.count(1)
        self._lock = threading.Lock()

    def install(self, team: Team, *, scopes: frozenset[str] | None = None, installer: str = "") -> Installed:
        """Put the app into a workspace; installing it again gives a new token."""
        old = self.app.installed.get(team.id)
        if old is None:
            bot = User(self.world.new_id("U"), team.id, "hubmedic", is_bot=True)
            self.world.users[bot.id] = bot
            bot_id, bot_user = self.world.new_id("B"), bot.id
        else:
            bot_id, bot_user = old.bot_id, old.bot_user
        installed = Installed(
            team=team.id,
            bot_token=new_token("xoxb"),
            bot_id=bot_id,
            bot_user=bot_user,
            scopes=self.app.scopes if scopes is None else scopes,
            installer=installer,
        )
        self.app.installed[team.id] = installed
        return installed

    def channel(self, name: Any, installed: Installed) -> Channel:
        """The channel a call names: by id, or by the id of a user to write to directly."""
        found = self.world.channels.get(str(name))
        if found is None and str(name) in self.world.users:
            return self.world.direct(installed.team, [str(name), installed.bot_user])
        if found is None or found.team != installed.team:
            raise ApiError("channel_not_found")
        if found.kind != "channel" and installed.bot_user not in found.members:
            raise ApiError("channel_not_found")  # what one may not see does not exist
        return found

    def trigger(self, user: str, view_id: str = "") -> str:
        """A new trigger id."""
        with self._lock:
            trigger_id = f"{next(self._count)}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
            self.triggers[trigger_id] = Trigger(user, self.clock.now(), view_id)
        return trigger_id

    def use_trigger(self, trigger_id: Any) -> Trigger:
        """Spend a trigger; once, within three seconds."""
        with self._lock:
            trigger = self.triggers.get(str(trigger_id))
            if trigger is None:
                raise ApiError("invalid_trigger_id")
            if trigger.is_used:
                raise ApiError("exchanged_trigger_id")
            if self.clock.now() - trigger.issued > TRIGGER_S:
                raise ApiError("expired_trigger_id")
            trigger.is_used = True
            return trigger

    def response_url(self, channel: str, user: str, message_ts: str = "") -> str:
        """A new address to answer at."""
        key = secrets.token_hex(12)
        self.response_urls[key] = ResponseUrl(channel, user, self.clock.now(), message_ts)
        return f"{self.base_url}/actions/{key}"

    def say(self, message: Message) -> Message:
        """Put a message into its channel and tell the app."""
        with self.world.changed:
            self.world.add(message)
            self._tell(message)
        return message

    def change(self, message: Message, before: dict[str, Any]) -> None:
        """Tell the app that a message reads otherwise."""
        with self.world.changed:
            self.world.changed.notify_all()
        channel = self.world.channels[message.channel]
        ts = self.world.new_ts()
        self.tell(events.message_changed(message, before, channel, ts=ts), channel)

    def remove(self, message: Message) -> None:
        """Take a message away and tell the app."""
        channel = self.world.channels[message.channel]
        with self.world.changed:
            before = message.payload()
            message.is_deleted = True
            channel.remove(message)
            n_replies = len(channel.thread(message.ts))
            self.world.changed.notify_all()
        event = events.message_deleted(before, channel, ts=self.world.new_ts(), n_replies=n_replies)
        self.tell(event, channel)

    def tell(self, event: dict[str, Any], channel: Channel) -> None:
        """Send an event about a channel, if the app is in it and subscribed."""
        installed = self.app.installed.get(channel.team)
        if installed is None or installed.bot_user not in channel.members:
            return
        kind = str(event["type"])
        if kind == "message":
            kind = {"channel": "message.channels", "group": "message.groups"}.get(
                channel.kind, f"message.{channel.kind}"
            )
        if self.app.subscribes(kind, installed):
            self.send_event(event, installed)

    def _tell(self, message: Message) -> None:
        channel = self.world.channels[message.channel]
        parent = channel.messages.get(message.thread_ts) if message.thread_ts else None
        installed = self.app.installed.get(channel.team)
        is_mention = (
            installed is not None and f"<@{installed.bot_user}" in message.text and not message.bot_id
        )
        if is_mention and channel.kind in ("channel", "group"):
            self.tell(events.app_mention(message, channel), channel)
        self.tell(events.message(message, channel, parent), channel)
