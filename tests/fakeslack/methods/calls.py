"""What a method of the Web API is given, and how methods are found by name."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakeslack.app import Installed
from tests.fakeslack.errors import ApiError
from tests.fakeslack.platform import Platform
from tests.fakeslack.scopes import require
from tests.fakeslack.world import Channel, Message

MOST_ITEMS = 200


@dataclass
class Call:
    """One call, checked for who is calling."""

    slack: Platform
    method: str
    arguments: dict[str, Any]
    installed: Installed
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """An argument; one that is empty counts as not given."""
        value = self.arguments.get(name)
        return default if value in (None, "") else value

    def need(self, name: str) -> str:
        """An argument that has to be there."""
        value = self.get(name)
        if value is None:
            raise ApiError(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] missing required field: {name}"]},
            )
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument that is true or false, however it is written."""
        value = self.get(name, default)
        return value in (True, 1, "1", "true", "True")

    def parsed(self, name: str, error: str) -> Any:
        """An argument that is JSON, or was JSON already."""
        value = self.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise ApiError(error) from None
        return value

    def channel(self, name: str = "channel") -> Channel:
        """The channel the call is about, seen with the scopes it takes."""
        channel = self.slack.channel(self.need(name), self.installed)
        require(self.method, self.installed.scopes, channel)
        return channel

    def own_message(self, channel: Channel, ts: str, error: str) -> Message:
        """A message of the bot itself."""
        message = channel.messages.get(ts)
        if message is None:
            raise ApiError("message_not_found")
        if message.bot_id != self.installed.bot_id:
            raise ApiError(error)
        return message

    def page(
        self, items: list[Any], name: str, *, most: int = MOST_ITEMS, default: int = 100
    ) -> dict[str, Any]:
        """Some of many, with a cursor to the next."""
        limit = min(int(self.get("limit", default)), most)
        start = 0
        if cursor := self.get("cursor"):
            try:
                start = int(base64.b64decode(str(cursor)).decode().removeprefix("at:"))
            except ValueError:
                raise ApiError("invalid_cursor") from None
        more = start + limit < len(items)
        following = base64.b64encode(f"at:{start + limit}".encode()).decode() if more else ""
        return {
            name: items[start : start + limit],
            "has_more": more,
            "response_metadata": {"next_cursor": following},
        }


Method = Callable[[Call], dict[str, Any]]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Mark a function as a method of the Web API."""

    def marked(function: Method) -> Method:
        METHODS[name] = function
        return function

    return marked
