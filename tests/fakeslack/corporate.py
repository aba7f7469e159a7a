"""A company's network: nothing gets out but through its proxy, and Slack stands behind it under a name of its own, over TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.fakehub.certificates import Authority
from tests.fakehub.proxy import CONNECTED, FakeProxy, pipe
from tests.fakeslack.driver import FakeSlack

API, SOCKET = "slack.test", "wss.slack.test"
"""Names that no resolver knows: whoever does not ask the proxy gets nowhere."""


class CompanyNetwork(FakeProxy):
    """Runs inside a ``with`` block; remembers what was asked for, and what came without the right password."""

    def __init__(self, slack: FakeSlack, folder: Path, *, user: str = "", password: str = "") -> None:
        super().__init__(user=user, password=password)
        self._slack = slack
        self._authority = Authority(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self._authority.leaf((API, SOCKET)).path)
        self._ports: Mapping[str, int] = {}

    def __enter__(self) -> Self:
        link = self._slack.platform.socket_url
        self._ports = {
            f"{API}:443": urlsplit(self._slack.web.url).port or 0,
            f"{SOCKET}:443": urlsplit(link()).port or 0,
        }
        self._slack.platform.socket_url = lambda: (
            urlsplit(link())._replace(scheme="wss", netloc=SOCKET).geturl()
        )
        return super().__enter__()

    @property
    def env(self) -> dict[str, str]:
        """Variables of a machine in this network."""
        return {
            "SLACK_API_BASE_URL": f"https://{API}/api/",
            "HTTPS_PROXY": self.url,
            "SSL_CERT_FILE": str(self._authority.path),
        }

    def carry(self, client: socket.socket, target: str) -> None:
        """Connect the client with the part of Slack it asked for; nothing else is let out."""
        port = self._ports.get(target)
        if port is None:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        client.sendall(CONNECTED)
        with (
            self._context.wrap_socket(client, server_side=True) as secure,
            socket.create_connection(("127.0.0.1", port), timeout=5) as server,
        ):
            pipe(secure, server)
