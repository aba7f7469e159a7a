"""Slack over HTTP: signed requests, installation in any number of workspaces, health and figures; ends within eight seconds.

    /slack/events           events, commands, interactions: signature checked by Bolt, claimed, acked
    /slack/install          the way to Slack's consent page; /slack/oauth_redirect is the way back
    /healthz  /readyz       the process lives; it can answer
    /metrics                figures for Prometheus

Bolt is synchronous: each request runs in a thread of its own until its ack, which waits for one write to the store.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import anyio
import uvicorn
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsUnusable
from bot.settings import Settings
from bot.slack.app import build
from bot.slack.client import SLACK, web_client
from bot.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from bot.slack.metrics import CONTENT_TYPE
from bot.slack.running import only_workspace
from bot.slack.scopes import scopes
from bot.slack.service import Service, make_service, open_database, slack_address
from bot.slack.workspaces import Workspaces
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.installations import Installations, InstallationStates

_LOG = logging.getLogger("hubmedic.web")
_AT_ONCE = 32
"""Requests in threads at once, until their ack."""
_MOST_BYTES = 2_000_000
_STATE_GOOD = timedelta(minutes=10)
_GRACE_S = 1
"""What uvicorn waits for open requests before it lets the service drain."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    service, app, flow = make(settings)
    config = uvicorn.Config(
        web_app(service, app, flow),
        host="0.0.0.0",
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
        proxy_headers=True,
    )
    _Server(config).run()


class _Server(uvicorn.Server):
    """Says where it listens: a port of 0 is chosen by the system."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for one in server.sockets:
                _LOG.warning("listening on port %d", one.getsockname()[1])


def make(settings: Settings) -> tuple[Service, App, OAuthFlow | None]:
    """Return the service, its Bolt app and the way to install it for HTTP: of one workspace by its token, or of all that install the app."""
    if not settings.slack_signing_secret:
        raise SettingsUnusable(
            "{variable} is not set",
            "copy it from your app's page, Basic Information; without it nobody could tell Slack's requests from others",
            variable="SLACK_SIGNING_SECRET",
        )
    database = open_database(settings)
    if settings.slack_client_id and settings.slack_client_secret:
        store = Installations(database, settings.slack_client_id)
        workspaces = Workspaces(slack_address(settings), store=store)
        flow = OAuthFlow(
            settings=_oauth(settings, database, store), client=web_client(None, slack_address(settings))
        )
    else:
        workspaces = Workspaces(slack_address(settings), only=only_workspace(settings))
        flow = None
    service = make_service(settings, workspaces, database)
    return service, build(service, workspaces), flow


def web_app(service: Service, app: App, flow: OAuthFlow | None = None) -> Starlette:
    """Return the ASGI app."""

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        return _answer(await _run(app.dispatch, _asked(request, body)))

    async def install(request: Request) -> Response:
        if flow is None:
            return PlainTextResponse("this bot serves one workspace", 404)
        return _answer(await _run(flow.handle_installation, _asked(request, "")))

    async def redirect(request: Request) -> Response:
        if flow is None:
            return PlainTextResponse("this bot serves one workspace", 404)
        answer = await _run(flow.handle_callback, _asked(request, ""))
        service.workspaces.forget_all()  # a token of the workspace may be a new one
        return _answer(answer)

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        told = await run_in_threadpool(_readiness, service)
        return JSONResponse(told, 200 if told["ready"] else 503)

    async def metrics(_request: Request) -> Response:
        return Response(service.parts.metrics.text(), media_type=CONTENT_TYPE)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _AT_ONCE
        service.start()
        async with anyio.create_task_group() as background:
            background.start_soon(anyio.to_thread.run_sync, service.load)
            yield
            background.cancel_scope.cancel()
        await anyio.to_thread.run_sync(service.drain)

    return Starlette(
        routes=[
            Route(EVENTS_PATH, events, methods=["POST"]),
            Route(INSTALL_PATH, install),
            Route(REDIRECT_PATH, redirect),
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ],
        lifespan=life,
    )


def _readiness(service: Service) -> dict[str, object]:
    """Whether questions can be answered; the store's absence is told, and does not keep the bot from answering."""
    failure = service.parts.engine.failure
    try:
        service.parts.database.ping()
        store = "ok"
    except StoreError as error:
        store = str(error)
    return {
        "ready": service.parts.engine.is_ready,
        "articles": "ok" if service.parts.engine.is_ready else str(failure or "loading"),
        "store": store,
    }


def _oauth(settings: Settings, database: Database, store: Installations) -> OAuthSettings:
    base = slack_address(settings)
    ours = {} if base == SLACK else {"authorization_url": base.removesuffix("api/") + "oauth/v2/authorize"}
    return OAuthSettings(
        client_id=str(settings.slack_client_id),
        client_secret=str(settings.slack_client_secret),
        scopes=list(scopes(settings)),
        installation_store=store,
        state_store=InstallationStates(database, good_for=_STATE_GOOD, clock=lambda: datetime.now(UTC)),
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        **ours,  # type: ignore[arg-type]
    )


async def _run(function: Callable[[BoltRequest], BoltResponse], request: BoltRequest) -> BoltResponse:
    return await run_in_threadpool(function, request)


async def _body(request: Request) -> str | None:
    """The request's body as text, None where it is larger than anything Slack sends."""
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > _MOST_BYTES:
            return None
    return parts.decode("utf-8", "replace")


def _asked(request: Request, body: str) -> BoltRequest:
    headers: dict[str, str | Sequence[str]] = dict(request.headers)
    return BoltRequest(body=body, query=request.url.query, headers=headers)


def _answer(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        for value in values:
            if name.lower() != "content-length":
                response.headers.append(name, value)
    return response
