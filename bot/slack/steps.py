"""What the checks are doing, shown while they do it.

The reading tells of each step and goes on; a thread of its own takes the latest to Slack, so that a slow Slack makes no
check late. Steps that follow each other quickly are shown together.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from bot.i18n import Speaker

_LEAST_APART_S = 0.5
_MOST_SHOWN = 12

Show = Callable[[Sequence[str]], bool]
"""Shows the steps so far; False when nobody looks any more."""


class Steps:
    """The steps of one run, for a ``with`` block; nothing is shown after its end."""

    def __init__(self, say: Speaker, show: Show, *, apart_s: float = _LEAST_APART_S) -> None:
        self._say = say
        self._show = show
        self._apart_s = apart_s
        self._lines: list[str] = []
        self._n_shown = 0
        self._is_over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="hubmedic-steps", daemon=True)

    def __enter__(self) -> Steps:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._thread.join()  # what comes next stands in its place, and must not be overtaken

    def __call__(self, message: str, values: Mapping[str, object]) -> None:
        """Take the next step: a key of the catalogs and its values."""
        line = self._say(message, **values)
        with self._changed:
            if not self._lines or self._lines[-1] != line:
                self._lines.append(line)
                self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or len(self._lines) > self._n_shown)
                if self._is_over:
                    return
                lines = tuple(self._lines[-_MOST_SHOWN:])
                self._n_shown = len(self._lines)
            if not self._show(lines):
                return
            with self._changed:
                self._changed.wait_for(lambda: self._is_over, self._apart_s)
