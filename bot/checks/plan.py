"""Decide, before anything is read, what a request is about: which error, device and hub, which checks, which reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.checks import hub as hubs_
from bot.checks import pasted as pasted_
from bot.checks.catalogue import catalogue, checks_for
from bot.checks.check import Check, Need
from bot.checks.errors import CheckUnavailable, DeviceMalformed
from bot.checks.facts import Step
from bot.checks.hub import Access, HubReader, HubSettings
from bot.checks.limits import PACES, Clock, Paces
from bot.checks.text import codes_of, text_faults
from bot.checks.token import SasToken, find_tokens

_OF_THE_HUB = frozenset({"hub-throttling", "service-fault", "quota-used-up", "device-quota-used-up"})
"""Faults that can be looked at without a device."""


@dataclass(frozen=True, slots=True, repr=False)
class CheckRequest:
    """What is to be checked. It may hold a secret, so it never shows itself."""

    text: str = ""
    """The pasted text. Redacted is fine; unredacted, a SAS token's signature can be tested too, in memory."""
    identifiers: tuple[str, ...] = ()
    """Codes and names of the entries found for it, best first."""
    captures: Mapping[str, str] = field(default_factory=dict)
    """What the matched message holds: ``hub``, ``device``, ``module``."""
    device: str | None = None
    """The device the person named; wins over what the text names."""
    module: str | None = None
    hub: str | None = None
    """Name of a configured hub; wins over what the text names."""
    ask_hub: bool = True
    """False: only what the text tells."""
    network: bool = False
    """Climb the network ladder."""
    is_quick: bool = False
    """``hubmedic check DEVICE``: look at the device itself, whatever the error."""
    who: str = ""
    """Who asked, for the audit line."""

    def __repr__(self) -> str:
        return f"CheckRequest({len(self.text)} characters, device={self.device!r}, hub={self.hub!r})"


class OpenHub(Protocol):
    """Opens a hub for reading."""

    def __call__(self, access: Access, clock: Clock, stop: threading.Event) -> HubReader:
        """Return its reads; nothing is sent yet."""


Ladder = Callable[[Access, Clock, threading.Event, float], Iterator[Step]]
"""Climbs the network ladder to a host."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be looked at, and with what."""

    request: CheckRequest
    clock: Clock
    stop: threading.Event
    pasted: pasted_.Pasted
    token: SasToken | None
    device: str
    module: str
    settings: HubSettings | None
    access: Access | None
    reader: HubReader | None
    ladder: Ladder | None
    codes: frozenset[str]
    checks: tuple[Check, ...]
    only_if_confirmed: frozenset[str]
    """Faults nobody asked about: told only when they are there."""
    is_elsewhere: bool = False
    """The text is about a hub that is not configured."""
    faults: tuple[str, ...] = ()
    """Those that were asked about."""
    needs: frozenset[Need] = frozenset()
    is_device_named: bool = True

    def climb(self, deadline: float) -> Iterator[Step]:
        """Climb the network ladder to the hub."""
        if self.access is not None and self.ladder is not None:
            yield from self.ladder(self.access, self.clock, self.stop, deadline)


def make_plan(
    request: CheckRequest,
    hubs: Mapping[str, HubSettings],
    clock: Clock,
    open_hub: OpenHub | None,
    ladder: Ladder | None,
) -> Plan:
    """Return what is to be looked at; the hub is opened where something of it has to be read, and nothing is sent yet.

    Raises
    ------
    CheckError
        If a hub was to be asked and none can be, or the device's id is none.
    """
    pasted = pasted_.read(request.text)
    pasted = pasted if pasted.hub else replace(pasted, hub=request.captures.get("hub", ""))
    tokens = find_tokens(request.text)
    token = tokens[-1] if tokens else None
    named = (
        hubs_.device_id(request.device)
        if request.device
        else _known(request.captures.get("device"), pasted.device)
    )
    module = (
        hubs_.device_id(request.module)
        if request.module
        else _known(request.captures.get("module"), pasted.module)
    )
    device = named or (_known(token.device_id) if token is not None else "")
    settings = hubs_.select(hubs, request.hub, pasted.hub) if request.ask_hub or request.network else None
    access = hubs_.access(settings) if settings is not None else None
    codes = codes_of(pasted, request.identifiers)
    faults, extra = _faults(request, codes, pasted, has_device=bool(device))
    checks = checks_for((*faults, *extra, *catalogue().always))
    needs = _needs((*faults, *extra), token)
    stop = threading.Event()
    return Plan(
        request=request,
        clock=clock,
        stop=stop,
        pasted=pasted,
        token=token,
        device=device,
        is_device_named=bool(named),
        module=module,
        settings=settings,
        access=access,
        reader=_reader(
            request, access, clock, stop, open_hub or open_live, needs, has_device=bool(device), faults=faults
        ),
        ladder=ladder or _climb,
        codes=codes,
        checks=checks,
        faults=faults,
        needs=needs,
        only_if_confirmed=frozenset(extra) - frozenset(faults),
        is_elsewhere=settings is None and request.ask_hub,
    )


def _faults(
    request: CheckRequest, codes: frozenset[str], pasted: pasted_.Pasted, *, has_device: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the faults to look at, and those to tell only when they are there."""
    book = catalogue()
    faults = list(book.faults_for(sorted(codes)))
    if request.is_quick or (request.ask_hub and has_device and not faults):
        faults = [*book.quick, *faults]
    faults += text_faults(pasted)
    extra = book.unasked if has_device else ()
    return tuple(dict.fromkeys(faults)), extra


def _needs(faults: tuple[str, ...], token: SasToken | None) -> frozenset[Need]:
    needs = {need for check in checks_for(faults) for need in check.needs} - {Need.SIGNATURE}
    if token is not None and token.signature:
        needs.add(Need.SIGNATURE)
    return frozenset(needs)


def _reader(
    request: CheckRequest,
    access: Access | None,
    clock: Clock,
    stop: threading.Event,
    open_hub: OpenHub,
    needs: frozenset[Need],
    *,
    has_device: bool,
    faults: tuple[str, ...],
) -> HubReader | None:
    """Open the hub where there is something to read."""
    if access is None:
        return None
    if request.ask_hub and needs and (has_device or _OF_THE_HUB & set(faults)):
        return open_hub(access, clock, stop)
    if not request.network:
        return None
    try:
        return open_hub(access, clock, stop)  # for the hub's clock alone
    except CheckUnavailable:
        return None


def open_live(access: Access, clock: Clock, stop: threading.Event, paces: Paces = PACES) -> HubReader:
    """Open a hub by azure-iot-hub, at a pace that others who hold ``paces`` keep too."""
    from bot.checks.iot_hub import open_hub  # half a second of imports, only where a hub is asked

    return open_hub(access, clock, stop, paces=paces)


def _climb(access: Access, clock: Clock, stop: threading.Event, deadline: float) -> Iterator[Step]:
    from bot.checks.network import climb

    return climb(access, clock, stop, deadline)


def _known(*candidates: str | None) -> str:
    """Return the first that can be an id at all."""
    for candidate in candidates:
        if not candidate:
            continue
        try:
            return hubs_.device_id(candidate)
        except DeviceMalformed:
            continue
    return ""
