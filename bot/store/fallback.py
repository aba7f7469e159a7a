"""Claims that survive a database that is down: answering goes on, claims are remembered in this process.

    up ── the database fails ──> down: claims in memory, said once in the log, tried again every few seconds
    ^                              │
    └── it answers again: what was remembered is written down ──┘

What this process has claimed lately it remembers also while the database is up, so that a retry which arrives during an
outage is known for what it is. Between replicas nothing can be shared while the database is away; that is the price.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.store.claims import Claim, Claims, ClaimState, Place, Wanted, claim_of
from bot.store.columns import refuse_secrets_in_json
from bot.store.errors import SecretRefused, StoreError, StoreUnreachable

_LOG = logging.getLogger("hubmedic.store")
T = TypeVar("T")

TRY_AGAIN_S = 5.0
"""A database that does not answer is left alone that long: its time-out may cost what Slack's ack has."""
REMEMBERED = 20_000
"""Events and places kept in memory, the newest; far more than come within the hour of Slack's retries."""


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """A claim whose latest state the database does not know."""

    claim: Claim
    event_ids: tuple[str, ...] = ()


class FallbackClaims:
    """The claims of :class:`~bot.store.claims.Claims`, and of this process's memory while those cannot be had."""

    def __init__(
        self, claims: Claims, *, clock: Callable[[], float] = time.monotonic, remembered: int = REMEMBERED
    ) -> None:
        self._claims = claims
        self._clock = clock
        self._most = remembered
        self._lock = threading.RLock()
        self._seen: OrderedDict[str | Place, None] = OrderedDict()
        self._unwritten: OrderedDict[Place, _Unwritten] = OrderedDict()
        self._down_until: float | None = None

    def take(self, wanted: Wanted, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Claim a question, in memory where the database is away; None when it is claimed already."""
        # Remembered before the database is asked: two threads with twins must not both find it down.
        if not self._is_first(wanted):
            return None
        try:
            return self._take(wanted, owner, now, lease)
        except SecretRefused:
            with self._lock:  # once it is redacted it may come again
                self._seen.pop(wanted.event_id, None)
                self._seen.pop(wanted.place, None)
            raise

    def renew(self, claim: Claim, *, now: datetime, lease: timedelta) -> Claim | None:
        """Hold a claim longer; None when it is lost."""
        return self._change(
            claim, lambda: self._claims.renew(claim, now=now, lease=lease), lease_until=now + lease
        )

    def posted(self, claim: Claim, message_ts: str, *, now: datetime) -> Claim | None:
        """Write down which message is the answer; None when the claim is lost."""
        return self._change(
            claim,
            lambda: self._claims.posted(claim, message_ts, now=now),
            state=ClaimState.POSTED,
            message_ts=message_ts,
        )

    def done(self, claim: Claim, *, now: datetime) -> Claim | None:
        """Write down that nothing is left to do; None when the claim is lost."""
        return self._change(
            claim, lambda: self._claims.done(claim, now=now), state=ClaimState.DONE, lease_until=now
        )

    def release(self, claim: Claim, *, now: datetime) -> Claim | None:
        """Give up a claim unfinished, for another to take over at once."""
        return self._change(claim, lambda: self._claims.release(claim, now=now), lease_until=now)

    def unfinished(self, now: datetime, *, of: Collection[str] = (), limit: int = 100) -> tuple[Claim, ...]:
        """Claims without an answer whose lease is over; this process's own while the database is away."""
        try:
            return self._try(lambda: self._claims.unfinished(now, of=of, limit=limit))
        except StoreError:
            with self._lock:
                kept = [one.claim for one in self._unwritten.values()]
            left = (
                claim
                for claim in kept
                if claim.state is not ClaimState.DONE and (claim.lease_until <= now or claim.owner in of)
            )
            return tuple(left)[:limit]

    def owners(self) -> tuple[str, ...]:
        """Everybody who holds an unfinished claim; nobody while that cannot be known."""
        try:
            return self._try(self._claims.owners)
        except StoreError:
            return ()

    def take_over(self, claim: Claim, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Take an unfinished claim; None when another was first. Others' claims can be had from the database alone."""
        with self._lock:
            is_ours = claim.place in self._unwritten
        values = {"owner": owner, "token": claim.token + 1, "lease_until": now + lease}
        return self._change(
            claim,
            lambda: self._claims.take_over(claim, owner=owner, now=now, lease=lease),
            only_known=not is_ours,
            **values,
        )

    def keep(self, owner: str, *, now: datetime, lease: timedelta) -> None:
        """Hold everything that an owner works on longer; nobody can take it over while the database is away."""
        with suppress(StoreError):
            self._try(lambda: self._claims.keep(owner, now=now, lease=lease))

    def find(self, place: Place) -> Claim | None:
        """The claim of a question; None when there is none, or it cannot be known now."""
        with self._lock:
            if place in self._unwritten:
                return self._unwritten[place].claim
        try:
            return self._try(lambda: self._claims.find(place))
        except StoreError:
            return None

    def withdraw(self, place: Place, *, now: datetime) -> Claim | None:
        """Mark a question as deleted; its claim as it stands, None when nobody has claimed it or it cannot be known."""
        try:
            return self._try(lambda: self._claims.withdraw(place, now=now))
        except StoreError:
            with self._lock:
                self._remember(place)
                if place not in self._unwritten:
                    return None
                kept = self._unwritten[place]
                claim = replace(kept.claim, is_withdrawn=True)
                self._unwritten[place] = replace(kept, claim=claim)
                return claim

    def _is_first(self, wanted: Wanted) -> bool:
        with self._lock:
            is_first = wanted.event_id not in self._seen and wanted.place not in self._seen
            self._remember(wanted.event_id, wanted.place)
            return is_first

    def _take(self, wanted: Wanted, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        try:
            return self._try(lambda: self._claims.take(wanted, owner=owner, now=now, lease=lease))
        except SecretRefused:
            raise
        except StoreError:
            refuse_secrets_in_json(wanted.work)  # what could never be written down later
            claim = claim_of(wanted, owner=owner, now=now, lease=lease)
            self._keep(_Unwritten(claim, (wanted.event_id,)))
            return claim

    def _remember(self, *seen: str | Place) -> None:
        for one in seen:
            self._seen[one] = None
            self._seen.move_to_end(one)
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)

    def _change(
        self,
        claim: Claim,
        call: Callable[[], Claim | None],
        *,
        only_known: bool = False,
        **values: Any,
    ) -> Claim | None:
        """Make a change in the database; where it is away, in memory, by the same rule of tokens."""
        try:
            return self._try(call)
        except StoreError:
            with self._lock:
                kept = self._unwritten.get(claim.place)
                if kept is None and only_known:
                    return None
                latest = claim if kept is None else kept.claim
                if latest.token != claim.token or latest.state is ClaimState.DONE:
                    return None
                changed = replace(latest, **values)
                self._keep(_Unwritten(changed, () if kept is None else kept.event_ids))
                return changed

    def _keep(self, unwritten: _Unwritten) -> None:
        with self._lock:
            self._unwritten[unwritten.claim.place] = unwritten
            while len(self._unwritten) > self._most:
                self._unwritten.popitem(last=False)

    def _try(self, call: Callable[[], T]) -> T:
        """Ask the database, unless it was found away a moment ago; raise :class:`StoreError` when it is away."""
        now = self._clock()
        with self._lock:
            if self._down_until is not None:
                if now < self._down_until:
                    raise StoreUnreachable("the database was away a moment ago")
                self._down_until = now + TRY_AGAIN_S  # one thread tries, the others go on without
        try:
            self._write_down()
            result = call()
        except SecretRefused:
            raise
        except StoreError as error:
            with self._lock:
                if self._down_until is None:
                    _LOG.error("%s: claims are remembered in this process until it is back", error)
                self._down_until = now + TRY_AGAIN_S
            raise
        with self._lock:
            if self._down_until is not None:
                _LOG.warning("the database is back; claims are written down again")
                self._down_until = None
        return result

    def _write_down(self) -> None:
        with self._lock:
            unwritten = tuple(self._unwritten.values())
        for one in unwritten:
            self._claims.adopt(one.claim, one.event_ids)
            with self._lock:
                if self._unwritten.get(one.claim.place) == one:  # else it changed meanwhile
                    del self._unwritten[one.claim.place]
