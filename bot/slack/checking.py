"""Live checks from Slack: who may run them where, what they found, and the line that says who did."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot import wiring
from bot.answer import Finding
from bot.checks.errors import CheckError
from bot.checks.runner import AuditLine, CheckRequest, HubSettings, diagnose
from bot.conversation import Conversation, Reply
from bot.errors import BotError
from bot.i18n import Speaker
from bot.slack import blocks as b
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.findings import finding_elements
from bot.slack.parts import Parts
from bot.slack.rich import cut
from bot.store.audit import Audited, AuditedCall
from bot.store.claims import Place
from bot.store.errors import StoreError

_LOG = logging.getLogger("hubmedic.slack")
Found = tuple[Finding, ...] | BotError


class NotAllowed(BotError):
    """Somebody may not run checks here."""

    code = "not-allowed"


class Checking:
    """Runs the checks for people who may."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def is_offered(self, channel: str) -> bool:
        """Whether anybody may run checks in a channel."""
        return bool(self._parts.settings.hubs) and bool(self._parts.channel(channel).may_check)

    def may(self, channel: str, user: str, client: SlackClient) -> bool:
        """Whether a person may run checks in a channel: named by id, by group, or everybody."""
        if not self.is_offered(channel):
            return False
        allowed = self._parts.channel(channel).may_check
        if "*" in allowed or user in allowed:
            return True
        try:
            return any(client.is_in_group(one, user) for one in allowed if one.startswith("S"))
        except SlackError as error:
            _LOG.warning("a group's members are not known, nobody of it may run checks: %s", error)
            return False

    def answer(
        self, place: Place, user: str, reply: Reply, state: Conversation, client: SlackClient
    ) -> Found:
        """Run the checks for the entry on the table; an error where nobody could be asked."""
        if not self.may(place.channel, user, client):
            return NotAllowed(
                "you may not run live checks in this channel",
                "who may is in the settings file, under channels: ask whoever runs me",
            )
        answer = reply.answer
        hit = answer.hits[0] if answer is not None and answer.hits else None
        captures = dict(hit.captures) if hit is not None else {}
        request = CheckRequest(
            text=state.query,
            identifiers=hit.entry.identifiers if hit is not None else (),
            captures=captures,
            device=state.device or captures.get("device"),
            hub=reply.hub or None,
            who=user,
        )
        try:
            return diagnose(
                request, self._hubs(place.channel), audit=lambda line: self._audit(place, user, line)
            ).findings
        except CheckError as error:
            return error

    def card(self, found: Found, say: Speaker) -> b.Message:
        """Return what the checks found, or why they did not run."""
        if isinstance(found, BotError):
            message, hint = say.error(found)
            return b.Message(
                b.fallback(message, hint),
                tuple(b.paragraph(one) for one in (f"{message}.", f"{hint}." if hint else "") if one),
            )
        return findings_card(found, say)

    def _hubs(self, channel: str) -> dict[str, HubSettings]:
        """The hubs that may be asked from a channel."""
        named = {one.lower() for one in self._parts.channel(channel).hubs}
        every = wiring.hubs(self._parts.settings)
        return {name: hub for name, hub in every.items() if not named or name in named}

    def _audit(self, place: Place, user: str, line: AuditLine) -> None:
        _LOG.info("%s", line)
        calls = tuple(AuditedCall(call.method, call.path, call.status) for call in line.calls)
        told = Audited(line.at, place.team, place.channel, user, line.hub, line.device, calls, line.seconds)
        try:
            self._parts.audit.write(told)
        except StoreError as error:
            _LOG.error("an audit line stands in this log only, the store is away: %s; %s", error, line)


def findings_card(findings: Sequence[Finding], say: Speaker) -> b.Message:
    """Return findings as a message of their own."""
    if not findings:
        nothing = say("There was nothing to check.")
        return b.Message(b.fallback(nothing), (b.paragraph(nothing),))
    kept = cut(finding_elements(findings, say), b.MOST_CHARACTERS - 500)
    return b.Message(b.fallback(say("Checked right now")), (b.rich(kept.elements),))
