"""Read what the checks need from a hub, each thing once, in the order that tells soonest.

A placeholder stands in the facts while a call is under way, so that a diagnosis cut off in the middle can say which
read it was waiting for.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from bot.checks.check import Need
from bot.checks.facts import UNREACHED, DeviceState, Facts, Reading, Step, Trouble
from bot.checks.hub import HubReader
from bot.checks.limits import BACK_OFF_S, Clock
from bot.checks.token import SasToken

T = TypeVar("T")
Progress = Callable[[str, Mapping[str, object]], None]
"""Told what is being done: an English template, a key of the catalogs, and its values."""

_SAMPLES_AT_S = (5.0, 10.0)
"""When the second and the third look are taken, from the first."""
_STEADY = timedelta(minutes=10)
"""A connection that has held for so long is not looked at again."""
_MOST_NEAR_IDS = 3
_ALIKE = 0.8
"""Share of letters in common from which an id may be a slip of the finger for another."""


class Gathering:
    """The reads of one diagnosis. ``facts`` may be looked at from another thread at any time."""

    def __init__(
        self,
        *,
        reader: HubReader | None,
        needs: frozenset[Need],
        device: str,
        module: str,
        token: SasToken | None,
        clock: Clock,
        stop: threading.Event,
        deadline: float,
        climb: Callable[[float], Iterator[Step]],
        wants_ladder: bool,
        progress: Progress | None,
    ) -> None:
        self.facts = Facts()
        self._reader, self._needs = reader, needs
        self._device, self._module, self._token = device, module, token
        self._clock, self._stop, self._deadline = clock, stop, deadline
        self._climb, self._wants_ladder = climb, wants_ladder
        self._progress = progress
        self._has_backed_off = False

    def run(self) -> None:
        """Read everything, as long as there is time."""
        if self._reader is not None:
            self._read_hub(self._reader)
        is_cut_off = any(
            reading is not None and reading.trouble in UNREACHED
            for reading in (self.facts.state, self.facts.answer)
        )
        if (self._wants_ladder or is_cut_off) and not self._is_over:
            self._tell("trying each step of the way to the hub")
            for step in self._climb(self._deadline):
                self.facts = replace(self.facts, steps=(*self.facts.steps, step))

    def unfinished(self, trouble: Trouble) -> Facts:
        """Return the facts so far; what was waited for, or never begun, says why it is not there."""
        now = self._clock.now()
        late: dict[str, Any] = {}
        wanted = {
            "state": (Need.STATE, f"GET /twins/{self._device}"),
            "identity": (Need.IDENTITY, f"GET /devices/{self._device}"),
            "near_ids": (Need.NEAR_IDS, "POST /devices/query"),
            "statistics": (Need.STATISTICS, "GET /statistics/devices"),
            "signature": (Need.SIGNATURE, f"GET /devices/{self._device}"),
        }
        for name, (need, source) in wanted.items():
            reading = getattr(self.facts, name)
            is_waited_for = reading is not None and reading.trouble in (Trouble.LATE, Trouble.STOPPED)
            is_not_begun = (
                reading is None and need in self._needs and self._reader is not None and bool(self._device)
            )
            if is_waited_for or is_not_begun:
                late[name] = Reading(source, now, trouble=trouble)
        if self.facts.answer is not None and self.facts.answer.trouble in (Trouble.LATE, Trouble.STOPPED):
            late["answer"] = replace(self.facts.answer, trouble=trouble, read_at=now)
        return replace(self.facts, **late)

    @property
    def _is_over(self) -> bool:
        return self._stop.is_set() or self._clock.monotonic() >= self._deadline

    def _read_hub(self, reader: HubReader) -> None:
        if not self._device:
            # For the network ladder too: the hub's clock stands in any answer.
            self._read_without_device(reader)
        else:
            state = self._read_state(reader)
            if state.trouble in UNREACHED or self._is_over:
                return
            self._read_more(reader, state)
        if Need.STATISTICS in self._needs and not self._is_over:
            self._call("statistics", "GET /statistics/devices", reader.statistics)
        self._look_again(reader)

    def _read_state(self, reader: HubReader) -> Reading[DeviceState]:
        device = self._device
        state = self._call("state", f"GET /twins/{device}", lambda: reader.twin(device))
        if state.trouble is Trouble.REFUSED and not self._is_over:
            identity = self._call("identity", f"GET /devices/{device}", lambda: reader.identity(device))
            if identity.trouble is not Trouble.REFUSED:
                self.facts = replace(self.facts, state=identity)
                return identity
        return state

    def _read_more(self, reader: HubReader, state: Reading[DeviceState]) -> None:
        device, token = self._device, self._token
        if state.is_missing and Need.NEAR_IDS in self._needs:
            self._read_near_ids(reader)
        if Need.IDENTITY in self._needs and state.value is not None and self.facts.identity is None:
            self._call("identity", f"GET /devices/{device}", lambda: reader.identity(device))
        if Need.MODULE in self._needs and self._module and state.value is not None:
            source = f"GET /twins/{device}/modules/{self._module}"
            self._call("module", source, lambda: reader.module(device, self._module))
        if Need.SIGNATURE in self._needs and token is not None and not state.is_missing and not self._is_over:
            wanted = token.device_id or device
            self._call("signature", f"GET /devices/{wanted}", lambda: reader.signed_with(wanted, token))

    def _read_without_device(self, reader: HubReader) -> None:
        answer = self._call("answer", "GET /statistics/service", reader.answers)
        if answer.trouble is Trouble.REFUSED and not self._is_over:
            counted = self._call("statistics", "GET /statistics/devices", reader.statistics)
            if counted.trouble is not Trouble.REFUSED:
                self.facts = replace(self.facts, answer=counted)

    def _read_near_ids(self, reader: HubReader) -> None:
        """Find ids that look like the missing one, and see each of them exist: the index is minutes behind."""
        device = self._device
        reading: Reading[tuple[str, ...]] | None = None
        for prefix in dict.fromkeys(
            (device[: max(1, len(device) * 2 // 3)], device[0].swapcase(), device[0])
        ):
            if self._is_over:
                return
            reading = self._call(
                "near_ids", "POST /devices/query", partial(reader.ids_starting_with, prefix, 100)
            )
            if reading.value is None:
                return
            near = _alike(device, reading.value)
            existing = tuple(
                near_id for near_id in near if not self._is_over and reader.twin(near_id).value is not None
            )
            if existing:
                self.facts = replace(self.facts, near_ids=replace(reading, value=existing))
                return
        if reading is not None:
            self.facts = replace(self.facts, near_ids=replace(reading, value=()))

    def _look_again(self, reader: HubReader) -> None:
        """Take the second and third look where a single one cannot tell."""
        device, first = self._device, self.facts.state or self.facts.answer
        identity = self.facts.identity
        wants_samples = (
            Need.SAMPLES in self._needs and identity is not None and _may_move(identity, self._clock)
        )
        wants_repeats = (
            Need.REPEATS in self._needs and first is not None and first.trouble is not Trouble.FAULTY
        )
        began = self._clock.monotonic()
        for moment in _SAMPLES_AT_S:
            left = began + moment - self._clock.monotonic()
            if not (wants_samples or wants_repeats) or self._clock.monotonic() + left >= self._deadline:
                return
            self._tell("looking again in {seconds} s", seconds=round(max(0.0, left)))
            if self._clock.wait(left, self._stop):
                return
            if wants_samples and identity is not None:
                sample = reader.identity(device)
                self.facts = replace(self.facts, samples=(*self.facts.samples, sample))
                wants_samples = not _has_moved(identity, sample)
            if wants_repeats:
                again: Reading[Any] = self._repeat(reader)
                self.facts = replace(self.facts, repeats=(*self.facts.repeats, again))
                wants_repeats = again.trouble is not Trouble.FAULTY

    def _repeat(self, reader: HubReader) -> Reading[Any]:
        state = self.facts.state
        if state is None:
            return reader.answers()
        return reader.identity(self._device) if state is self.facts.identity else reader.twin(self._device)

    def _call(self, name: str, source: str, call: Callable[[], Reading[T]]) -> Reading[T]:
        """Make a call, once more after ten seconds where the hub throttles, and keep what it told."""
        self._tell("reading {source}", source=source)
        waiting: Reading[T] = Reading(source, self._clock.now(), trouble=Trouble.LATE)
        self.facts = replace(self.facts, **{name: waiting})  # type: ignore[arg-type]
        reading = call()
        time_left = self._deadline - self._clock.monotonic()
        if reading.trouble is Trouble.THROTTLED and not self._has_backed_off and time_left > BACK_OFF_S + 2:
            self._has_backed_off = True
            self._tell("the hub throttles; asking once more in {seconds} s", seconds=round(BACK_OFF_S))
            if not self._clock.wait(BACK_OFF_S, self._stop):
                reading = call()
        self.facts = replace(self.facts, **{name: reading})  # type: ignore[arg-type]
        return reading

    def _tell(self, message: str, **values: object) -> None:
        if self._progress is not None and not self._stop.is_set():
            self._progress(message, values)


def _may_move(identity: Reading[DeviceState], clock: Clock) -> bool:
    """A connection that has been up for long is steady: one look is enough."""
    state = identity.value
    if state is None:
        return False
    is_steady = (
        state.is_connected and state.connection_since and clock.now() - state.connection_since > _STEADY
    )
    return not is_steady


def _has_moved(first: Reading[DeviceState], later: Reading[DeviceState]) -> bool:
    return (
        first.value is not None
        and later.value is not None
        and first.value.connection_since != later.value.connection_since
    )


def _alike(wanted: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids that a slip of the finger or of the shift key could have made of the wanted one, likest first."""
    scored = [
        (difflib.SequenceMatcher(None, wanted.casefold(), other.casefold()).ratio(), other) for other in ids
    ]
    near = sorted(((-score, other) for score, other in scored if score >= _ALIKE and other != wanted))
    return tuple(other for _, other in near[:_MOST_NEAR_IDS])
