"""Every setting in one list: what it is called, what it may be, what it is when nobody says.

A setting comes from the environment, else from the TOML file that ``HUBMEDIC_CONFIG`` names (same names in lower case,
without ``HUBMEDIC_``), else it has its default. pydantic-settings reads them; it takes a tenth of a second to import, so
a question reads only what it needs (:class:`Basics`), and hubs and channels are read by what uses them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, get_type_hints
from urllib.parse import urlsplit

from bot.errors import SettingsUnusable
from kb.errors import KnowledgeError
from kb.locales import normalise

PREFIX = "HUBMEDIC_"
CONFIG = "HUBMEDIC_CONFIG"
LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")
CHANNEL_MODES = ("mention", "auto", "off")
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1")


@dataclass(frozen=True, slots=True)
class Hub:
    """One IoT hub that may be looked at."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    connection_string: str | None = field(default=None, repr=False)
    """Of a policy of the hub; or None, and ``host`` is read with an Entra credential."""
    host: str | None = None
    ca_file: Path | None = None
    """Certificates to trust instead of the public ones, for a hub behind a private CA."""


@dataclass(frozen=True, slots=True)
class Channel:
    """How the bot behaves in one Slack channel."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    mode: str = "mention"
    """``mention``, ``auto`` (answers sure questions unasked) or ``off``."""
    language: str | None = None
    may_check: tuple[str, ...] = ()
    """Ids of users and user groups that may run live checks here, ``"*"`` for everyone; nobody by default."""
    hubs: tuple[str, ...] = ()
    """Names of the hubs that may be checked from here; empty: every configured one."""
    escalate_to: str | None = None
    """Id of the user or user group that "get a human" tags."""
    threshold: float | None = None
    """Least confidence for an unasked answer, in [0, 1]; None: wherever the outcome is an answer."""
    answer_bots: tuple[str, ...] = ()
    """Ids of bots whose messages are answered too."""
    ignore: tuple[str, ...] = ()
    """Names of errors known here, ``"404104"``, that are not answered unasked."""


def _named(variable: str, default: Any = None, *, is_secret: bool = False) -> Any:
    return field(default=default, repr=not is_secret, metadata={"variable": variable})


@dataclass(frozen=True, slots=True)
class Basics:
    """What every question needs: plain text alone."""

    kb: str | None = _named("HUBMEDIC_KB")
    """An index folder, or docs trees separated as in ``PATH``; None: the packaged articles."""
    locale: str | None = _named("HUBMEDIC_LOCALE")
    """Locale of people who show no language of their own; None: the terminal's, else English."""
    aliases: str | None = _named("HUBMEDIC_ALIASES")
    """File of accepted wordings, read when an index is built; None: ``aliases.jsonl`` in the data folder."""
    log_level: str = _named("HUBMEDIC_LOG_LEVEL", "warning")
    log_format: str = _named("HUBMEDIC_LOG_FORMAT", "text")

    def __post_init__(self) -> None:
        if self.locale is not None:
            try:
                normalise(self.locale)
            except KnowledgeError as error:
                raise SettingsUnusable(
                    "{variable} is not a language tag",
                    "set it to a language such as fr or en-GB",
                    variable="HUBMEDIC_LOCALE",
                ) from error
        _among("HUBMEDIC_LOG_LEVEL", self.log_level.lower(), LOG_LEVELS)
        _among("HUBMEDIC_LOG_FORMAT", self.log_format.lower(), LOG_FORMATS)


@dataclass(frozen=True, slots=True)
class Settings(Basics):
    """Everything that can be set."""

    database_url: str | None = _named("DATABASE_URL", is_secret=True)
    """SQLAlchemy's address of the store; None: SQLite in the data folder."""
    retention_days: int = _named("HUBMEDIC_RETENTION_DAYS", 90)
    """Days that questions, threads and feedback are kept."""
    slack_bot_token: str | None = _named("SLACK_BOT_TOKEN", is_secret=True)
    slack_app_token: str | None = _named("SLACK_APP_TOKEN", is_secret=True)
    slack_signing_secret: str | None = _named("SLACK_SIGNING_SECRET", is_secret=True)
    slack_client_id: str | None = _named("SLACK_CLIENT_ID")
    slack_client_secret: str | None = _named("SLACK_CLIENT_SECRET", is_secret=True)
    slack_api_base_url: str | None = _named("SLACK_API_BASE_URL")
    """Another place for Slack's Web API: loopback or https."""
    port: int = _named("PORT", 3000)
    hubs: Mapping[str, Hub] = field(default_factory=dict, metadata={"variable": "HUBMEDIC_HUBS"})
    """By name, lower case: ``HUBMEDIC_HUBS__LAB__CONNECTION_STRING``."""
    admins: tuple[str, ...] = field(default=(), metadata={"variable": "admins", "is_file_only": True})
    """Ids of Slack users who see what was not answered; from the file alone."""
    channels: Mapping[str, Channel] = field(
        default_factory=dict, metadata={"variable": "channels", "is_file_only": True}
    )
    """By id, ``*`` for all that are not named; from the file alone."""

    def __post_init__(self) -> None:
        Basics.__post_init__(self)
        for name, channel in self.channels.items():
            _among(f"channels.{name}.mode", channel.mode, CHANNEL_MODES)
            if channel.threshold is not None and not 0.0 <= channel.threshold <= 1.0:
                raise SettingsUnusable(
                    "{variable} must be between 0 and 1",
                    "0.9 is nine in ten",
                    variable=f"channels.{name}.threshold",
                )
        if not 0 <= self.port < 65536:
            raise SettingsUnusable("{variable} must be between 0 and 65535", variable="PORT")
        if self.retention_days < 1:
            raise SettingsUnusable("{variable} must be at least 1 day", variable="HUBMEDIC_RETENTION_DAYS")
        if self.slack_api_base_url is not None and not _is_safe(self.slack_api_base_url):
            raise SettingsUnusable(
                "{variable} must be an https address or one of this machine",
                "unset it to talk to Slack itself",
                variable="SLACK_API_BASE_URL",
            )


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of an environment and of the file it names.

    Raises
    ------
    SettingsUnusable
        If a value cannot be right; names the variable, never the value.
    """
    present = _set(environment, fields(Settings))
    has_hubs = any(name.upper().startswith(f"{PREFIX}HUBS__") for name in environment)
    if present.keys() <= _PLAIN_TEXT and not has_hubs and not environment.get(CONFIG):
        return Settings(**present)
    return _parsed(environment, _file(environment.get(CONFIG, "")))


def read_basics(environment: Mapping[str, str] = os.environ) -> Basics:
    """Return what a question needs of an environment and of the file it names; what it does not need is not looked at,
    but for its name.

    Raises
    ------
    SettingsUnusable
        If a value cannot be right or the file cannot be read, as :func:`read_settings` does.
    """
    file = _file(environment.get(CONFIG, ""))
    told = {one.name: file[one.name] for one in fields(Basics) if one.name in file}
    if not file.keys() <= _NAMES or not all(isinstance(value, str) for value in told.values()):
        return read_settings(environment)  # which says what is wrong
    return Basics(**(told | _set(environment, fields(Basics))))


def _set(environment: Mapping[str, str], listed: Iterable[Field[Any]]) -> dict[str, Any]:
    """What the environment sets; what is for the file alone is left out, and an empty variable is none."""
    return {
        one.name: value
        for one in listed
        if one.name not in _FILE_ONLY and (value := environment.get(one.metadata["variable"], ""))
    }


def _parsed(environment: Mapping[str, str], file: Mapping[str, Any]) -> Settings:
    from pydantic import Field as ModelField
    from pydantic import ValidationError, create_model
    from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource, SettingsConfigDict
    from pydantic_settings.exceptions import SettingsError

    class Environment(EnvSettingsSource):
        """The variables as given, without what is for the file alone."""

        def _load_env_vars(self) -> Mapping[str, str | None]:
            return {name.lower(): value for name, value in environment.items() if value}

        def __call__(self) -> dict[str, Any]:
            return {name: value for name, value in super().__call__().items() if name not in _FILE_ONLY}

    class Base(BaseSettings):
        model_config = SettingsConfigDict(
            env_prefix=PREFIX,
            env_nested_delimiter="__",
            extra="forbid",
            hide_input_in_errors=True,
        )

        @classmethod
        def settings_customise_sources(cls, settings_cls: Any, *_: Any, **_sources: Any) -> tuple[Any, ...]:
            return Environment(settings_cls), InitSettingsSource(settings_cls, init_kwargs=_by_variable(file))

    types = get_type_hints(Settings)
    listed: dict[str, Any] = {
        one.name: (types[one.name], ModelField(validation_alias=one.metadata["variable"], **_default(one)))
        for one in fields(Settings)
    }
    model = create_model("Environment", __base__=Base, **listed)
    try:
        read = model()
    except ValidationError as error:
        raise _unusable(error.errors(include_input=False, include_url=False)[0]) from None
    except SettingsError:
        raise SettingsUnusable(
            "a variable that begins with {variable} cannot be read",
            "name hubs as in HUBMEDIC_HUBS__LAB__CONNECTION_STRING",
            variable="HUBMEDIC_HUBS",
        ) from None
    return Settings(**{one.name: getattr(read, one.name) for one in fields(Settings)})


def _by_variable(file: Mapping[str, Any]) -> dict[str, Any]:
    """The file's values under the names that the environment uses, so that the two merge hub by hub."""
    variables = {one.name: one.metadata["variable"] for one in fields(Settings)}
    values = {variables.get(name, name): value for name, value in file.items()}
    if isinstance(hubs := values.get("HUBMEDIC_HUBS"), dict):
        values["HUBMEDIC_HUBS"] = {name.lower(): hub for name, hub in hubs.items()}
    return values


def _unusable(problem: Mapping[str, Any]) -> SettingsUnusable:
    place = [str(part) for part in problem["loc"]]
    variable = "__".join(place).upper() if place[0] == "HUBMEDIC_HUBS" else ".".join(place)
    if problem["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return SettingsUnusable(
            "there is no setting {variable}",
            "the README lists the settings; remove it or mend its name",
            variable=variable,
        )
    if "int" in problem["type"] or "float" in problem["type"]:
        return SettingsUnusable(
            "{variable} must be a number", "set it to a number or unset it", variable=variable
        )
    return SettingsUnusable(
        "{variable} has a value of the wrong kind",
        "the README lists what each setting may be",
        variable=variable,
    )


def _file(name: str) -> dict[str, Any]:
    """The settings file's values; nothing where none is named."""
    if not name:
        return {}
    import tomllib

    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsUnusable(
            "the settings file {file} cannot be read",
            "set HUBMEDIC_CONFIG to a TOML file, or unset it",
            file=name,
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise SettingsUnusable(
            "{file}:{line}: not valid TOML",
            "mend that line; text stands in quotes, tables in brackets",
            file=name,
            line=int(line.group(1)) if line else 1,
        ) from None


def _default(one: Field[Any]) -> dict[str, Any]:
    return (
        {"default": one.default} if one.default is not MISSING else {"default_factory": one.default_factory}
    )


def _among(variable: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsUnusable(
            "{variable} must be one of {allowed}", variable=variable, allowed=", ".join(allowed)
        )


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and bool(_LOOPBACK.fullmatch(host)))
    )


_PLAIN_TEXT = frozenset(one.name for one in fields(Settings) if str(one.type).startswith("str"))
_NAMES = frozenset(one.name for one in fields(Settings))
_FILE_ONLY = frozenset(one.name for one in fields(Settings) if one.metadata.get("is_file_only"))
