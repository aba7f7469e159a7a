"""Turn what was read for a plan into findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.answer import Finding, Status
from bot.checks.catalogue import checks_for
from bot.checks.check import READ_HERE, TEXT, Evidence, Fact, Need, cannot_tell, without_ladder
from bot.checks.facts import Facts, Step
from bot.checks.plan import Plan
from bot.checks.skew import clock_step
from bot.checks.weighing import told, weighed


def findings(plan: Plan, facts: Facts) -> tuple[Finding, ...]:
    """Return what the facts say of every fault that was to be looked at."""
    return told(_all(plan, facts))


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
    found = weighed(plan.checks, evidence, only_if_confirmed=plan.only_if_confirmed)
    if facts.steps:
        found = [without_ladder(finding) for finding in found]
    found += [_from_step(step) for step in (*facts.steps, *_clock(plan, facts))]
    found += _what_is_missing(plan, evidence)
    ours = plan.clock.now()  # a text is judged by the hub's time, and read by ours as everything else
    return [replace(one, read_at=ours) if one.source in READ_HERE else one for one in found]


def _what_is_missing(plan: Plan, evidence: Evidence) -> list[Finding]:
    """Say what could not even be asked."""
    asked_for = [c for c in checks_for(plan.faults) if Need.STATE in c.needs]
    if not asked_for or not plan.request.ask_hub:
        return []
    fact = Fact(TEXT, evidence.now)
    of_devices = [fault for fault in plan.faults if fault.startswith(("device-", "module-", "queue-"))]
    fault = (of_devices or [asked_for[0].fault])[0]
    if plan.is_elsewhere:
        return [
            cannot_tell(
                fault,
                "The text is about the hub {pasted}, which is not configured here, so nothing was asked.",
                fact,
                would_tell="--hub NAME, to ask a configured hub all the same",
                pasted=plan.pasted.hub,
            )
        ]
    if plan.access is not None and not plan.device and of_devices:
        return [
            cannot_tell(
                fault,
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
