"""The wire below azure-iot-hub: reads only, ended when we say so. The only door to requests and urllib3.

Two things no setting of the SDK gives. A guard refuses any request other than the few reads, before a byte leaves: the
third of four layers that keep the checks read-only. And every socket is watched: a peer that sends a byte now and then
never runs into a timeout, which counts from byte to byte, so the only end is to shut its socket from outside.
"""

from __future__ import annotations

import re
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from bot.checks.facts import Trouble
from bot.checks.watch import Watch

_SEGMENT = r"[^/]+"
_READS = re.compile(
    rf"/devices/{_SEGMENT}(?:/modules(?:/{_SEGMENT})?)?"
    rf"|/twins/{_SEGMENT}(?:/modules/{_SEGMENT})?"
    r"|/statistics/(?:devices|service)"
)
_QUERY = "/devices/query"


class WriteRefused(AssertionError):
    """A request that is no read was about to be sent: a fault of ours, never of the person's."""


def is_read(method: str, path: str) -> bool:
    """Tell whether a request is one of the reads; the path is without its query."""
    if method == "POST":
        return path == _QUERY
    return method == "GET" and path != _QUERY and bool(_READS.fullmatch(path))


class ReadOnlyAdapter(HTTPAdapter):
    """Sends reads to one host, over watched sockets."""

    def __init__(self, host: str, watch: Watch, context: ssl.SSLContext | None = None) -> None:
        """``context`` says what is trusted; None leaves it to the CA file of each request."""
        self._host, self._context = host.casefold(), context
        self._pools = {"https": _watched_pool(watch), "http": _NoPool}
        super().__init__(pool_connections=1, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections that are watched."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make connections through a proxy that are watched as well."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Trust what our context trusts."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, pool | ({"ssl_context": self._context} if self._context is not None else {})

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a read.

        Raises
        ------
        WriteRefused
            For anything else, before it is sent.
        """
        parts = urlsplit(request.url or "")
        if parts.scheme != "https" or parts.netloc.casefold() != self._host:
            raise WriteRefused(f"checks speak to {self._host} only")
        if not is_read(request.method or "", parts.path):
            raise WriteRefused(f"checks read only: {request.method} {parts.path}")
        return super().send(request, *args, **kwargs)


def trouble_of(error: BaseException) -> Trouble:
    """Tell what an exception of requests means."""
    if isinstance(error, requests.exceptions.ProxyError):
        return Trouble.PROXY
    if isinstance(error, requests.exceptions.SSLError):
        return Trouble.UNTRUSTED
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Trouble.UNREACHABLE
    if isinstance(error, requests.exceptions.Timeout):
        return Trouble.SILENT
    if isinstance(error, requests.exceptions.ConnectionError):
        cause = error.args[0] if error.args else None
        reason = cause.reason if isinstance(cause, MaxRetryError) else cause
        if isinstance(reason, NameResolutionError):
            return Trouble.UNRESOLVED
        if isinstance(reason, NewConnectionError):
            return Trouble.UNREACHABLE
        # requests tells a time-out in the middle of a body as a broken connection
        return Trouble.SILENT if "timed out" in str(reason) else Trouble.CUT
    if isinstance(error, requests.exceptions.InvalidProxyURL | requests.exceptions.InvalidSchema):
        return Trouble.PROXY
    return Trouble.CUT


def _watched_pool(watch: Watch) -> type[HTTPSConnectionPool]:
    class WatchedConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            watch.add(sock)
            return sock

    class WatchedPool(HTTPSConnectionPool):
        ConnectionCls = WatchedConnection

    return WatchedPool


class _NoPool(HTTPSConnectionPool):
    """A token never travels in the clear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise WriteRefused("checks speak https only")
