"""Read a SAS token: whom it is for (``sr``), until when (``se``), signed by which policy (``skn``).

That arithmetic needs no hub and no key. The signature is only ever looked at by :meth:`SasToken.is_signed_with`, in
memory; a token from a redacted text has none, and everything else still works.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, unquote_plus

_FIELD = r"(?:sr|sig|se|skn)=[^\s&\"'<>;,]*"
SAS = re.compile(rf"{_FIELD}(?:&{_FIELD})+")
"""The fields of a token, in any order."""
_BLANK_FIELDS = re.compile(r"(?<=sig=)\[redacted:[\w-]+\]")
_PLACEHOLDER = re.compile(r"[{}…]|%s")
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SasToken:
    """A shared access signature token as pasted."""

    audience: str
    """``sr`` as it stands in the token, still percent-encoded: the signature is over these very characters."""
    expiry: str
    """``se`` as it stands in the token."""
    policy: str = ""
    """``skn``, decoded; empty in a device's own token."""
    signature: str = field(default="", repr=False)
    """``sig``, decoded; empty when the token came redacted."""

    @property
    def resource(self) -> str:
        """Whom the token is for, readable: ``"contoso-hub.azure-devices.net/devices/pump-7"``."""
        return unquote_plus(self.audience)

    @property
    def host(self) -> str:
        """The hub it is for, as written."""
        return self.resource.split("/", 1)[0]

    @property
    def device_id(self) -> str:
        """The device it is for; empty where it is for the whole hub."""
        return self._part("devices")

    @property
    def module_id(self) -> str:
        """The module it is for; empty where there is none."""
        return self._part("modules")

    @property
    def expires(self) -> datetime | None:
        """When it ends, UTC; None where ``se`` is no number. Past the year 9999 is the end of time."""
        try:
            seconds = float(self.expiry)
        except ValueError:
            return None
        if seconds != seconds or seconds < 0:
            return None
        return datetime.fromtimestamp(seconds, UTC) if seconds < _NEVER.timestamp() else _NEVER

    @property
    def is_in_milliseconds(self) -> bool:
        """``se`` counts milliseconds, so the token seems to last for thousands of years."""
        return self.expiry.isdigit() and len(self.expiry) == 13

    def is_signed_with(self, key: str) -> bool | None:
        """Tell whether the signature was made with a base64 key; None where token or key cannot be read."""
        try:
            secret = base64.b64decode(key, validate=True)
            given = base64.b64decode(self.signature, validate=True)
        except (binascii.Error, ValueError):
            return None
        if not given:
            return None
        made = hmac.new(secret, f"{self.audience}\n{self.expiry}".encode(), hashlib.sha256).digest()
        return hmac.compare_digest(made, given)

    def _part(self, name: str) -> str:
        pieces = self.resource.split("/")
        return pieces[pieces.index(name) + 1] if name in pieces[:-1] else ""


def find_tokens(text: str) -> tuple[SasToken, ...]:
    """Return the tokens that stand in a text, whole or redacted, their fields in any order."""
    found: dict[tuple[str, str], SasToken] = {}
    for match in SAS.finditer(_BLANK_FIELDS.sub("", text.replace("\\u0026", "&"))):
        fields = dict(part.split("=", 1) for part in match.group().split("&"))
        if "sr" in fields and "se" in fields and not any(map(_is_template, (fields["sr"], fields["se"]))):
            token = SasToken(
                audience=fields["sr"],
                expiry=fields["se"],
                policy=unquote(fields.get("skn", "")),
                signature=unquote(fields.get("sig", "")),
            )
            found.setdefault((token.audience, token.expiry), token)
    return tuple(found.values())


def _is_template(text: str) -> bool:
    """Source code and documentation show how a token is written: ``sr={uri}&se=…``. That is nobody's token."""
    return bool(_PLACEHOLDER.search(text)) or not any(c.isalnum() for c in text)
