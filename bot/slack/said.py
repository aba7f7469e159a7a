"""What is to be said in answer to a job: worked out, not posted yet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Reply
from bot.i18n import Speaker
from bot.slack.blocks import Message
from bot.slack.memory import Thread
from bot.store.threads import Kept, ThreadKey


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be posted, and the conversation once it is."""

    message: Message
    say: Speaker
    thread: Thread
    kept: Kept[Thread] | None
    key: ThreadKey
    reply: Reply | None = None
    """None where it is no reply of the conversation: help, an apology."""
    private: Message | None = None
    """What the asker alone is to see beside it."""
    is_preview: bool = False
    """Only the asker is to see it, though everybody saw the question."""
    secrets: tuple[str, ...] = ()
    """Kinds of secrets in what was attached."""
