""" "Did it work?", a day later, at most once, by Slack's own clock; taken back when the asker has said so before."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.conversation import Kind
from bot.i18n import Speaker
from bot.slack import blocks as b
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import Job, Way
from bot.slack.parts import Parts
from bot.slack.refs import Action, Ref
from bot.slack.said import Said
from bot.store.claims import Place
from bot.store.errors import StoreError
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")
AFTER = timedelta(days=1)


class FollowUpLater:
    """Plans the question and takes it back."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def plan(self, job: Job, said: Said, client: SlackClient) -> None:
        """Plan it for a sure answer that somebody asked for."""
        reply = said.reply
        is_sure = reply is not None and reply.answer is not None and reply.answer.outcome is Outcome.ANSWER
        if (
            not is_sure
            or reply is None
            or reply.kind is not Kind.ANSWER
            or job.way not in (Way.MENTION, Way.DIRECT)
        ):
            return
        at = self._parts.now() + AFTER
        try:
            if self._parts.votes.of(job.place) or not self._parts.follow_ups.plan(
                job.place, user=job.user, post_at=at
            ):
                return
            message = worked_card(said.say, Ref(job.thread_ts, job.place.ts))
            name = client.schedule(
                job.place.channel, message, thread_ts=job.thread_ts, post_at=int(at.timestamp())
            )
            if not self._parts.follow_ups.scheduled(job.place, name):
                client.unschedule(job.place.channel, name)
            elif self._parts.votes.of(job.place):  # somebody was quicker with a thumb
                self.take_back(job.place, client)
        except (SlackError, StoreError) as error:
            _LOG.warning("whether an answer worked will not be asked: %s", error)

    def take_back(self, question: Place, client: SlackClient) -> None:
        """Ask no more: the asker has told, or the question is gone."""
        try:
            if name := self._parts.follow_ups.take_back(question):
                client.unschedule(question.channel, name)
        except (SlackError, StoreError) as error:
            _LOG.warning("a scheduled question could not be taken back: %s", error)


def worked_card(say: Speaker, ref: Ref) -> b.Message:
    """Return the question with its two buttons."""
    words = say("Did it work?")
    yes = b.button(say("Yes"), Action.WORKED, ref.to_text(), style="primary")
    no = b.button(say("No"), Action.DID_NOT_WORK, ref.to_text())
    return b.Message(b.fallback(words), (b.paragraph(words), b.actions([yes, no])))
