"""Do something that may block for long, and give it up when its time is over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.checks.watch import Watch

T = TypeVar("T")

_STEP_S = 0.02
"""How often it is looked whether somebody stopped the checks."""


class Attempt(Generic[T]):
    """Work in a daemon thread. Giving up shuts the sockets it watches, which ends most of what can block."""

    def __init__(self, work: Callable[[Attempt[T]], T]) -> None:
        self._done = threading.Event()
        self._values: list[T] = []
        self._error: BaseException | None = None
        self._sockets = Watch()
        threading.Thread(target=self._run, args=(work,), name="hubmedic-network", daemon=True).start()

    def watch(self, sock: socket.socket) -> socket.socket:
        """Shut this socket too when the attempt is given up; raises where it already is."""
        self._sockets.add(sock)
        return sock

    def result(self, seconds: float, stop: threading.Event) -> T:
        """Wait for the value.

        Raises
        ------
        TimeoutError
            When the time is over, or ``stop`` is set.
        BaseException
            What the work raised.
        """
        left = seconds
        while left > 0 and not stop.is_set() and not self._done.wait(min(_STEP_S, left)):
            left -= _STEP_S
        if not self._done.is_set():
            self._sockets.end()
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._values[0]

    def _run(self, work: Callable[[Attempt[T]], T]) -> None:
        try:
            self._values.append(work(self))
        except BaseException as error:  # told to whoever waits
            self._error = error
        finally:
            self._sockets.forget()
            self._done.set()
