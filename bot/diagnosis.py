"""Is everything set up: each part is looked at, and what is not right is told with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from bot import wiring
from bot.checks.hub import HubSettings
from bot.errors import BotError
from bot.i18n import N_
from bot.settings import Settings
from kb.errors import KnowledgeError

_MOST_SKEW = timedelta(minutes=1)
_PATIENCE_S = 10.0


class Health(StrEnum):
    """How a part is."""

    FINE = "fine"
    WRONG = "wrong"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One part and how it is."""

    part: str
    health: Health
    message: str
    """Template, a key of the catalogs."""
    hint: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def examine(settings: Settings) -> Iterator[Symptom]:
    """Yield how every part is."""
    for part, look in _LOOKS:
        try:
            yield from look(settings)
        except (BotError, KnowledgeError) as error:
            yield Symptom(part, Health.WRONG, error.message, error.hint, dict(error.values))


def _articles(settings: Settings) -> Iterator[Symptom]:
    knowledge = wiring.open_knowledge(settings)
    yield Symptom(
        "articles",
        Health.FINE,
        N_("{count} entries in {locales}"),
        values={"count": knowledge.n_entries, "locales": ", ".join(knowledge.locales)},
    )


def _store(settings: Settings) -> Iterator[Symptom]:
    from bot.store.database import Database, address
    from bot.store.upgrade import schema_state

    database = Database(address(settings.database_url, wiring.data_folder()))
    try:
        state = schema_state(database)
        name = {"database": database.name}
    finally:
        database.close()
    if state.is_current:
        yield Symptom("database", Health.FINE, N_("{database} has the tables of this version"), values=name)
    else:
        message = N_("{database} does not have the tables of this version")
        yield Symptom("database", Health.WRONG, message, N_("run: hubmedic db upgrade"), name)


def _slack(settings: Settings) -> Iterator[Symptom]:
    from bot.slack.client import SlackClient
    from bot.slack.errors import SlackRefused
    from bot.slack.scopes import scopes
    from bot.slack.service import slack_address

    if not settings.slack_bot_token:
        if settings.slack_client_id:
            yield Symptom("slack", Health.FINE, N_("workspaces install the app; each has a token of its own"))
        else:
            message = N_("no SLACK_BOT_TOKEN: Slack is not set up")
            yield Symptom("slack", Health.UNUSED, message, N_("hubmedic slack manifest begins it"))
        return
    client = SlackClient(settings.slack_bot_token, slack_address(settings), patience_s=_PATIENCE_S)
    told, provided, date = client.test()
    values = {"team": told.get("team", "?"), "bot": told.get("user", "?")}
    yield Symptom("slack", Health.FINE, N_("Slack knows us as {bot} in {team}"), values=values)
    if missing := sorted(set(scopes(settings)) - set(provided)):
        hint = N_("print the manifest again, paste it on your app's page, and install the app anew")
        yield Symptom(
            "scopes", Health.WRONG, N_("scopes are missing: {names}"), hint, {"names": ", ".join(missing)}
        )
    else:
        yield Symptom("scopes", Health.FINE, N_("every scope that the settings need is there"))
    yield from _clock(date)
    yield from _app_token(settings)
    if settings.channels:
        try:
            inside = set(client.channels())
        except SlackRefused as error:
            yield Symptom("channels", Health.WRONG, error.message, error.hint, dict(error.values))
            return
        for name in settings.channels:
            if name not in inside and name[:1] in ("C", "G"):  # neither direct messages nor all others
                hint = N_("type /invite @hubmedic there, or mend the id in the settings file")
                yield Symptom(
                    "channels", Health.WRONG, N_("the bot is not in channel {name}"), hint, {"name": name}
                )


def _clock(date: str) -> Iterator[Symptom]:
    try:
        skew = datetime.now(UTC) - parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return
    if abs(skew) > _MOST_SKEW:
        message = N_("this machine's clock is {seconds} s off Slack's")
        hint = N_("set the clock by NTP: signatures older than five minutes are refused")
        yield Symptom("clock", Health.WRONG, message, hint, {"seconds": round(skew.total_seconds())})
    else:
        yield Symptom("clock", Health.FINE, N_("this machine's clock agrees with Slack's"))


def _app_token(settings: Settings) -> Iterator[Symptom]:
    from bot.slack.client import SlackClient
    from bot.slack.errors import SlackRefused, SlackUnreachable
    from bot.slack.service import slack_address

    if not settings.slack_app_token:
        if not settings.slack_signing_secret:
            message = N_(
                "neither SLACK_APP_TOKEN (hubmedic slack) nor SLACK_SIGNING_SECRET (hubmedic serve) is set"
            )
            yield Symptom("transport", Health.WRONG, message, N_("copy one of them from your app's page"))
        return
    try:
        SlackClient(settings.slack_app_token, slack_address(settings), patience_s=_PATIENCE_S).try_socket()
    except SlackRefused as error:
        message = N_("Slack does not take SLACK_APP_TOKEN: {reason}")
        hint = N_("make an app-level token with the scope connections:write")
        yield Symptom("transport", Health.WRONG, message, hint, {"reason": error.reason})
    except SlackUnreachable as error:
        hint = N_("look at the network and HTTPS_PROXY")
        yield Symptom("transport", Health.WRONG, error.message, hint, dict(error.values))
    else:
        yield Symptom("transport", Health.FINE, N_("the socket of Slack opens"))


def _hubs(settings: Settings) -> Iterator[Symptom]:
    if not settings.hubs:
        yield Symptom(
            "hubs",
            Health.UNUSED,
            N_("no hub is configured: no live checks"),
            N_("set HUBMEDIC_HUBS__NAME__CONNECTION_STRING"),
        )
    for name, hub in wiring.hubs(settings).items():
        yield from _hub(name, hub)


def _hub(name: str, hub: HubSettings) -> Iterator[Symptom]:
    """Whether a hub answers our credential, and what the checks cannot tell with it."""
    from bot.checks.check import unread
    from bot.checks.rights import probe

    rights = probe(hub)
    if rights.trouble is not None or not rights.reads_any:
        refused = unread("hubs", rights.answer)
        yield Symptom("hubs", Health.WRONG, refused.message, refused.would_tell, {**refused.values})
        return
    message = N_("hub {name} answers")
    if not rights.reads_registry:
        message = N_(
            "hub {name} answers; since when a device is connected and whose key signed a token need the right RegistryRead"
        )
    elif not rights.reads_twins:
        message = N_("hub {name} answers; mistyped ids and modules need the right ServiceConnect")
    yield Symptom("hubs", Health.FINE, message, values={"name": name})
    if rights.clock_skew is not None and abs(rights.clock_skew) > _MOST_SKEW:
        message = N_("this machine's clock is {seconds} s off that of hub {name}")
        hint = N_("set the clock by NTP: tokens made here end too soon or too late")
        values = {"seconds": round(rights.clock_skew.total_seconds()), "name": name}
        yield Symptom("clock", Health.WRONG, message, hint, values)


_LOOKS: tuple[tuple[str, Callable[[Settings], Iterator[Symptom]]], ...] = (
    ("articles", _articles),
    ("database", _store),
    ("slack", _slack),
    ("hubs", _hubs),
)
