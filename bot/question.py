"""What a person asks, before anything has looked at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question or pasted error, as it came: it may hold secrets until the assistant has redacted it."""

    text: str
    locale: str | None = None
    """The locale the asker chose, BCP 47: every answer is in it. None: their own words decide."""
    asker_locale: str | None = None
    """The asker's usual locale (terminal, Slack, channel): decides where the text has no language of its own."""
    limit: int = 3
    """Most entries to show, at least 1."""

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit must be at least 1, got {self.limit}")

    def __repr__(self) -> str:  # the text may hold a key: never into a log by accident
        return f"Question({len(self.text)} characters, locale={self.locale!r}, asker_locale={self.asker_locale!r})"
