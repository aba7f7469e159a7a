"""The fake's HTTP side: Web API, files, answers to interactions, the page that asks whether to install."""

from __future__ import annotations

import html
import json
import socket
import struct
import threading
import time
from contextlib import suppress
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.fakeslack import faults
from tests.fakeslack.actions import UrlRefused, answer_action
from tests.fakeslack.app import Installed, scopes
from tests.fakeslack.errors import ApiError, TooFast
from tests.fakeslack.methods import apps, chat, conversations, people, views  # noqa: F401  they register themselves
from tests.fakeslack.methods.calls import METHODS, Call
from tests.fakeslack.platform import ApiCall, Platform
from tests.fakeslack.scopes import WANTED, require

_LOGIN = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>"
_NOBODY = Installed("", "", "", "", frozenset())


class Web:
    """A server on loopback."""

    def __init__(self, slack: Platform) -> None:
        self.slack = slack
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.slack = slack
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        slack.base_url = self.url
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="fakeslack-web", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    slack: Platform

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Tests look at ``slack.calls``."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/api/"):
            self._api(url.path[5:], dict(parse_qsl(url.query)))
        elif url.path.startswith("/files/"):
            self._file(url.path)
        elif url.path == "/oauth/v2/authorize":
            self._page(_consent(self.server.slack, parse_qs(url.query)))
        elif url.path == "/oauth/v2/decide":
            self._decide(parse_qs(url.query))
        else:
            self._page(_LOGIN)

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if url.path.startswith("/api/"):
            self._api(url.path[5:], _arguments(body, self.headers.get("Content-Type", "")))
        elif url.path.startswith("/actions/"):
            self._action(url.path[9:], body)
        else:
            self._send(404, "text/plain", b"not found")

    def _api(self, method: str, arguments: dict[str, Any]) -> None:
        slack = self.server.slack
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or str(
            arguments.pop("token", "")
        )
        arguments.pop("token", None)
        fault = slack.faults.of(method)
        if fault is not None and not fault.is_applied:
            self._note(method, arguments, type(fault).__name__, token)
            if self._strike(fault):
                return
        status = 200
        headers: dict[str, str] = {}
        answer: dict[str, Any] = {}
        try:
            answer, headers = self._call(method, arguments, token)
        except ApiError as error:
            answer = error.body
        except TooFast as error:
            status, answer = 429, {"ok": False, "error": "ratelimited"}
            headers = {"Retry-After": str(error.retry_after)}
        if fault is None or fault.is_applied:
            self._note(method, arguments, str(answer.get("error", "")), token)
        if fault is not None and fault.is_applied and self._strike(fault):
            return
        self._json(status, answer, headers)

    def _call(
        self, method: str, arguments: dict[str, Any], token: str
    ) -> tuple[dict[str, Any], dict[str, str]]:
        slack = self.server.slack
        function = METHODS.get(method)
        if function is None or method not in WANTED:
            raise ApiError("unknown_method", req_method=method)
        installed = self._caller(method, token)
        given = {name.lower(): value for name, value in self.headers.items()}
        call = Call(slack, method, arguments, installed, given)
        headers = {"x-oauth-scopes": ",".join(sorted(installed.scopes))} if installed.scopes else {}
        with slack.world.changed:
            answer = function(call)
        return {"ok": True, **answer}, headers

    def _caller(self, method: str, token: str) -> Installed:
        """Who calls, with the kind of token the method wants."""
        app = self.server.slack.app
        if method == "oauth.v2.access":
            return _NOBODY
        if not token:
            raise ApiError("not_authed")
        if method == "apps.connections.open":
            if token != app.app_token:
                raise ApiError("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
            require(method, app.app_token_scopes)
            return _NOBODY
        if token.startswith("xapp-"):
            raise ApiError("not_allowed_token_type")
        installed = app.by_token(token)
        if installed is None:
            raise ApiError("invalid_auth")
        if installed.is_revoked:
            raise ApiError("account_inactive" if method != "auth.test" else "token_revoked")
        if "{kind}" not in WANTED[method]:
            require(method, installed.scopes)
        return installed

    def _strike(self, fault: faults.Fault) -> bool:
        """Let a fault happen; False when the call goes on after it."""
        match fault:
            case faults.RateLimited(retry_after=seconds):
                self._json(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})
            case faults.ServerError(status=status):
                self._send(status, "text/html", b"<html><body>Server Error</body></html>")
            case faults.ApiFailure(error=error):
                self._json(200, {"ok": False, "error": error})
            case faults.Garbled():
                self._send(200, "text/html", b"<html><body>Welcome to the proxy</body></html>")
            case faults.Reset():
                self._reset()
            case faults.Hang():
                self.server.slack.faults.wait_released()
                self._reset()
            case faults.Slow(seconds=seconds):
                time.sleep(seconds)
                return False
            case _:
                return False
        return True

    def _reset(self) -> None:
        """Cut the connection so that the caller gets an error and no end of file."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _note(self, method: str, arguments: dict[str, Any], error: str, token: str) -> None:
        self.server.slack.calls.append(ApiCall(method, arguments, error, token))

    def _is_struck(self, name: str) -> bool:
        """Whether a fault ended what is no call of a method: ``response_url`` or ``files.download``."""
        fault = self.server.slack.faults.of(name)
        if fault is None or not self._strike(fault):
            return False
        self._note(name, {}, type(fault).__name__, "")
        return True

    def _action(self, key: str, body: bytes) -> None:
        if self._is_struck("response_url"):
            return
        try:
            with self.server.slack.world.changed:
                answer_action(self.server.slack, key, json.loads(body))
        except UrlRefused as refused:
            self._note("response_url", {}, str(refused), "")
            self._json(404, {"ok": False, "error": str(refused)})
        except (ApiError, ValueError) as error:
            self._note("response_url", {}, str(error), "")
            self._json(
                400, error.body if isinstance(error, ApiError) else {"ok": False, "error": "invalid_payload"}
            )
        else:
            self._note("response_url", json.loads(body), "", "")
            self._send(200, "text/plain", b"ok")

    def _file(self, path: str) -> None:
        if self._is_struck("files.download"):
            return
        slack = self.server.slack
        file = next((one for one in slack.world.files.values() if one.url.endswith(path)), None)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        installed = slack.app.by_token(token)
        if file is None:
            self._send(404, "text/plain", b"not found")
        elif installed is None or "files:read" not in installed.scopes or installed.team != file.team:
            # Slack answers a stranger with its login page and 200: who does not look at the type saves that.
            self.send_response(302)
            self.send_header("Location", f"{slack.base_url}/?redir={path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(200, file.mimetype, file.content)

    def _decide(self, query: dict[str, list[str]]) -> None:
        """What the buttons of the page lead to: back to the app, with a code or with a no."""
        given = {name: values[0] for name, values in query.items()}
        slack = self.server.slack
        answer = {"state": given.get("state", "")}
        if given.get("allow") == "1":
            code = f"{given['team']}.{time.monotonic_ns()}"
            wanted = scopes(given["scope"])
            slack.codes[code] = (given["team"], given["user"], wanted, given["redirect_uri"])
            answer["code"] = code
        else:
            answer["error"] = "access_denied"
        self.send_response(302)
        self.send_header("Location", f"{given['redirect_uri']}?{urlencode(answer)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _page(self, text: str) -> None:
        self._send(200, "text/html; charset=utf-8", text.encode())

    def _json(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, "application/json; charset=utf-8", json.dumps(answer).encode(), headers)

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _arguments(body: bytes, kind: str) -> dict[str, Any]:
    if kind.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    if kind.startswith("multipart/form-data"):
        message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in message.walk()
            if not part.is_multipart()
        }
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _consent(slack: Platform, query: dict[str, list[str]]) -> str:
    """The page that asks a person whether the app may come in."""
    given = {name: values[0] for name, values in query.items()}
    if given.get("client_id") != slack.app.client_id:
        return "<!DOCTYPE html><title>Slack</title>Invalid client_id parameter"
    team = given.get("team") or next(iter(slack.world.teams))
    user = next(one.id for one in slack.world.users.values() if one.team == team and not one.is_bot)
    base = {
        "team": team,
        "user": user,
        "scope": given.get("scope", ""),
        "state": given.get("state", ""),
        "redirect_uri": given.get("redirect_uri") or slack.app.redirect_url,
    }
    links = "".join(
        f'<a id="{name}" href="/oauth/v2/decide?{html.escape(urlencode({**base, "allow": allow}))}">{name}</a> '
        for name, allow in (("Allow", "1"), ("Cancel", "0"))
    )
    return f"<!DOCTYPE html><title>Slack</title><p>Scopes: {html.escape(base['scope'])}</p>{links}"
