"""Checks on the kind of credential a device is registered for: thumbprint, CA certificate or token."""

from __future__ import annotations

import re

from bot.answer import Finding
from bot.checks.check import TEXT, Evidence, Fact, cannot_tell, confirmed, read_in, ruled_out

_SHOWS_SAS = re.compile(
    r"(?i)SAS ?token|SharedAccessSignature|put[- ]token|Expired_SAS_Token|sharedAccessKey|sr=…"
)
_SHOWS_CERTIFICATE = re.compile(r"(?i)thumbprint|x\.?509|client certificate|device certificate")


def wrong_thumbprint(evidence: Evidence) -> Finding | None:
    """Is the certificate that the device showed one of the two that are registered for it?"""
    presented = evidence.pasted.presented
    if not presented:
        return None
    shown = ", ".join(presented)
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is not None and state is not None and state.is_whole:
        if state.authentication and state.authentication != "selfSigned":
            return confirmed(
                "thumbprint-mismatch",
                "{device} is registered for {authentication}, not for a certificate's thumbprint.",
                read_in(reading),
                device=state.device_id,
                authentication=state.authentication,
            )
        registered = state.thumbprints.registered
        if set(presented) & set(registered):
            return ruled_out(
                "thumbprint-mismatch",
                "The certificate shown ({shown}) is registered for {device} now: changed since, perhaps.",
                read_in(reading),
                shown=shown,
                device=state.device_id,
            )
        if registered:
            return confirmed(
                "thumbprint-mismatch",
                "The certificate shown has {shown}; registered for {device} is {registered}.",
                read_in(reading),
                shown=shown,
                device=state.device_id,
                registered=", ".join(registered),
            )
        return confirmed(
            "thumbprint-mismatch",
            "The certificate shown has {shown}; no thumbprint is registered for {device}.",
            read_in(reading),
            shown=shown,
            device=state.device_id,
        )
    return _thumbprints_of_the_message(evidence, shown)


def other_authentication(evidence: Evidence) -> Finding | None:
    """Does the device show the kind of credential it is registered for?"""
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is None or state is None:
        return None
    fact = read_in(reading)
    shows = _shown_kind(evidence)
    if not shows or not state.authentication:
        return None
    is_registered_for_tokens = state.authentication == "sas"
    if (shows == "sas") == is_registered_for_tokens:
        message = "{device} is registered for {authentication}, which is what it shows."
        return ruled_out(
            "authentication-differs",
            message,
            fact,
            device=state.device_id,
            authentication=state.authentication,
        )
    if shows == "sas":
        message = "{device} shows a SAS token and is registered for {authentication}."
    else:
        message = "{device} shows a certificate and is registered for {authentication}."
    return confirmed(
        "authentication-differs", message, fact, device=state.device_id, authentication=state.authentication
    )


def unverified_chain(evidence: Evidence) -> Finding | None:
    """A device registered for a CA: its chain is nowhere to be read, so say what to look at."""
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is None or state is None or state.authentication != "certificateAuthority":
        return None
    return cannot_tell(
        "certificate-chain-wrong",
        "{device} is registered for a certificate of a CA; neither that CA nor the device's chain can be read through the hub.",
        read_in(reading),
        would_tell="the hub's list of CA certificates and the device's chain; the common name has to be the device id",
        device=state.device_id,
    )


def _thumbprints_of_the_message(evidence: Evidence, shown: str) -> Finding | None:
    pasted = evidence.pasted
    fact = Fact(TEXT, evidence.now)
    if not pasted.configured:
        return cannot_tell(
            "thumbprint-mismatch",
            "The certificate shown has {shown}; what is registered is not in the text.",
            fact,
            would_tell="the device's registered thumbprints: az iot hub device-identity show",
            shown=shown,
        )
    if set(pasted.presented) & set(pasted.configured):
        return ruled_out(
            "thumbprint-mismatch",
            "Both thumbprints are in the message and they are equal: {shown}.",
            fact,
            shown=shown,
        )
    return confirmed(
        "thumbprint-mismatch",
        "Both are in the message: the certificate shown has {shown}, registered is {registered}.",
        fact,
        shown=shown,
        registered=", ".join(pasted.configured),
    )


def _shown_kind(evidence: Evidence) -> str:
    if evidence.pasted.presented:
        return "certificate"
    if evidence.token is not None and not evidence.token.policy:
        return "sas"
    has_sas = bool(_SHOWS_SAS.search(evidence.pasted.text))
    has_certificate = bool(_SHOWS_CERTIFICATE.search(evidence.pasted.text))
    if has_sas == has_certificate:
        return ""
    return "sas" if has_sas else "certificate"
