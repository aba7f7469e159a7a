"""The proxy that this machine is told to use, read the same way for the SDK's calls and for the network ladder."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_HEAD_LIMIT = 16_384


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy."""

    host: str
    port: int
    is_tls: bool
    url: str = field(repr=False)
    """As configured; it may hold a password."""

    @property
    def name(self) -> str:
        """How it is named to people."""
        return f"{self.host}:{self.port}"

    @property
    def authorization(self) -> str:
        """The header's value; empty without user and password."""
        parts = urlsplit(self.url)
        if not parts.username:
            return ""
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


class ProxyRefusal(OSError):
    """A proxy that does not let us through; its text is the status it gave."""


def proxy_for(host: str) -> Proxy | None:
    """Return the proxy for a host (with its port, if any); None where there is none or ``NO_PROXY`` names the host."""
    proxies = getproxies()
    url = proxies.get("https") or proxies.get("all")
    if not url or proxy_bypass(host) or proxy_bypass(host.rpartition(":")[0] or host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    return Proxy(parts.hostname, port, parts.scheme == "https", parts.geturl())


def tunnel(sock: socket.socket, host: str, port: int, proxy: Proxy) -> None:
    """Ask a proxy for a way through; raises :class:`ProxyRefusal` with its status, or ``-``."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    head = b""
    while b"\r\n\r\n" not in head:
        piece = sock.recv(1)  # not a byte past the head: what follows belongs to TLS
        if not piece or len(head) > _HEAD_LIMIT:
            raise ProxyRefusal("-")
        head += piece
    status = head.split(b"\r\n", 1)[0].split(b" ")
    if len(status) < 2 or status[1] != b"200":
        raise ProxyRefusal(status[1].decode("latin-1")[:3] if len(status) > 1 else "-")
