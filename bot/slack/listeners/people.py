"""The app's home, people who change their language, reactions, and workspaces that remove the app."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_bolt import App

from bot.errors import BotError
from bot.gaps import Cluster, Fix, fix_of, gather, unanswered
from bot.i18n import speaker
from bot.slack.commands import choose_language, forget_person
from bot.slack.escalation import SOLVED, solved
from bot.slack.home import Shelf, home_view
from bot.slack.refs import Action
from bot.slack.service import Service
from bot.store.errors import StoreError
from kb.errors import KnowledgeError
from kb.locales import negotiate

_LOG = logging.getLogger("hubmedic.slack")
SINCE = timedelta(days=30)


def register(app: App, service: Service) -> None:
    """Register the listeners."""

    def opened(context: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        if event.get("tab") == "home":
            publish_home(service, str(context["team_id"]), str(event["user"]))

    def chosen(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        team, user = str(context["team_id"]), str(body["user"]["id"])
        option = (body["actions"][0].get("selected_option") or {}).get("value") or "auto"
        choose_language(service, team, user, str(option))
        publish_home(service, team, user)

    def changed(context: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        user = event.get("user") or {}
        if user.get("locale"):
            team = str(user.get("team_id") or context["team_id"])
            service.parts.locales.learn(team, str(user["id"]), str(user["locale"]))

    def reacted(context: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        item = event.get("item") or {}
        if event.get("reaction") == SOLVED and item.get("type") == "message":
            team = str(context["team_id"])
            client = service.parts.clients(team)
            bot_user = str(context.get("bot_user_id") or "")
            solved(
                service.parts,
                team,
                str(item["channel"]),
                str(item["ts"]),
                str(event["user"]),
                client,
                bot_user,
            )

    def removed(context: Mapping[str, Any]) -> None:
        service.workspaces.remove(str(context.get("team_id") or ""), context.get("enterprise_id"))

    app.event("app_home_opened")(opened)

    def muted(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        team, user = str(context["team_id"]), str(body["user"]["id"])
        memory = service.parts.memory
        is_on = str(body["actions"][0].get("value")) == "on"
        memory.choose(replace(memory.person(team, user), is_muted=is_on), now=service.parts.now())
        publish_home(service, team, user)

    def forgotten(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        team, user = str(context["team_id"]), str(body["user"]["id"])
        forget_person(service, team, user, speaker(None))
        publish_home(service, team, user)

    app.action(Action.HOME_LANGUAGE.value)(chosen)
    app.action(Action.HOME_MUTE.value)(muted)
    app.action(Action.HOME_FORGET.value)(forgotten)
    app.event("user_change")(changed)
    app.event("reaction_added")(reacted)
    app.event("app_uninstalled")(removed)
    app.event("tokens_revoked")(removed)


def publish_home(service: Service, team: str, user: str) -> None:
    """Show a person's home as it is now."""
    parts = service.parts
    client = parts.clients(team)
    person = parts.memory.person(team, user)
    say = speaker(person.language or service.desk.asking.asker_locale(client, team, "", user))
    is_admin = user in parts.settings.admins
    clusters = _gaps(service, team) if is_admin else None
    fixes = _fixes(service, team) if is_admin else ()
    client.publish_home(user, home_view(say, person, _shelf(service, say.language), clusters, fixes))


def _shelf(service: Service, language: str) -> Shelf | None:
    try:
        knowledge = service.parts.engine.get().knowledge
    except (BotError, KnowledgeError):
        return None
    locale = negotiate(language, knowledge.locales)
    news = tuple(service.news.told(locale or language))
    return Shelf(knowledge.n_entries, tuple(knowledge.locales), news)


def _fixes(service: Service, team: str) -> tuple[Fix, ...]:
    try:
        return tuple(map(fix_of, service.parts.drafts.open_ones(team=team, limit=20)))
    except StoreError as error:
        _LOG.warning("fixes that people marked cannot be read: %s", error)
        return ()


def _gaps(service: Service, team: str) -> tuple[Cluster, ...]:
    try:
        found = list(service.parts.questions.gaps(service.parts.now() - SINCE, team=team, limit=2000))
    except StoreError as error:
        _LOG.warning("the gap report cannot be read: %s", error)
        return ()
    return gather(map(unanswered, found))
