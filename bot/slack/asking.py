"""From a question in Slack to what is to be said: language, conversation, silence. No message is posted here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import wiring
from bot.answer import Answer
from bot.conversation import Conversation, Kind, Reply, talk
from bot.errors import BotError
from bot.followups import asks_for_help
from bot.i18n import Speaker, speaker
from bot.question import Question
from bot.slack import cards, keeping, logs
from bot.slack.blocks import Message
from bot.slack.checking import Checking
from bot.slack.checkwindow import CheckWindow
from bot.slack.checkwords import CheckWords
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.files import Attached, read_attached
from bot.slack.help import help_card, is_hush
from bot.slack.incoming import Job, Way
from bot.slack.logs import LogSeen
from bot.slack.memory import DIRECT, Thread
from bot.slack.opening import is_better, is_sure, read_opening
from bot.slack.parts import Parts
from bot.slack.refs import Ref
from bot.slack.said import Said
from bot.store.people import Person
from bot.store.threads import Kept, ThreadKey
from kb.errors import KnowledgeError
from kb.identifiers import key as folded
from kb.locales import language
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_FOR_THE_ASKER = frozenset(("nothing-asked", "text-unreadable", "forgotten", "not-allowed", "checks-busy"))
"""Errors whose words help who asks; the words of others name folders and settings, and go to the log."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the conversation stands after a text, and the reply."""

    talk: Conversation
    reply: Reply
    log: LogSeen | None = None
    """The log that came with the text."""


class Asking:
    """Works out replies."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._checking = Checking(parts)
        self.window = CheckWindow(parts, self._checking)
        self._words = CheckWords(self._checking, self.window)
        self._logs = logs.Logs(parts.now)

    def reply(self, job: Job, client: SlackClient) -> Said | None:
        """Return what to say to a job, None where silence is right."""
        parts, place = self._parts, job.place
        key, kept = self.conversation(job)
        thread = kept.state if kept is not None else Thread()
        is_off = parts.channel(place.channel).mode == "off"
        if is_off and not job.way.is_addressed:
            return None
        if job.way is Way.REPLY and (kept is None or not self._is_for_us(job, key, kept)):
            return None
        person = parts.memory.person(place.team, job.user)
        if job.way is Way.AUTO and (person.is_muted or parts.memory.is_muted(place.team, place.channel)):
            return None
        asker = self.asker_locale(client, place.team, place.channel, job.user)
        say = speaker(person.language or thread.talk.locale or asker)
        quiet = Said(cards.sentence(""), say, replace(thread, is_quiet=False), kept, key)
        if job.way is Way.MENTION and is_off:
            return replace(
                quiet, message=cards.sentence(say("I am switched off in this channel; write to me directly."))
            )
        if job.way is Way.MENTION and not job.is_top and is_hush(job.text):
            words = say("I keep quiet in this thread until somebody calls me.")
            return replace(quiet, message=cards.sentence(words), thread=replace(thread, is_quiet=True))
        attached = read_attached(job.files, client, say)
        has_text = bool(job.text.strip() or attached.text.strip())
        if asks_for_help(job.text) or not (has_text or attached.notes or not job.is_top):
            return replace(quiet, message=help_card(say))
        try:
            return self._conversation(job, client, quiet, attached, person, asker)
        except (KnowledgeError, BotError) as error:
            if not job.way.is_addressed:
                return None
            _LOG.error("a question could not be answered: %s", error)
            return replace(quiet, message=apology(error, say))

    def conversation(self, job: Job) -> tuple[ThreadKey, Kept[Thread] | None]:
        """Return where a job's conversation is kept, and what is; outside threads a direct message is one."""
        key = ThreadKey(job.place.team, job.place.channel, job.thread_ts)
        kept = self._parts.memory.load(key)
        if kept is None and job.way is Way.DIRECT and job.is_top:
            before = self._parts.memory.load(ThreadKey(key.team, key.channel, DIRECT))
            kept = None if before is None else Kept(before.state, 0, before.user)
        return key, kept

    def asker_locale(self, client: SlackClient, team: str, channel: str, user: str) -> str:
        """Return the locale of somebody whose words have no language."""
        own = self._parts.locales.of(client, team, user) if user.startswith(("U", "W")) else ""
        return own or self._parts.channel(channel).language or self._parts.settings.locale or "en"

    def ask(self, question: Question) -> Answer:
        """Ask the knowledge base."""
        return self._parts.engine.get().answer(question)

    def ask_in(self, thread: Thread) -> Callable[[Question], Answer]:
        """Return what answers in a conversation: what live checks found about its question stays true of it."""
        findings = keeping.from_text(thread.findings)
        if not findings:
            return self.ask

        def ask(question: Question) -> Answer:
            answer = self.ask(question)
            return (
                wiring.with_findings(self._parts.engine.get().knowledge, answer, findings)
                if question.text == thread.talk.query
                else answer
            )

        return ask

    def offers(self, channel: str, *, is_private: bool) -> cards.Offers:
        """Return what a card may offer in a channel."""
        chosen = self._parts.channel(channel)
        return cards.Offers(
            may_check=self._checking.is_offered(channel),
            has_humans=bool(chosen.escalate_to),
            is_private=is_private,
            languages=tuple({language(one) for one in self._parts.engine.get().knowledge.locales}),
        )

    def card(
        self, channel: str, thread: Thread, reply: Reply, ref: Ref, *, is_private: bool, has_list: bool = True
    ) -> Message:
        """Return the card of a reply, below the list of errors where its question came with a log."""
        say = speaker(reply.reader)
        made = cards.card(reply, say, ref, self.offers(channel, is_private=is_private))
        if thread.log is None or not has_list or thread.log_question != ref.question:
            return made
        entry_of = logs.entries_in(self._parts.engine.get().knowledge, reply.reader)
        return logs.with_log(made, thread.log, entry_of, say, ref)

    def _conversation(
        self, job: Job, client: SlackClient, quiet: Said, attached: Attached, person: Person, asker: str
    ) -> Said | None:
        before = quiet.thread
        earlier = before.before if before.question == job.place.ts else before.talk
        talked = replace(earlier, locale=person.language or earlier.locale)
        if not (job.text.strip() or attached.texts) and attached.notes:
            return replace(quiet, message=cards.sentence(*attached.notes))
        turn = self._turn(job, client, quiet, talked, attached, asker)
        how = self._how(job, talked, turn)
        if how is None:
            return None
        log, at = (turn.log, job.place.ts) if turn.log is not None else (before.log, before.log_question)
        if log is not None and not log.holds(turn.talk.query):
            log, at = None, ""
        is_about_the_same = bool(turn.talk.query) and turn.talk.query == before.talk.query
        findings = before.findings if is_about_the_same else ""
        asked = (before.asked or before.question) if is_about_the_same else job.place.ts
        thread = Thread(turn.talk, job.place.ts, asked, earlier, findings, log, at, job.of)
        say = speaker(turn.reply.reader)
        said = replace(quiet, say=say, thread=thread, reply=turn.reply, secrets=attached.secrets)
        if turn.reply.kind is Kind.CHECK and turn.reply.answer is not None:
            offers = self.offers(job.place.channel, is_private=False)
            return self._words.reply(job, said, turn.reply, offers, client)
        if how == "preview":
            key = replace(quiet.key, thread_ts=f"preview/{job.place.ts}")
            thread = replace(thread, shared_to=job.thread_ts)
            said = replace(said, key=key, kept=None, thread=thread, is_preview=True)
        is_private = job.way.is_private or said.is_preview
        ref = Ref(said.key.thread_ts, job.place.ts)
        message = self.card(job.place.channel, thread, turn.reply, ref, is_private=is_private)
        return replace(said, message=message.noted(attached.notes))

    def _turn(
        self, job: Job, client: SlackClient, quiet: Said, talked: Conversation, attached: Attached, asker: str
    ) -> Turn:
        """The conversation after a text; a call from inside somebody's thread can be about what opened it."""
        own = self._own_turn(quiet.thread, talked, job.text, attached, asker)
        is_about_thread = job.way is Way.MENTION and not job.is_top and not talked.query
        if own is not None and (not is_about_thread or own.log is not None or is_sure(own.reply)):
            return own
        if is_about_thread:
            words, files = read_opening(job, client)
            theirs = self._own_turn(
                quiet.thread, talked, words, read_attached(files, client, quiet.say), asker
            )
            if theirs is not None and (own is None or theirs.log or is_better(theirs.reply, own.reply)):
                return theirs
        return own or Turn(*talk(talked, job.text or "?", self.ask, asker))

    def _own_turn(
        self, thread: Thread, talked: Conversation, text: str, attached: Attached, asker: str
    ) -> Turn | None:
        """The conversation after a text and what is attached to it; None where there is neither."""
        ask = self.ask_in(thread)
        if attached.texts:
            knowledge = self._parts.engine.get().knowledge
            log = self._logs.read(attached.texts, attached.names, knowledge)
            if log is not None:
                return Turn(*logs.about(log, 0, talked, text, ask, asker), log)
        elif thread.log is not None and (number := logs.chosen(thread.log, text)) is not None:
            return Turn(*logs.about(thread.log, number, talked, "", ask, asker))
        whole = "\n".join(filter(None, (text, attached.text)))
        if not whole.strip():
            return None
        return Turn(*talk(talked, whole, ask, asker, self._parts.settings.hubs.keys()))

    def _is_for_us(self, job: Job, key: ThreadKey, kept: Kept[Thread]) -> bool:
        """Whether an unaddressed reply in our thread is said to us; a human who answers makes us quiet."""
        if kept.state.is_quiet or self._parts.memory.is_muted(key.team, key.channel, key.thread_ts):
            return False
        if job.user == kept.user and not is_hush(job.text):
            return True
        self.quieten(key, kept)
        return False

    def quieten(self, key: ThreadKey, kept: Kept[Thread]) -> None:
        """Be quiet in a thread until somebody calls."""
        thread = replace(kept.state, is_quiet=True)
        self._parts.memory.save(key, thread, user=kept.user, now=self._parts.now(), after=kept)

    def _how(self, job: Job, before: Conversation, turn: Turn) -> str | None:
        """How a reply is given: ``say``, ``preview`` to the asker alone, or not at all.

        An answer that nobody called for is given to all only where it is sure; one below the channel's threshold is
        shown to who wrote, who may share it. Chatter in a thread is let be.
        """
        if job.way.is_addressed:
            return "say"
        reply, answer = turn.reply, turn.reply.answer
        if job.way is Way.REPLY:
            is_unknown = answer is not None and answer.outcome is Outcome.NONE and bool(before.entry)
            is_chatter = (reply.kind is Kind.ANSWER and is_unknown) or reply.kind is Kind.NOTED
            return None if is_chatter else "say"
        if answer is None or not is_sure(reply) or (turn.log and not logs.is_sure(reply, self.ask)):
            return None
        channel = self._parts.channel(job.place.channel)
        if {folded(one) for one in channel.ignore} & {
            folded(one) for one in answer.hits[0].entry.identifiers
        }:
            return None
        if answer.confidence >= (channel.threshold or 0.0):
            return "say"
        return "preview" if job.user.startswith(("U", "W")) else None


def apology(error: KnowledgeError | BotError, say: Speaker) -> Message:
    """Return the sentence for a question that could not be answered."""
    if getattr(error, "code", "") in _FOR_THE_ASKER:
        message, hint = say.error(error)
        return cards.sentence(f"{message}.", f"{hint}." if hint else "")
    if isinstance(error, SlackError):
        return cards.sentence(
            say("Slack did not let me do that."), say("Whoever runs me finds the cause in my log.")
        )
    return cards.sentence(
        say("I cannot answer right now: my articles cannot be read."),
        say("Whoever runs me finds the cause in my log."),
    )
