"""Socket Mode: up to ten connections, each event to one of them, acks by envelope."""

from __future__ import annotations

import itertools
import json
import secrets
import threading
import uuid
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.fakeslack.delivery import ACK_S, Deliveries, Delivery, Done
from tests.fakeslack.platform import Platform

MOST_CONNECTIONS = 10


class Sockets:
    """The WebSocket side; a transport once an app is connected."""

    def __init__(self, slack: Platform, deliveries: Deliveries) -> None:
        self._slack, self._deliveries = slack, deliveries
        self._tickets: set[str] = set()
        self._lock = threading.RLock()
        self._connected = threading.Condition(self._lock)
        self._connections: list[ServerConnection] = []
        self._turn = itertools.count()
        self._pending: dict[str, tuple[ServerConnection, Done]] = {}
        self.n_connections = 0
        """Ever opened."""
        self.mute_acks = False
        """True: acks are not heard, as when the connection is half dead."""
        self._server: Server = serve(
            self._serve,
            "127.0.0.1",
            0,
            compression=None,
            process_request=self._check,
            close_timeout=0.2,
            ping_interval=None,
        )
        self._port = self._server.socket.getsockname()[1]
        slack.socket_url = self._url
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="fakeslack-sockets", daemon=True
        )
        self._thread.start()

    def wait_connected(self, n: int, timeout_s: float) -> bool:
        """Wait until that many connections are open."""
        with self._connected:
            return self._connected.wait_for(lambda: len(self._connections) >= n, timeout_s)

    def disconnect(self, reason: str = "refresh_requested", *, is_closed: bool = True) -> None:
        """Ask every connection to come back anew, and close it, as Slack does every few hours."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "fakeslack"}}
            with suppress(ConnectionClosed):
                connection.send(json.dumps(told))
            if is_closed and reason != "warning":
                self._leave(connection)
                self._slack.clock.call_in(0.5, connection.close)

    def refresh_every(self, seconds: float) -> None:
        """Do so again and again."""

        def refresh() -> None:
            self.disconnect()
            self._slack.clock.call_in(seconds, refresh)

        self._slack.clock.call_in(seconds, refresh)

    def cut(self) -> None:
        """Drop every connection without a word."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            self._leave(connection)
            with suppress(OSError):
                connection.socket.shutdown(2)

    def send(self, delivery: Delivery, *, number: int, reason: str, done: Done) -> None:
        """Send an envelope down one of the connections."""
        with self._lock:
            if not self._connections:
                connection = None
            else:
                connection = self._connections[next(self._turn) % len(self._connections)]
        if connection is None:
            done("connection_failed", None)
            return
        envelope_id = str(uuid.uuid4())
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason.removeprefix("http_")}
        with self._lock:
            self._pending[envelope_id] = (connection, done)
        self._deliveries.timers.call_in(ACK_S, lambda: self._settle(envelope_id, "http_timeout", None))
        try:
            connection.send(json.dumps(envelope))
        except ConnectionClosed:
            self._settle(envelope_id, "connection_failed", None)

    def close(self) -> None:
        """Close everything."""
        self._server.shutdown()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.socket.shutdown(2)
        self._thread.join()

    def _url(self) -> str:
        ticket = secrets.token_hex(8)
        with self._lock:
            self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={self._slack.app.app_id}"

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        with self._lock:
            if ticket not in self._tickets:
                return connection.respond(HTTPStatus.UNAUTHORIZED, "no such ticket\n")
            self._tickets.discard(ticket)
            if len(self._connections) >= MOST_CONNECTIONS:
                return connection.respond(HTTPStatus.TOO_MANY_REQUESTS, "too many websockets\n")
        return None

    def _serve(self, connection: ServerConnection) -> None:
        hello = {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "debug_info": {"host": "fakeslack", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._slack.app.app_id},
        }
        try:
            connection.send(json.dumps(hello))
            with self._connected:
                self._connections.append(connection)
                self.n_connections += 1
                self._deliveries.transport = self
                self._connected.notify_all()
            for said in connection:
                ack = json.loads(said)
                if not self.mute_acks and "envelope_id" in ack:
                    self._settle(ack["envelope_id"], "acked", ack.get("payload"))
        except ConnectionClosed:
            pass
        finally:
            self._leave(connection)

    def _leave(self, connection: ServerConnection) -> None:
        """Give what a lost connection has not acked to the next attempt."""
        with self._lock:
            if connection in self._connections:
                self._connections.remove(connection)
            lost = [envelope for envelope, (on, _) in self._pending.items() if on is connection]
        for envelope_id in lost:
            self._settle(envelope_id, "connection_failed", None)

    def _settle(self, envelope_id: str, outcome: str, response: Any) -> None:
        with self._lock:
            pending = self._pending.pop(envelope_id, None)
        if pending is not None:
            pending[1](outcome, response)
