"""What a button remembers: which conversation it belongs to, and which question its card answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """Names of everything that can be pressed."""

    NEXT = "next"
    CHOOSE = "choose"
    GROUP = "group"
    SPEAK = "speak"
    WHY = "why"
    WHOLE = "whole"
    CHECK = "check"
    HUMAN = "human"
    SHARE = "share"
    VOTE = "vote"
    WORKED = "worked"
    DID_NOT_WORK = "did-not-work"
    HOME_LANGUAGE = "home-language"
    HOME_MUTE = "home-mute"
    HOME_FORGET = "home-forget"


class View(StrEnum):
    """Names of modals and shortcuts."""

    REASON = "reason"
    TROUBLESHOOT = "troubleshoot"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Ref:
    """A card's conversation and question."""

    thread: str
    """``ts`` of the thread the conversation is kept under."""
    question: str
    """``ts`` of the question answered, as it was claimed."""
    value: str = ""
    """What the button itself says: the number chosen, the locale."""

    def to_text(self) -> str:
        """Return it as a button's value holds it."""
        return json.dumps([self.thread, self.question, self.value], separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Ref | None:
        """Return what :meth:`to_text` gave, None for anything else: values come from outside."""
        try:
            thread, question, value = json.loads(text)
        except (ValueError, TypeError):
            return None
        return cls(str(thread)[:128], str(question)[:128], str(value)[:200])

    def saying(self, value: str) -> Ref:
        """Return the same for a button that says this."""
        return Ref(self.thread, self.question, value)
