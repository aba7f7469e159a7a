"""Which check looks at what, for which error: the one table of all checks, and the data that ties it to entries.

``catalogue.toml`` says which faults an error is looked at for and which entries a fault speaks for; here stand the
looks themselves, with what each needs to have been read.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.checks import certificates, connection, credentials, device, module, queue, service, wrappers
from bot.checks.check import Check, Need
from bot.checks.facts import Rung
from bot.i18n import N_
from kb import identifiers

_STATE = frozenset({Need.STATE})
_BOTH = frozenset({Need.STATE, Need.IDENTITY})

CHECKS: tuple[Check, ...] = (
    Check("token-expired", credentials.expired),
    Check("token-audience-wrong", credentials.wrong_audience),
    Check("device-clock-off", credentials.made_without_the_time),
    Check("device-clock-off", connection.clock_off),
    Check("signature-wrong", credentials.wrong_signature, frozenset({Need.SIGNATURE})),
    Check("policy-too-narrow", credentials.narrow_policy, _STATE),
    Check("role-missing", credentials.missing_role),
    Check("thumbprint-mismatch", certificates.wrong_thumbprint, _STATE),
    Check("authentication-differs", certificates.other_authentication, _STATE),
    Check("certificate-chain-wrong", certificates.unverified_chain, _STATE),
    Check("other-hub", service.other_hub),
    Check("device-missing", device.missing, _STATE),
    Check("device-id-mistyped", device.mistyped, _STATE | {Need.NEAR_IDS}),
    Check("device-disabled", device.disabled, _STATE),
    Check("device-offline", device.offline, _STATE),
    Check("device-never-connected", device.never_connected, _STATE),
    Check("device-http-only", device.http_only, _BOTH),
    Check("method-handler-missing", device.no_method_handler, _STATE),
    Check("handler-slow", device.slow_handler, _STATE),
    Check("queue-full", queue.queue_full, _STATE),
    Check("message-still-queued", queue.still_queued, _STATE),
    Check("device-id-taken", device.id_taken, _STATE),
    Check("module-device-unusable", module.unusable_parent, _STATE),
    Check("module-missing", module.module_missing, _STATE | {Need.MODULE}),
    Check("device-reconnecting", connection.reconnecting, _BOTH | {Need.SAMPLES}),
    Check("reconnected-too-soon", connection.before_the_drop_was_seen),
    Check("token-renewal", connection.token_renewal, _BOTH),
    Check("device-link-lost", connection.link_lost, _BOTH),
    Check("connect-refused", connection.refused_connect),
    Check("hub-throttling", service.throttled, _STATE),
    Check("service-fault", service.faulty, _STATE | {Need.REPEATS}),
    Check("quota-used-up", service.quota_used_up, _STATE),
    Check("device-quota-used-up", service.device_quota, frozenset({Need.STATISTICS})),
    Check("file-uploads-open", service.uploads_open),
    Check("provisioning-key-stale", service.stale_provisioning_key),
    Check("error-name-misleads", wrappers.hidden),
    Check("error-name-misleads", wrappers.queue_depth_that_is_quota),
    Check("error-name-misleads", wrappers.unavailable_that_reads_unauthorized),
    Check("etag-conflict", wrappers.etag_conflict),
)

TITLES: dict[str, str] = {
    "token-expired": N_("token expired"),
    "token-audience-wrong": N_("token for something else"),
    "device-clock-off": N_("device clock off"),
    "signature-wrong": N_("wrong signature"),
    "policy-too-narrow": N_("policy without the right"),
    "role-missing": N_("role missing"),
    "thumbprint-mismatch": N_("other thumbprint registered"),
    "authentication-differs": N_("registered for another credential"),
    "certificate-chain-wrong": N_("certificate chain not accepted"),
    "other-hub": N_("other hub"),
    "device-missing": N_("device missing"),
    "device-id-mistyped": N_("device id mistyped"),
    "device-disabled": N_("device disabled"),
    "device-offline": N_("device offline"),
    "device-never-connected": N_("device never connected"),
    "device-http-only": N_("device on HTTPS only"),
    "method-handler-missing": N_("no handler for the method"),
    "handler-slow": N_("slow handler"),
    "queue-full": N_("queue full"),
    "message-still-queued": N_("message still queued"),
    "device-id-taken": N_("device id taken"),
    "module-device-unusable": N_("module's device unusable"),
    "module-missing": N_("module missing"),
    "device-reconnecting": N_("device keeps reconnecting"),
    "reconnected-too-soon": N_("reconnected too soon"),
    "token-renewal": N_("token renewal"),
    "device-link-lost": N_("device's link lost"),
    "connect-refused": N_("MQTT connect refused"),
    "hub-throttling": N_("hub throttles"),
    "service-fault": N_("fault of the service"),
    "quota-used-up": N_("daily quota used up"),
    "device-quota-used-up": N_("no room for more devices"),
    "file-uploads-open": N_("file uploads left open"),
    "provisioning-key-stale": N_("stale key in provisioning"),
    "error-name-misleads": N_("misleading error name"),
    "etag-conflict": N_("ETag conflict"),
    Rung.NAME: N_("name not resolved"),
    Rung.PORT_HTTPS: N_("port 443 closed"),
    Rung.PORT_MQTT: N_("port 8883 closed"),
    Rung.PORT_AMQP: N_("port 5671 closed"),
    Rung.TLS: N_("TLS refused"),
    Rung.CERTIFICATE_DATES: N_("certificate out of date"),
    Rung.CERTIFICATE_NAME: N_("certificate for another name"),
    Rung.CERTIFICATE_CHAIN: N_("certificate not trusted"),
    Rung.ROOT: N_("root other than DigiCert Global Root G2"),
    Rung.CLOCK: N_("clock of this machine off"),
}
"""A short name of each fault, a key of the catalogs."""


@dataclass(frozen=True, slots=True)
class Speaks:
    """Which entries a fault speaks for when it is confirmed."""

    entries: tuple[str, ...] = ()
    """Ids of entries of the packaged articles."""
    words: tuple[str, ...] = ()
    """Folded; matched from the start of a word."""
    by_value: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Where what was found decides: its value, ``"3"`` for CONNACK 3, and the entries then meant."""
    value: str = ""
    """Name of that value in the finding."""
    is_symptom: bool = False
    """How the trouble shows rather than why: it never takes the place of a sure answer."""

    def entries_for(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """Return the entries meant by a finding of these values."""
        return self.by_value.get(self._told(values), self.entries)

    def words_for(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """Return the words by which other trees' entries are known; none where a value says which entry is meant."""
        return () if self.is_exact(values) else self.words

    def is_exact(self, values: Mapping[str, object]) -> bool:
        """Whether a value of the finding says which entry is meant."""
        return self._told(values) in self.by_value

    def _told(self, values: Mapping[str, object]) -> str:
        return str(values.get(self.value, ""))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What ``catalogue.toml`` says."""

    quick: tuple[str, ...]
    unasked: tuple[str, ...]
    always: tuple[str, ...]
    errors: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    """Folded codes and names of an error, and the faults it is looked at for."""
    speaks: dict[str, Speaks]
    """By fault; of several that are confirmed at once, the first says most."""

    def faults_for(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the faults of all errors that any of the codes names, each once, in the order of the codes."""
        found: dict[str, None] = {}
        for code in codes:
            for names, faults in self.errors:
                if identifiers.key(code) in names:
                    found.update(dict.fromkeys(faults))
        return tuple(found)

    def names_of(self, code: str) -> frozenset[str]:
        """Return all folded codes and names of the error that a code names; the code alone where it is unknown."""
        key = identifiers.key(code)
        return next((names for names, _ in self.errors if key in names), frozenset({key}))


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, read once."""
    data = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))
    return Catalogue(
        quick=tuple(data["quick"]["faults"]),
        unasked=tuple(data["unasked"]["faults"]),
        always=tuple(data["always"]["faults"]),
        errors=tuple(
            (frozenset(map(identifiers.key, error["codes"])), tuple(error["faults"]))
            for error in data["errors"]
        ),
        speaks={
            fault: Speaks(
                tuple(said["entries"]),
                tuple(map(fold, said["words"])),
                {value: tuple(ids) for value, ids in said.get("by_value", {}).items()},
                said.get("value", ""),
                said.get("is_symptom", False),
            )
            for fault, said in data["faults"].items()
        },
    )


def checks_for(faults: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks that look at any of the faults, in the order of the table."""
    wanted = frozenset(faults)
    return tuple(check for check in CHECKS if check.fault in wanted)


def fold(text: str) -> str:
    """Return text without case and accents, apostrophes straight."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c))
