"""Reach a hub from this machine, direct or through its proxy: nothing is sent but handshakes.

Each is work for an :class:`~bot.checks.attempt.Attempt`, which watches the socket and shuts it when the time is over.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any

from bot.checks.attempt import Attempt
from bot.checks.proxy import Proxy, tunnel

CONNECT_S = 3.0
"""Longest that a connection is waited for."""


def probe(attempt: Attempt[None], host: str, port: int, proxy: Proxy | None) -> None:
    """Connect to a port and hang up.

    Raises
    ------
    OSError
        If it cannot be connected to.
    """
    _connect(attempt, host, port, proxy).close()


def handshake(
    attempt: Attempt[bytes], host: str, port: int, proxy: Proxy | None, context: ssl.SSLContext
) -> bytes:
    """Shake hands as a client that trusts what the context trusts, and return the certificate shown, as DER.

    Raises
    ------
    OSError
        If it breaks off; :class:`ssl.SSLCertVerificationError` where the certificate is not accepted.
    """
    with (
        _connect(attempt, host, port, proxy) as sock,
        context.wrap_socket(sock, server_hostname=host) as secured,
    ):
        try:
            return secured.getpeercert(binary_form=True) or b""
        except ValueError as error:
            # Gone before the handshake began: Python then makes none and says nothing.
            raise ConnectionResetError("gone before the handshake") from error


def _connect(attempt: Attempt[Any], host: str, port: int, proxy: Proxy | None) -> socket.socket:
    if proxy is None:
        return attempt.watch(socket.create_connection((host, port), timeout=CONNECT_S))
    sock = attempt.watch(socket.create_connection((proxy.host, proxy.port), timeout=CONNECT_S))
    try:
        if proxy.is_tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=proxy.host)
        tunnel(sock, host, port, proxy)
    except BaseException:
        sock.close()
        raise
    return sock
