"""What the live checks say, as rich text: verdict, fact, source, time and lag of each."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answer import Finding, Status
from bot.i18n import N_, Speaker
from bot.printable import printable
from bot.slack.rich import Element, piece, section

_STATUS = {
    Status.CONFIRMED: N_("confirmed"),
    Status.RULED_OUT: N_("ruled out"),
    Status.CANNOT_TELL: N_("cannot tell"),
}


def finding_elements(findings: Iterable[Finding], say: Speaker) -> list[Element]:
    """Return findings below a label, one bullet each; what is said of several faults, once."""
    told = tuple(findings)
    items = [section(_told(finding, titles, say)) for finding, titles in _together(told)]
    if not items:
        return []
    from bot.checks.telling import heading

    label = section([piece(say(heading(told)), style="bold")])
    return [label, {"type": "rich_text_list", "style": "bullet", "elements": items}]


def confirmed_elements(findings: Iterable[Finding], say: Speaker) -> list[Element]:
    """Return what is confirmed, a line each, for the top of an answer."""
    confirmed = (finding for finding in findings if finding.status is Status.CONFIRMED)
    return [
        section(
            [piece(say(_STATUS[Status.CONFIRMED]), style="bold"), piece("  " + _fact(finding, titles, say))]
        )
        for finding, titles in _together(confirmed)
    ]


def _together(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    from bot.checks.telling import together  # the catalogue of faults is read only where there are findings

    return [(told.finding, told.titles) for told in together(findings)]


def _told(finding: Finding, titles: tuple[str, ...], say: Speaker) -> list[Element]:
    origin = say("{source}, read {time}", source=say(finding.source), time=finding.read_at)
    if finding.lag:
        origin = f"{origin}, {say(finding.lag)}"
    pieces = [
        piece(say(_STATUS[finding.status]), style="bold"),
        piece(f"  {_fact(finding, titles, say)}"),
        piece(f"\n{printable(origin)}", style="italic"),
    ]
    if finding.would_tell:
        what = say(finding.would_tell, **finding.values)
        pieces.append(piece("\n" + printable(say("What would tell: {what}", what=what))))
    return pieces


def _fact(finding: Finding, titles: tuple[str, ...], say: Speaker) -> str:
    faults = ", ".join(say(title) for title in titles)
    return printable(say("{faults}: {fact}", faults=faults, fact=say(finding.message, **finding.values)))
