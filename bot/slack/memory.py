"""What is remembered of conversations and people while it can be, in this process too when the store is away."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation import Conversation
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.logs import LogSeen
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.people import Mutes, People, Person
from bot.store.threads import Kept, ThreadKey, Threads
from kb.errors import KnowledgeError
from kb.locales import normalise

_LOG = logging.getLogger("hubmedic.slack")
_REMEMBERED = 5_000
LOCALE_S = 3600.0
"""How long a person's locale is believed; a change of it is told at once."""
_NO_LOCALE_S = 60.0
DIRECT = "direct"
"""Stands for a thread: what was talked about last in a direct message, outside its threads."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation in Slack."""

    talk: Conversation = field(default_factory=Conversation)
    question: str = ""
    """``ts`` of the question whose card is the latest."""
    asked: str = ""
    """``ts`` of the message that asked what is talked about; "didn't help" is said of that one, however late."""
    before: Conversation = field(default_factory=Conversation)
    """Where the conversation stood before that question: who has to answer it again begins there."""
    findings: str = ""
    """What live checks found about the question on the table, as ``keeping`` writes it."""
    log: LogSeen | None = None
    """What stands in the log that the conversation is about."""
    log_question: str = ""
    """``ts`` of the question that came with it, whose card lists it."""
    shared_to: str = ""
    """Thread that a private answer is shared into; empty: into the channel."""
    is_quiet: bool = False
    """A human took over, or somebody muted it: the bot speaks when it is called."""


class Memory:
    """Conversations and choices over the store, and over a few thousand of this process's own when it is away."""

    def __init__(self, database: Database) -> None:
        self._threads: Threads[Thread] = Threads(database, Thread)
        self._people = People(database)
        self._mutes = Mutes(database)
        self._own: OrderedDict[ThreadKey, tuple[Thread, str]] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, key: ThreadKey) -> Kept[Thread] | None:
        """Return a conversation, None for a thread that is not ours."""
        try:
            kept = self._threads.load(key)
        except StoreError:
            kept = None
        if kept is not None:
            return kept
        with self._lock:
            own = self._own.get(key)
        return None if own is None else Kept(own[0], 0, own[1])

    def save(
        self, key: ThreadKey, thread: Thread, *, user: str, now: datetime, after: Kept[Thread] | None
    ) -> bool:
        """Keep a conversation; False when somebody else was quicker."""
        with self._lock:
            self._own[key] = (thread, user)
            self._own.move_to_end(key)
            while len(self._own) > _REMEMBERED:
                self._own.popitem(last=False)
        try:
            known = after if after is not None and after.version else None
            return self._threads.save(key, thread, user=user, now=now, after=known) is not None
        except StoreError as error:
            _LOG.warning("a conversation is kept in this process only: %s", error)
            return True

    def drop(self, key: ThreadKey) -> None:
        """Forget a conversation."""
        with self._lock:
            self._own.pop(key, None)
        try:
            self._threads.drop(key)
        except StoreError as error:
            _LOG.warning("a conversation is not forgotten yet: %s", error)

    def person(self, team: str, user: str) -> Person:
        """Return what a person chose."""
        try:
            return self._people.find(team, user)
        except StoreError:
            return Person(team, user)

    def choose(self, person: Person, *, now: datetime) -> None:
        """Keep what a person chose."""
        self._people.choose(person, now=now)

    def mute(self, team: str, channel: str, thread_ts: str = "", *, user: str, now: datetime) -> None:
        """Keep quiet in a channel, or in one thread of it."""
        self._mutes.mute(team, channel, thread_ts, user=user, now=now)

    def unmute(self, team: str, channel: str, thread_ts: str = "") -> bool:
        """Speak again; True when it was quiet there."""
        return self._mutes.unmute(team, channel, thread_ts)

    def is_muted(self, team: str, channel: str, thread_ts: str = "") -> bool:
        """Whether the bot was told to be quiet there."""
        try:
            return self._mutes.is_muted(team, channel, thread_ts)
        except StoreError:
            return False

    def forget_own(self, team: str, user: str) -> None:
        """Drop what this process remembers of a person."""
        with self._lock:
            for key in [key for key, (_, whose) in self._own.items() if key.team == team and whose == user]:
                del self._own[key]


class Locales:
    """The locale each person chose in Slack."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, client: SlackClient, team: str, user: str) -> str:
        """Return a person's locale, asking Slack at most once an hour; empty where it is not known."""
        now = self._clock()
        with self._lock:
            known = self._known.get((team, user))
        if known is not None and known[1] > now:
            return known[0]
        try:
            locale = _normal(client.locale(user))
        except SlackError as error:
            _LOG.info("the locale of a person is not known: %s", error)
            self.learn(team, user, known[0] if known else "", _NO_LOCALE_S)
            return known[0] if known else ""
        self.learn(team, user, locale)
        return locale

    def learn(self, team: str, user: str, locale: str, good_for_s: float = LOCALE_S) -> None:
        """Keep a person's locale."""
        with self._lock:
            self._known[team, user] = (_normal(locale), self._clock() + good_for_s)
            self._known.move_to_end((team, user))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


def _normal(locale: str) -> str:
    try:
        return normalise(locale) if locale else ""
    except KnowledgeError:
        return ""
