"""How often Slack may be called: one message a second and channel, with bursts; anything else on order."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakeslack.errors import TooFast


@dataclass(frozen=True)
class Rate:
    """Calls a second in the long run, and how many at once."""

    per_second: float
    burst: int


class Rates:
    """A bucket a method and, for what posts, a channel."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._rates: dict[str, Rate] = {"chat.postMessage": Rate(per_second=1, burst=20)}
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self.n_refused = 0

    def limit(self, method: str, *, per_second: float, burst: int) -> None:
        """Limit a method; what posts is limited by channel."""
        with self._lock:
            self._rates[method] = Rate(per_second, burst)

    def off(self) -> None:
        """Limit nothing."""
        with self._lock:
            self._rates.clear()

    def spend(self, method: str, channel: str) -> None:
        """Count a call; raise :class:`TooFast` when it is one too many."""
        with self._lock:
            rate = self._rates.get(method)
            if rate is None:
                return
            now = self._now()
            left, since = self._left.get((method, channel), (float(rate.burst), now))
            left = min(rate.burst, left + (now - since) * rate.per_second)
            if left < 1:
                self.n_refused += 1
                self._left[method, channel] = (left, now)
                raise TooFast(max(1, math.ceil((1 - left) / rate.per_second)))
            self._left[method, channel] = (left - 1, now)
