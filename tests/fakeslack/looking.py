"""What came of it: messages, modals, calls, the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.fakeslack import reading
from tests.fakeslack.ledger import Ledger
from tests.fakeslack.platform import ApiCall, View
from tests.fakeslack.workspace import Workspace
from tests.fakeslack.world import Channel, Message, User

TIMEOUT_S = 20.0
_LOOK_AGAIN_S = 0.02


class Looking(Workspace):
    """Looks, and waits until there is something to see."""

    def messages(self, channel: Channel, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel, or in one of its threads without the message that opened it; oldest first."""
        with self.world.changed:
            if thread_ts is None:
                return list(channel.messages.values())
            return [one for one in channel.thread(thread_ts) if one.ts != thread_ts]

    def wait_for_messages(
        self, channel: Channel, thread_ts: str | None = None, *, n: int = 1, timeout_s: float = TIMEOUT_S
    ) -> list[Message]:
        """Wait until the bot has written that many messages there."""

        def written() -> list[Message]:
            return [
                one
                for one in self.messages(channel, thread_ts)
                if one.bot_id == self.installed_in(channel).bot_id
            ]

        self.wait_until(
            lambda: len(written()) >= n, f"{n} messages in {channel.name or channel.id}", timeout_s
        )
        return written()

    def wait_for_answers(
        self, question: Message, *, n: int = 1, timeout_s: float = TIMEOUT_S
    ) -> list[Message]:
        """Wait until the bot has answered in the question's thread."""
        channel = self.world.channels[question.channel]
        return self.wait_for_messages(channel, question.thread_ts or question.ts, n=n, timeout_s=timeout_s)

    def ephemerals(self, user: User) -> list[Message]:
        """What only this person sees."""
        with self.world.changed:
            return [one for one in self.world.ephemerals if one.only_for == user.id and not one.is_deleted]

    def wait_for_ephemerals(self, user: User, *, n: int = 1, timeout_s: float = TIMEOUT_S) -> list[Message]:
        """Wait until a person sees that many messages nobody else sees."""
        self.wait_until(lambda: len(self.ephemerals(user)) >= n, f"{n} ephemeral messages", timeout_s)
        return self.ephemerals(user)

    def view(self, user: User) -> View | None:
        """The modal on top of a person's stack."""
        with self.world.changed:
            return next(
                (
                    one
                    for one in reversed(self.platform.views.values())
                    if one.user == user.id and one.is_open
                ),
                None,
            )

    def wait_for_view(self, user: User, *, timeout_s: float = TIMEOUT_S) -> View:
        """Wait until a person sees a modal."""
        self.wait_until(lambda: self.view(user) is not None, "a modal", timeout_s)
        view = self.view(user)
        assert view is not None
        return view

    def home(self, user: User) -> dict[str, Any] | None:
        """What is published in a person's home."""
        view = self.platform.homes.get(user.id)
        return None if view is None else view.content

    def text(self, message: Message) -> str:
        """A message as its reader reads it."""
        return reading.text_of(message.blocks) or message.text

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """Calls to the Web API so far; answers to a ``response_url`` are called ``response_url``."""
        return [one for one in list(self.platform.calls) if method in (None, one.method)]

    def pinged(self) -> list[tuple[Message, tuple[str, ...]]]:
        """Everything the bot wrote that would have notified somebody; a test wants this empty."""
        with self.world.changed:
            written = [one for channel in self.world.channels.values() for one in channel.messages.values()]
            written += self.world.ephemerals
        return [(one, one.pings) for one in written if one.app_id == self.app.app_id and one.pings]

    def wait_until(self, is_so: Callable[[], bool], what: str, timeout_s: float = TIMEOUT_S) -> None:
        """Wait until something holds: looked at after every change here, and every moment for what changes elsewhere."""
        end = time.monotonic() + timeout_s
        with self.world.changed:
            while not is_so():
                if time.monotonic() >= end:
                    refused = [(call.method, call.error) for call in self.calls() if call.error]
                    raise TimeoutError(
                        f"{what} did not come within {timeout_s} s; refused calls: {refused[-10:]}"
                    )
                self.world.changed.wait(_LOOK_AGAIN_S)

    def settle(self, timeout_s: float = TIMEOUT_S) -> bool:
        """Wait until every delivery is acked or given up."""
        return self.deliveries.settle(timeout_s)

    def ledger(self, is_answer: Callable[[Message], bool] = lambda message: True) -> Ledger:
        """Every mention and direct message, with its answers; ``is_answer`` tells them from other messages of the bot."""

        def is_acked(question: Message) -> bool:
            return any(one.is_acked for one in self.deliveries.by_message.get(question.ts, ()))

        with self.world.changed:
            return self._asked.ledger(self.world.channels, is_acked, is_answer)
