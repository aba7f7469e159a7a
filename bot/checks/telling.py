"""How findings are told: several that say the same of several faults are one thing to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answer import Finding
from bot.checks.catalogue import TITLES
from bot.checks.check import READ_HERE
from bot.i18n import N_


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to read: a finding, and the names of all faults it is said of."""

    finding: Finding
    """What is said, once."""
    titles: tuple[str, ...]
    """Short names of the faults, keys of the catalogs."""


def heading(findings: Iterable[Finding]) -> str:
    """Return what stands above findings, a key of the catalogs: whether anything was asked, or only the paste read."""
    is_read_only = all(finding.source in READ_HERE for finding in findings)
    return N_("Read in what you pasted") if is_read_only else N_("Checked right now")


def together(findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Return findings in order, those with the same sentence, source and verdict as one.

    A hub that refuses our credential refuses it for every fault: that is one line, not five.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        values = tuple(sorted((name, str(value)) for name, value in finding.values.items()))
        said = (finding.status, finding.message, values, finding.source, finding.lag, finding.would_tell)
        groups.setdefault(said, []).append(finding)
    return tuple(
        Told(group[0], tuple(dict.fromkeys(TITLES.get(one.check, one.check) for one in group)))
        for group in groups.values()
    )
