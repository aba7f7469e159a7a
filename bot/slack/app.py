"""The door to Bolt: one app for both transports, each question claimed before its ack.

Bolt acks an event before its listener runs, and runs global middleware before that ack. So the claim is made in
middleware, where it is the only thing that is waited for; everything slow happens in a listener.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack.client import SLACK, web_client
from bot.slack.intake import Intake
from bot.slack.listeners import register
from bot.slack.service import Service
from bot.slack.workspaces import Workspaces

_LOG = logging.getLogger("hubmedic.slack")


def build(service: Service, workspaces: Workspaces) -> App:
    """Return the Bolt app over a running service."""
    settings = service.parts.settings
    base_url = settings.slack_api_base_url or SLACK
    intake = Intake(service.parts)
    client = web_client(None, base_url)
    logger = logging.getLogger("hubmedic.bolt")
    logger.setLevel(logging.ERROR)  # it warns of every event that nobody listens for

    def authorize(enterprise_id: str | None, team_id: str | None) -> Any:
        """Who we are in a workspace (None: nobody), from memory or the store: Slack is not asked on the way to the ack."""
        known = workspaces.find(team_id or "", enterprise_id)
        if known is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=known.token,
            bot_user_id=known.bot_user,
            bot_id=known.bot_id,
        )

    app = App(
        logger=logger,
        client=client,
        signing_secret=settings.slack_signing_secret or "unused",
        authorize=authorize,
        request_verification_enabled=bool(settings.slack_signing_secret),
        ignoring_self_assistant_message_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        listener_executor=service.executor,
    )

    @app.middleware
    def claim(
        req: BoltRequest,
        context: dict[str, Any],
        body: Mapping[str, Any],
        next: Callable[[], BoltResponse],  # noqa: A002
    ) -> BoltResponse:
        team = str(context.get("team_id") or "")
        taken = intake.take(body, team, str(context.get("bot_user_id") or ""))
        if taken.is_known:
            service.parts.metrics.duplicates.inc()
            return BoltResponse(status=200, body="")
        context["taken"] = taken
        if taken.claim is not None:
            service.parts.flights.begin(taken.claim.place)
        return next()

    register(app, service)

    @app.error
    def failed(error: Exception) -> BoltResponse:
        _LOG.exception("a listener failed", exc_info=error)
        return BoltResponse(status=200, body="")

    return app
