"""What is told of the certificate that is shown on the way to a hub: its dates, its names, who issued it."""

from __future__ import annotations

from bot.checks import leaf
from bot.checks.facts import Rung, Step
from bot.checks.leaf import Leaf
from bot.checks.limits import Clock
from bot.i18n import N_

_OUT_OF_DATE, _OTHER_NAME = frozenset({9, 10}), frozenset({62, 64})
"""OpenSSL's verify codes. Dates and names are looked at after the chain was built."""
_TRUSTED = N_("This machine trusts who issued the certificate.")
_MOST_NAMES = 3


class ShownCertificate:
    """Tells of the certificate that one server showed."""

    def __init__(self, host: str, clock: Clock, source: str) -> None:
        self._host, self._clock, self._source = host, clock, source

    def accepted(self, der: bytes) -> list[Step]:
        """Return the steps for a certificate that this machine accepts; its dates where it can be read."""
        found = leaf.read(der)
        message = "The certificate is for {host}."
        named = self._told(Rung.CERTIFICATE_NAME, True, message)
        trusted = self._told(Rung.CERTIFICATE_CHAIN, True, _TRUSTED)
        return [named, trusted] if found is None else [self._dates(found), named, trusted]

    def refused(self, der: bytes, verify_code: int, *, has_ca_file: bool) -> list[Step]:
        """Return which of dates, name and chain is wrong, by what the certificate says of itself.

        ``der`` is empty where no second look at it was to be had; then OpenSSL's code alone tells.
        """
        found = leaf.read(der) if der else None
        is_out_of_date, is_other_name = verify_code in _OUT_OF_DATE, verify_code in _OTHER_NAME
        is_chained = is_out_of_date or is_other_name
        steps = []
        if found is not None:
            steps += [self._dates(found), self._names(found)]
            if is_out_of_date and steps[0].holds:
                is_chained = False  # an issuer's certificate is out of date
        elif is_out_of_date:
            message = "The hub's certificate is out of date, by this machine's clock."
            steps.append(self._told(Rung.CERTIFICATE_DATES, False, message))
        elif is_other_name:
            message = "The certificate is not for {host}."
            steps.append(self._told(Rung.CERTIFICATE_NAME, False, message))
        return [*steps, self._chain(found, is_chained=is_chained, has_ca_file=has_ca_file)]

    def _chain(self, found: Leaf | None, *, is_chained: bool, has_ca_file: bool) -> Step:
        if is_chained:
            return self._told(Rung.CERTIFICATE_CHAIN, True, _TRUSTED)
        if found is None:
            message = "This machine does not trust who issued the certificate."
            return self._told(Rung.CERTIFICATE_CHAIN, False, message)
        message = "This machine does not trust who issued the certificate: {issuer}. A proxy that opens TLS signs like this."
        if has_ca_file:
            message = "The CA file of this hub does not hold who issued the certificate: {issuer}."
        return self._told(Rung.CERTIFICATE_CHAIN, False, message, issuer=found.issuer)

    def _dates(self, found: Leaf) -> Step:
        now = self._clock.now()
        if now < found.begins:
            message = "The certificate begins at {begins}, and this machine's clock says {now}."
            return self._told(Rung.CERTIFICATE_DATES, False, message, begins=found.begins, now=now)
        if now > found.ends:
            message = "The certificate ended at {ends}."
            return self._told(Rung.CERTIFICATE_DATES, False, message, ends=found.ends)
        message = "The certificate is good until {ends}."
        return self._told(Rung.CERTIFICATE_DATES, True, message, ends=found.ends)

    def _names(self, found: Leaf) -> Step:
        if found.is_for(self._host):
            message = "The certificate is for {host}."
            return self._told(Rung.CERTIFICATE_NAME, True, message)
        message = "The certificate is for {names}, not for {host}."
        named = ", ".join(found.names[:_MOST_NAMES])
        return self._told(Rung.CERTIFICATE_NAME, False, message, names=named)

    def _told(self, rung: Rung, holds: bool, message: str, **values: object) -> Step:
        named = {"host": self._host, **values}
        return Step(rung, holds, message, self._source, self._clock.now(), named)
