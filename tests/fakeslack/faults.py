"""What goes wrong on the way to Slack, by method and number of the call.

    slack.faults.plan("chat.postMessage", RateLimited(retry_after=1), nth=1)
    slack.faults.plan("*", Reset(is_applied=True), nth=(2, 5))
    slack.faults.plan("response_url", Hang())          # also "files.download"

A fault that ``is_applied`` strikes after the call has done its work: the message stands in the channel and the caller does
not know. That is what makes exactly-once hard, so it can be had on order.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Something that happens to a call instead of an answer."""

    is_applied: bool = field(default=False, kw_only=True)
    """True: the call does its work first, only the answer is lost."""


@dataclass(frozen=True)
class RateLimited(Fault):
    """429."""

    retry_after: int = 1


@dataclass(frozen=True)
class ServerError(Fault):
    """5xx with a page instead of JSON."""

    status: int = 500


@dataclass(frozen=True)
class ApiFailure(Fault):
    """``ok: false`` with an error of choice."""

    error: str = "internal_error"


@dataclass(frozen=True)
class Reset(Fault):
    """The connection is cut."""


@dataclass(frozen=True)
class Hang(Fault):
    """Nothing comes, until :meth:`Faults.release` or the end of the fake."""


@dataclass(frozen=True)
class Slow(Fault):
    """The answer takes its time, then is right."""

    seconds: float = 0.5


@dataclass(frozen=True)
class Garbled(Fault):
    """200 with a body that is no JSON: what a proxy in between answers."""


@dataclass
class _Plan:
    method: str
    fault: Fault
    calls: frozenset[int] | None
    n_seen: int = 0


class Faults:
    """Faults to come."""

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._lock = threading.Lock()
        self._released = threading.Event()

    def plan(self, method: str, fault: Fault, *, nth: int | Iterable[int] | None = None) -> None:
        """Strike the nth calls of a method from now on, counted from 1; every call without ``nth``; ``"*"``: any method."""
        calls = None if nth is None else frozenset([nth] if isinstance(nth, int) else nth)
        with self._lock:
            self._plans.append(_Plan(method, fault, calls))

    def clear(self) -> None:
        """Nothing goes wrong any more; what hangs goes on."""
        with self._lock:
            self._plans.clear()
        self.release()

    def release(self) -> None:
        """Let calls that hang go on."""
        self._released.set()
        self._released = threading.Event()

    def wait_released(self) -> None:
        """Hang."""
        self._released.wait()

    def of(self, method: str) -> Fault | None:
        """What this call is struck by."""
        struck: Fault | None = None
        with self._lock:
            for plan in self._plans:
                if plan.method in (method, "*"):
                    plan.n_seen += 1
                    if struck is None and (plan.calls is None or plan.n_seen in plan.calls):
                        struck = plan.fault
        return struck
