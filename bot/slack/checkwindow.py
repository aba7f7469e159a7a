"""*Run live checks*, pressed: a window shows each step and then what was found, to who pressed and nobody else.

    press ─ may they? ─ window opens ─ steps ─ result ─ (Share here) ─> a card in the thread
                              └── closed: the run is stopped

The result is kept as a conversation of its own, so that it can be shared from any replica, and what is pressed on the
shared card goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation import Reply
from bot.errors import BotError
from bot.i18n import Speaker
from bot.slack import cards, checked, keeping
from bot.slack.blocks import Message
from bot.slack.checking import Checked, Checking
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError, SlackRefused
from bot.slack.memory import Thread
from bot.slack.parts import Parts
from bot.slack.refs import Ref
from bot.slack.steps import Steps
from bot.slack.underway import run_name
from bot.store.claims import Place
from bot.store.threads import ThreadKey

_LOG = logging.getLogger("hubmedic.slack")
_CLOSED = frozenset(("not_found", "view_not_found"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A press that asks for the checks."""

    question: Place
    user: str
    trigger_id: str
    thread: Thread
    reply: Reply
    """With the entry that the card shows."""
    share_to: str
    """Thread that the result is shared into; empty: into the channel."""


class CheckWindow:
    """Runs the checks behind a window."""

    def __init__(self, parts: Parts, checking: Checking) -> None:
        self._parts = parts
        self._checking = checking

    def run(self, asked: Asked, client: SlackClient, say: Speaker) -> Message | None:
        """Run them; return what is to be told to who pressed where no window could be had.

        Raises
        ------
        NotAllowed
            If the person may not.
        """
        channel = asked.question.channel
        self._checking.allow(channel, asked.user, client)
        name = run_name(asked.question, asked.user)
        window = self._open(asked, name, client, say)
        try:
            found = self._found(asked, name, window, client, say)
        except BotError as error:
            _LOG.warning("live checks did not run: %s", error)
            if not window:
                return cards.sentence(*checked.refusal(say, error))
            self._show(window, checked.refused_view(say, error), client)
            return None
        if found.is_stopped:
            return None
        ref = self.keep(asked.question, asked.user, asked.thread, found, asked.share_to)
        if window and self._show(window, checked.result_view(found, say, channel, ref), client):
            return None
        return checked.result_card(found, say, ref, cards.Offers(is_private=True))

    def keep(self, question: Place, user: str, thread: Thread, found: Checked, share_to: str) -> Ref:
        """Keep a result as a conversation of its own, and return what its buttons remember."""
        answer = found.reply.answer
        key = ThreadKey(question.team, question.channel, f"checks/{question.ts}/{user}"[:120])
        kept = replace(
            thread,
            talk=found.talk,
            question=question.ts,
            findings=keeping.to_text(answer.findings if answer is not None else ()),
            shared_to=share_to,
        )
        before = self._parts.memory.load(key)
        self._parts.memory.save(key, kept, user=user, now=self._parts.now(), after=before)
        return Ref(key.thread_ts, question.ts)

    def _found(self, asked: Asked, name: str, window: str, client: SlackClient, say: Speaker) -> Checked:
        channel = asked.question.channel

        def show(lines: Sequence[str]) -> bool:
            is_open = self._show(window, checked.running_view(say, channel, name, lines), client)
            if not is_open:  # closed while another replica heard of it
                self._checking.underway.stop(name)
            return is_open

        talk = asked.thread.talk
        if not window:
            return self._checking.run(name, asked.question, asked.user, asked.reply, talk)
        with Steps(say, show) as steps:
            return self._checking.run(name, asked.question, asked.user, asked.reply, talk, steps)

    def _open(self, asked: Asked, name: str, client: SlackClient, say: Speaker) -> str:
        """Open the window; empty where Slack does not let us."""
        try:
            view = checked.running_view(say, asked.question.channel, name)
            return client.open_view(asked.trigger_id, view)
        except SlackError as error:
            _LOG.warning("live checks run without a window: %s", error)
            return ""

    def _show(self, window: str, view: dict[str, object], client: SlackClient) -> bool:
        """Show something in the window; False where it is closed."""
        try:
            client.update_view(window, view)
        except SlackRefused as error:
            if error.reason not in _CLOSED:
                _LOG.warning("a window stays as it is: %s", error)
                return True
            return False
        except SlackError as error:
            _LOG.warning("a window stays as it is: %s", error)
        return True
