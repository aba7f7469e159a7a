"""Run the checks for one question: the one function every surface calls.

    text ──> Pasted ──> faults worth looking at ──> what must be read ──> Facts ──> Findings

The reading is done in a daemon thread, and the diagnosis ends when it is done, when its time is over or when the person
says so, whichever comes first. Then the sockets are shut from outside, which ends the thread too; a thread that hangs
where nothing can reach it (a resolver) cannot keep the process from ending, since it is a daemon. A child process
would do the same at the price of half a second of start and of keys crossing a pipe.

What a hub or the network does is never an exception here: it becomes a finding. :class:`~bot.checks.errors.CheckError`
is raised only where nobody could have asked: no hub, no such hub, broken settings, a package missing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

from bot.answer import Finding, Status
from bot.checks.facts import Call, Facts, Rung, Trouble
from bot.checks.gather import Gathering, Progress
from bot.checks.hub import HubSettings
from bot.checks.limits import DIAGNOSIS_S, PACES, Clock, Paces, SystemClock
from bot.checks.plan import CheckRequest, Ladder, OpenHub, Plan, make_plan, open_live
from bot.checks.verdicts import findings

__all__ = [
    "AuditLine",
    "CheckRequest",
    "Diagnosis",
    "HubSettings",
    "Progress",
    "Running",
    "diagnose",
    "start",
]

_LOG = logging.getLogger("hubmedic.audit")
_RUNGS = frozenset(Rung)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a run of the checks came to."""

    findings: tuple[Finding, ...]
    """Confirmed first, then ruled out, then what cannot be told."""
    hub: str = ""
    """Name of the configured hub that was asked; empty when none was."""
    host: str = ""
    device: str = ""
    module: str = ""
    calls: tuple[Call, ...] = ()
    seconds: float = 0.0
    is_complete: bool = True
    """False: stopped, or out of time."""

    @property
    def is_fault_found(self) -> bool:
        """A fault is confirmed, or nothing could be told: what an exit status of 1 means.

        That the way to the hub is good tells nothing of a device that could not be read.
        """
        asked = [finding for finding in self.findings if finding.check not in _RUNGS] or self.findings
        is_confirmed = any(finding.status is Status.CONFIRMED for finding in self.findings)
        return is_confirmed or all(finding.status is Status.CANNOT_TELL for finding in asked)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who asked which hub about which device, with what calls: kept without any secret."""

    at: datetime
    who: str
    hub: str
    device: str
    calls: tuple[Call, ...]
    seconds: float

    def __str__(self) -> str:
        calls = ", ".join(f"{call.method} {call.path} {call.status or '-'}" for call in self.calls)
        return f"checks by {self.who or '-'}: hub={self.hub or '-'} device={self.device or '-'} calls=[{calls}] {self.seconds:.1f} s"


class Means(TypedDict, total=False):
    """What a diagnosis is run with; see :func:`start`."""

    clock: Clock | None
    progress: Progress | None
    audit: Callable[[AuditLine], None] | None
    deadline_s: float
    open_hub: OpenHub | None
    ladder: Ladder | None
    paces: Paces


def diagnose(request: CheckRequest, hubs: Mapping[str, HubSettings], **means: Unpack[Means]) -> Diagnosis:
    """Check what a request names and return the findings, at the latest when the time is over.

    Raises
    ------
    CheckError
        If a hub was to be asked and none could be: unknown name, broken settings, a package missing, a malformed
        device id.
    """
    running = start(request, hubs, **means)
    try:
        return running.result()
    except BaseException:
        running.cancel()
        raise


class Running:
    """A diagnosis under way."""

    def __init__(
        self,
        plan: Plan,
        began: float,
        deadline_s: float,
        progress: Progress | None = None,
        audit: Callable[[AuditLine], None] | None = None,
    ) -> None:
        self._plan, self._audit = plan, audit
        self._deadline_s = deadline_s
        self._stop = plan.stop
        self._done = threading.Event()
        self._is_cancelled = False
        self._failure: BaseException | None = None
        self._began = began
        self._gathering = Gathering(
            reader=plan.reader,
            needs=plan.needs,
            device=plan.device,
            module=plan.module,
            token=plan.token,
            clock=plan.clock,
            stop=plan.stop,
            deadline=self._began + deadline_s,
            climb=plan.climb,
            wants_ladder=plan.request.network,
            progress=progress,
        )
        if plan.reader is None and not plan.request.network:
            self._done.set()  # the text alone tells: no thread for that
        else:
            threading.Thread(target=self._read, name="hubmedic-checks", daemon=True).start()

    def cancel(self) -> None:
        """Stop reading; :meth:`result` then tells what was read so far."""
        if not self._done.is_set():
            self._is_cancelled = True
        self._end()

    def result(self) -> Diagnosis:
        """Wait for the end, at most until the time is over, and return what was found."""
        left = self._began + self._deadline_s - self._plan.clock.monotonic()
        is_done = self._done.wait(max(0.0, left))
        if not is_done:
            self._end()
        if self._failure is not None:
            raise self._failure
        is_complete = is_done and not self._is_cancelled
        facts = self._gathering.facts
        if not is_complete:
            facts = self._gathering.unfinished(Trouble.STOPPED if self._is_cancelled else Trouble.LATE)
        return self._concluded(facts, is_complete=is_complete)

    def _concluded(self, facts: Facts, *, is_complete: bool) -> Diagnosis:
        plan = self._plan
        seconds = plan.clock.monotonic() - self._began
        calls = plan.reader.calls if plan.reader is not None else ()
        name, host = (plan.access.name, plan.access.host) if plan.access is not None else ("", "")
        if plan.access is not None:
            line = AuditLine(plan.clock.now(), plan.request.who, name, plan.device, calls, seconds)
            _LOG.info("%s", line)
            if self._audit is not None:
                self._audit(line)
        return Diagnosis(
            findings(plan, facts), name, host, plan.device, plan.module, calls, seconds, is_complete
        )

    def _read(self) -> None:
        try:
            self._gathering.run()
        except BaseException as error:
            # A fault of ours: told by whoever waits, not by a thread nobody watches.
            self._failure = error
        finally:
            self._done.set()
            if self._plan.reader is not None:
                self._plan.reader.close()

    def _end(self) -> None:
        self._stop.set()
        if self._plan.reader is not None and not self._done.is_set():
            self._plan.reader.abort()
        self._done.set()


def start(
    request: CheckRequest,
    hubs: Mapping[str, HubSettings],
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
    audit: Callable[[AuditLine], None] | None = None,
    deadline_s: float = DIAGNOSIS_S,
    open_hub: OpenHub | None = None,
    ladder: Ladder | None = None,
    paces: Paces = PACES,
) -> Running:
    """Begin a diagnosis that can be cancelled; raises as :func:`diagnose` does.

    Parameters
    ----------
    request : CheckRequest
    hubs : mapping of str to HubSettings
        The configured hubs, by name.
    clock : Clock, optional
        The machine's own by default.
    progress : callable, optional
        Told what is being read.
    audit : callable, optional
        Given the line that says who asked what, beside the log.
    deadline_s : float
        Seconds from this call on: loading the SDK, a second on a cold machine, is part of it.
    open_hub, ladder : callable, optional
        How a hub is read, and the way to it tried; azure-iot-hub and the network by default.
    paces : Paces
        Of the registry, shared with whoever else asks the same hubs.
    """
    ours = clock or SystemClock()
    began = ours.monotonic()
    opened = open_hub or partial(open_live, paces=paces)
    return Running(make_plan(request, hubs, ours, opened, ladder), began, deadline_s, progress, audit)
