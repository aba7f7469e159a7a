"""What can go wrong between a hub and us, one fault each, on any route and at any call."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakehub.handler import Handler

Fault = Callable[["Handler"], bool]
"""Does its mischief; True where the request is thereby answered."""


def refuse(status: int, name: str, text: str = "", headers: dict[str, str] | None = None) -> Fault:
    """Answer with one of the hub's own errors."""

    def fault(handler: Handler) -> bool:
        handler.refuse(status, name, text, headers)
        return True

    return fault


def throttle(retry_after: str | None = None) -> Fault:
    """429. A live hub sends no ``Retry-After``, says "Wait 10 seconds" and closes."""

    def fault(handler: Handler) -> bool:
        text = "The request has been throttled. Wait 10 seconds and try again. Operation type: RegistryRead"
        headers = {"Connection": "close"} | ({"Retry-After": retry_after} if retry_after else {})
        handler.refuse(429, "ThrottlingBacklogTimeout", text, headers)
        return True

    return fault


def html(status: int) -> Fault:
    """A proxy's page in place of the hub's answer."""

    def fault(handler: Handler) -> bool:
        handler.answer(
            status,
            b"<html><body><h1>Not what you asked for</h1></body></html>",
            {"Content-Type": "text/html", "Server": "squid/5.7"},
        )
        return True

    return fault


def empty(status: int) -> Fault:
    """A status and nothing else."""

    def fault(handler: Handler) -> bool:
        handler.answer(status, b"", {"Content-Type": "", "Server": "nginx"})
        return True

    return fault


def body(text: bytes) -> Fault:
    """200, and a body of one's own."""

    def fault(handler: Handler) -> bool:
        handler.answer(200, text)
        return True

    return fault


def cut_short(handler: Handler) -> bool:
    """200, and half of a body."""
    handler.answer(200, b'{"deviceId": "pump-7", "status": "ena')
    return True


def fewer_bytes(handler: Handler) -> bool:
    """200, a length, and the connection closed before it is reached."""
    handler.start(200, {"Content-Length": "4000", "Connection": "close"})
    handler.wfile.write(b'{"deviceId": "pump-7"')
    handler.wfile.flush()
    handler.close_connection = True
    return True


def redirect(to: str) -> Fault:
    """Elsewhere, please."""

    def fault(handler: Handler) -> bool:
        handler.answer(302, b"", {"Location": to})
        return True

    return fault


def hang(handler: Handler) -> bool:
    """Take the request and say nothing until the hub closes."""
    handler.hub.closing.wait()
    handler.close_connection = True
    return True


def drip(interval_s: float = 0.5) -> Fault:
    """Promise a body and send a byte now and then: no read ever times out."""

    def fault(handler: Handler) -> bool:
        handler.start(200, {"Content-Length": "100000"})
        while not handler.hub.closing.wait(interval_s):
            handler.wfile.write(b" ")
            handler.wfile.flush()
        handler.close_connection = True
        return True

    return fault


def reset(handler: Handler) -> bool:
    """Tear the connection down hard."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True
    return True


def delay(seconds: float) -> Fault:
    """Answer rightly, later: how a hub shapes traffic before it throttles."""

    def fault(handler: Handler) -> bool:
        handler.hub.closing.wait(seconds)
        return False

    return fault


ALL: dict[str, Fault] = {
    "401": refuse(401, "IotHubUnauthorizedAccess"),
    "403, quota used up": refuse(403, "IotHubQuotaExceeded"),
    "404 of something else": refuse(404, "IotHubQuotaExceeded"),
    "429 as a hub sends it": throttle(),
    "429, Retry-After: 2": throttle("2"),
    "429, Retry-After: 3600": throttle("3600"),
    "500": refuse(500, "ServerError"),
    "503": refuse(503, "ServiceUnavailable"),
    "504": refuse(504, "GatewayTimeout"),
    "200 cut short": cut_short,
    "fewer bytes than promised": fewer_bytes,
    "a proxy's page, 200": html(200),
    "a proxy's page, 404": html(404),
    "a proxy's page, 503": html(503),
    "an empty 404": empty(404),
    "302 to another host": redirect("https://example.invalid/"),
    "hang": hang,
    "drip": drip(0.5),
    "reset": reset,
    "three seconds late": delay(3.0),
}
"""Every fault by name."""
