"""How events, commands and interactions get to the app: acks within three seconds, retries, and what goes wrong on the way.

An event whose ack does not come is sent again, at once, after a minute and after five more, with the same ``event_id``; a command
or an interaction is not: its user sees an error. :class:`Chaos` loses first attempts, loses acks, sends twice and shuffles.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fakeslack import events
from tests.fakeslack.app import Installed
from tests.fakeslack.clock import Clock
from tests.fakeslack.platform import Platform

ACK_S = 3.0
RETRY_DELAYS_S = (0.0, 60.0, 300.0)

Done = Callable[[str, Any], None]
"""Told how an attempt ended: ``"acked"`` or Slack's word for why not, and the answer."""


@dataclass
class Delivery:
    """Something on its way to the app, however many attempts it takes."""

    id: str
    kind: str
    """``events_api``, ``slash_commands`` or ``interactive``: as Socket Mode calls it."""
    payload: dict[str, Any]
    outcomes: list[str] = field(default_factory=list)
    """How each attempt ended."""
    response: Any = None
    is_acked: bool = False
    is_over: bool = False
    """Acked, or given up."""
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def n_attempts(self) -> int:
        return len(self.outcomes)


class Transport(Protocol):
    """A way to the app."""

    def send(self, delivery: Delivery, *, number: int, reason: str, done: Done) -> None:
        """Try once and say how it ended; ``number`` counts the retries, 0 is the first attempt."""


@dataclass(frozen=True)
class Chaos:
    """What goes wrong by chance, as shares of the events."""

    duplicate: float = 0.0
    """Sent again although it was acked."""
    drop: float = 0.0
    """The first attempt never arrives."""
    lose_ack: float = 0.0
    """It arrives and is acked, and Slack does not hear of it."""
    shuffle_s: float = 0.0
    """Held up for up to that long, so that events overtake each other."""
    seed: int = 0


class Deliveries:
    """Everything sent to the app."""

    def __init__(self, slack: Platform) -> None:
        self._slack = slack
        self._count = itertools.count(1)
        self._held: list[Delivery] | None = None
        self._lock = threading.RLock()
        self._over = threading.Condition(self._lock)
        self._chance = random.Random(0)
        self._chaos = Chaos()
        self.transport: Transport | None = None
        self.timers = Clock()
        """Never moved ahead: what waits for an answer waits for real."""
        self.retry_delays_s = RETRY_DELAYS_S
        self.by_id: dict[str, Delivery] = {}
        self.by_message: dict[str, list[Delivery]] = {}
        """What told of a message, by its ``ts``."""
        self._n_open = 0
        slack.send_event = self.event

    @property
    def chaos(self) -> Chaos:
        """What goes wrong by chance."""
        return self._chaos

    @chaos.setter
    def chaos(self, chaos: Chaos) -> None:
        with self._lock:
            self._chaos, self._chance = chaos, random.Random(chaos.seed)

    def event(self, event: dict[str, Any], installed: Installed) -> None:
        """Send an event of the Events API."""
        event_id = f"Ev{next(self._count):08X}"
        payload = events.event_callback(
            self._slack.app, installed, event, event_id=event_id, at=self._slack.clock.now()
        )
        delivery = self._new(Delivery(event_id, "events_api", payload))
        with self._lock:
            if self._held is not None:
                self._held.append(delivery)
                return
        self._send_first(delivery)

    def direct(self, kind: str, payload: dict[str, Any]) -> Delivery:
        """Send a command or an interaction and wait for its ack; not retried."""
        delivery = self._new(Delivery(f"D{next(self._count)}", kind, payload))
        self._attempt(delivery, 0, "")
        delivery.finished.wait(ACK_S + 2)
        return delivery

    def again(self, event_id: str, *, reason: str = "http_timeout") -> None:
        """Send an event once more, as a retry."""
        delivery = self.by_id[event_id]
        self._attempt(delivery, max(1, delivery.n_attempts), reason)

    @contextmanager
    def held(self, arrange: Callable[[list[Delivery]], list[Delivery]]) -> Iterator[None]:
        """Hold events back, then send them in another order, or some twice, or not at all."""
        with self._lock:
            self._held = []
        try:
            yield
        finally:
            with self._lock:
                held, self._held = self._held or [], None
            for delivery in arrange(held):
                self._attempt(delivery, delivery.n_attempts, "http_timeout" if delivery.n_attempts else "")

    def settle(self, timeout_s: float) -> bool:
        """Wait until everything sent is acked or given up; False when time is over first."""
        with self._over:
            return self._over.wait_for(lambda: self._n_open == 0, timeout_s)

    def close(self) -> None:
        """Send nothing more."""
        self.transport = None
        self.timers.close()

    def _new(self, delivery: Delivery) -> Delivery:
        with self._lock:
            self.by_id[delivery.id] = delivery
            self._n_open += 1
            if ts := delivery.payload.get("event", {}).get("ts"):
                self.by_message.setdefault(ts, []).append(delivery)
        return delivery

    def _send_first(self, delivery: Delivery) -> None:
        with self._lock:
            chaos = self._chaos
            delay = self._chance.uniform(0, chaos.shuffle_s) if chaos.shuffle_s else 0.0
            is_dropped = self._chance.random() < chaos.drop
        if is_dropped:
            self._ended(delivery, 0, "connection_failed", None)
        elif delay:
            self.timers.call_in(delay, lambda: self._attempt(delivery, 0, ""))
        else:
            self._attempt(delivery, 0, "")

    def _attempt(self, delivery: Delivery, number: int, reason: str) -> None:
        transport = self.transport
        if transport is None:
            self._ended(delivery, number, "connection_failed", None)
            return
        transport.send(
            delivery,
            number=number,
            reason=reason,
            done=lambda outcome, response: self._ended(delivery, number, outcome, response),
        )

    def _ended(self, delivery: Delivery, number: int, outcome: str, response: Any) -> None:
        with self._lock:
            chaos = self._chaos
            is_event = delivery.kind == "events_api"
            if outcome == "acked" and is_event and number == 0 and self._chance.random() < chaos.lose_ack:
                outcome = "http_timeout"
                delivery.is_acked = True  # the app said so, and is held to it
            delivery.outcomes.append(outcome)
            is_again = False
            if outcome == "acked":
                delivery.is_acked = True
                delivery.response = response
                is_again = is_event and number == 0 and self._chance.random() < chaos.duplicate
            retries_left = is_event and outcome != "no_retry" and number < len(self.retry_delays_s)
            is_over = delivery.is_over or outcome == "acked" or not retries_left
            if is_over and not is_again:
                if not delivery.is_over:
                    self._n_open -= 1
                delivery.is_over = True
                delivery.finished.set()
                self._over.notify_all()
        if is_again:
            self._attempt(delivery, 1, "http_timeout")
        elif not is_over:
            self._slack.clock.call_in(
                self.retry_delays_s[number], lambda: self._attempt(delivery, number + 1, outcome)
            )
