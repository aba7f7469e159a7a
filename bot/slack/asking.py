"""From a question in Slack to what is to be said: language, conversation, silence. No message is posted here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer
from bot.checks.errors import CheckError
from bot.checks.ordering import with_findings
from bot.conversation import Conversation, Kind, Reply, talk
from bot.errors import BotError
from bot.i18n import Speaker, speaker
from bot.question import Question
from bot.slack import cards, checked, keeping
from bot.slack.blocks import Message
from bot.slack.checking import Checking, NotAllowed
from bot.slack.checkwindow import CheckWindow
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.files import Attached, read_attached
from bot.slack.help import help_card, is_help
from bot.slack.incoming import Job, Way, plain_text
from bot.slack.memory import DIRECT, Thread
from bot.slack.parts import Parts
from bot.slack.refs import Ref
from bot.slack.steps import Steps
from bot.slack.underway import ChecksBusy, run_name
from bot.store.people import Person
from bot.store.threads import Kept, ThreadKey
from kb.errors import KnowledgeError
from kb.locales import language
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_FOR_THE_ASKER = frozenset(("nothing-asked", "text-unreadable", "forgotten", "not-allowed", "checks-busy"))
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
    private: Message | None = None
    """What the asker alone is to see beside it."""


class Asking:
    """Works out replies."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._checking = Checking(parts)
        self._window = CheckWindow(parts, self._checking)

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

    def ask_in(self, thread: Thread) -> Callable[[Question], Answer]:
        """Return what answers in a conversation: what live checks found about its question stays true of it."""
        findings = keeping.from_text(thread.findings)
        if not findings:
            return self.ask

        def ask(question: Question) -> Answer:
            answer = self.ask(question)
            return with_findings(answer, findings) if question.text == thread.talk.query else answer

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
        state, reply = self._turn(job, client, talked, text, asker, self.ask_in(quiet.thread))
        if not self._is_worth_saying(job, talked, reply):
            return None
        say = speaker(reply.reader)
        ref = Ref(job.thread_ts, job.place.ts)
        findings = quiet.thread.findings if state.query == quiet.thread.talk.query else ""
        thread = Thread(state, job.place.ts, earlier, findings, shared_to=job.of)
        said = replace(quiet, say=say, thread=thread, reply=reply)
        if reply.kind is Kind.CHECK and reply.answer is not None:
            return self._checked(job, said, reply, client)
        message = cards.card(
            reply, say, ref, self.offers(job.place.channel, is_private=job.way.is_private), attached.notes
        )
        return replace(said, message=message)

    def _checked(self, job: Job, said: Said, reply: Reply, client: SlackClient) -> Said:
        """Run the checks that somebody asked for in words; in a channel the asker alone sees what was found."""
        say, thread = said.say, said.thread

        def show(lines: Sequence[str]) -> bool:
            try:
                client.show_status(job.place.channel, job.thread_ts, lines[-1])
            except SlackError as error:
                _LOG.info("what the checks do is not shown: %s", error)
            return True

        try:
            self._checking.allow(job.place.channel, job.user, client)
            with Steps(say, show) as steps:
                found = self._checking.run(
                    run_name(job.place), job.place, job.user, reply, thread.talk, steps
                )
        except (NotAllowed, ChecksBusy, CheckError) as error:
            return replace(said, message=cards.sentence(*checked.refusal(say, error)))
        if found.is_stopped:
            return replace(said, message=cards.sentence(say("The checks were stopped.")))
        if job.way is Way.DIRECT:
            ref = Ref(job.thread_ts, job.place.ts)
            message = checked.result_card(found, say, ref, self.offers(job.place.channel, is_private=False))
            answer = found.reply.answer
            kept = keeping.to_text(answer.findings if answer is not None else ())
            return replace(said, message=message, thread=replace(thread, talk=found.talk, findings=kept))
        ref = self._window.keep(job.place, job.user, thread, found, job.thread_ts)
        words = say(
            "The checks have run. What they found is shown to who asked for them, who can share it here."
        )
        private = checked.result_card(found, say, ref, cards.Offers(is_private=True))
        return replace(said, message=cards.sentence(words), private=private)

    def _turn(
        self,
        job: Job,
        client: SlackClient,
        talked: Conversation,
        text: str,
        asker: str,
        ask: Callable[[Question], Answer],
    ) -> tuple[Conversation, Reply]:
        """The conversation after a text; a call from inside somebody's thread can be about what opened it."""
        hubs = self._parts.settings.hubs.keys()
        is_about_thread = job.way is Way.MENTION and not job.is_top and not talked.query
        if not is_about_thread:
            return talk(talked, text, ask, asker, hubs)
        own = talk(talked, text, ask, asker, hubs) if text.strip() else None
        if own is not None and own[1].answer is not None and own[1].answer.outcome is Outcome.ANSWER:
            return own
        opening = self._opening(job, client)
        if not opening.strip():
            return own or talk(talked, text or "?", ask, asker, hubs)
        theirs = talk(talked, opening, ask, asker, hubs)
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
    if isinstance(error, SlackError):
        return cards.sentence(
            say("Slack did not let me do that."), say("Whoever runs me finds the cause in my log.")
        )
    return cards.sentence(
        say("I cannot answer right now: my articles cannot be read."),
        say("Whoever runs me finds the cause in my log."),
    )


def _rank(reply: Reply) -> tuple[int, float]:
    return (0, 0.0) if reply.answer is None else (_ORDER[reply.answer.outcome], reply.answer.confidence)
