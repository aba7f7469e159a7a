"""A call from inside somebody's thread, with no error of its own, is about the message that opened the thread."""

from __future__ import annotations

import logging

from bot.conversation import Reply
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import File, Job, plain_text, read_files
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_ORDER = {Outcome.NONE: 0, Outcome.CHOICES: 1, Outcome.ANSWER: 2}


def read_opening(job: Job, client: SlackClient) -> tuple[str, tuple[File, ...]]:
    """Return the words of the message that opened a thread, and what is attached to it."""
    try:
        message = client.message(job.place.channel, job.thread_ts)
    except SlackError as error:
        _LOG.warning("the message that opened a thread could not be read: %s", error)
        return "", ()
    return plain_text(str(message.get("text") or ""), job.bot_user), read_files(message)


def is_better(one: Reply, other: Reply) -> bool:
    """Whether a reply tells at least as much as another."""
    return _rank(one) >= _rank(other)


def is_sure(reply: Reply) -> bool:
    """Whether there is one answer."""
    return reply.answer is not None and reply.answer.outcome is Outcome.ANSWER


def _rank(reply: Reply) -> tuple[int, float]:
    return (0, 0.0) if reply.answer is None else (_ORDER[reply.answer.outcome], reply.answer.confidence)
