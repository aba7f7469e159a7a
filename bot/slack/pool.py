"""Threads that never keep the process from ending.

Those of ``concurrent.futures`` are waited for when Python exits, however long a call to Slack hangs; a platform that said
SIGTERM does not wait. What such a thread leaves unfinished is a claim, and the next process finishes it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")


class Pool(Executor):
    """A fixed number of daemon threads, begun when there is work for them."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._work: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._changed = threading.Condition()
        self._n_threads = 0
        self._n_idle = 0
        self._is_closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have something done by one of the threads.

        Raises
        ------
        RuntimeError
            If the pool takes nothing more.
        """
        future: Future[T] = Future()
        with self._changed:
            if self._is_closed:
                raise RuntimeError("this pool takes no more work: the process ends")
            self._work.append((future, lambda: fn(*args, **kwargs)))
            if self._n_idle < len(self._work) and self._n_threads < self._most:
                self._n_threads += 1
                name = f"{self._name}-{self._n_threads}"
                threading.Thread(target=self._run, name=name, daemon=True).start()
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; with ``wait``, return once everything taken is done."""
        with self._changed:
            self._is_closed = True
            while cancel_futures and self._work:
                self._work.popleft()[0].cancel()
            self._changed.notify_all()
            if wait:
                self._changed.wait_for(lambda: self._n_threads == 0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._n_idle += 1
                self._changed.wait_for(lambda: self._work or self._is_closed)
                self._n_idle -= 1
                if not self._work:
                    self._n_threads -= 1
                    self._changed.notify_all()
                    return
                future, call = self._work.popleft()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
            del future, call  # nothing of a question is held while the thread waits for the next
