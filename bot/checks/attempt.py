"""Do something that may block for long, and give it up when its time is over."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Attempt(Generic[T]):
    """Work in a daemon thread. Giving up shuts the sockets it watches, which ends most of what can block."""

    def __init__(self, work: Callable[[Attempt[T]], T]) -> None:
        self._done = threading.Event()
        self._values: list[T] = []
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._twins: list[socket.socket] = []
        self._is_over = False
        threading.Thread(target=self._run, args=(work,), name="hubmedic-network", daemon=True).start()

    def watch(self, sock: socket.socket) -> socket.socket:
        """Shut this socket too when the attempt is given up. Its twin is kept: TLS takes the descriptor out of it."""
        with self._lock:
            if self._is_over:
                sock.close()
                raise TimeoutError
            self._twins.append(sock.dup())
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
        left, step = seconds, 0.02
        while left > 0 and not stop.is_set() and not self._done.wait(min(step, left)):
            left -= step
        if not self._done.is_set():
            self._give_up()
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._values[0]

    def _give_up(self) -> None:
        with self._lock:
            self._is_over = True
            for twin in self._twins:
                with contextlib.suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)

    def _run(self, work: Callable[[Attempt[T]], T]) -> None:
        try:
            self._values.append(work(self))
        except BaseException as error:  # told to whoever waits
            self._error = error
        finally:
            with self._lock:
                for twin in self._twins:
                    twin.close()
                self._twins.clear()
            self._done.set()
