"""Read what a server's certificate says of itself, trusted or not. The only door to cryptography."""

from __future__ import annotations

import contextlib
import hashlib
import os
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Leaf:
    """A server's certificate."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    issuer: str

    def is_for(self, host: str) -> bool:
        """Tell whether one of its names is the host's; ``*`` stands for one label."""
        wanted = host.casefold().rstrip(".")
        return any(_fits(name.casefold(), wanted) for name in self.names)


def read(der: bytes) -> Leaf | None:
    """Return what a certificate says; None where cryptography is not installed, or cannot read it."""
    try:
        from cryptography import x509
        from cryptography.x509.oid import NameOID
    except ImportError:
        return None
    try:
        certificate = x509.load_der_x509_certificate(der)
        try:
            alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = tuple(alternatives.get_values_for_type(x509.DNSName)) + tuple(
                str(address) for address in alternatives.get_values_for_type(x509.IPAddress)
            )
        except x509.ExtensionNotFound:
            names = ()
        issuers = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        issuer = str(issuers[0].value) if issuers else certificate.issuer.rfc4514_string()
        return Leaf(certificate.not_valid_before_utc, certificate.not_valid_after_utc, names, issuer)
    except ValueError:
        return None


class TidySocket(ssl.SSLSocket):
    """Closes itself in the end.

    Where a peer is gone between connecting and the handshake, ``ssl`` loses the socket that it had begun to wrap.
    """

    def __del__(self) -> None:
        if self.fileno() != -1:
            self.close()


def trusting(ca_file: Path) -> ssl.SSLContext:
    """Return a context that trusts a CA file alone.

    Raises
    ------
    OSError
        If it holds no certificate that can be read.
    """
    return _tidy(ssl.create_default_context(cafile=str(ca_file)))


def untrusting() -> ssl.SSLContext:
    """Return a context that trusts nobody and asks for nothing: to look at a certificate, never to send over."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _tidy(context)


def public_roots() -> ssl.SSLContext:
    """Return a context that trusts what this machine trusts: its own store, the roots that come with requests, and a
    company's bundle where ``REQUESTS_CA_BUNDLE`` names one.
    """
    context = ssl.create_default_context()
    for bundle in (_bundle(), os.environ.get("REQUESTS_CA_BUNDLE")):
        if bundle:
            with contextlib.suppress(OSError):
                context.load_verify_locations(cafile=bundle)
    return _tidy(context)


def only_root(sha256: str) -> ssl.SSLContext | None:
    """Return a context that trusts one root alone, found by its fingerprint; None where this machine has it not."""
    for der in _known_roots():
        if hashlib.sha256(der).hexdigest() == sha256:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_verify_locations(cadata=der)
            return _tidy(context)
    return None


def _tidy(context: ssl.SSLContext) -> ssl.SSLContext:
    context.sslsocket_class = TidySocket
    return context


def _known_roots() -> Iterable[bytes]:
    bundle = _bundle()
    if bundle is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=bundle)
        yield from context.get_ca_certs(binary_form=True)
    yield from ssl.create_default_context().get_ca_certs(binary_form=True)


def _bundle() -> str | None:
    """The roots that come with requests."""
    try:
        import certifi
    except ImportError:
        return None
    path = certifi.where()
    return path if Path(path).is_file() else None


def _fits(name: str, host: str) -> bool:
    if not name.startswith("*."):
        return name == host
    return host.partition(".")[2] == name[2:] and bool(host.partition(".")[0])
