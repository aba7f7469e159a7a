"""Error names that hide another error: what was thrown, and what the hub had said.

Some SDKs have one exception for a whole HTTP status. The hub's own code stands inside, when it was pasted too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answer import Finding
from bot.checks.check import TEXT, Evidence, Fact, cannot_tell, confirmed, ruled_out
from kb import identifiers

_FAULT = "error-name-misleads"
_INNER = re.compile(
    r"(?:[\"']?errorCode[\"']?\s*[:=]\s*[\"']?(?P<number>\d{6})|ErrorCode:\s*(?P<name>[A-Za-z]\w+)|iothub-errorcode:\s*(?P<header>\w+)"
    r"|errorcode: IH(?P<ih>\d{6}))"
)
_ETAG = re.compile(r"(?i)PreconditionFailed|ETag may be invalid|ETag mismatch|\b412001\b")


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One misleading name."""

    printed: str
    pattern: re.Pattern[str]
    own: tuple[str, ...]
    """Codes and names for which the printed name is true."""
    message: str
    """What the name stands for, where the inner code is not in the text."""


_WRAPPERS = (
    Wrapper(
        "not registered",
        re.compile(r"Device '?\{.{0,800}?\}'? not registered", re.DOTALL),
        ("404001", "DeviceNotFound"),
        "The .NET service client says “not registered” for any 404.",
    ),
    Wrapper(
        "TooManyDevicesError",
        re.compile(r"TooManyDevices(?:Error|Exception)"),
        ("403002", "IotHubQuotaExceeded", "TooManyDevices"),
        "TooManyDevicesError stands for any 403, not for too many devices.",
    ),
    Wrapper(
        "QuotaExceededException",
        re.compile(r"\bQuotaExceededException"),
        ("403002", "IotHubQuotaExceeded", "QuotaExceeded"),
        "The .NET service client throws QuotaExceededException for any 403.",
    ),
    Wrapper(
        "DeviceMessageLockLostException",
        re.compile(r"DeviceMessageLockLostException"),
        ("412002", "DeviceMessageLockLost"),
        "The .NET service client throws DeviceMessageLockLostException for any 412.",
    ),
    Wrapper(
        "DeviceNotFoundError",
        re.compile(r"DeviceNotFoundError|\bError: Not [fF]ound\b"),
        ("404001", "DeviceNotFound"),
        "The Node client says “not found” for any 404.",
    ),
)


def hidden(evidence: Evidence) -> Finding | None:
    """Does the printed name stand for another error?"""
    text = evidence.pasted.text
    for wrapper in _WRAPPERS:
        match = wrapper.pattern.search(text)
        if match is None:
            continue
        fact = Fact(TEXT, evidence.now)
        inner = _inner_code(match.group() if wrapper.printed == "not registered" else text)
        if not inner:
            return cannot_tell(
                _FAULT,
                wrapper.message,
                fact,
                would_tell="the hub's own answer: its errorCode, or the header iothub-errorcode",
                printed=wrapper.printed,
            )
        if identifiers.key(inner) in {identifiers.key(own) for own in wrapper.own}:
            message = "{printed} is what the hub said: {really}."
            return ruled_out(_FAULT, message, fact, printed=wrapper.printed, really=inner)
        message = "{printed} is the SDK's name for the status; the hub said {really}."
        return confirmed(_FAULT, message, fact, printed=wrapper.printed, really=inner)
    return None


def queue_depth_that_is_quota(evidence: Evidence) -> Finding | None:
    """The .NET device client over AMQP throws the queue's exception for the hub's quota."""
    text = evidence.pasted.text
    if "DeviceMaximumQueueDepthExceeded" not in text:
        return None
    is_device_client = bool(
        re.search(
            r"amqp:resource-limit-exceeded|Microsoft\.Azure\.Devices\.Client|AmqpIot|SendEventAsync", text
        )
    )
    is_service_client = bool(
        re.search(
            r"Microsoft\.Azure\.Devices\.Common|ErrorCode:DeviceMaximumQueueDepth|\b403004\b|Queue depth cannot",
            text,
        )
    )
    fact = Fact(TEXT, evidence.now)
    if is_device_client and not is_service_client:
        message = "{printed} on a device's send over AMQP is the hub's quota in truth: {really}."
        return confirmed(
            _FAULT, message, fact, printed="DeviceMaximumQueueDepthExceededException", really="403002"
        )
    if is_service_client:
        message = "{printed} is what the hub said: {really}."
        return ruled_out(_FAULT, message, fact, printed="DeviceMaximumQueueDepthExceeded", really="403004")
    if "DeviceMaximumQueueDepthExceededException" not in text:
        return None
    return cannot_tell(
        _FAULT,
        "{printed} is the queue of a device in the service client, and the hub's quota in the device client.",
        fact,
        would_tell="which client threw it: the namespace in the stack trace",
        printed="DeviceMaximumQueueDepthExceededException",
    )


def unavailable_that_reads_unauthorized(evidence: Evidence) -> Finding | None:
    """CONNACK 3 dressed as an authorisation error (.NET) or as a disabled device (C)."""
    text = evidence.pasted.text
    fact = Fact(TEXT, evidence.now)
    if "RefusedServerUnavailable" in text and "Unauthorized" in text:
        message = "{printed} hides CONNACK 3: the hub was unavailable ({really}), nothing is wrong with the credential."
        return confirmed(_FAULT, message, fact, printed="UnauthorizedException", really="503001")
    if "IOTHUB_CLIENT_CONNECTION_DEVICE_DISABLED" not in text:
        return None
    if evidence.pasted.connack == 3:
        message = "{printed} hides CONNACK 3: the hub was unavailable ({really}), nothing is wrong with the credential."
        return confirmed(
            _FAULT, message, fact, printed="IOTHUB_CLIENT_CONNECTION_DEVICE_DISABLED", really="503001"
        )
    return cannot_tell(
        _FAULT,
        "The C SDK prints DEVICE_DISABLED for CONNACK 3 too, when the hub is unavailable.",
        fact,
        would_tell="the return code of the CONNACK in the SDK's trace",
        printed="IOTHUB_CLIENT_CONNECTION_DEVICE_DISABLED",
    )


def etag_conflict(evidence: Evidence) -> Finding | None:
    """A 412 over an ETag is 412001, whatever the SDK calls it."""
    if not _ETAG.search(evidence.pasted.text):
        return None
    return confirmed(
        "etag-conflict",
        "The message is about an ETag: somebody changed the same thing in between ({really}).",
        Fact(TEXT, evidence.now),
        really="412001",
    )


def _inner_code(text: str) -> str:
    match = _INNER.search(text)
    if match is None:
        return ""
    return match["number"] or match["name"] or match["header"] or match["ih"]
