"""What a hub writes when it refuses: three envelopes, two kinds of tracking ids."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from secrets import token_hex


class Envelope(StrEnum):
    """How an error's body is wrapped."""

    NAMED = "E1"
    """``{"Message": "ErrorCode:Name;text", "ExceptionMessage": "Tracking ID:…"}``"""
    NUMBERED = "E2"
    """``{"errorCode": 404001, "message": …, "trackingId": …}``"""
    NESTED = "E3"
    """The second as a string inside the first."""


NUMBERS = {
    "IotHubUnauthorizedAccess": 401002,
    "IotHubUnauthorized": 401003,
    "IotHubQuotaExceeded": 403002,
    "DeviceNotFound": 404001,
    "ModuleNotFound": 404010,
    "ThrottlingException": 429001,
    "ThrottlingBacklogTimeout": 429003,
    "ServerError": 500001,
    "ServiceUnavailable": 503001,
    "PartitionNotFound": 503003,
    "GatewayTimeout": 504101,
    "InvalidProtocolVersion": 400001,
    "MethodNotAllowed": 405000,
    "ArgumentInvalid": 400004,
}


def tracking_id(at: datetime, *, is_new: bool) -> str:
    """Return a tracking id of the newer or the older gateway."""
    if is_new:
        return f"{token_hex(16)}-G2:-TimeStamp:{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}000Z"
    return f"{token_hex(16).upper()}-G:3-TimeStamp:{at:%m/%d/%Y %H:%M:%S}"


def error(
    name: str, text: str, at: datetime, envelope: Envelope = Envelope.NAMED, *, is_new: bool = True
) -> bytes:
    """Return the body of an error."""
    tracked = tracking_id(at, is_new=is_new)
    if envelope is Envelope.NAMED:
        told: dict[str, object] = {
            "Message": f"ErrorCode:{name};{text}",
            "ExceptionMessage": f"Tracking ID:{tracked}",
        }
        return json.dumps(told).encode()
    numbered = {
        "errorCode": NUMBERS[name],
        "message": text,
        "trackingId": tracked,
        "timestampUtc": f"{at:%Y-%m-%dT%H:%M:%S}.0000000Z",
        "info": None,
    }
    if envelope is Envelope.NUMBERED:
        return json.dumps(numbered).encode()
    return json.dumps({"Message": json.dumps(numbered), "ExceptionMessage": ""}).encode()
