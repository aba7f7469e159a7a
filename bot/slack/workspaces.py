"""Who we are in each workspace: the one of the settings, or those that installed the app; asked rarely, believed a while."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.oauth.installation_store import InstallationStore

from bot.slack.client import SlackClient
from bot.slack.errors import SlackRefused
from bot.store.errors import StoreError

_LOG = logging.getLogger("hubmedic.slack")
BELIEVED_S = 300.0


@dataclass(frozen=True, slots=True)
class Workspace:
    """The app in a workspace."""

    token: str = field(repr=False)
    bot_user: str = ""
    bot_id: str = ""


class Workspaces:
    """Finds the token of a workspace."""

    def __init__(
        self,
        base_url: str,
        *,
        only: Workspace | None = None,
        store: InstallationStore | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url
        self._only = only
        self._store = store
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[Workspace, float]] = {}
        self._clients: dict[str, SlackClient] = {}
        self._lock = threading.Lock()

    def find(self, team: str, enterprise: str | None = None) -> Workspace | None:
        """Return who we are in a workspace, None where the app is not installed."""
        if self._only is not None:
            return self._only
        if self._store is None:
            return None
        key = (enterprise or "", team)
        with self._lock:
            known = self._known.get(key)
        if known is not None and known[1] > self._clock():
            return known[0]
        try:
            bot = self._store.find_bot(enterprise_id=enterprise, team_id=team)
        except StoreError as error:
            _LOG.error("an installation cannot be looked up: %s", error)
            return known[0] if known is not None else None
        if bot is None or not bot.bot_token:
            return None
        found = Workspace(bot.bot_token, bot.bot_user_id or "", bot.bot_id or "")
        with self._lock:
            self._known[key] = (found, self._clock() + BELIEVED_S)
        return found

    def client(self, team: str) -> SlackClient:
        """Return the client of a workspace.

        Raises
        ------
        SlackRefused
            If the app is not installed there any more.
        """
        found = self.find(team)
        if found is None:
            raise SlackRefused("every call", "not_installed")
        with self._lock:
            if found.token not in self._clients:
                self._clients[found.token] = SlackClient(found.token, self._base_url)
            return self._clients[found.token]

    def forget(self, team: str) -> None:
        """Believe nothing about a workspace any more: it was installed anew, or removed."""
        with self._lock:
            for key in [key for key in self._known if key[1] == team]:
                del self._known[key]

    def forget_all(self) -> None:
        """Believe nothing any more."""
        with self._lock:
            self._known.clear()

    def remove(self, team: str, enterprise: str | None = None) -> None:
        """The app was removed from a workspace: its tokens go."""
        self.forget(team)
        if self._store is None:
            return
        try:
            self._store.delete_bot(enterprise_id=enterprise, team_id=team)
            self._store.delete_installation(enterprise_id=enterprise, team_id=team)
        except StoreError as error:
            _LOG.error("tokens of a workspace that removed the app are still kept: %s", error)
