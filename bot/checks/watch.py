"""End from outside what waits on a socket: a peer that sends a byte now and then never runs into a timeout."""

from __future__ import annotations

import contextlib
import socket
import threading


class Watch:
    """Every socket of some work, and the way to end them all at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._twins: list[socket.socket] = []
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Calls were ended from outside."""
        return self._is_over

    def add(self, sock: socket.socket) -> None:
        """Watch a socket. Its twin is kept: TLS takes the descriptor out of the object given here.

        Raises
        ------
        ConnectionAbortedError
            If all was ended meanwhile; the socket is closed then.
        """
        with self._lock:
            if self._is_over:
                sock.close()
                raise ConnectionAbortedError("the checks are over")
            self._twins.append(sock.dup())

    def end(self) -> None:
        """Shut every connection; whoever reads from one gets the end of the stream."""
        with self._lock:
            self._is_over = True
            for twin in self._twins:
                with contextlib.suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)
        self.forget()

    def forget(self) -> None:
        """Let go of the twins."""
        with self._lock:
            for twin in self._twins:
                twin.close()
            self._twins.clear()
