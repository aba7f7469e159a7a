"""The assistant as a long-running process holds it: loaded in time, loaded anew when a new index stands, missed with grace."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from bot.assistant import Assistant
from bot.errors import BotError
from kb.errors import KnowledgeError

_LOG = logging.getLogger("hubmedic.slack")
TRY_AGAIN_S = 10.0


class Engine:
    """Opens the knowledge base once for all threads."""

    def __init__(
        self, open_assistant: Callable[[], Assistant], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = open_assistant
        self._clock = clock
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._failure: BotError | KnowledgeError | None = None
        self._try_after = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether questions can be answered."""
        return self._assistant is not None

    @property
    def failure(self) -> BotError | KnowledgeError | None:
        """Why not, where it was tried and failed."""
        return self._failure

    def get(self) -> Assistant:
        """Return the assistant, opening it where that has not been done.

        Raises
        ------
        KnowledgeError, BotError
            If the knowledge base cannot be opened; it is tried again every few seconds.
        """
        if (ready := self._assistant) is not None:
            return ready
        with self._lock:
            if self._assistant is not None:
                return self._assistant
            if self._failure is not None and self._clock() < self._try_after:
                raise self._failure
            try:
                self._assistant = self._open()
            except (BotError, KnowledgeError) as error:
                _LOG.error("the knowledge base cannot be opened: %s", error)
                self._failure, self._try_after = error, self._clock() + TRY_AGAIN_S
                raise
            self._failure = None
            return self._assistant

    def refresh(self) -> None:
        """Open the knowledge base anew where a new index stands in the place of the one in use."""
        held = self._assistant
        if held is None or held.knowledge.is_current():
            return
        try:
            fresh = self._open()
        except (BotError, KnowledgeError) as error:
            _LOG.error("the new index cannot be opened, the old one serves on: %s", error)
            return
        with self._lock:
            self._assistant = fresh
        _LOG.warning("a new index is in use")
