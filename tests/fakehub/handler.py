"""One connection to the fake hub: which reads it knows, who may make them, what it answers.

It is strict where a client must not be wrong: a request that is no read gets 405, one of another version 400.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakehub import access, bodies
from tests.fakehub.registry import module_identity, module_twin

if TYPE_CHECKING:
    from tests.fakehub.server import FakeHub, Server

API_VERSION = "2021-04-12"


@dataclass(frozen=True)
class Route:
    """One read that a hub knows."""

    method: str
    path: re.Pattern[str]
    right: str
    """Right of a policy that opens it."""
    action: str
    """Data action of an Entra role that opens it."""
    limit: str
    """Which calls a minute it counts among; empty where they are not counted."""

    def serves(self, method: str, path: str) -> bool:
        """Tell whether a request is this read."""
        return self.method == method and bool(self.path.fullmatch(path))


def _route(method: str, path: str, right: str, action: str, limit: str = "") -> Route:
    return Route(method, re.compile(path), right, action, limit)


_DEVICE, _MODULE = r"(?P<device>[^/]+)", r"(?P<module>[^/]+)"
ROUTES = (
    _route("GET", rf"/devices/(?!query$){_DEVICE}", "RegistryRead", "devices/read", "registry"),
    _route("GET", rf"/devices/{_DEVICE}/modules", "RegistryRead", "devices/read", "registry"),
    _route("GET", rf"/devices/{_DEVICE}/modules/{_MODULE}", "RegistryRead", "devices/read", "registry"),
    _route("GET", rf"/twins/{_DEVICE}", "ServiceConnect", "twins/read"),
    _route("GET", rf"/twins/{_DEVICE}/modules/{_MODULE}", "ServiceConnect", "twins/read"),
    _route("GET", "/statistics/devices", "RegistryRead", "statistics/read", "registry"),
    _route("GET", "/statistics/service", "ServiceConnect", "statistics/read", "registry"),
    _route("GET", "/configurations", "RegistryRead", "configurations/read", "registry"),
    _route("GET", "/jobs", "RegistryRead", "jobs/read", "registry"),
    _route("POST", "/devices/query", "ServiceConnect", "twins/read", "query"),
)
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


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server
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
        route = next((one for one in ROUTES if one.serves(self.command, address.path)), None)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        shown = re.search(r"sig=([^&\s]+)", self.headers.get("Authorization", ""))
        if shown:
            self.hub.signatures |= {shown[1], unquote(shown[1])}
        try:
            self._serve(address.path, address.query, route, body)
        finally:
            self.hub.record(Seen(self.command, address.path, self._status), is_read=route is not None)

    def _serve(self, path: str, query: str, route: Route | None, body: bytes) -> None:
        if any(fault(self) for fault in self.hub.planned(f"{self.command} {path}")):
            return None
        if route is None:
            return self.refuse(405, "MethodNotAllowed", "this hub is read only")
        if parse_qs(query).get("api-version") != [API_VERSION]:
            return self.refuse(400, "InvalidProtocolVersion", "api-version")
        hub = self.hub
        host = self.headers.get("Host", "")
        refused = [
            access.check(
                self.headers.get("Authorization", ""),
                name,
                path,
                route.right,
                route.action,
                self.command,
                hub.now(),
                hub.policies,
                hub.bearers,
            )
            for name in (host, f"{hub.name}.azure-devices.net")
        ]
        if all(refused) and refused[0] is not None:
            return self.refuse(401, refused[0].name, refused[0].text)
        if hub.is_over_limit(route.limit):
            text = f"The request has been throttled. Wait 10 seconds and try again. Operation type: {route.limit}"
            return self.refuse(429, "ThrottlingBacklogTimeout", text, {"Connection": "close"})
        match = route.path.fullmatch(path)
        names = {name: unquote(value) for name, value in match.groupdict().items()} if match else {}
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
            # A live hub says 401 here, not 404.
            return self.refuse(401, "IotHubUnauthorizedAccess", "Unauthorized")
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
