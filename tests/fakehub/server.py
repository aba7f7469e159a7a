"""An IoT hub's REST side on loopback: TLS, HMAC, the documented answers, and faults on order.

It is strict where a client must not be wrong. Any request that is no read is answered 405 and kept in
``violations``; a fixture fails the test on it.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote

from tests.fakehub import access, bodies
from tests.fakehub.certificates import Authority, Leaf
from tests.fakehub.clock import VirtualClock
from tests.fakehub.faults import Fault
from tests.fakehub.handler import Handler, Seen
from tests.fakehub.registry import Registry

_LIMITS = {"registry": 100, "query": 20}
"""Calls a minute."""


@dataclass
class _Planned:
    route: re.Pattern[str]
    calls: range | None
    fault: Fault
    n_seen: int = 0


@dataclass
class FakeHub:
    """A hub that runs inside a ``with`` block."""

    authority: Authority
    leaf: Leaf | None = None
    clock: VirtualClock | None = None
    """None: the machine's own time."""
    name: str = "contoso-hub"
    envelope: bodies.Envelope = bodies.Envelope.NAMED
    is_new_gateway: bool = True
    skew: timedelta = timedelta()
    """How far the hub's ``Date`` is ahead of its clock."""
    has_limits: bool = False
    registry: Registry = field(default_factory=Registry)
    policies: dict[str, access.Policy] = field(default_factory=access.policies)
    bearers: dict[str, frozenset[str]] = field(default_factory=dict)
    requests: list[Seen] = field(default_factory=list)
    violations: list[Seen] = field(default_factory=list)
    signatures: set[str] = field(default_factory=set, repr=False)
    """Every signature that was shown here or made for a test, as it stands in a token and decoded."""
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self._planned: list[_Planned] = []
        self._turns: dict[str, deque[datetime]] = {kind: deque() for kind in _LIMITS}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        context = self.tls or ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.tls is None:
            context.load_cert_chain((self.leaf or self.authority.leaf()).path)
        self._server = Server(self, context)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        """The host name to configure, with its port."""
        return f"localhost:{self.port}"

    @property
    def ca_file(self) -> Path:
        """The root to trust."""
        return self.authority.path

    def connection_string(self, policy: str = "service", key: str | None = None) -> str:
        """Return a policy's connection string."""
        return (
            f"HostName={self.host};SharedAccessKeyName={policy};"
            f"SharedAccessKey={key or self.policies[policy].primary_key}"
        )

    def token(
        self,
        device: str,
        *,
        key: str | None = None,
        ends: datetime | None = None,
        policy: str = "",
        audience: str | None = None,
    ) -> str:
        """Return a SAS token such as a device, or a policy, shows."""
        resource = quote(audience or f"{self.name}.azure-devices.net/devices/{device}", safe="")
        signing = key or (
            self.policies[policy].primary_key if policy else self.registry.devices[device].primary_key
        )
        expiry = str(int((ends or self.now() + timedelta(hours=1)).timestamp()))
        signature = quote(access.sign(resource, expiry, signing), safe="")
        self.signatures |= {signature, unquote(signature)}
        tail = f"&skn={policy}" if policy else ""
        return f"SharedAccessSignature sr={resource}&sig={signature}&se={expiry}{tail}"

    def secrets(self) -> set[str]:
        """Return every key, token and signature that a leak test looks for."""
        keys = {
            key for policy in self.policies.values() for key in (policy.primary_key, policy.secondary_key)
        }
        for device in self.registry.devices.values():
            keys |= {device.primary_key, device.secondary_key}
            for module in device.modules.values():
                keys |= {module.primary_key, module.secondary_key}
        return keys | set(self.bearers) | self.signatures

    def fault(self, route: str, fault: Fault, *, calls: range | None = None) -> None:
        """Plan a fault for requests whose ``METHOD /path`` matches; ``calls`` counts them from 0."""
        self._planned.append(_Planned(re.compile(route), calls, fault))

    def now(self) -> datetime:
        """Return the hub's time."""
        return self.clock.now() if self.clock is not None else datetime.now().astimezone()

    def planned(self, request: str) -> list[Fault]:
        """Return the faults for a request."""
        due = []
        with self._lock:
            for plan in self._planned:
                if plan.route.search(request):
                    if plan.calls is None or plan.n_seen in plan.calls:
                        due.append(plan.fault)
                    plan.n_seen += 1
        return due

    def is_over_limit(self, kind: str) -> bool:
        """Tell whether a request is one too many within a minute."""
        if not self.has_limits or kind not in _LIMITS:
            return False
        with self._lock:
            turns, now = self._turns[kind], self.now()
            while turns and now - turns[0] > timedelta(minutes=1):
                turns.popleft()
            if len(turns) >= _LIMITS[kind]:
                return True
            turns.append(now)
            return False

    def record(self, seen: Seen, *, is_read: bool) -> None:
        """Remember a request."""
        with self._lock:
            self.requests.append(seen)
            if not is_read:
                self.violations.append(seen)


class Server(ThreadingHTTPServer):
    """Listens on loopback, a thread a connection."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, hub: FakeHub, context: ssl.SSLContext) -> None:
        self.hub = hub
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)
        # The handshake is made in the request's own thread: a client that stalls keeps nobody else waiting.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off is no news."""

    def end_connections(self) -> None:
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
