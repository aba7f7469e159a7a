"""The fake as tests use it: start it, point an app at it, be its users, look at what came.

with FakeSlack() as slack:
    start_the_app(slack.env())
    slack.wait_connected()
    question = slack.mention(slack.general, slack.ada, "my device gets 401003")
    (answer,) = slack.wait_for_answers(question)
    slack.click(answer, "Next cause")
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from tests.fakeslack import browser
from tests.fakeslack.delivery import Chaos, Delivery
from tests.fakeslack.doing import Doing
from tests.fakeslack.looking import TIMEOUT_S, Looking
from tests.fakeslack.posts import Posts
from tests.fakeslack.world import Message, Team


class FakeSlack(Doing, Looking):
    """Slack on loopback, and everybody in it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything; whoever hangs goes on."""
        self.faults.clear()
        self.deliveries.close()
        self.sockets.close()
        if self.posts is not None:
            self.posts.close()
        self.web.close()
        self.clock.close()

    # How the app gets here

    @property
    def api_url(self) -> str:
        """What ``SLACK_API_BASE_URL`` is set to."""
        return f"{self.web.url}/api/"

    def env(self, *, socket_mode: bool = True, oauth: bool = False) -> dict[str, str]:
        """Variables that point an app here."""
        given = {"SLACK_API_BASE_URL": self.api_url}
        if oauth:
            given |= {"SLACK_CLIENT_ID": self.app.client_id, "SLACK_CLIENT_SECRET": self.app.client_secret}
        else:
            given["SLACK_BOT_TOKEN"] = self.bot.bot_token
        if socket_mode:
            given["SLACK_APP_TOKEN"] = self.app.app_token
        else:
            given["SLACK_SIGNING_SECRET"] = self.app.signing_secret
        return given

    def deliver_to(self, *urls: str) -> None:
        """Send events by HTTP from now on, to each address in turn."""
        if self.posts is not None:
            self.posts.close()
        self.posts = Posts(self.platform, urls)
        self.deliveries.transport = self.posts

    def wait_connected(self, n: int = 1, timeout_s: float = TIMEOUT_S) -> None:
        """Wait for the app's sockets."""
        if not self.sockets.wait_connected(n, timeout_s):
            raise TimeoutError(f"no {n} connections within {timeout_s} s")

    def install(self, app_url: str, *, team: Team | None = None, allow: bool = True) -> browser.Page:
        """Install the app as a person with a browser does, beginning at its install page."""
        query = f"?team={team.id}" if team is not None else ""
        return browser.install(f"{app_url}{query}", allow=allow)

    def uninstall(self, team: Team | None = None) -> None:
        """Remove the app: its token is good no more, and it is told so."""
        installed = self.installed_of(team or self.team)
        self.deliveries.event({"type": "app_uninstalled"}, installed)
        self.deliveries.event(
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [installed.bot_user]}}, installed
        )
        installed.is_revoked = True

    # What goes wrong

    @property
    def chaos(self) -> Chaos:
        """What goes wrong by chance on the way to the app."""
        return self.deliveries.chaos

    @chaos.setter
    def chaos(self, chaos: Chaos) -> None:
        self.deliveries.chaos = chaos

    @contextmanager
    def held(self, order: str = "as sent", *, times: int = 1, seed: int = 0) -> Iterator[None]:
        """Hold events back in the block, then send them ``as sent``, ``reversed`` or ``shuffled``, each ``times`` times."""

        def arrange(held: list[Delivery]) -> list[Delivery]:
            if order == "reversed":
                held = held[::-1]
            held = held * times
            if order == "shuffled":
                random.Random(seed).shuffle(held)
            return held

        with self.deliveries.held(arrange):
            yield

    def deliver_again(self, message: Message, *, reason: str = "http_timeout") -> None:
        """Send every event that told of a message once more, as retries."""
        for delivery in list(self.deliveries.by_message.get(message.ts, ())):
            self.deliveries.again(delivery.id, reason=reason)
