"""A company's proxy on loopback: CONNECT and nothing else, with a password where wanted."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import socketserver
import ssl
import threading
from types import TracebackType
from typing import Self

CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class FakeProxy:
    """Runs inside a ``with`` block; remembers where it was asked to go, and what came without the right password."""

    def __init__(self, *, user: str = "", password: str = "") -> None:
        self.targets: list[str] = []
        self.refused: list[str] = []
        self._expected = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""
        self._login = f"{user}:{password}@" if user else ""

    def __enter__(self) -> Self:
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    proxy._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What ``HTTPS_PROXY`` is set to."""
        return f"http://{self._login}127.0.0.1:{self._server.server_address[1]}"

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1]
        if self._expected and f"proxy-authorization: {self._expected}".lower() not in [
            line.lower() for line in lines
        ]:
            self.refused.append(target)
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        self.targets.append(target)
        self.carry(client, target)

    def carry(self, client: socket.socket, target: str) -> None:
        """Connect the client with where it wants to go."""
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=5) as server:
            client.sendall(CONNECTED)
            pipe(client, server)


def pipe(client: socket.socket, server: socket.socket) -> None:
    """Hand on what either says until one of them ends."""
    while True:
        # What TLS has read already, no select tells.
        has_more = isinstance(client, ssl.SSLSocket) and client.pending()
        for ready in [client] if has_more else select.select([client, server], [], [], 30)[0]:
            data = ready.recv(65536)
            if not data:
                return
            (server if ready is client else client).sendall(data)
