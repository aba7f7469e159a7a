"""What is new in the documents: each index that is served is compared with the one served before."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot import wording
from bot.slack.parts import Parts
from bot.store.errors import StoreError
from bot.store.shelf import News
from kb.errors import KnowledgeError
from kb.model import Entry, Hit
from kb.search import KnowledgeBase

_LOG = logging.getLogger("hubmedic.slack")
TOLD_FOR = timedelta(days=30)
_MOST = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is new."""

    title: str
    url: str
    is_new: bool
    """False: it was there, and reads otherwise."""


class Newsstand:
    """Compares indexes, and tells what came of it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._compared: KnowledgeBase | None = None

    def keep_up(self) -> None:
        """Compare the index in use, once for each; a store that is away is asked again the next time."""
        if not self._parts.engine.is_ready:
            return
        knowledge = self._parts.engine.get().knowledge
        if knowledge is self._compared:
            return
        shelf, fingerprint = self._parts.shelf, knowledge.fingerprint[:32]
        try:
            if not shelf.is_known(fingerprint):
                digests = {(entry.id, entry.locale): _digest(entry) for entry in knowledge.entries()}
                n = shelf.compare(digests, fingerprint, now=self._parts.now())
                _LOG.info("another index is served: %d entries are new or changed", n)
        except StoreError as error:
            _LOG.info("what is new is not known yet: %s", error)
            return
        self._compared = knowledge

    def told(self, locale: str) -> Iterator[Told]:
        """Yield what is new, the newest first, in a person's language where it exists in that."""
        knowledge = self._parts.engine.get().knowledge
        try:
            news = list(self._parts.shelf.news(self._parts.now() - TOLD_FOR, limit=_MOST))
        except StoreError as error:
            _LOG.warning("what is new cannot be read: %s", error)
            return
        for one in news:
            try:
                entry = knowledge.entry(one.entry, locale)
            except KnowledgeError:
                continue
            yield Told(wording.heading(Hit(entry, 0.0, {})), entry.url or "", one.news is News.NEW)


def _digest(entry: Entry) -> str:
    told = repr((entry.title, entry.symptom, entry.remedies, entry.more)).encode("utf-8", "replace")
    return hashlib.blake2b(told, digest_size=16).hexdigest()
