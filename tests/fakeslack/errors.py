"""How a call to the fake fails: as Slack says it, in a 200 with ``ok: false``, or below that in HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """``{"ok": false, "error": …}``."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    @property
    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.more}


class TooFast(Exception):
    """429 with ``Retry-After``."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


def invalid(error: str, problems: Sequence[str]) -> ApiError:
    """Slack's refusal of a payload, with what is wrong where."""
    return ApiError(
        error,
        errors=list(problems),
        response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]},
    )
