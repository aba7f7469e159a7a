"""What can go wrong between us and Slack.

SlackError
├── SlackRefused       Slack understood and said no: its word for it is ``reason``
├── SlackUnreachable   nothing was done, as far as can be known: busy, down, no network
└── SlackUnsure        the call went out and no answer came: it may have been done
"""

from __future__ import annotations

from bot.errors import BotError


class SlackError(BotError):
    """A call to Slack that did not come through."""

    code = "slack"


class SlackRefused(SlackError):
    """Slack understood and said no."""

    code = "slack-refused"

    def __init__(self, method: str, reason: str, needed: str = "") -> None:
        super().__init__(
            "Slack refuses {method}: {reason}",
            "run hubmedic doctor: it compares scopes and tokens",
            method=method,
            reason=f"{reason} ({needed})" if needed else reason,
        )
        self.reason = reason
        """Slack's word: ``"not_in_channel"``."""


class SlackUnreachable(SlackError):
    """Slack is busy or away; nothing was done."""

    code = "slack-unreachable"


class SlackUnsure(SlackError):
    """No answer came; whether the call was carried out is known only to Slack."""

    code = "slack-unsure"
