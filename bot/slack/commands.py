"""What ``/hubmedic`` sets: language, quiet, and the wish to be forgotten. Everything else after it is a question."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.i18n import Speaker, speaker
from bot.slack import cards
from bot.slack.blocks import Message
from bot.slack.errors import SlackError
from bot.slack.help import help_card
from bot.slack.service import Service
from bot.store.errors import StoreError
from bot.store.retention import forget
from kb.errors import KnowledgeError
from kb.locales import normalise

_LOG = logging.getLogger("hubmedic.slack")
_ANY = frozenset(("auto", "any", "reset", "-"))


def run_subcommand(service: Service, team: str, body: Mapping[str, Any]) -> None:
    """Do what a command says and tell its user so, privately."""
    channel, user = str(body.get("channel_id") or ""), str(body.get("user_id") or "")
    client = service.parts.clients(team)
    person = service.parts.memory.person(team, user)
    say = speaker(person.language or service.desk.asking.asker_locale(client, team, channel, user))
    try:
        message = _done(service, team, channel, user, str(body.get("text") or "").split(), say)
    except StoreError as error:
        _LOG.error("a choice could not be kept: %s", error)
        message = cards.sentence(say("I cannot keep that right now; please try again in a few minutes."))
    try:
        client.respond(str(body.get("response_url") or ""), message)
    except SlackError as error:
        _LOG.warning("a command is answered another way: %s", error)
        client.post_privately(channel, user, message)


def choose_language(service: Service, team: str, user: str, tag: str) -> Message:
    """Keep the language a person wants to be answered in; ``auto`` leaves it to their words."""
    parts = service.parts
    person = parts.memory.person(team, user)
    language = "" if tag.lower() in _ANY else normalise(tag)
    parts.memory.choose(replace(person, language=language), now=parts.now())
    say = speaker(language or parts.locales.of(parts.clients(team), team, user))
    if not language:
        return cards.sentence(say("From now on I answer in the language you write."))
    return cards.sentence(say("English from now on.") if say.language == "en" else say("French from now on."))


def forget_person(service: Service, team: str, user: str, say: Speaker) -> Message:
    """Delete what is kept of a person."""
    service.parts.memory.forget_own(team, user)
    deleted = forget(service.parts.database, team, user)
    return cards.sentence(
        say.plural(
            "I have forgotten you: {count} thing I kept is deleted.",
            "I have forgotten you: {count} things I kept are deleted.",
            deleted.total,
        )
    )


def _done(service: Service, team: str, channel: str, user: str, words: list[str], say: Speaker) -> Message:
    first = words[0].lower() if words else "help"
    memory, now = service.parts.memory, service.parts.now()
    if first == "lang":
        if len(words) < 2:
            return cards.sentence(say("Say which language: /hubmedic lang fr, lang en, or lang auto."))
        try:
            return choose_language(service, team, user, words[1])
        except KnowledgeError:
            return cards.sentence(say("Say which language: /hubmedic lang fr, lang en, or lang auto."))
    if first == "mute":
        memory.mute(team, channel, user=user, now=now)
        return cards.sentence(
            say("I keep quiet in this channel until somebody calls me. /hubmedic unmute ends it.")
        )
    if first == "unmute":
        memory.unmute(team, channel)
        return cards.sentence(say("I listen in this channel again."))
    if first == "forget":
        return forget_person(service, team, user, say)
    return help_card(say)
