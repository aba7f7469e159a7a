"""Everything of Slack in one process, from the settings: what both transports run."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot import wiring
from bot.errors import BotError
from bot.settings import Settings
from bot.slack.client import SLACK
from bot.slack.desk import Desk
from bot.slack.engine import Engine
from bot.slack.memory import Locales, Memory
from bot.slack.metrics import Metrics
from bot.slack.news import Newsstand
from bot.slack.parts import Parts
from bot.slack.pool import Pool
from bot.slack.recovery import Sweeper
from bot.slack.workspaces import Workspaces
from bot.store.audit import Audit
from bot.store.claims import Claims
from bot.store.database import Database, address
from bot.store.errors import StoreError
from bot.store.escalations import Drafts, Escalations
from bot.store.fallback import FallbackClaims
from bot.store.feedback import FollowUps, Votes
from bot.store.owners import this_process
from bot.store.questions import Questions
from bot.store.shelf import Shelf
from bot.store.upgrade import upgrade
from kb.errors import KnowledgeError

_LOG = logging.getLogger("hubmedic.slack")
THREADS = 24
"""Answers under way at once; each waits for Slack most of its time."""
DRAIN_S = 5.5
"""Longest wait for answers under way at the end; the process is gone within eight seconds of a SIGTERM."""


class Service:
    """What answers."""

    def __init__(self, parts: Parts, workspaces: Workspaces) -> None:
        self.parts = parts
        self.workspaces = workspaces
        self.executor = Pool(THREADS, "hubmedic")
        self.desk = Desk(parts)
        self.news = Newsstand(parts)
        self._sweeper = Sweeper(parts, self.desk, self.executor, then=self.news.keep_up)

    def load(self) -> None:
        """Open the index; where that fails people are told so, and it is tried again."""
        try:
            self.parts.engine.get()
        except (KnowledgeError, BotError) as error:
            _LOG.error("questions cannot be answered yet: %s", error)
        self.parts.metrics.ready.set(self.parts.engine.is_ready)

    def start(self) -> None:
        """Finish what was left, and go on looking for it."""
        self._sweeper.start()

    def drain(self, timeout_s: float = DRAIN_S) -> None:
        """Let answers under way land; what does not in time is given to whoever comes next."""
        self.parts.checks.close()
        self._sweeper.stop()
        self.executor.shutdown(wait=False, cancel_futures=False)
        if not self.parts.flights.wait_landed(timeout_s):
            for place in self.parts.flights.left():
                claim = self.parts.claims.find(place)
                if claim is not None and claim.owner == self.parts.owner:
                    self.parts.claims.release(claim, now=self.parts.now())
            _LOG.warning("%d answers are left to the next process", len(self.parts.flights))
        self.parts.database.close()


def make_service(settings: Settings, workspaces: Workspaces, database: Database) -> Service:
    """Return the service over a database and the workspaces it serves."""
    parts = Parts(
        settings=settings,
        database=database,
        engine=Engine(lambda: wiring.assistant(settings)),
        claims=FallbackClaims(Claims(database)),
        memory=Memory(database),
        locales=Locales(),
        clients=workspaces.client,
        owner=this_process(),
        now=lambda: datetime.now(UTC),
        metrics=Metrics(),
        questions=Questions(database),
        votes=Votes(database),
        follow_ups=FollowUps(database),
        escalations=Escalations(database),
        drafts=Drafts(database),
        audit=Audit(database),
        shelf=Shelf(database),
    )
    return Service(parts, workspaces)


def open_database(settings: Settings) -> Database:
    """Return the store, a SQLite file with its tables made or changed where they are not those of this version."""
    database = Database(address(settings.database_url, wiring.data_folder()))
    if database.is_sqlite:  # nobody else looks after it; of PostgreSQL the release does
        try:
            upgrade(address(settings.database_url, wiring.data_folder()))
        except StoreError as error:
            _LOG.error("the store cannot be prepared: %s", error)
    return database


def slack_address(settings: Settings) -> str:
    """Return the address of Slack's Web API."""
    url = settings.slack_api_base_url or SLACK
    return url if url.endswith("/") else f"{url}/"
