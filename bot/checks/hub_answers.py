"""Turn what a hub answers, as the SDK's models have it, into readings: what is needed is taken out, the rest goes.

Tags and properties of a twin may hold a customer's data, an identity holds keys; neither gets past here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.checks.facts import DeviceState, KeyMatch, Reading, Thumbprints, Trouble
from bot.checks.token import SasToken

_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_MISSING = frozenset({"devicenotfound", "404001", "modulenotfound", "404010", "modulenotfoundondevice"})


def refusal(source: str, read_at: datetime, response: Any) -> Reading[Any]:
    """Return the reading of an answer that is no success."""
    status, headers = int(response.status_code), response.headers
    code, detail = _code_and_text(response.text or "")
    code = headers.get("iothub-errorcode") or code
    is_hub = bool(code) or headers.get("Server", "").startswith("Microsoft-HTTPAPI")
    return Reading(
        source,
        read_at,
        trouble=_trouble(status, code, is_hub),
        status=status,
        code=code[:64],
        detail=detail[:400],
        hub_clock=date(headers.get("Date")) if is_hub else None,
    )


def _trouble(status: int, code: str, is_hub: bool) -> Trouble:
    if not is_hub:
        return Trouble.GARBLED
    if status == 404:
        # A gateway's or a wrong path's 404 says nothing about the device.
        return Trouble.MISSING if code.casefold() in _MISSING else Trouble.REJECTED
    if status >= 500:
        return Trouble.FAULTY
    known = {401: Trouble.REFUSED, 403: Trouble.FORBIDDEN, 429: Trouble.THROTTLED}
    return known.get(status, Trouble.REJECTED if status >= 400 else Trouble.GARBLED)


def _code_and_text(body: str) -> tuple[str, str]:
    """Return the code and the text of a hub's error: ``{"Message": "ErrorCode:Name;text"}``, ``{"errorCode": …}``,
    or the second inside the first.
    """
    try:
        told = json.loads(body)
        if isinstance(told, dict) and str(told.get("Message", "")).startswith("{"):
            told = json.loads(told["Message"])
    except ValueError:
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    if told.get("errorCode"):
        return str(told["errorCode"]), str(told.get("message", ""))
    message = str(told.get("Message", ""))
    if message.startswith("ErrorCode:"):
        name, _, text = message.removeprefix("ErrorCode:").partition(";")
        return name.strip(), text
    return "", message


def from_twin(twin: Any) -> DeviceState:
    """Return what a twin tells of its device; tags and properties end here."""
    return DeviceState(
        device_id=str(twin.device_id or ""),
        is_enabled=_is_enabled(twin.status),
        status_reason=str(twin.status_reason or ""),
        status_since=_moment(twin.status_update_time),
        is_connected=is_connected(twin.connection_state),
        last_activity=_moment(twin.last_activity_time),
        n_waiting=_count(twin.cloud_to_device_message_count),
        authentication=str(twin.authentication_type or ""),
        thumbprints=_thumbprints(twin.x509_thumbprint),
        is_whole=bool(twin.device_id and twin.status and twin.connection_state),
    )


def from_identity(device: Any) -> DeviceState:
    """Return what a registry identity tells of its device; keys end here."""
    shown = device.authentication
    return DeviceState(
        device_id=str(device.device_id or ""),
        is_enabled=_is_enabled(device.status),
        status_reason=str(device.status_reason or ""),
        status_since=_moment(device.status_updated_time),
        is_connected=is_connected(device.connection_state),
        connection_since=_moment(device.connection_state_updated_time),
        last_activity=_moment(device.last_activity_time),
        n_waiting=_count(device.cloud_to_device_message_count),
        authentication=str((shown and shown.type) or ""),
        thumbprints=_thumbprints(shown and shown.x509_thumbprint),
        is_whole=bool(device.device_id and device.status and device.connection_state),
        from_registry=True,
    )


def match(identity: Any, token: SasToken) -> KeyMatch:
    """Tell which key of an identity a token was signed with; keys end here."""
    keys = identity.authentication and identity.authentication.symmetric_key
    primary = (keys and keys.primary_key) or ""
    secondary = (keys and keys.secondary_key) or ""
    if not primary and not secondary:
        return KeyMatch.NO_KEY
    if primary and token.is_signed_with(primary):
        return KeyMatch.PRIMARY
    return KeyMatch.SECONDARY if secondary and token.is_signed_with(secondary) else KeyMatch.NEITHER


def _thumbprints(pair: Any) -> Thumbprints:
    """Both spellings: a live twin writes ``PrimaryThumbprint``, which the SDK's model leaves among the unknown."""
    if pair is None:
        return Thumbprints()
    others = {key.casefold(): value for key, value in (pair.additional_properties or {}).items()}
    return Thumbprints(
        _hexadecimal(pair.primary_thumbprint or others.get("primarythumbprint")),
        _hexadecimal(pair.secondary_thumbprint or others.get("secondarythumbprint")),
    )


def _hexadecimal(text: Any) -> str:
    return "".join(c for c in str(text or "") if c.isalnum()).upper()


def _is_enabled(status: Any) -> bool | None:
    text = str(status or "").casefold()
    return {"enabled": True, "disabled": False}.get(text)


def is_connected(state: Any) -> bool | None:
    """Return whether a state says connected; None where it says nothing."""
    text = str(state or "").casefold()
    return {"connected": True, "disconnected": False}.get(text)


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


def _moment(value: Any) -> datetime | None:
    """A time, UTC; the year 1 is how a hub writes "never", with and without a zone."""
    if not isinstance(value, datetime):
        return None
    moment = (
        value.replace(tzinfo=UTC)
        if value.tzinfo is None
        else value.astimezone(UTC)
        if value.year > 1
        else _NEVER
    )
    return moment if moment > _NEVER else None


def date(header: str | None) -> datetime | None:
    """Return the time of a ``Date`` header; None where there is none."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except (ValueError, TypeError, OverflowError):
        return None
