"""An IoT hub's REST side on loopback: TLS, HMAC, the documented answers, and faults on order.

It is strict where a client must not be wrong. Any request that is no read is answered 405 and kept in
``violations``; a fixture fails the test on it.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.fakehub import access, bodies
from tests.fakehub.certificates import Authority, Leaf
from tests.fakehub.clock import VirtualClock
from tests.fakehub.faults import Fault
from tests.fakehub.registry import Registry, module_identity, module_twin

API_VERSION = "2021-04-12"
_ROUTES = (
    # (method, path, right, data action, kind of limit)
    ("GET", re.compile(r"/devices/(?P<device>[^/]+)"), "RegistryRead", "devices/read", "registry"),
    ("GET", re.compile(r"/devices/(?P<device>[^/]+)/modules"), "RegistryRead", "devices/read", "registry"),
    (
        "GET",
        re.compile(r"/devices/(?P<device>[^/]+)/modules/(?P<module>[^/]+)"),
        "RegistryRead",
        "devices/read",
        "registry",
    ),
    ("GET", re.compile(r"/twins/(?P<device>[^/]+)"), "ServiceConnect", "twins/read", ""),
    (
        "GET",
        re.compile(r"/twins/(?P<device>[^/]+)/modules/(?P<module>[^/]+)"),
        "ServiceConnect",
        "twins/read",
        "",
    ),
    ("GET", re.compile(r"/statistics/devices"), "RegistryRead", "statistics/read", "registry"),
    ("GET", re.compile(r"/statistics/service"), "ServiceConnect", "statistics/read", "registry"),
    ("GET", re.compile(r"/configurations"), "RegistryRead", "configurations/read", "registry"),
    ("GET", re.compile(r"/jobs"), "RegistryRead", "jobs/read", "registry"),
    ("POST", re.compile(r"/devices/query"), "ServiceConnect", "twins/read", "query"),
)
_LIMITS = {"registry": 100, "query": 20}
"""Calls a minute."""
_WHERE = re.compile(
    r"(?i)select \* from devices(?: where (?:deviceId\s*=\s*'(?P<id>(?:[^'\\]|\\.)*)'|STARTSWITH\(\s*deviceId\s*,\s*'(?P<prefix>(?:[^'\\]|\\.)*)'\s*\)))?"
)


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    status: int
    at: float = field(default_factory=time.monotonic, compare=False)
    """Seconds that only ever grow, when it was answered."""


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
        self._server = _Server(self, context)
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


class _Server(ThreadingHTTPServer):
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


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1

    @property
    def hub(self) -> FakeHub:
        """The hub it speaks for."""
        return self.server.hub

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Keep quiet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # any method at all, so that none goes unseen
            return self._any
        raise AttributeError(name)

    def refuse(self, status: int, name: str, text: str = "", headers: dict[str, str] | None = None) -> None:
        """Answer with an error in the hub's envelope."""
        hub = self.hub
        body = bodies.error(name, text, hub.now(), hub.envelope, is_new=hub.is_new_gateway)
        self.answer(status, body, {"iothub-errorcode": name} | (headers or {}))

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Answer."""
        self.start(status, {"Content-Length": str(len(body))} | (headers or {}))
        self.wfile.write(body)
        self.wfile.flush()

    def start(self, status: int, headers: dict[str, str]) -> None:
        """Write the head of an answer."""
        self._status = status
        self.send_response_only(status)
        told = {
            "Content-Type": "application/json; charset=utf-8",
            "Server": "Microsoft-HTTPAPI/2.0",
            "Date": format_datetime(self.hub.now() + self.hub.skew),
        } | headers
        for name, value in told.items():
            if value:
                self.send_header(name, value)
        if told.get("Connection") == "close":
            self.close_connection = True
        self.end_headers()

    def _any(self) -> None:
        self._status = 0
        address = urlsplit(self.path)
        route = next(
            (
                r
                for r in _ROUTES
                if r[0] == self.command
                and r[1].fullmatch(address.path)
                and not (self.command == "GET" and address.path == "/devices/query")
            ),
            None,
        )
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        shown = re.search(r"sig=([^&\s]+)", self.headers.get("Authorization", ""))
        if shown:
            self.hub.signatures |= {shown[1], unquote(shown[1])}
        try:
            self._serve(address.path, address.query, route, body)
        finally:
            self.hub.record(Seen(self.command, address.path, self._status), is_read=route is not None)

    def _serve(self, path: str, query: str, route: Any, body: bytes) -> None:
        if any(fault(self) for fault in self.hub.planned(f"{self.command} {path}")):
            return None
        if route is None:
            return self.refuse(405, "MethodNotAllowed", "this hub is read only")
        _, pattern, right, action, kind = route
        if parse_qs(query).get("api-version") != [API_VERSION]:
            return self.refuse(400, "InvalidProtocolVersion", "api-version")
        hub = self.hub
        host = self.headers.get("Host", "")
        refused = [
            access.check(
                self.headers.get("Authorization", ""),
                name,
                path,
                right,
                action,
                self.command,
                hub.now(),
                hub.policies,
                hub.bearers,
            )
            for name in (host, f"{hub.name}.azure-devices.net")
        ]
        if all(refused) and refused[0] is not None:
            return self.refuse(401, refused[0].name, refused[0].text)
        if hub.is_over_limit(kind):
            text = f"The request has been throttled. Wait 10 seconds and try again. Operation type: {kind}"
            return self.refuse(429, "ThrottlingBacklogTimeout", text, {"Connection": "close"})
        names = {key: unquote(value) for key, value in (pattern.fullmatch(path).groupdict()).items()}
        return self._read(path, names, body)

    def _read(self, path: str, names: dict[str, str], body: bytes) -> None:
        hub, now = self.hub, self.hub.now()
        if path == "/devices/query":
            return self._query(json.loads(body)["query"])
        if path == "/statistics/devices":
            return self._json(hub.registry.counted(now))
        if path == "/statistics/service":
            return self._json({"connectedDeviceCount": 0})
        if path in ("/configurations", "/jobs"):
            return self._json([])
        device = hub.registry.get(names["device"], now)
        is_twin = path.startswith("/twins/")
        has_module = path.endswith("/modules") or "module" in names
        if has_module and not is_twin and (device is None or device.status == "disabled"):
            return self.refuse(
                401, "IotHubUnauthorizedAccess", "Unauthorized"
            )  # a live hub says 401 here, not 404
        if device is None:
            return self.refuse(404, "DeviceNotFound", names["device"])
        if not has_module:
            etag = {"ETag": '"MTIzNDU2"'}
            return (
                self._json(hub.registry.twin(device, now))
                if is_twin
                else self._json(hub.registry.identity(device, now), etag)
            )
        if "module" not in names:
            return self._json([module_identity(device, module) for module in device.modules.values()])
        module = device.modules.get(names["module"])
        if module is None:
            return self.refuse(404, "ModuleNotFound", names["module"])
        return self._json(module_twin(device, module) if is_twin else module_identity(device, module))

    def _query(self, query: str) -> None:
        match = _WHERE.fullmatch(query.strip())
        if match is None:
            return self.refuse(400, "ArgumentInvalid", "BadRequest")
        found = self.hub.registry.indexed(self.hub.now())
        if match["id"] is not None:
            found = [device for device in found if device.device_id == _unescaped(match["id"])]
        if match["prefix"] is not None:
            found = [device for device in found if device.device_id.startswith(_unescaped(match["prefix"]))]
        size = int(self.headers.get("x-ms-max-item-count") or 100)
        start = int(self.headers.get("x-ms-continuation") or 0)
        page = found[start : start + size]
        headers = {"x-ms-item-type": "Twin"}
        if start + size < len(found):
            headers["x-ms-continuation"] = str(start + size)
        return self._json([self.hub.registry.twin(device, self.hub.now()) for device in page], headers)

    def _json(self, value: Any, headers: dict[str, str] | None = None) -> None:
        self.answer(200, json.dumps(value).encode(), headers)


def _unescaped(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal)
