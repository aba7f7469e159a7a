"""Who may read what: SAS tokens whose HMAC is computed anew, and Entra tokens by a table."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, unquote_plus

from tests.fakehub.registry import new_key

RIGHTS = {
    "iothubowner": frozenset({"RegistryRead", "RegistryWrite", "ServiceConnect", "DeviceConnect"}),
    "service": frozenset({"ServiceConnect"}),
    "device": frozenset({"DeviceConnect"}),
    "registryRead": frozenset({"RegistryRead"}),
    "registryReadWrite": frozenset({"RegistryRead", "RegistryWrite"}),
}
"""The policies that every hub is delivered with."""


@dataclass
class Policy:
    """A shared access policy with its two keys."""

    name: str
    rights: frozenset[str]
    primary_key: str = field(default_factory=new_key, repr=False)
    secondary_key: str = field(default_factory=new_key, repr=False)


@dataclass(frozen=True)
class Refused:
    """401, and why a hub says so."""

    name: str
    text: str


def policies() -> dict[str, Policy]:
    """Return the delivered policies with keys made on the spot."""
    return {name: Policy(name, rights) for name, rights in RIGHTS.items()}


def check(
    header: str,
    host: str,
    path: str,
    right: str,
    action: str,
    method: str,
    now: datetime,
    known: Mapping[str, Policy],
    bearers: Mapping[str, frozenset[str]],
) -> Refused | None:
    """Return why a request may not pass, or None."""
    if header.startswith("Bearer "):
        actions = bearers.get(header.removeprefix("Bearer "))
        if actions is not None and action in actions:
            return None
        text = (
            f"Principal app@example is not authorized for {method} on {path} due to no assigned permissions"
        )
        return Refused("IotHubUnauthorized", text)
    unauthorized = Refused("IotHubUnauthorizedAccess", "Unauthorized")
    if not header.startswith("SharedAccessSignature "):
        return unauthorized
    fields = dict(
        part.split("=", 1) for part in header.removeprefix("SharedAccessSignature ").split("&") if "=" in part
    )
    policy = known.get(unquote(fields.get("skn", "")))
    if policy is None or right not in policy.rights or not fields.get("se", "").isdigit():
        return unauthorized
    resource = unquote_plus(fields.get("sr", "")).lower()
    if resource != host.lower() and not f"{host}{path}".lower().startswith(resource + "/"):
        return unauthorized
    if int(fields["se"]) < now.timestamp():
        return unauthorized
    signature = unquote(fields.get("sig", ""))
    keys = (policy.primary_key, policy.secondary_key)
    return None if any(signature == sign(fields["sr"], fields["se"], key) for key in keys) else unauthorized


def sign(audience: str, expiry: str, key: str) -> str:
    """Return the signature over an encoded audience and its end."""
    made = hmac.new(base64.b64decode(key), f"{audience}\n{expiry}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()
