"""Live checks from Slack: who may run them where, what they found, and the line that says who did."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import wiring
from bot.checks.gather import Progress
from bot.checks.limits import Paces
from bot.checks.runner import AuditLine, CheckRequest, HubSettings, start
from bot.conversation import Conversation, Kind, Reply
from bot.errors import BotError
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.parts import Parts
from bot.slack.underway import Underway
from bot.store.audit import Audited, AuditedCall
from bot.store.claims import Place
from bot.store.errors import StoreError
from bot.store.turns import StoredTurns
from kb.model import Outcome

_LOG = logging.getLogger("hubmedic.slack")


class NotAllowed(BotError):
    """Somebody may not run checks here."""

    code = "not-allowed"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a run."""

    reply: Reply
    """The answer with the findings in it, its entries and causes in the order that these suggest."""
    talk: Conversation
    """Where the conversation stands with that answer on the table."""
    device: str
    """The device that was looked at; empty where none is known."""
    is_stopped: bool = False
    """Somebody did not want it any more."""


class Checking:
    """Runs the checks for people who may."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._paces = Paces(turns=StoredTurns(parts.database))

    @property
    def underway(self) -> Underway:
        """The runs of this process."""
        return self._parts.checks

    def is_offered(self, channel: str) -> bool:
        """Whether anybody may run checks in a channel."""
        return bool(self._parts.settings.hubs) and bool(self._parts.channel(channel).may_check)

    def allow(self, channel: str, user: str, client: SlackClient) -> None:
        """Return where a person may run checks in a channel: named by id, by group, or as everybody.

        Raises
        ------
        NotAllowed
            If not, or no hub is configured.
        """
        if not self._parts.settings.hubs:
            raise NotAllowed(
                "no hub is configured: no live checks", "set HUBMEDIC_HUBS__NAME__CONNECTION_STRING"
            )
        allowed = self._parts.channel(channel).may_check
        if "*" in allowed or user in allowed or self._is_of_a_group(allowed, user, client):
            return
        raise NotAllowed(
            "you may not run live checks in this channel",
            "who may is in the settings file, under channels: ask whoever runs me",
        )

    def run(
        self,
        name: str,
        question: Place,
        user: str,
        reply: Reply,
        talk: Conversation,
        progress: Progress | None = None,
    ) -> Checked:
        """Run the checks for the entry on the table, to their end or until somebody stops the run of that name.

        Raises
        ------
        CheckError
            If nobody could be asked.
        ChecksBusy
            If they run already, or too many others do.
        """
        answer = reply.answer
        assert answer is not None, "a conversation without a question asks for no checks"
        hit = answer.hits[0] if answer.hits else None
        captures = dict(hit.captures) if hit is not None else {}
        request = CheckRequest(
            text=talk.query,
            identifiers=hit.entry.identifiers if hit is not None else (),
            captures=captures,
            device=talk.device or captures.get("device"),
            hub=reply.hub or None,
            who=user,
        )
        with self.underway.run(name) as run:
            running = start(
                request,
                self._hubs(question.channel),
                progress=progress,
                audit=lambda line: self._audit(question, user, line),
                paces=self._paces,
            )
            run.began(running)
            diagnosis = running.result()
        told = wiring.with_findings(self._parts.engine.get().knowledge, answer, diagnosis.findings)
        entry = told.hits[0].entry.id if told.outcome is Outcome.ANSWER and told.hits else talk.entry
        is_same = entry == talk.entry
        return Checked(
            Reply(Kind.ANSWER, told, 0, reader=reply.reader),
            replace(talk, entry=entry, cause=0, offered=talk.offered if is_same else ()),
            diagnosis.device,
            run.is_stopped,
        )

    def _is_of_a_group(self, allowed: tuple[str, ...], user: str, client: SlackClient) -> bool:
        try:
            return any(client.is_in_group(one, user) for one in allowed if one.startswith("S"))
        except SlackError as error:
            _LOG.warning("a group's members are not known, nobody of it may run checks: %s", error)
            return False

    def _hubs(self, channel: str) -> Mapping[str, HubSettings]:
        """The hubs that may be asked from a channel."""
        named = {one.lower() for one in self._parts.channel(channel).hubs}
        every = wiring.hubs(self._parts.settings)
        return {name: hub for name, hub in every.items() if not named or name in named}

    def _audit(self, place: Place, user: str, line: AuditLine) -> None:
        calls = tuple(AuditedCall(call.method, call.path, call.status) for call in line.calls)
        told = Audited(line.at, place.team, place.channel, user, line.hub, line.device, calls, line.seconds)
        try:
            self._parts.audit.write(told)
        except StoreError as error:
            _LOG.error("an audit line stands in this log only, the store is away: %s; %s", error, line)
