"""Nothing that was acked is lost: claims that a process left behind are finished by another, and by it after a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor

from bot.slack.desk import Desk
from bot.slack.incoming import job_of
from bot.slack.parts import LEASE, Parts
from bot.store.claims import Claim
from bot.store.owners import gone

_LOG = logging.getLogger("hubmedic.slack")
EVERY_S = 5.0


class Sweeper:
    """Looks for unfinished claims at the start and every few seconds."""

    def __init__(
        self,
        parts: Parts,
        desk: Desk,
        executor: Executor,
        *,
        then: Callable[[], None] = lambda: None,
        every_s: float = EVERY_S,
    ) -> None:
        """``then`` is done each time once everything left unfinished is taken over."""
        self._parts = parts
        self._desk = desk
        self._executor = executor
        self._then = then
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hubmedic-sweeper", daemon=True)

    def start(self) -> None:
        """Begin; the first look is taken at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a look under way is finished."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def sweep(self) -> int:
        """Take over what nobody works on any more, and return how much that was."""
        parts = self._parts
        now = parts.now()
        taken = 0
        for claim in parts.claims.unfinished(now, of=gone(parts.claims.owners())):
            if claim.place in parts.flights or self._stop.is_set():
                continue
            ours = parts.claims.take_over(claim, owner=parts.owner, now=now, lease=LEASE)
            if ours is not None:
                taken += 1
                parts.flights.begin(ours.place)
                self._executor.submit(self._finish, ours)
        if len(parts.flights):
            parts.claims.keep(parts.owner, now=parts.now(), lease=LEASE)
        return taken

    def _finish(self, claim: Claim) -> None:
        job = job_of(claim)
        try:
            if job is None:
                self._parts.claims.done(claim, now=self._parts.now())
                return
            self._parts.metrics.recovered.inc()
            self._desk.answer(job, claim, is_recovered=True)
        finally:
            self._parts.flights.end(claim.place)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if n := self.sweep():
                    _LOG.warning("%d questions that were left unfinished are answered now", n)
                self._parts.engine.refresh()
                self._parts.metrics.ready.set(self._parts.engine.is_ready)
                self._then()
            except Exception:
                _LOG.exception("looking for unfinished questions failed")
            self._stop.wait(self._every_s)
