"""Climb from this machine to a hub, one rung after the other: name, ports, TLS, certificate, root.

All of it is about *this* machine, and every step says so: a device stands somewhere else. Nothing is sent but
handshakes; no MQTT CONNECT in particular, which under a device's name would throw the device itself off the hub.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.checks import leaf, reach
from bot.checks.attempt import Attempt
from bot.checks.facts import Rung, Step
from bot.checks.hub import Access
from bot.checks.limits import Clock
from bot.checks.proxy import Proxy, ProxyRefusal, proxy_for
from bot.checks.reach import CONNECT_S
from bot.checks.shown_certificate import ShownCertificate

T = TypeVar("T")

G2 = "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f"
"""SHA-256 of DigiCert Global Root G2, under which every public hub has stood since 2024."""
_NAME_S, _TLS_S = 5.0, 5.0
"""Longest that each rung is waited for; all of them fit into a diagnosis."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports of a hub."""

    https: int
    mqtt: int | None = None
    amqp: int | None = None


def doors_of(access: Access) -> Doors:
    """Return the ports to try: those of MQTT and AMQP where the REST side is where hubs have it."""
    return Doors(443, 8883, 5671) if access.port == 443 else Doors(access.port)


def climb(
    access: Access,
    clock: Clock,
    stop: threading.Event,
    deadline: float,
    *,
    doors: Doors | None = None,
    root: str = G2,
) -> Iterator[Step]:
    """Yield how each rung holds, and stop after one that does not bear the next.

    The root is left out for a hub with a CA file of its own.
    """
    ladder = _Ladder(access, clock, stop, deadline, doors or doors_of(access))
    for rung in (ladder.name, ladder.ports, ladder.tls):
        steps, goes_on = rung()
        yield from steps
        if not goes_on:
            return
    if access.ca_file is None:
        yield ladder.root(root)


class _Ladder:
    """One climb."""

    def __init__(
        self, access: Access, clock: Clock, stop: threading.Event, deadline: float, doors: Doors
    ) -> None:
        self._access, self._clock, self._stop, self._deadline = access, clock, stop, deadline
        self._host, self._doors = access.bare_host, doors
        self._proxy: Proxy | None = proxy_for(access.host)
        self._tls_source = f"TLS {self._host}:{doors.https}"
        self._shown = ShownCertificate(self._host, clock, self._tls_source)

    def name(self) -> tuple[list[Step], bool]:
        """Resolve the name."""
        source = f"DNS {self._host}"
        try:
            names, addresses = self._within(_NAME_S, lambda _: _resolve(self._host))
        except (OSError, UnicodeError) as error:
            if self._proxy is not None:
                message = "{host} has no address on this machine; the proxy {proxy} may know one."
                step = self._step(
                    Rung.NAME, None, message, source, would_tell="the proxy's own log", proxy=self._proxy.name
                )
                return [step], True
            message = (
                "The look-up of {host} from this machine took more than {seconds} s."
                if isinstance(error, TimeoutError)
                else "{host} has no address on this machine: mistyped, deleted, or in a private zone that is not seen here."
            )
            return [self._step(Rung.NAME, False, message, source, seconds=round(_NAME_S))], False
        message = "{host} resolves to {addresses} on this machine."
        if "privatelink" in " ".join(names) or any(map(_is_private, addresses)):
            message = "{host} resolves to {addresses} on this machine: a private endpoint, reached only from its network."
        return [self._step(Rung.NAME, True, message, source, addresses=", ".join(addresses[:4]))], True

    def ports(self) -> tuple[list[Step], bool]:
        """Connect to each port, all at once; TLS is worth trying where the REST side's is open."""
        wanted = [(Rung.PORT_HTTPS, self._doors.https, self._proxy)]
        wanted += [(Rung.PORT_MQTT, self._doors.mqtt, None)] if self._doors.mqtt else []
        wanted += [(Rung.PORT_AMQP, self._doors.amqp, None)] if self._doors.amqp else []
        attempts = [
            Attempt(partial(reach.probe, host=self._host, port=port, proxy=proxy))
            for _, port, proxy in wanted
        ]
        steps = [self._port_step(*one, attempt) for one, attempt in zip(wanted, attempts, strict=True)]
        return steps, bool(steps[0].holds)

    def tls(self) -> tuple[list[Step], bool]:
        """Shake hands as any client does, and look at the certificate where that fails."""
        ca_file = self._access.ca_file
        try:
            context = leaf.trusting(ca_file) if ca_file else leaf.public_roots()
        except (OSError, ssl.SSLError):
            message = "The CA file of this hub holds no certificate that can be read."
            return [self._step(Rung.CERTIFICATE_CHAIN, False, message, self._tls_source)], False
        try:
            der = self._shake_hands(context)
        except ssl.SSLCertVerificationError as error:
            return self._refused_certificate(error.verify_code), False
        except TimeoutError:
            message = "Port {port} of {host} is open from this machine, but the TLS handshake gets no answer within {seconds} s."
            step = self._step(
                Rung.TLS, False, message, self._tls_source, port=self._doors.https, seconds=round(_TLS_S)
            )
            return [step], False
        except OSError:
            message = "Port {port} of {host} is open from this machine, but the TLS handshake breaks off: something in between, perhaps."
            return [self._step(Rung.TLS, False, message, self._tls_source, port=self._doors.https)], False
        return [
            self._step(
                Rung.TLS, True, "A TLS connection to {host} can be made from this machine.", self._tls_source
            ),
            *self._shown.accepted(der),
        ], True

    def root(self, sha256: str) -> Step:
        """Shake hands once more, trusting one root alone."""
        source = self._tls_source
        context = leaf.only_root(sha256)
        if context is None:
            message = "This machine has no DigiCert Global Root G2 to compare with."
            return self._step(Rung.ROOT, None, message, source, would_tell="an up-to-date certificate store")
        try:
            self._shake_hands(context)
        except ssl.SSLCertVerificationError:
            message = (
                "The certificate seen from this machine does not lead to DigiCert Global Root G2: another cloud, or TLS "
                "opened on the way. A device that trusts only that root would refuse it."
            )
            return self._step(Rung.ROOT, False, message, source)
        except OSError:
            message = "The second handshake, for the root alone, broke off."
            return self._step(
                Rung.ROOT, None, message, source, would_tell="hubmedic check --network, once more"
            )
        message = "The certificate leads to DigiCert Global Root G2, as it should since 2024."
        return self._step(Rung.ROOT, True, message, source)

    def _refused_certificate(self, verify_code: int) -> list[Step]:
        """Look at a certificate that was not accepted, trusting nobody, and say what is wrong with it."""
        try:
            der = self._shake_hands(leaf.untrusting())
        except OSError:
            der = b""
        return self._shown.refused(der, verify_code, has_ca_file=self._access.ca_file is not None)

    def _port_step(self, rung: Rung, port: int, proxy: Proxy | None, attempt: Attempt[None]) -> Step:
        source = f"TCP {self._host}:{port}"
        values: dict[str, Any] = {"port": port, "seconds": round(CONNECT_S)}
        if proxy is not None:
            values["proxy"] = proxy.name
        try:
            attempt.result(min(CONNECT_S, self._left), self._stop)
        except ProxyRefusal as error:
            message = (
                "The proxy {proxy} does not let this machine through to port {port} of {host} ({status})."
            )
            return self._step(rung, False, message, source, **values, status=str(error))
        except TimeoutError:
            message = "Port {port} of {host} does not answer this machine within {seconds} s: a firewall on the way, as it seems."
            if proxy is not None:
                message = "The proxy {proxy} does not reach port {port} of {host} within {seconds} s."
            return self._step(rung, False, message, source, **values)
        except ConnectionRefusedError:
            message = "Port {port} of {host} refuses this machine."
            if proxy is not None:
                message = "The proxy {proxy} refuses this machine."
            return self._step(rung, False, message, source, **values)
        except OSError:
            message = "Port {port} of {host} cannot be reached from this machine."
            return self._step(rung, False, message, source, **values)
        message = "Port {port} of {host} is open from this machine."
        if proxy is not None:
            message = "Port {port} of {host} is open from this machine, through the proxy {proxy}."
        return self._step(rung, True, message, source, **values)

    def _shake_hands(self, context: ssl.SSLContext) -> bytes:
        host, port, proxy = self._host, self._doors.https, self._proxy
        return self._within(_TLS_S, lambda attempt: reach.handshake(attempt, host, port, proxy, context))

    @property
    def _left(self) -> float:
        return max(0.0, self._deadline - self._clock.monotonic())

    def _within(self, seconds: float, work: Callable[[Attempt[T]], T]) -> T:
        return Attempt(work).result(min(seconds, self._left), self._stop)

    def _step(
        self,
        rung: Rung,
        holds: bool | None,
        message: str,
        source: str,
        *,
        would_tell: str = "",
        **values: object,
    ) -> Step:
        told = {"host": self._host, **values}
        return Step(rung, holds, message, source, self._clock.now(), told, would_tell)


def _resolve(host: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names on the way (a private endpoint shows there) and the addresses."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    names = tuple(dict.fromkeys(str(entry[3]) for entry in found if entry[3]))
    return names, tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_private(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.is_private and not parsed.is_loopback
