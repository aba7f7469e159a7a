"""Checks on what a device or a service shows to get in: token, signature, certificate, policy, role."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.answer import Finding
from bot.checks.check import (
    TEXT,
    TOKEN,
    Evidence,
    Fact,
    cannot_tell,
    confirmed,
    read_in,
    ruled_out,
    same_hub,
    unread,
)
from bot.checks.facts import KeyMatch, Trouble
from bot.checks.token import SasToken

_BEFORE_HUBS = datetime(2015, 1, 1, tzinfo=UTC)
"""No hub existed then: a token that ended before was made by a machine without the time."""
_RIGHTS = {
    "iothubowner": frozenset({"RegistryRead", "RegistryWrite", "ServiceConnect", "DeviceConnect"}),
    "service": frozenset({"ServiceConnect"}),
    "device": frozenset({"DeviceConnect"}),
    "registryread": frozenset({"RegistryRead"}),
    "registryreadwrite": frozenset({"RegistryRead", "RegistryWrite"}),
}
"""What the policies that every hub is delivered with allow; their owner may have changed it."""
_REFUSALS = frozenset({"401002", "401003"})
_REQUEST = re.compile(
    r"\b(?P<method>GET|PUT|POST|PATCH|DELETE)\b[^\n]{0,80}?/(?P<group>devices/query|devices|twins|statistics)\b"
)


def expired(evidence: Evidence) -> Finding | None:
    """Has the pasted token ended: by the hub's time in the error where there is one, else now?"""
    token = evidence.token
    if token is None:
        return None
    fact = _in_token(evidence)
    ends = token.expires
    if ends is None:
        return cannot_tell(
            "token-expired",
            "The token's end se={expiry} is not a number of seconds since 1970.",
            fact,
            would_tell="a token as the SDK prints it: sr=…&sig=…&se=…",
            expiry=token.expiry[:24],
        )
    if token.is_in_milliseconds:
        return ruled_out(
            "token-expired",
            "The token has not ended, but se={expiry} counts milliseconds where the hub reads seconds.",
            fact,
            expiry=token.expiry,
        )
    stated = evidence.pasted.error_time
    if stated is not None and ends < stated:
        return confirmed(
            "token-expired",
            "The token ended at {ends}, before the hub refused it at {refused}.",
            fact,
            ends=ends,
            refused=stated,
        )
    if stated is not None:
        return ruled_out(
            "token-expired",
            "The token ends at {ends}, after the error of {refused}: it was not refused for its age.",
            fact,
            ends=ends,
            refused=stated,
        )
    if ends < evidence.now:
        return confirmed("token-expired", "The token ended at {ends}.", fact, ends=ends)
    return ruled_out("token-expired", "The token is good until {ends}.", fact, ends=ends)


def made_without_the_time(evidence: Evidence) -> Finding | None:
    """Did the machine that made the token have no idea of the time?"""
    ends = evidence.token.expires if evidence.token is not None else None
    if ends is None or ends >= _BEFORE_HUBS:
        return None
    return confirmed(
        "device-clock-off",
        "The token ends at {ends}: the machine that made it had not set its clock.",
        _in_token(evidence),
        ends=ends,
    )


def wrong_audience(evidence: Evidence) -> Finding | None:
    """Is the token for this hub and this device, in the form a hub takes?"""
    token = evidence.token
    if token is None:
        return None
    fact = _in_token(evidence)
    resource = token.resource
    if "/registrations/" in resource:
        return cannot_tell(
            "token-audience-wrong",
            "The token is for the provisioning service ({audience}), not for a hub.",
            fact,
            would_tell="the token that the device shows to the hub itself",
            audience=resource,
        )
    if "%2f" in resource.lower():
        return confirmed(
            "token-audience-wrong",
            "The token's sr is percent-encoded twice: the hub reads {audience}, which names nothing.",
            fact,
            audience=resource,
        )
    if "://" in resource:
        return confirmed(
            "token-audience-wrong",
            "The token's sr begins with a scheme, {audience}; it has to begin with the hub's host name.",
            fact,
            audience=resource,
        )
    if not token.policy and not token.device_id:
        return confirmed(
            "token-audience-wrong",
            "The token names neither a device nor a policy: sr is {audience}, and there is no skn.",
            fact,
            audience=resource,
        )
    return _compared(evidence, token, fact)


def wrong_signature(evidence: Evidence) -> Finding | None:
    """Was the pasted token signed with a key that the hub holds for the device?"""
    token = evidence.token
    if token is None or not evidence.is_asked:
        return None
    if not token.signature:
        return cannot_tell(
            "signature-wrong",
            "The pasted token came without its signature.",
            _in_token(evidence),
            would_tell="hubmedic check DEVICE --token -, which looks at the token in memory and keeps nothing of it",
        )
    reading = evidence.facts.signature
    if reading is None:
        return None
    device = token.device_id or evidence.device
    match reading.value:
        case KeyMatch.PRIMARY:
            message = "The token was signed with the primary key registered for {device}."
            return ruled_out("signature-wrong", message, read_in(reading), device=device)
        case KeyMatch.SECONDARY:
            message = "The token was signed with the secondary key registered for {device}."
            return ruled_out("signature-wrong", message, read_in(reading), device=device)
        case KeyMatch.POLICY:
            message = "The token was signed with the key of policy {policy} that is configured here."
            return ruled_out("signature-wrong", message, read_in(reading), policy=token.policy)
        case KeyMatch.NEITHER:
            message = "The token's signature fits neither the primary nor the secondary key registered for {device}."
            return confirmed("signature-wrong", message, read_in(reading), device=device)
        case KeyMatch.NO_KEY:
            message = "{device} has no key at the hub: it has to show a certificate, and the token is signed with something else."
            return confirmed("signature-wrong", message, read_in(reading), device=device)
        case KeyMatch.UNKNOWN_POLICY:
            return cannot_tell(
                "signature-wrong",
                "The token is signed by policy {policy}, whose keys are not all known here.",
                read_in(reading),
                would_tell="the keys of that policy in the portal, under Shared access policies",
                policy=token.policy,
            )
    return unread("signature-wrong", reading)


def narrow_policy(evidence: Evidence) -> Finding | None:
    """Does the policy allow what was tried with it?"""
    pasted, token = evidence.pasted, evidence.token
    if pasted.policy:
        return confirmed(
            "policy-too-narrow",
            "The message says it itself: policy {policy} does not allow {operation}.",
            Fact(TEXT, evidence.now),
            policy=pasted.policy,
            operation=pasted.operation,
        )
    if token is None or not token.policy:
        return None
    right, reading = _right_needed(pasted.text), evidence.facts.state
    rights = _RIGHTS.get(token.policy.casefold())
    if (
        right
        and rights is not None
        and right not in rights
        and reading is not None
        and reading.trouble is None
    ):
        return confirmed(
            "policy-too-narrow",
            "Our own credential can read this; policy {policy}, as every new hub has it, lacks the right {right}.",
            read_in(reading),
            policy=token.policy,
            right=right,
        )
    if not (right or evidence.codes & _REFUSALS):
        return None  # nobody was refused, so nobody asks what the policy allows
    return cannot_tell(
        "policy-too-narrow",
        "The token is signed by policy {policy}; what that policy allows cannot be read through the hub.",
        _in_token(evidence),
        would_tell="the hub's list of policies: az iot hub policy list --hub-name HUB",
        policy=token.policy,
    )


def missing_role(evidence: Evidence) -> Finding | None:
    """Does an Entra principal lack the role for data?"""
    message = (
        "The message says it itself: the principal has no role for this. It needs IoT Hub Data Reader or more; "
        "Owner and Contributor do not carry it."
    )
    if evidence.pasted.lacks_role:
        return confirmed("role-missing", message, Fact(TEXT, evidence.now))
    reading = evidence.facts.state
    if (
        reading is not None
        and reading.trouble is Trouble.REFUSED
        and "no assigned permissions" in reading.detail
    ):
        return confirmed(
            "role-missing",
            "The hub tells our own credential so: it has no role for this read.",
            read_in(reading),
        )
    return None


def _in_token(evidence: Evidence) -> Fact:
    return Fact(TOKEN, evidence.now)


def _compared(evidence: Evidence, token: SasToken, fact: Fact) -> Finding:
    host, module = evidence.hub_host, evidence.module
    device = evidence.device if evidence.is_device_named else ""
    is_same = same_hub(host, token.host) if host else None
    if is_same is False:
        return confirmed(
            "token-audience-wrong",
            "The token is for {audience}, and the hub is {hub}.",
            fact,
            audience=token.resource,
            hub=host,
        )
    # A policy's token may be for the whole hub and then opens every device of it.
    if device and token.device_id and token.device_id != device:
        return confirmed(
            "token-audience-wrong",
            "The token is for device {token_device}, and the device is {device}; letter case counts.",
            fact,
            token_device=token.device_id,
            device=device,
        )
    if device and module and not token.policy and token.module_id != module:
        return confirmed(
            "token-audience-wrong",
            "The token is for {audience}, and the module is {module}.",
            fact,
            audience=token.resource,
            module=module,
        )
    if is_same and (device or not token.device_id):
        return ruled_out(
            "token-audience-wrong",
            "The token is for {audience}, as it has to be.",
            fact,
            audience=token.resource,
        )
    if device:
        return cannot_tell(
            "token-audience-wrong",
            "The token is for {audience}: the device fits; whether the hub does is not in the text.",
            fact,
            would_tell="the host name of the connection",
            audience=token.resource,
        )
    return cannot_tell(
        "token-audience-wrong",
        "The token is for {audience}; to which hub and device it was shown is not in the text.",
        fact,
        would_tell="the host name and the device id of the connection",
        audience=token.resource,
    )


def _right_needed(text: str) -> str:
    match = _REQUEST.search(text)
    if match is None:
        return ""
    if match["group"] in ("twins", "devices/query"):
        return "ServiceConnect"
    return "RegistryRead" if match["method"] == "GET" else "RegistryWrite"
