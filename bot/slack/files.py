"""What is attached to a message, as text: snippets and logs are read, pictures are not."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.decoding import decode
from bot.errors import BotError
from bot.i18n import Speaker
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import File

_LOG = logging.getLogger("hubmedic.slack")
MOST_BYTES = 1_000_000
_MOST_FILES = 3
_MOST_TEXT = 900_000
_TEXT_TYPES = frozenset(
    ("text", "log", "json", "javascript", "python", "shell", "yaml", "xml", "csv", "c", "cpp", "csharp", "java", "go", "markdown", "ini", "sql")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attached:
    """What the files of a message hold."""

    text: str
    notes: tuple[str, ...]
    """What is to be said about them, in the reader's language."""
    has_picture: bool = False


def read_attached(files: Iterable[File], client: SlackClient, say: Speaker) -> Attached:
    """Return the text of the files, and what could not be read."""
    texts: list[str] = []
    notes: list[str] = []
    has_picture = False
    for file in tuple(files)[:_MOST_FILES]:
        if file.mimetype.startswith("image/"):
            has_picture = True
        elif not _is_text(file):
            notes.append(say("I can't read {name}; please paste the lines around the error.", name=file.name))
        else:
            try:
                data = client.download(file.url, MOST_BYTES)
                texts.append(decode(data))
            except (SlackError, BotError) as error:
                _LOG.warning("a file could not be read: %s", error)
                notes.append(
                    say("I could not read {name}; please paste the lines around the error.", name=file.name)
                )
                continue
            if file.size > len(data):
                notes.append(say("I read only the first megabyte of {name}.", name=file.name))
    if has_picture:
        notes.append(say("I can't read pictures, please paste the text."))
    return Attached("\n".join(_within(texts, _MOST_TEXT)), tuple(dict.fromkeys(notes)), has_picture)


def _is_text(file: File) -> bool:
    return (
        file.mimetype.startswith("text/")
        or file.filetype in _TEXT_TYPES
        or file.mimetype == "application/json"
    )


def _within(texts: Iterable[str], most: int) -> Iterator[str]:
    for text in texts:
        yield text[:most]
        most -= len(text)
        if most <= 0:
            return
