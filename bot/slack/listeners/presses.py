"""Buttons, thumbs and modals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot.redaction import redact
from bot.slack.checked import read_window
from bot.slack.modals import read_reason
from bot.slack.presses import Presses, read_press
from bot.slack.refs import View
from bot.slack.service import Service
from bot.store.claims import Place
from bot.store.feedback import Vote

_ON_CARDS = re.compile(
    r"^(next|choose-\d|group-\d|speak|why|whole|check|human|share|vote|worked|did-not-work)$"
)


def register(app: App, service: Service) -> None:
    """Register the listeners."""
    presses = Presses(service)

    def pressed(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        press = read_press(body, str(context["team_id"]))
        if press is not None:
            presses.handle(press)

    def reason(ack: Callable[..., Any], context: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        ack()
        told = read_reason(body.get("view") or {})
        if told is None:
            return
        team, user = str(context["team_id"]), str(body["user"]["id"])
        question = Place(team, told.channel, told.ref.question)
        votes = [vote for vote in service.parts.votes.of(question) if vote.user == user]
        vote = votes[-1] if votes else Vote(question, told.message_ts, user, is_up=False)
        said = replace(vote, reason=told.reason, comment=redact(told.comment).text)
        service.parts.votes.cast(said, now=service.parts.now())

    def closed(ack: Callable[..., Any], body: Mapping[str, Any]) -> None:
        ack()
        _, run = read_window(body.get("view") or {})
        service.parts.checks.stop(run)

    app.action(_ON_CARDS)(pressed)
    app.view_closed(View.CHECKING.value)(closed)
    app.view(View.REASON.value)(reason)
