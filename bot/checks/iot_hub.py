"""Read a hub with azure-iot-hub: the only door to it, and where keys end.

What the SDK does by default would not do here: four tries of a hundred seconds each, bodies of 5xx thrown away,
``~/.netrc`` in place of our token, redirects followed. All of that is set right in :func:`_harden`. A registry
identity carries the device's keys: :class:`AzureIotHub` takes out what it needs and lets the model go.
"""

from __future__ import annotations

import binascii
import logging
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from bot.checks.check import TOKEN
from bot.checks.errors import CheckUnavailable
from bot.checks.facts import (
    Call,
    DeviceState,
    KeyMatch,
    ModuleState,
    Reading,
    Statistics,
    Trouble,
)
from bot.checks.hub import Access
from bot.checks.hub_answers import date, from_identity, from_twin, is_connected, match, refusal
from bot.checks.limits import PACES, Clock, Paces
from bot.checks.proxy import proxy_for
from bot.checks.token import SasToken

T = TypeVar("T")

for _name in ("azure", "msrest"):  # what they warn of becomes a finding; unheard, it would end up on stderr
    logging.getLogger(_name).addHandler(logging.NullHandler())

CONNECT_S, READ_S = 3.0, 5.0
"""For connecting, and from one byte to the next."""


class _Credential(Protocol):
    """Any credential of azure-identity."""

    def get_token(self, *scopes: str, **kwargs: Any) -> Any:
        """Return a token."""


class AzureIotHub:
    """The reads of one hub. Made for one diagnosis, closed after it."""

    def __init__(
        self,
        access: Access,
        clock: Clock,
        stop: threading.Event,
        *,
        credential: _Credential | None = None,
        paces: Paces = PACES,
    ) -> None:
        from bot.checks.watch import Watch

        self._access, self._clock, self._pace = access, clock, paces.of(access.host)
        self._stop = stop
        self._calls: list[Call] = []
        self._watch = Watch()
        self._credential = credential
        self._client = _client(access, self._watch, credential)

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request made so far."""
        return tuple(self._calls)

    def twin(self, device: str) -> Reading[DeviceState]:
        """Read the twin: the state without keys."""
        return self._read(
            f"/twins/{_segment(device)}", lambda: self._client.devices.get_twin(device, raw=True), from_twin
        )

    def identity(self, device: str) -> Reading[DeviceState]:
        """Read the registry identity; its keys are dropped here."""
        self._take_turn()
        return self._read(
            f"/devices/{_segment(device)}",
            lambda: self._client.devices.get_identity(device, raw=True),
            from_identity,
        )

    def module(self, device: str, module: str) -> Reading[ModuleState]:
        """Read a module's twin."""
        return self._read(
            f"/twins/{_segment(device)}/modules/{_segment(module)}",
            lambda: self._client.modules.get_twin(device, module, raw=True),
            lambda twin: ModuleState(module, is_connected(twin.connection_state)),
        )

    def statistics(self) -> Reading[Statistics]:
        """Read how many devices the hub counts."""
        self._take_turn()
        return self._read(
            "/statistics/devices",
            lambda: self._client.statistics.get_device_statistics(raw=True),
            lambda counted: Statistics(int(counted.total_device_count)),
        )

    def answers(self) -> Reading[int]:
        """Read the count of connected devices, for no other reason than to see whether the hub answers."""
        return self._read(
            "/statistics/service",
            lambda: self._client.statistics.get_service_statistics(raw=True),
            lambda counted: int(counted.connected_device_count or 0),
        )

    def ids_starting_with(self, prefix: str, limit: int) -> Reading[tuple[str, ...]]:
        """Read ids from the query index, which is minutes behind."""
        from azure.iot.hub.models import QuerySpecification

        literal = prefix.replace("\\", "\\\\").replace("'", "\\'")
        query = QuerySpecification(query=f"SELECT * FROM devices WHERE STARTSWITH(deviceId, '{literal}')")
        return self._read(
            "/devices/query",
            lambda: self._client.query.get_twins(query, None, str(limit), raw=True),
            lambda twins: tuple(str(twin.device_id) for twin in twins if twin.device_id),
            method="POST",
        )

    def signed_with(self, device: str, token: SasToken) -> Reading[KeyMatch]:
        """Tell which registered key a token was signed with."""
        if token.policy:
            fits = token.policy == self._access.policy and token.is_signed_with(self._access.key)
            return Reading(TOKEN, self._clock.now(), KeyMatch.POLICY if fits else KeyMatch.UNKNOWN_POLICY)
        self._take_turn()
        module = token.module_id
        if module:
            return self._read(
                f"/devices/{_segment(device)}/modules/{_segment(module)}",
                lambda: self._client.modules.get_identity(device, module, raw=True),
                lambda identity: match(identity, token),
            )
        return self._read(
            f"/devices/{_segment(device)}",
            lambda: self._client.devices.get_identity(device, raw=True),
            lambda identity: match(identity, token),
        )

    def abort(self) -> None:
        """End whatever call is under way; callable from another thread."""
        self._watch.end()

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
        if self._credential is not None and hasattr(self._credential, "close"):
            self._credential.close()
        self._watch.forget()

    def _take_turn(self) -> None:
        self._pace.take_turn(self._clock, self._stop)

    def _read(
        self, path: str, call: Callable[[], Any], take: Callable[[Any], T], *, method: str = "GET"
    ) -> Reading[T]:
        source, began = f"{method} {path}", self._clock.monotonic()
        reading = self._answered(source, call, take)
        self._calls.append(Call(method, path, reading.status))
        spent = timedelta(seconds=max(0.0, self._clock.monotonic() - began))
        return _timed(reading, spent)

    def _answered(self, source: str, call: Callable[[], Any], take: Callable[[Any], T]) -> Reading[T]:
        """Make a call; the five kinds of errors the SDK throws become what a reading tells."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError, DeserializationError
        from msrest.exceptions import ClientException, ClientRequestError, HttpOperationError

        from bot.checks.transport import trouble_of

        status = 0
        try:
            answer = call()
            read_at, status = self._clock.now(), int(answer.response.status_code)
            return Reading(
                source,
                read_at,
                take(answer.output),
                status=status,
                hub_clock=date(answer.response.headers.get("Date")),
            )
        except HttpOperationError as error:
            return refusal(source, self._clock.now(), error.response)
        except ClientRequestError as error:
            inner = getattr(error, "inner_exception", None) or error.__cause__ or error
            trouble = Trouble.STOPPED if self._watch.is_over else trouble_of(inner)
            return Reading(source, self._clock.now(), trouble=trouble)
        except DeserializationError:
            return Reading(source, self._clock.now(), trouble=Trouble.GARBLED, status=200)
        except ClientAuthenticationError:
            return Reading(source, self._clock.now(), trouble=Trouble.NO_CREDENTIAL)
        except (
            ClientException,
            AzureError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            binascii.Error,
        ) as error:
            if self._watch.is_over:
                return Reading(source, self._clock.now(), trouble=Trouble.STOPPED)
            # Gone before the handshake began: Python makes none, and the first look at the certificate complains.
            is_wire = isinstance(error, OSError) or "handshake" in str(error)
            trouble = trouble_of(error) if is_wire else Trouble.GARBLED
            return Reading(source, self._clock.now(), trouble=trouble, status=status)


def open_hub(access: Access, clock: Clock, stop: threading.Event, *, paces: Paces = PACES) -> AzureIotHub:
    """Return the reads of a hub; nothing is sent yet.

    Raises
    ------
    CheckUnavailable
        If azure-iot-hub, or azure-identity for a hub without a key, is not installed.
    """
    credential = None
    if not access.key:
        try:
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            raise CheckUnavailable(
                "reading hub {name} with an Entra credential needs azure-identity, which is not installed",
                "run: pip install 'hubmedic[live,entra]'",
                name=access.name,
            ) from error
        credential = DefaultAzureCredential()
    try:
        return AzureIotHub(access, clock, stop, credential=credential, paces=paces)
    except ImportError as error:
        raise CheckUnavailable(
            "live checks need azure-iot-hub, and “{module}” cannot be imported",
            "run: pip install 'hubmedic[live]' (on x86-64 and Python below 3.14, for which uamqp is built)",
            module=error.name or "azure.iot.hub",
        ) from error


def _client(access: Access, watch: Any, credential: _Credential | None) -> Any:
    """Return the generated REST client. The configuration manager is the class that has it without an AMQP link."""
    from azure.iot.hub import IoTHubConfigurationManager

    if credential is not None:
        manager = IoTHubConfigurationManager.from_token_credential(access.host, credential)
    else:
        manager = IoTHubConfigurationManager.from_connection_string(access.connection_string)
    client = manager.protocol
    _harden(client.config, access, watch)
    return client


def _harden(config: Any, access: Access, watch: Any) -> None:
    from bot.checks.transport import ReadOnlyAdapter

    config.connection.timeout = (CONNECT_S, READ_S)  # 100 s for each byte by default
    config.connection.verify = str(access.ca_file) if access.ca_file else True
    config.retry_policy.retries = 0  # by default four tries, and a Retry-After of hours is waited for
    config.retry_policy.policy.status_forcelist = frozenset()  # else a 5xx loses status and body
    config.retry_policy.policy.respect_retry_after_header = False
    config.redirect_policy.allow = False
    config.proxies.use_env_settings = False  # with it, ~/.netrc replaces our token
    proxy = proxy_for(access.host)
    if proxy is not None:
        config.proxies.add("https", proxy.url)
    config.keep_alive = True
    adapter = ReadOnlyAdapter(access.host, watch, _trust(access))

    def mount(session: Any, *_: Any, **kwargs: Any) -> Any:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return kwargs

    config.session_configuration_callback = mount


def _trust(access: Access) -> ssl.SSLContext | None:
    """Return what is trusted: a CA file alone, or what the machine trusts, a company's own root included.

    None for a CA file that cannot be read: the first call then tells.
    """
    from bot.checks.leaf import public_roots, trusting

    if access.ca_file is None:
        return public_roots()
    try:
        return trusting(access.ca_file)
    except OSError:
        return None


def _segment(name: str) -> str:
    """An id as it stands in the path; readable where it can be."""
    return quote(name, safe="")


def _timed(reading: Reading[T], spent: timedelta) -> Reading[T]:
    return replace(reading, round_trip=spent)
