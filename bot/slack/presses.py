"""What a press on a card does: the card is changed in place, a modal opens, or people are called."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation import Conversation, Kind, Reply, follow
from bot.errors import BotError
from bot.followups import Intent, Understood
from bot.i18n import Speaker, speaker
from bot.slack import cards, checked, logs
from bot.slack.asking import apology
from bot.slack.blocks import Message
from bot.slack.checkwindow import Asked
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.escalation import escalate
from bot.slack.memory import Thread
from bot.slack.modals import message_view, reason_view, text_view
from bot.slack.parts import LEASE
from bot.slack.refs import Action, Ref
from bot.slack.service import Service
from bot.store.claims import Place, Wanted
from bot.store.errors import StoreError
from bot.store.feedback import Vote
from bot.store.questions import Result
from bot.store.threads import Kept, ThreadKey
from kb.errors import KnowledgeError
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_NUMBERED = (f"{Action.CHOOSE}-", f"{Action.GROUP}-")
_TURNS = {Action.NEXT: Intent.NEXT, Action.CHOOSE: Intent.CHOOSE, Action.SPEAK: Intent.SPEAK}


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed something."""

    team: str
    channel: str
    user: str
    action: str
    ref: Ref
    message_ts: str
    thread_ts: str
    response_url: str
    trigger_id: str
    is_ephemeral: bool
    view_id: str = ""
    """The window it was pressed in; empty on a message."""
    side: str = ""
    """Of thumbs: ``up`` or ``down``."""

    @property
    def question(self) -> Place:
        return Place(self.team, self.channel, self.ref.question)

    @property
    def key(self) -> ThreadKey:
        return ThreadKey(self.team, self.channel, self.ref.thread)


def read_press(body: Mapping[str, Any], team: str) -> Press | None:
    """Return what was pressed on a message; None where it is nothing of ours."""
    pressed = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    value = str(pressed.get("value") or "")
    action = str(pressed.get("action_id") or "")
    side = ""
    if action == Action.VOTE:
        side, _, value = value.partition(":")
    ref = Ref.from_text(value)
    if ref is None:
        return None
    message_ts = str(container.get("message_ts") or "")
    in_window, _ = checked.read_window(body.get("view") or {})
    return Press(
        team=team,
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or "" or in_window),
        user=str((body.get("user") or {}).get("id") or ""),
        action=action.partition("-")[0] if action.startswith(_NUMBERED) else action,
        ref=ref,
        message_ts=message_ts,
        thread_ts=str(container.get("thread_ts") or message_ts),
        response_url=str(body.get("response_url") or ""),
        trigger_id=str(body.get("trigger_id") or ""),
        is_ephemeral=bool(container.get("is_ephemeral")),
        view_id=str(container.get("view_id") or ""),
        side=side,
    )


class Presses:
    """Does what is pressed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._parts = service.parts
        self._asking = service.desk.asking

    def handle(self, press: Press) -> None:
        """Do it; what goes wrong is told to who pressed."""
        client = self._parts.clients(press.team)
        say = self._voice(press, client)
        try:
            self._do(press, client, say)
        except (KnowledgeError, BotError) as error:
            _LOG.warning("a press could not be followed: %s", error)
            self._tell(press, apology(error, say), client)

    def _do(self, press: Press, client: SlackClient, say: Speaker) -> None:
        if press.action in _TURNS or press.action == Action.GROUP:
            self._turn(press, client)
        elif press.action in (Action.WHY, Action.WHOLE):
            self._open(press, client)
        elif press.action == Action.VOTE:
            self._vote(press, client, say)
        elif press.action in (Action.WORKED, Action.DID_NOT_WORK):
            self._worked(press, client, say)
        elif press.action == Action.SHARE:
            self._share(press, client)
        elif press.action == Action.CHECK:
            self._check(press, client)
        elif press.action == Action.HUMAN:
            kept = self._conversation(press)
            said = escalate(
                self._parts, press.key, press.user, kept.state, client, say, thread_ts=press.thread_ts
            )
            self._tell(press, said, client)

    def _turn(self, press: Press, client: SlackClient) -> None:
        """Go on in the conversation and change the card that was pressed."""
        kept = self._conversation(press)
        talk, reply = self._turned(press, kept.state, self._asker(press, client))
        thread = replace(kept.state, talk=talk, question=press.ref.question)
        message = self._card(press, thread, reply)
        if press.is_ephemeral:
            client.respond(press.response_url, message, replace=True)
        else:
            client.update(press.channel, press.message_ts, message, question=press.ref.question)
        after = kept if kept.version else None
        self._parts.memory.save(press.key, thread, user=kept.user, now=self._parts.now(), after=after)
        if reply.kind in (Kind.CAUSE, Kind.NEXT, Kind.NOTHING_LEFT):
            self._came_of(press.question, Result.DID_NOT_WORK)

    def _open(self, press: Press, client: SlackClient) -> None:
        reply = self._on_the_table(press, self._conversation(press).state, client)
        say = speaker(reply.reader)
        if reply.answer is None or not reply.answer.hits:
            self._tell(press, cards.card(reply, say, press.ref, cards.Offers()), client)
            return
        hit = reply.answer.hits[0]
        if press.action == Action.WHY:
            view = message_view(say("Why this answer"), cards.why_card(reply.answer, say), say)
        else:
            elements = cards.entry_elements(hit.entry, say, hit.captures)
            view = text_view(say("The whole answer"), [*elements, cards.source_element(hit.entry, say)], say)
        client.open_view(press.trigger_id, view)

    def _vote(self, press: Press, client: SlackClient, say: Speaker) -> None:
        is_up = press.side == "up"
        if not is_up:  # a trigger is good for three seconds: the modal goes first
            client.open_view(press.trigger_id, reason_view(press.channel, press.message_ts, press.ref, say))
        self._parts.metrics.votes.labels("up" if is_up else "down").inc()
        kept = self._conversation(press)
        vote = Vote(press.question, press.message_ts, press.user, is_up, kept.state.talk.entry)
        try:
            self._parts.votes.cast(vote, now=self._parts.now())
        except StoreError as error:
            _LOG.warning("a vote is lost, the store is away: %s", error)
        self._came_of(press.question, Result.WORKED if is_up else Result.DID_NOT_WORK)
        self._service.desk.later.take_back(press.question, client)

    def _worked(self, press: Press, client: SlackClient, say: Speaker) -> None:
        """The answer to "did it work?", which takes the question's place."""
        is_fine = press.action == Action.WORKED
        try:
            self._parts.follow_ups.answered(press.question)
        except StoreError as error:
            _LOG.warning("that a follow-up was answered is not kept: %s", error)
        self._came_of(press.question, Result.WORKED if is_fine else Result.DID_NOT_WORK)
        words = (
            say("Good to hear.") if is_fine else say("Thank you. Say what you see now, and I go on looking.")
        )
        client.update(press.channel, press.message_ts, cards.sentence(words))

    def _share(self, press: Press, client: SlackClient) -> None:
        """A private answer is shown to the channel, where the question stands if there is one."""
        kept = self._conversation(press)
        reply = self._on_the_table(press, kept.state, client)
        shown = replace(reply, kind=Kind.ANSWER)
        message = self._card(press, kept.state, shown, is_private=False)
        if shown.answer is not None and shown.answer.outcome is Outcome.NONE and shown.answer.findings:
            message = checked.findings_card(shown.answer.findings, speaker(reply.reader))
        parts, thread, now = self._parts, kept.state.shared_to, self._parts.now()
        name = f"share/{press.ref.thread}/{press.ref.question}"[:120]
        wanted = Wanted(Place(press.team, press.channel, name), name, press.user, "share", "{}", thread)
        claim = parts.claims.take(wanted, owner=parts.owner, now=now, lease=LEASE)
        if claim is None:  # pressed twice
            return
        key = ThreadKey(press.team, press.channel, thread)
        if thread:  # who is quick to go on there finds the conversation
            parts.memory.save(key, kept.state, user=press.user, now=now, after=None)
        ts = client.post(press.channel, message, thread_ts=thread, question=press.ref.question)
        parts.claims.done(claim, now=now)
        if not thread:
            key = replace(key, thread_ts=ts)
            parts.memory.save(key, kept.state, user=press.user, now=now, after=None)
        if press.view_id:
            say = speaker(reply.reader)
            client.update_view(
                press.view_id, checked.told_view(say, say("Shared: everybody here sees it now."))
            )
        else:
            client.withdraw(press.response_url)

    def _check(self, press: Press, client: SlackClient) -> None:
        """Only who pressed sees what the hub says."""
        kept = self._conversation(press)
        reply = self._on_the_table(press, kept.state, client)
        if reply.answer is None:
            raise Forgotten("I no longer remember this question", "ask it again")
        is_private = press.is_ephemeral or bool(kept.state.shared_to)
        share_to = kept.state.shared_to if is_private else press.ref.thread
        asked = Asked(press.question, press.user, press.trigger_id, kept.state, reply, share_to)
        if (told := self._asking.window.run(asked, client, speaker(reply.reader))) is not None:
            self._tell(press, told, client)

    def _on_the_table(self, press: Press, thread: Thread, client: SlackClient) -> Reply:
        """The reply that a conversation's card shows, made anew."""
        wanted = Understood(Intent.WHY)
        _, reply = follow(thread.talk, wanted, self._asking.ask_in(thread), self._asker(press, client))
        return reply

    def _turned(self, press: Press, thread: Thread, asker: str) -> tuple[Conversation, Reply]:
        """The conversation after a button: the next cause, another language, another error of the log."""
        ask = self._asking.ask_in(thread)
        if press.action != Action.GROUP:
            return follow(thread.talk, Understood(_TURNS[Action(press.action)], press.ref.value), ask, asker)
        number = int(press.ref.value) - 1 if press.ref.value.isdecimal() else -1
        if thread.log is None or not 0 <= number < len(thread.log.known):
            raise Forgotten("I no longer remember this question", "ask it again")
        return logs.about(thread.log, number, thread.talk, "", ask, asker)

    def _card(self, press: Press, thread: Thread, reply: Reply, *, is_private: bool | None = None) -> Message:
        private = press.is_ephemeral if is_private is None else is_private
        return self._asking.card(press.channel, thread, reply, press.ref, is_private=private)

    def _conversation(self, press: Press) -> Kept[Thread]:
        """The conversation a card belongs to; of a card that is no longer the latest, made anew from its question."""
        kept = self._parts.memory.load(press.key)
        if kept is not None and kept.state.question in ("", press.ref.question):
            return kept
        asked = self._parts.questions.find(press.question)
        if asked is None:
            if kept is not None:
                return kept
            raise Forgotten("I no longer remember this question", "ask it again")
        is_sure = asked.outcome == Outcome.ANSWER.value
        talk = Conversation(
            query=asked.text,
            reader=asked.locale,
            entry=asked.entries[0] if is_sure and asked.entries else "",
            offered=asked.entries if asked.outcome == Outcome.CHOICES.value else (),
        )
        return Kept(Thread(talk, press.ref.question), kept.version if kept is not None else 0, asked.user)

    def _voice(self, press: Press, client: SlackClient) -> Speaker:
        kept = self._parts.memory.load(press.key)
        return speaker((kept.state.talk.reader if kept is not None else "") or self._asker(press, client))

    def _asker(self, press: Press, client: SlackClient) -> str:
        person = self._parts.memory.person(press.team, press.user)
        return person.language or self._asking.asker_locale(client, press.team, press.channel, press.user)

    def _came_of(self, question: Place, result: Result) -> None:
        try:
            self._parts.questions.came_of(question, result)
        except StoreError as error:
            _LOG.warning("what came of an answer is not in the report: %s", error)

    def _tell(self, press: Press, message: Message, client: SlackClient) -> None:
        """Tell who pressed, and nobody else."""
        where = press.thread_ts if press.thread_ts != press.message_ts else ""
        try:
            if press.is_ephemeral and press.response_url:
                client.respond(press.response_url, message)
            else:
                client.post_privately(press.channel, press.user, message, thread_ts=where)
        except SlackError as error:
            _LOG.warning("who pressed is told directly: %s", error)
            client.post(client.open_direct(press.user), message)


class Forgotten(BotError):
    """A card whose question is kept no longer."""

    code = "forgotten"
