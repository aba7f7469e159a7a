"""From a question in Slack to what is to be said: language, conversation, silence. No message is posted here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answer import Answer
from bot.conversation import Conversation, Kind, Reply, talk
from bot.errors import BotError
from bot.i18n import Speaker, speaker
from bot.question import Question
from bot.slack import cards
from bot.slack.blocks import Message
from bot.slack.checking import Checking
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.files import Attached, read_attached
from bot.slack.help import help_card, is_help
from bot.slack.incoming import Job, Way, plain_text
from bot.slack.memory import DIRECT, Thread
from bot.slack.parts import Parts
from bot.slack.refs import Ref
from bot.store.people import Person
from bot.store.threads import Kept, ThreadKey
from kb.errors import KnowledgeError
from kb.locales import language
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_FOR_THE_ASKER = frozenset(("nothing-asked", "text-unreadable", "forgotten", "not-allowed"))
"""Errors whose words help who asks; the words of others name folders and settings, and go to the log."""
_ORDER = {Outcome.NONE: 0, Outcome.CHOICES: 1, Outcome.ANSWER: 2}


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


class Asking:
    """Works out replies."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._checking = Checking(parts)

    def reply(self, job: Job, client: SlackClient) -> Said | None:
        """Return what to say to a job, None where silence is right."""
        parts, place = self._parts, job.place
        key, kept = self.conversation(job)
        thread = kept.state if kept is not None else Thread()
        if job.way is Way.REPLY and (kept is None or not self._is_for_us(job, key, kept)):
            return None
        person = parts.memory.person(place.team, job.user)
        if job.way is Way.AUTO and (person.is_muted or parts.memory.is_muted(place.team, place.channel)):
            return None
        asker = self.asker_locale(client, place.team, place.channel, job.user)
        say = speaker(person.language or thread.talk.locale or asker)
        quiet = Said(cards.sentence(""), say, replace(thread, is_quiet=False), kept, key)
        if job.way is Way.MENTION and parts.channel(place.channel).mode == "off":
            return replace(
                quiet, message=cards.sentence(say("I am switched off in this channel; write to me directly."))
            )
        attached = read_attached(job.files, client, say)
        text = "\n".join(filter(None, (job.text, attached.text)))
        if is_help(job.text) or not (text.strip() or attached.notes or not job.is_top):
            return replace(quiet, message=help_card(say))
        try:
            return self._conversation(job, client, quiet, text, attached, person, asker)
        except (KnowledgeError, BotError) as error:
            if job.way in (Way.AUTO, Way.REPLY):
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

    def offers(self, channel: str, *, is_private: bool) -> cards.Offers:
        """Return what a card may offer in a channel."""
        chosen = self._parts.channel(channel)
        return cards.Offers(
            may_check=self._checking.is_offered(channel),
            has_humans=bool(chosen.escalate_to),
            is_private=is_private,
            languages=tuple({language(one) for one in self._parts.engine.get().knowledge.locales}),
        )

    def _conversation(
        self,
        job: Job,
        client: SlackClient,
        quiet: Said,
        text: str,
        attached: Attached,
        person: Person,
        asker: str,
    ) -> Said | None:
        earlier = quiet.thread.before if quiet.thread.question == job.place.ts else quiet.thread.talk
        talked = replace(earlier, locale=person.language or earlier.locale)
        if not text.strip() and attached.notes:
            return replace(quiet, message=cards.sentence(*attached.notes))
        state, reply = self._turn(job, client, talked, text, asker)
        if not self._is_worth_saying(job, talked, reply):
            return None
        say = speaker(reply.reader)
        ref = Ref(job.thread_ts, job.place.ts)
        thread = Thread(talk=state, question=job.place.ts, before=earlier, shared_to=job.of)
        said = replace(quiet, say=say, thread=thread, reply=reply)
        if reply.kind is Kind.CHECK and reply.answer is not None:
            found = self._checking.answer(job.place, job.user, reply, state, client)
            return replace(said, message=self._checking.card(found, say))
        message = cards.card(
            reply, say, ref, self.offers(job.place.channel, is_private=job.way.is_private), attached.notes
        )
        return replace(said, message=message)

    def _turn(
        self, job: Job, client: SlackClient, talked: Conversation, text: str, asker: str
    ) -> tuple[Conversation, Reply]:
        """The conversation after a text; a call from inside somebody's thread can be about what opened it."""
        hubs = self._parts.settings.hubs.keys()
        is_about_thread = job.way is Way.MENTION and not job.is_top and not talked.query
        if not is_about_thread:
            return talk(talked, text, self.ask, asker, hubs)
        own = talk(talked, text, self.ask, asker, hubs) if text.strip() else None
        if own is not None and own[1].answer is not None and own[1].answer.outcome is Outcome.ANSWER:
            return own
        opening = self._opening(job, client)
        if not opening.strip():
            return own or talk(talked, text or "?", self.ask, asker, hubs)
        theirs = talk(talked, opening, self.ask, asker, hubs)
        return theirs if own is None or _rank(theirs[1]) >= _rank(own[1]) else own

    def _opening(self, job: Job, client: SlackClient) -> str:
        """What the message says that opened the thread."""
        try:
            message = client.message(job.place.channel, job.thread_ts)
        except SlackError as error:
            _LOG.warning("the message that opened a thread could not be read: %s", error)
            return ""
        return plain_text(str(message.get("text") or ""), job.bot_user)

    def _is_for_us(self, job: Job, key: ThreadKey, kept: Kept[Thread]) -> bool:
        """Whether an unaddressed reply in our thread is said to us; a human who answers makes us quiet."""
        if kept.state.is_quiet or self._parts.memory.is_muted(key.team, key.channel, key.thread_ts):
            return False
        if job.user == kept.user:
            return True
        self.quieten(key, kept)
        return False

    def quieten(self, key: ThreadKey, kept: Kept[Thread]) -> None:
        """Be quiet in a thread until somebody calls."""
        thread = replace(kept.state, is_quiet=True)
        self._parts.memory.save(key, thread, user=kept.user, now=self._parts.now(), after=kept)

    def _is_worth_saying(self, job: Job, before: Conversation, reply: Reply) -> bool:
        """An answer nobody called for is given only where it is sure, chatter in a thread is let be."""
        if job.way.is_addressed:
            return True
        answer = reply.answer
        if job.way is Way.REPLY:
            return (
                reply.kind is not Kind.ANSWER
                or answer is None
                or answer.outcome is not Outcome.NONE
                or not before.entry
            )
        least = self._parts.channel(job.place.channel).threshold or 0.0
        return answer is not None and answer.outcome is Outcome.ANSWER and answer.confidence >= least


def apology(error: KnowledgeError | BotError, say: Speaker) -> Message:
    """Return the sentence for a question that could not be answered."""
    if getattr(error, "code", "") in _FOR_THE_ASKER:
        message, hint = say.error(error)
        return cards.sentence(f"{message}.", f"{hint}." if hint else "")
    return cards.sentence(
        say("I cannot answer right now: my articles cannot be read."),
        say("Whoever runs me finds the cause in my log."),
    )


def ask_again(parts: Parts) -> Callable[[Question], Answer]:
    """Return what answers questions that a press repeats."""
    return lambda question: parts.engine.get().answer(question)


def _rank(reply: Reply) -> tuple[int, float]:
    return (0, 0.0) if reply.answer is None else (_ORDER[reply.answer.outcome], reply.answer.confidence)
