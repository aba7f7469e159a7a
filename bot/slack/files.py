"""What is attached to a message, as text: snippets and logs are read, pictures are not."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bot.assistant import MOST_CHARACTERS
from bot.decoding import decode
from bot.errors import BotError
from bot.i18n import Speaker
from bot.redaction import redact
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import File

_LOG = logging.getLogger("hubmedic.slack")
MOST_BYTES = 1_000_000
_MOST_FILES = 3
_MOST_ASKED = MOST_CHARACTERS // 2
"""Characters of what is no log that are read as a question."""
_TEXT_TYPES = frozenset(
    ("text", "log", "json", "javascript", "python", "shell", "yaml", "xml", "csv", "c", "cpp", "csharp", "java", "go", "markdown", "ini", "sql")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attached:
    """What the files of a message hold."""

    texts: tuple[str, ...] = ()
    """One a file that could be read."""
    names: tuple[str, ...] = ()
    """Of those files."""
    notes: tuple[str, ...] = ()
    """What is to be said about them, in the reader's language."""
    secrets: tuple[str, ...] = ()
    """Kinds of secrets in them."""

    @property
    def text(self) -> str:
        """All of them as one question, as long as one may be."""
        return "\n".join(self.texts)[:_MOST_ASKED]


def read_attached(files: Iterable[File], client: SlackClient, say: Speaker) -> Attached:
    """Return the text of the files, and what could not be read."""
    texts: list[str] = []
    names: list[str] = []
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
                text = decode(data)
            except (SlackError, BotError) as error:
                _LOG.warning("a file could not be read: %s", error)
                notes.append(
                    say("I could not read {name}; please paste the lines around the error.", name=file.name)
                )
                continue
            texts.append(text)
            names.append(file.name)
            if file.size > len(data):
                notes.append(say("I read only the first megabyte of {name}.", name=file.name))
    if has_picture:
        notes.append(say("I can't read pictures, please paste the text."))
    secrets = dict.fromkeys(kind for text in texts for kind in redact(text).kinds)
    return Attached(tuple(texts), tuple(names), tuple(dict.fromkeys(notes)), tuple(secrets))


def _is_text(file: File) -> bool:
    return (
        file.mimetype.startswith("text/")
        or file.filetype in _TEXT_TYPES
        or file.mimetype == "application/json"
    )
