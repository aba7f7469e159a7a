"""What the live checks found, laid out for a terminal: pure functions from values to lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.cells import cell_len

from bot.answer import Finding, Status
from bot.checks.runner import Diagnosis
from bot.checks.telling import Told, together
from bot.checks.token import SasToken
from bot.cli.layout import QUIET, TITLE, Line, gap, line, styled
from bot.i18n import N_, Speaker

_STATUS = {
    Status.CONFIRMED: (N_("confirmed"), "bold red"),
    Status.RULED_OUT: (N_("ruled out"), "green"),
    Status.CANNOT_TELL: (N_("cannot tell"), "yellow"),
}


def diagnosis_view(diagnosis: Diagnosis, say: Speaker, token: SasToken | None = None) -> list[Line]:
    """Lay out a whole diagnosis: what was looked at, then every finding."""
    lines = [line(text, TITLE) for text in _headings(diagnosis, say, token)]
    if diagnosis.findings:
        lines += [gap(), *finding_lines(diagnosis.findings, say)]
    else:
        lines.append(line(say("Nothing was found to check.")))
    if not diagnosis.is_complete:
        lines += [gap(), line(say("Not everything was read: the checks ended before."), "italic")]
    return lines


def confirmed_lines(findings: Iterable[Finding], say: Speaker) -> Iterator[Line]:
    """Lay out what is confirmed in a line each, for the top of an answer."""
    for told in together(finding for finding in findings if finding.status is Status.CONFIRMED):
        word, style = _STATUS[Status.CONFIRMED]
        fact, *_ = _sentences(told, say)
        yield styled((say(word), style), ("  " + fact, ""))


def finding_lines(findings: Iterable[Finding], say: Speaker) -> Iterator[Line]:
    """Lay out findings: verdict, fact, source, time and lag of each; what is said of several faults, once."""
    width = max(cell_len(say(word)) for word, _ in _STATUS.values()) + 2
    for told in together(findings):
        word, style = _STATUS[told.finding.status]
        verdict = say(word)
        fact, *more = _sentences(told, say)
        indent = " " * width
        yield replace(styled((f"{verdict:<{width}}", style), (fact, "")), rest=indent)
        for text in more:
            yield replace(line(text, QUIET), first=indent, rest=indent)


def _sentences(told: Told, say: Speaker) -> Iterator[str]:
    """The fact, where it is from, and what would tell more."""
    finding = told.finding
    titles = ", ".join(say(title) for title in told.titles)
    yield say("{faults}: {fact}", faults=titles, fact=say(finding.message, **finding.values))
    origin = say("{source}, read {time}", source=say(finding.source), time=finding.read_at)
    yield f"{origin}, {say(finding.lag)}" if finding.lag else origin
    if finding.would_tell:
        yield say("What would tell: {what}", what=say(finding.would_tell, **finding.values))


def _headings(diagnosis: Diagnosis, say: Speaker, token: SasToken | None) -> Iterator[str]:
    if token is not None:
        signer = say("policy {policy}", policy=token.policy) if token.policy else say("the device's own key")
        ends = token.expires
        if ends is None:
            yield say("Token for {audience}, signed with {signer}", audience=token.resource, signer=signer)
        else:
            yield say(
                "Token for {audience} until {ends}, signed with {signer}",
                audience=token.resource,
                ends=ends,
                signer=signer,
            )
    if diagnosis.hub and diagnosis.device:
        yield say(
            "{device} at hub {hub} ({host})", device=diagnosis.device, hub=diagnosis.hub, host=diagnosis.host
        )
    elif diagnosis.hub:
        yield say("Hub {hub} ({host})", hub=diagnosis.hub, host=diagnosis.host)
