"""A small Bolt app as anybody would write it, over sockets or over HTTP: what the fake is tried with."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import MODAL

BUTTONS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "why",
                "value": "401003",
                "text": {"type": "plain_text", "text": "Why this?"},
            }
        ],
    }
]


@dataclass
class Heard:
    """What the app was told."""

    events: list[dict[str, Any]] = field(default_factory=list)
    retries: list[tuple[str, str]] = field(default_factory=list)

    def kinds(self) -> list[str]:
        return [str(one.get("subtype") or one["type"]) for one in self.events]

    def last(self, kind: str) -> dict[str, Any]:
        return [one for one in self.events if kind in (one.get("subtype"), one["type"])][-1]


def make_app(slack: FakeSlack, heard: Heard) -> App:
    """An app that answers mentions once a question, and does a bit of everything else."""
    app = App(
        client=WebClient(slack.bot.bot_token, base_url=slack.api_url),
        signing_secret=slack.app.signing_secret,
        token=slack.bot.bot_token,
    )
    seen: set[tuple[str, str]] = set()
    lock = threading.Lock()

    @app.middleware
    def listen(body: dict[str, Any], request: Any, next: Callable[[], None]) -> None:  # noqa: A002
        if "event" in body:
            heard.events.append(body["event"])
            heard.retries.append((body["event_id"], request.headers.get("x-slack-retry-num", ["0"])[0]))
        next()

    def answer(event: dict[str, Any], client: WebClient) -> None:
        with lock:
            if (event["channel"], event["ts"]) in seen:
                return
            seen.add((event["channel"], event["ts"]))
        client.chat_postMessage(
            channel=event["channel"],
            thread_ts=event.get("thread_ts", event["ts"]),
            text="the answer",
            blocks=BUTTONS,
            metadata={"event_type": "answer", "event_payload": {"question": event["ts"]}},
        )

    @app.event("app_mention")
    def mention(event: dict[str, Any], client: WebClient) -> None:
        answer(event, client)

    @app.event("message")
    def message(event: dict[str, Any], client: WebClient) -> None:
        if event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share"):
            answer(event, client)

    for kind in (
        "app_home_opened",
        "user_change",
        "member_joined_channel",
        "reaction_added",
        "app_uninstalled",
    ):
        app.event(kind)(lambda: None)
    app.event("tokens_revoked")(lambda: None)

    @app.command("/hubmedic")
    def command(ack: Any, respond: Any, command: dict[str, str]) -> None:
        ack()
        respond(f"you asked: {command['text']}")

    @app.action("why")
    def why(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("reason")
    def reason(ack: Any, body: dict[str, Any]) -> None:
        if not body["view"]["state"]["values"]["why"]["text"]["value"]:
            ack(response_action="errors", errors={"why": "say why"})
        else:
            ack()

    @app.shortcut({"callback_id": "troubleshoot", "type": "message_action"})
    def troubleshoot(ack: Any, respond: Any, shortcut: dict[str, Any]) -> None:
        ack()
        respond(f"about: {shortcut['message']['text']}")

    @app.command("/slow")
    def slow() -> None:
        """Never acks."""

    return app


@dataclass
class Running:
    slack: FakeSlack
    heard: Heard
    handler: SocketModeHandler | None = None


@contextlib.contextmanager
def over_sockets() -> Iterator[Running]:
    with FakeSlack() as slack:
        slack.rates.off()
        heard = Heard()
        handler = SocketModeHandler(make_app(slack, heard), slack.app.app_token, ping_interval=0.2)
        handler.connect()  # type: ignore[no-untyped-call]
        slack.wait_connected()
        try:
            yield Running(slack, heard, handler)
        finally:
            close(slack, handler)


def close(slack: FakeSlack, *handlers: SocketModeHandler) -> None:
    """Close handlers at once: left to themselves they wait three seconds for a word from Slack."""
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    slack.sockets.cut()
    for handler in handlers:
        handler.close()  # type: ignore[no-untyped-call]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextlib.contextmanager
def wsgi(app: App) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def over_http() -> Iterator[Running]:
    with FakeSlack() as slack:
        slack.rates.off()
        heard = Heard()
        with wsgi(make_app(slack, heard)) as url:
            slack.deliver_to(f"{url}/slack/events")
            yield Running(slack, heard)
