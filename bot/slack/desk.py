"""Exactly one answer: a claimed question is worked out, posted once, written down, and only then done.

    claimed ─ reply ─ conversation, question kept ─ (lease renewed) ─ post ─> posted ─ private notice ─> done
                                                                        │
                                            no answer from Slack: look whether it stands, then post again

The conversation is kept before the answer is seen: whoever is quick to press or to go on finds it there. Whatever process
ends in between, another finishes: before ``posted`` it looks in Slack for our mark, after it only the notice is left.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import wording
from bot.answer import Answer
from bot.conversation import Kind
from bot.i18n import Speaker, speaker
from bot.slack import cards
from bot.slack.asking import Asking
from bot.slack.blocks import Message
from bot.slack.client import PATIENCE_S, SlackClient
from bot.slack.errors import SlackError, SlackRefused, SlackUnreachable, SlackUnsure
from bot.slack.followup import FollowUpLater
from bot.slack.incoming import Job, Way
from bot.slack.memory import DIRECT, Thread
from bot.slack.parts import LEASE, Parts
from bot.slack.said import Said
from bot.store.claims import Claim, ClaimState, Place
from bot.store.errors import StoreError
from bot.store.questions import Asked, Result
from bot.store.threads import Kept, ThreadKey
from kb.locales import language
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
_TRIES = 4
LONGEST_CALL = timedelta(seconds=PATIENCE_S + 8)
"""What one call may take, its last try included; a claim is held longer than that."""
_LOOK_AGAIN_S = 0.5
_BLOCKS_REFUSED = frozenset(
    ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")
)
_CAME_OF = {
    Kind.CAUSE: Result.DID_NOT_WORK,
    Kind.NEXT: Result.DID_NOT_WORK,
    Kind.NOTHING_LEFT: Result.DID_NOT_WORK,
    Kind.THANKS: Result.WORKED,
    Kind.WORKED: Result.WORKED,
}
"""What a follow-up says of the answer before it."""
_GONE = frozenset(("thread_not_found", "message_not_found", "cannot_reply_to_message"))


class Desk:
    """Answers claimed questions, from any thread."""

    def __init__(self, parts: Parts, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._parts = parts
        self._sleep = sleep
        self.asking = Asking(parts)
        self.later = FollowUpLater(parts)

    def answer(self, job: Job, claim: Claim, *, is_recovered: bool = False) -> None:
        """Finish a claimed question; whatever goes wrong is told, or left for another try."""
        parts = self._parts
        with parts.flights.of(claim.place), parts.metrics.in_flight.track_inprogress():
            try:
                client = parts.clients(claim.place.team)
                self._finish(job, claim, client, is_recovered=is_recovered)
            except SlackRefused as error:
                _LOG.error("a question stays without its answer: %s", error)
                parts.metrics.failures.labels("refused").inc()
                parts.claims.done(claim, now=parts.now())
            except SlackError as error:
                _LOG.warning("an answer waits for Slack: %s", error)
                parts.metrics.failures.labels("slack").inc()
                parts.claims.release(claim, now=parts.now())
            except Exception:
                _LOG.exception("a question could not be answered")
                parts.metrics.failures.labels("internal").inc()
                self._apologise(job, claim)

    def _finish(self, job: Job, claim: Claim, client: SlackClient, *, is_recovered: bool) -> None:
        began = self._parts.now()
        if job.way is Way.EDIT:
            self._amend(job, client)
            self._parts.claims.done(claim, now=self._parts.now())
            return
        if claim.is_withdrawn:
            self._parts.claims.done(claim, now=self._parts.now())
            return
        if claim.state is ClaimState.POSTED:
            self._close(job, claim, None, client)
            return
        if is_recovered and not job.way.is_private:
            stands = client.find_answer(claim.place.channel, job.thread_ts, claim.place.ts)
            if stands:
                self._was_posted(job, claim, stands, None, client)
                return
        said = self.asking.reply(job, client)
        if said is None:
            if job.secrets:  # whoever saw the message has the key, whether we answer or not
                self._warn(job, job.secrets, self._speaker(job, client), client)
            self._parts.claims.done(claim, now=self._parts.now())
            return
        self._remember(job, said, began)
        self._record(job, said, began)
        held = self._still_ours(claim)
        if held is None:
            return
        if said.private is not None:
            self._whisper(job, said.private, client)
        ts = self._deliver(job, said.message, client, is_preview=said.is_preview)
        self._parts.metrics.seconds.observe((self._parts.now() - began).total_seconds())
        self._count(job, said)
        self._was_posted(job, held, ts, said, client)

    def _was_posted(self, job: Job, claim: Claim, ts: str, said: Said | None, client: SlackClient) -> None:
        posted = self._parts.claims.posted(claim, ts, now=self._parts.now())
        if posted is None:
            return
        if posted.is_withdrawn and ts:
            client.delete(claim.place.channel, ts)
            self._parts.claims.done(posted, now=self._parts.now())
            return
        self._close(job, posted, said, client)

    def _close(self, job: Job, claim: Claim, said: Said | None, client: SlackClient) -> None:
        """What is left once an answer stands."""
        kinds = (*job.secrets, *(said.secrets if said is not None else ()))
        if kinds:
            self._warn(job, kinds, said.say if said is not None else self._speaker(job, client), client)
        self._parts.claims.done(claim, now=self._parts.now())
        if said is not None and said.kept and said.reply and _CAME_OF.get(said.reply.kind) is Result.WORKED:
            self.later.take_back(Place(job.place.team, job.place.channel, _asked_at(said.kept)), client)
        if said is not None and said.reply is not None and not job.way.is_private:
            self.later.plan(job, said, client)

    def _remember(self, job: Job, said: Said, now: datetime) -> None:
        memory = self._parts.memory
        memory.save(
            said.key,
            said.thread,
            user=job.user,
            now=now,
            after=said.kept if said.kept and said.kept.version else None,
        )
        if job.way is Way.DIRECT:
            direct = ThreadKey(said.key.team, said.key.channel, DIRECT)
            memory.save(direct, said.thread, user=job.user, now=now, after=memory.load(direct))

    def _record(self, job: Job, said: Said, now: datetime) -> None:
        """Keep the question for the gap report; a "didn't help" is kept with the question it is about."""
        reply = said.reply
        if reply is None:
            return
        before = _asked_at(said.kept) if said.kept is not None else ""
        try:
            if before and reply.kind in _CAME_OF and _has_answer(said.kept):
                place = Place(job.place.team, job.place.channel, before)
                self._parts.questions.came_of(place, _CAME_OF[reply.kind])
            if reply.kind is Kind.ANSWER and reply.answer is not None and not _is_gap_again(job, said):
                self._parts.questions.record(_asked(job, reply.answer, now))
        except StoreError as error:
            _LOG.warning("a question is not in the report: %s", error)

    def _warn(self, job: Job, kinds: Sequence[str], say: Speaker, client: SlackClient) -> None:
        """Tell the poster, and nobody else, which keys to renew."""
        text = wording.secrets_taken(say, tuple(dict.fromkeys(kinds)))
        if not text or not job.user.startswith(("U", "W")):
            return
        self._whisper(job, cards.sentence(text), client)

    def _whisper(self, job: Job, message: Message, client: SlackClient) -> None:
        """Show something to the asker alone, beside the answer; where that is not possible in place, directly."""
        where = "" if job.is_top and job.way is not Way.DIRECT else job.thread_ts
        try:
            client.post_privately(job.place.channel, job.user, message, thread_ts=where)
        except SlackError:
            try:
                client.post(client.open_direct(job.user), message)
            except SlackError as error:
                _LOG.error("what only its asker is to see could not be shown: %s", error)

    def _deliver(self, job: Job, message: Message, client: SlackClient, *, is_preview: bool = False) -> str:
        """Post the answer, once; return its ``ts``, nothing for a private one."""
        if is_preview:
            client.post_privately(job.place.channel, job.user, message)
            return ""
        if job.way.is_private:
            self._deliver_privately(job, message, client)
            return ""
        try:
            return self._post_once(job, message, client)
        except SlackRefused as error:
            if error.reason in _BLOCKS_REFUSED:
                _LOG.error("Slack refuses a card, its text goes alone: %s", error)
                return self._post_once(job, replace(message, blocks=()), client)
            if error.reason in _GONE:
                _LOG.info("a question is gone: %s", error)
                raise
            _LOG.warning("an answer goes to the asker directly: %s", error)
            client.post(client.open_direct(job.user), message)
            return ""

    def _post_once(self, job: Job, message: Message, client: SlackClient) -> str:
        for attempt in range(1, _TRIES + 1):
            try:
                return client.post(job.place.channel, message, thread_ts=job.thread_ts, question=job.place.ts)
            except SlackUnsure as error:
                _LOG.warning("it is looked up whether an answer stands: %s", error)
                self._sleep(_LOOK_AGAIN_S * attempt)
                if ts := client.find_answer(job.place.channel, job.thread_ts, job.place.ts):
                    return ts
        raise SlackUnreachable("Slack takes no message")

    def _deliver_privately(self, job: Job, message: Message, client: SlackClient) -> None:
        if job.response_url:
            try:
                client.respond(job.response_url, message)
                return
            except SlackError as error:
                _LOG.warning("a command is answered another way: %s", error)
        try:
            client.post_privately(job.place.channel, job.user, message)
        except SlackError:
            client.post(client.open_direct(job.user), message)

    def _amend(self, job: Job, client: SlackClient) -> None:
        """The question reads otherwise now: so does its answer, in the same message."""
        claim = self._answered(Place(job.place.team, job.place.channel, job.of))
        if claim is None or not claim.message_ts or claim.is_withdrawn:
            return
        asked_anew = replace(job, place=claim.place, way=Way(claim.kind))
        said = self.asking.reply(asked_anew, client)
        if said is None:
            return
        client.update(claim.place.channel, claim.message_ts, said.message, question=claim.place.ts)
        now = self._parts.now()
        self._remember(asked_anew, said, now)
        self._record(asked_anew, said, now)
        if job.secrets:
            self._warn(job, job.secrets, said.say, client)

    def _answered(self, place: Place) -> Claim | None:
        """The claim of a question once its answer stands; an edit can be quicker than the answer."""
        for _ in range(20):
            claim = self._parts.claims.find(place)
            if claim is None or claim.message_ts or claim.state is not ClaimState.CLAIMED:
                return claim
            self._sleep(_LOOK_AGAIN_S)
        return None

    def _still_ours(self, claim: Claim) -> Claim | None:
        """The claim, held for longer than a call to Slack takes; None where another has it."""
        now = self._parts.now()
        if claim.lease_until - now > LONGEST_CALL:
            return claim
        return self._parts.claims.renew(claim, now=now, lease=LEASE)

    def _apologise(self, job: Job, claim: Claim) -> None:
        """Something of ours is broken: who asked hears so, once."""
        parts = self._parts
        try:
            if job.way.is_addressed and job.way is not Way.EDIT:
                client = parts.clients(claim.place.team)
                say = self._speaker(job, client)
                words = cards.sentence(
                    say("Something went wrong inside me, and I have no answer to this."),
                    say("Whoever runs me finds the cause in my log."),
                )
                ts = self._deliver(job, words, client)
                parts.claims.posted(claim, ts, now=parts.now())
            parts.claims.done(claim, now=parts.now())
        except Exception:
            _LOG.exception("nor could that be said")

    def _speaker(self, job: Job, client: SlackClient) -> Speaker:
        """Who speaks to an asker whose words are not at hand."""
        place = job.place
        chosen = self._parts.memory.person(place.team, job.user).language
        return speaker(chosen or self.asking.asker_locale(client, place.team, place.channel, job.user))

    def _count(self, job: Job, said: Said) -> None:
        answer = said.reply.answer if said.reply is not None else None
        outcome = answer.outcome.value if answer is not None else "other"
        self._parts.metrics.answers.labels(job.way.value, outcome).inc()


def _is_gap_again(job: Job, said: Said) -> bool:
    """Whether a question that found nothing is only told once more, in another language say."""
    kept, answer = said.kept, said.reply.answer if said.reply is not None else None
    return (
        kept is not None
        and answer is not None
        and answer.outcome is Outcome.NONE
        and kept.state.question != job.place.ts
        and kept.state.talk.query == answer.query
    )


def _asked_at(kept: Kept[Thread]) -> str:
    """``ts`` of the question that a conversation is about."""
    return kept.state.asked or kept.state.question


def _has_answer(kept: Kept[Thread] | None) -> bool:
    """Whether a conversation holds an answer of which something can come; a thank-you for nothing is none."""
    return kept is not None and bool(
        kept.state.talk.entry or kept.state.talk.offered or kept.state.talk.tried
    )


def _asked(job: Job, answer: Answer, now: datetime) -> Asked:
    """A question and its outcome as they are kept."""
    return Asked(
        place=job.place,
        user=job.user,
        kind=job.way.value,
        text=answer.query,
        language=language(answer.reader),
        locale=answer.locale,
        outcome=answer.outcome.value,
        confidence=answer.confidence,
        entries=tuple(hit.entry.id for hit in answer.hits),
        asked_at=now,
    )
