"""What can go wrong between a person and an answer; documents have their own errors in :mod:`kb.errors`.

    BotError
    ├── NothingAsked       no text where a question was expected
    ├── TextUnreadable     bytes that are no text, or too much of it for one question
    ├── FileUnreadable     a file that is not there or cannot be opened
    ├── FileUnwritable     a file, a folder or standard output that takes nothing
    ├── UsageWrong         a command called in a way it does not understand
    └── SettingsUnusable   a setting whose value cannot be right: named, never shown

Messages are English templates with ``{named}`` values, keys of the catalogs; surfaces translate them.
"""

from __future__ import annotations


class BotError(Exception):
    """Something the person who runs hubmedic can mend."""

    code = "hubmedic"
    is_usage = False
    """True: the call was wrong, not what it met (exit status 2 rather than 3)."""

    def __init__(self, message: str, hint: str = "", **values: object) -> None:
        self.message = message
        """Where and what, with ``{named}`` values."""
        self.hint = hint
        """What to do next, with ``{named}`` values; may be empty."""
        self.values = values
        super().__init__(message)

    def __str__(self) -> str:
        text = self.message.format(**self.values)
        return f"{text}; {self.hint.format(**self.values)}" if self.hint else text


class NothingAsked(BotError):
    """No text where a question was expected."""

    code = "nothing-asked"
    is_usage = True


class TextUnreadable(BotError):
    """Bytes that are no text, or more text than one question can be."""

    code = "text-unreadable"
    is_usage = True


class FileUnreadable(BotError):
    """A file that is not there or cannot be opened."""

    code = "file-unreadable"
    is_usage = True


class FileUnwritable(BotError):
    """A file, a folder or standard output that takes nothing."""

    code = "file-unwritable"


class UsageWrong(BotError):
    """A command called in a way it does not understand."""

    code = "usage"
    is_usage = True


class SettingsUnusable(BotError):
    """A setting whose value cannot be right; its message names the variable and never shows the value."""

    code = "settings"
