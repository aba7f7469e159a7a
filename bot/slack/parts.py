"""What everything that answers in Slack works with, made once a process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.settings import Channel, Settings
from bot.slack.client import SlackClient
from bot.slack.engine import Engine
from bot.slack.memory import Locales, Memory
from bot.slack.metrics import Metrics
from bot.slack.underway import Underway
from bot.store.audit import Audit
from bot.store.claims import ClaimStore, Place
from bot.store.database import Database
from bot.store.escalations import Drafts, Escalations
from bot.store.feedback import FollowUps, Votes
from bot.store.questions import Questions
from bot.store.shelf import Shelf

LEASE = timedelta(seconds=60)
"""How long a claim is held without a word: longer than an answer takes, shorter than patience."""
EVERY_OTHER = "*"
"""Stands in the settings for the channels that are not named there."""
_ANYWHERE = Channel()


class Flights:
    """Questions being answered by this process right now."""

    def __init__(self) -> None:
        self._places: set[Place] = set()
        self._changed = threading.Condition()

    def __contains__(self, place: Place) -> bool:
        with self._changed:
            return place in self._places

    def __len__(self) -> int:
        with self._changed:
            return len(self._places)

    def begin(self, place: Place) -> None:
        """Count a question in."""
        with self._changed:
            self._places.add(place)

    def end(self, place: Place) -> None:
        """Count it out."""
        with self._changed:
            self._places.discard(place)
            self._changed.notify_all()

    @contextmanager
    def of(self, place: Place) -> Iterator[None]:
        """Count a question in for a block."""
        self.begin(place)
        try:
            yield
        finally:
            self.end(place)

    def wait_landed(self, timeout_s: float) -> bool:
        """Wait until nothing is being answered; False when time is over first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._places, timeout_s)

    def left(self) -> tuple[Place, ...]:
        """What is still being answered."""
        with self._changed:
            return tuple(self._places)


@dataclass(frozen=True)
class Parts:
    """Settings, store, engine and Slack."""

    settings: Settings
    database: Database
    engine: Engine
    claims: ClaimStore
    memory: Memory
    locales: Locales
    clients: Callable[[str], SlackClient]
    """The client of a workspace; raises :class:`~bot.slack.errors.SlackRefused` where it is not installed."""
    owner: str
    """Name of this process on its claims."""
    now: Callable[[], datetime]
    metrics: Metrics
    questions: Questions
    votes: Votes
    follow_ups: FollowUps
    escalations: Escalations
    drafts: Drafts
    audit: Audit
    shelf: Shelf
    flights: Flights = field(default_factory=Flights)
    checks: Underway = field(default_factory=Underway)

    def channel(self, channel: str) -> Channel:
        """Return how the bot behaves in a channel."""
        channels = self.settings.channels
        return channels.get(channel) or channels.get(EVERY_OTHER) or _ANYWHERE
