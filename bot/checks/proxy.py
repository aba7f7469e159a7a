"""The proxy that this machine is told to use, read the same way for the SDK's calls and for the network ladder."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass


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
