"""The log: structlog and the standard library's loggers alike, to stderr, without a secret.

Set up once by whatever runs long or fails; a question that goes well never imports it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.redaction import redact
from bot.settings import Basics

_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
)


def configure(settings: Basics | None = None) -> None:
    """Send every log line to stderr, at the level and in the format of the settings."""
    if settings is None:
        from bot.errors import SettingsUnusable
        from bot.settings import read_basics

        try:
            settings = read_basics()
        except SettingsUnusable:
            settings = Basics()
    is_json = settings.log_format.lower() == "json"
    renderer: Any = (
        structlog.processors.JSONRenderer() if is_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_secrets,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Stderr(logging.StreamHandler[Any]):
    """Writes to whatever stderr is at that moment: it may have been redirected since."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """Where lines go now."""
        return sys.stderr

    @stream.setter
    def stream(self, _value: Any) -> None:
        """Nothing to set."""


def get(name: str) -> Any:
    """Return a logger."""
    return structlog.stdlib.get_logger(name)


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets out of every text of a log line, tracebacks included."""
    return {name: _without(value) for name, value in event.items()}


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value).text
    if isinstance(value, dict):
        return {name: _without(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one) for one in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return redact(str(value)).text
