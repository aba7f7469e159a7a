"""A company's network: nothing gets out but through its proxy, and Slack stands behind it under a name of its own, over TLS."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.fakehub.certificates import Authority
from tests.fakeslack.driver import FakeSlack

API, SOCKET = "slack.test", "wss.slack.test"
"""Names that no resolver knows: whoever does not ask the proxy gets nowhere."""


class CompanyNetwork:
    """Runs inside a ``with`` block; remembers what was asked for, and what came without the right password."""

    def __init__(self, slack: FakeSlack, folder: Path, *, user: str = "", password: str = "") -> None:
        self.targets: list[str] = []
        self.refused: list[str] = []
        self._slack = slack
        self._authority = Authority(folder)
        self._login = f"{user}:{password}@" if user else ""
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._expected = f"proxy-authorization: basic {token}".lower() if user else ""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self._authority.leaf((API, SOCKET)).path)
        self._ports: Mapping[str, int] = {}

    def __enter__(self) -> Self:
        network = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    network._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        link = self._slack.platform.socket_url
        self._ports = {
            f"{API}:443": urlsplit(self._slack.web.url).port or 0,
            f"{SOCKET}:443": urlsplit(link()).port or 0,
        }
        self._slack.platform.socket_url = lambda: (
            urlsplit(link())._replace(scheme="wss", netloc=SOCKET).geturl()
        )
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
    def env(self) -> dict[str, str]:
        """Variables of a machine in this network."""
        port = self._server.server_address[1]
        return {
            "SLACK_API_BASE_URL": f"https://{API}/api/",
            "HTTPS_PROXY": f"http://{self._login}127.0.0.1:{port}",
            "SSL_CERT_FILE": str(self._authority.path),
        }

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1]
        if self._expected and self._expected not in [line.lower() for line in lines]:
            self.refused.append(target)
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        self.targets.append(target)
        port = self._ports.get(target)
        if port is None:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with (
            self._context.wrap_socket(client, server_side=True) as secure,
            socket.create_connection(("127.0.0.1", port), timeout=5) as server,
        ):
            _pipe(secure, server)


def _pipe(secure: ssl.SSLSocket, server: socket.socket) -> None:
    while True:
        if not secure.pending():
            ready: list[Any] = select.select([secure, server], [], [], 30)[0]
            if not ready:
                return
        else:
            ready = [secure]
        for one in ready:
            data = one.recv(65536)
            if not data:
                return
            (server if one is secure else secure).sendall(data)
