"""The app under test as Slack knows it: ids, secrets made for the run, scopes, events, and where it was installed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.fakeslack.scopes import ALL_BOT_SCOPES, EVENTS


def new_token(prefix: str) -> str:
    """A token that looks like Slack's and never was one."""
    return f"{prefix}-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}"


@dataclass
class Installed:
    """The app in one workspace."""

    team: str
    bot_token: str
    bot_id: str
    bot_user: str
    scopes: frozenset[str]
    installer: str = ""
    is_revoked: bool = False


@dataclass
class SlackApp:
    """What its settings page would show."""

    app_id: str
    client_id: str
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    app_token: str = field(default_factory=lambda: new_token("xapp-1"))
    app_token_scopes: frozenset[str] = frozenset({"connections:write"})
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    scopes: frozenset[str] = frozenset(ALL_BOT_SCOPES.split(","))
    """What an installation asks for when it does not say."""
    events: frozenset[str] = frozenset(EVENTS)
    """What the app subscribed to."""
    commands: frozenset[str] = frozenset({"/hubmedic"})
    redirect_url: str = ""
    installed: dict[str, Installed] = field(default_factory=dict)
    """By workspace."""

    def by_token(self, token: str) -> Installed | None:
        """The installation a bot token belongs to."""
        return next((one for one in self.installed.values() if one.bot_token == token), None)

    def subscribes(self, event: str, installed: Installed) -> bool:
        """Whether an event is sent for an installation."""
        needed = EVENTS[event]
        return (
            event in self.events and (not needed or needed in installed.scopes) and not installed.is_revoked
        )


def scopes(of: str | Iterable[str]) -> frozenset[str]:
    """Scopes from a list or from text with commas."""
    return frozenset(of.split(",") if isinstance(of, str) else of)
