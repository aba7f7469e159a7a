"""Turn what was read into findings: one a fault, the strongest, without any secret, confirmed ones first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answer import Finding, Status
from bot.checks.catalogue import checks_for
from bot.checks.check import TEXT, Evidence, Fact, Need, cannot_tell
from bot.checks.facts import Facts, Step
from bot.checks.network import clock_step
from bot.checks.plan import Plan
from bot.redaction import redact


def findings(plan: Plan, facts: Facts) -> tuple[Finding, ...]:
    """Return what the facts say of every fault that was to be looked at."""
    return _ordered(_safe(finding) for finding in _all(plan, facts))


def _all(plan: Plan, facts: Facts) -> list[Finding]:
    evidence = Evidence(
        pasted=plan.pasted,
        now=_hub_time(plan.clock.now(), facts),
        token=plan.token,
        device=plan.device,
        is_device_named=plan.is_device_named,
        module=plan.module,
        asked_host=plan.access.host if plan.access is not None else "",
        facts=facts,
        codes=plan.codes,
    )
    told: dict[str, Finding] = {}
    for check in plan.checks:
        finding = check.look(evidence)
        if finding is None:
            continue
        if check.fault in plan.only_if_confirmed and finding.status is not Status.CONFIRMED:
            continue
        held = told.get(check.fault)
        if held is None or _weight(finding) > _weight(held):
            told[check.fault] = finding
    found = list(told.values())
    found += [_from_step(step) for step in (*facts.steps, *_clock(plan, facts))]
    found += _what_is_missing(plan, evidence)
    return found


def _what_is_missing(plan: Plan, evidence: Evidence) -> list[Finding]:
    """Say what could not even be asked."""
    asked_for = [c for c in checks_for(plan.faults) if Need.STATE in c.needs]
    if not asked_for or not plan.request.ask_hub:
        return []
    fact = Fact(TEXT, evidence.now)
    if plan.is_elsewhere:
        return [
            cannot_tell(
                asked_for[0].fault,
                "The text is about the hub {pasted}, which is not configured here, so nothing was asked.",
                fact,
                would_tell="--hub NAME, to ask a configured hub all the same",
                pasted=plan.pasted.hub,
            )
        ]
    is_about_a_device = any(check.fault.startswith(("device-", "module-", "queue-")) for check in asked_for)
    if plan.access is not None and not plan.device and is_about_a_device:
        return [
            cannot_tell(
                asked_for[0].fault,
                "The text names no device, so the hub was not asked about one.",
                fact,
                would_tell="the device's id: hubmedic check DEVICE",
            )
        ]
    return []


def _clock(plan: Plan, facts: Facts) -> tuple[Step, ...]:
    """Compare this machine's clock: where the network was asked about, or where it is off."""
    for reading in (facts.state, facts.answer, facts.identity, facts.statistics):
        step = clock_step(reading) if reading is not None else None
        if step is not None:
            return (step,) if plan.request.network or not step.holds else ()
    return ()


def _hub_time(ours: datetime, facts: Facts) -> datetime:
    """Return the hub's time where it is known: a token ends by that clock, not by ours."""
    skews = [
        reading.clock_skew
        for reading in (facts.state, facts.answer, facts.identity, facts.statistics)
        if reading is not None and reading.clock_skew is not None
    ]
    if not skews or abs(skews[0]) < timedelta(seconds=5):  # Date has whole seconds
        return ours
    return ours - skews[0]


_ORDER = {Status.CONFIRMED: 0, Status.RULED_OUT: 1, Status.CANNOT_TELL: 2}


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.status]))


def _weight(finding: Finding) -> int:
    """What a hub says now weighs more than what a text said; anything told weighs more than nothing."""
    is_told = finding.status is not Status.CANNOT_TELL
    is_from_hub = finding.source.startswith(("GET ", "POST "))
    return 2 * is_told + (is_from_hub if is_told else 0)


def _from_step(step: Step) -> Finding:
    status = {True: Status.RULED_OUT, False: Status.CONFIRMED, None: Status.CANNOT_TELL}[step.holds]
    return Finding(
        check=step.rung,
        status=status,
        message=step.message,
        source=step.source,
        read_at=step.read_at,
        values=dict(step.values),
        would_tell=step.would_tell,
    )


def _safe(finding: Finding) -> Finding:
    """Take secrets out of what a finding quotes: a status reason may hold a key."""
    values = {
        name: redact(value).text if isinstance(value, str) else value
        for name, value in finding.values.items()
    }
    return replace(finding, values=values)
