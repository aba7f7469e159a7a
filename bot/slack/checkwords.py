"""Live checks that were asked for in words: "run the checks". In a channel the asker alone sees what was found."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.checks.errors import CheckError
from bot.conversation import Reply
from bot.slack import cards, checked, keeping
from bot.slack.checking import Checking, NotAllowed
from bot.slack.checkwindow import CheckWindow
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import Job, Way
from bot.slack.refs import Ref
from bot.slack.said import Said
from bot.slack.steps import Steps
from bot.slack.underway import ChecksBusy, run_name

_LOG = logging.getLogger("hubmedic.slack")


class CheckWords:
    """Runs the checks while whoever asked reads in the thread what is being done."""

    def __init__(self, checking: Checking, window: CheckWindow) -> None:
        self._checking = checking
        self._window = window

    def reply(self, job: Job, said: Said, reply: Reply, offers: cards.Offers, client: SlackClient) -> Said:
        """Return what to say once they have run, or why they did not; ``offers`` is for the card."""
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
            message = checked.result_card(found, say, Ref(job.thread_ts, job.place.ts), offers)
            answer = found.reply.answer
            kept = keeping.to_text(answer.findings if answer is not None else ())
            return replace(said, message=message, thread=replace(thread, talk=found.talk, findings=kept))
        ref = self._window.keep(job.place, job.user, thread, found, job.thread_ts)
        words = say(
            "The checks have run. What they found is shown to who asked for them, who can share it here."
        )
        private = checked.result_card(found, say, ref, cards.Offers(is_private=True))
        return replace(said, message=cards.sentence(words), private=private)
