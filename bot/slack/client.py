"""The door to slack_sdk's Web API: calls that end, wait when Slack says so, and tell refused from unsure.

A call that may be repeated without harm is repeated where the network or Slack fails. One that posts is not: whoever
posts gets :class:`SlackUnsure` and looks whether the message stands before trying again.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.blocks import Message
from bot.slack.errors import SlackRefused, SlackUnreachable, SlackUnsure

SLACK = "https://slack.com/api/"
TIMEOUT_S = 8
"""Longest wait for one answer of Slack's."""
PATIENCE_S = 40.0
"""Longest wait of one call, pauses that Slack asks for included."""
_TRIES = 4
_PAUSE_S = 0.3
_WAS_BUSY = 429
_MOST_FILE = 2 * 1024 * 1024
METADATA = "hubmedic_answer"
"""Marks our answers, so that one that was posted is known again after a crash."""


class SlackClient:
    """Calls of one workspace."""

    def __init__(
        self,
        token: str,
        base_url: str = SLACK,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._token = token
        self._base_url = base_url
        self._sleep = sleep
        self._clock = clock
        self._patience_s = patience_s
        self._web = web_client(token, base_url)

    def post(self, channel: str, message: Message, *, thread_ts: str = "", question: str = "") -> str:
        """Post a message and return its ``ts``; ``question`` names what it answers, for :meth:`find_answer`.

        Raises
        ------
        SlackUnsure
            If it may stand in Slack all the same.
        """
        answer = self._call("chat.postMessage", _posted(channel, message, thread_ts, question), is_safe=False)
        return str(answer["ts"])

    def post_privately(self, channel: str, user: str, message: Message, *, thread_ts: str = "") -> None:
        """Show a message to one person."""
        arguments = _posted(channel, message, thread_ts, "") | {"user": user}
        del arguments["metadata"]
        self._call("chat.postEphemeral", arguments)

    def update(self, channel: str, ts: str, message: Message, *, question: str = "") -> None:
        """Put a message in the place of one of ours."""
        self._call("chat.update", _posted(channel, message, "", question) | {"ts": ts})

    def delete(self, channel: str, ts: str) -> None:
        """Take one of our messages back."""
        self._call("chat.delete", {"channel": channel, "ts": ts})

    def find_answer(self, channel: str, thread_ts: str, question: str) -> str:
        """Return the ``ts`` of our answer to a question where it stands already, else nothing.

        It reads history, of which Slack gives little: for recovery only.
        """
        cursor = ""
        while True:
            given = {"channel": channel, "ts": thread_ts, "limit": 200, "include_all_metadata": True}
            answer = self._call("conversations.replies", given | ({"cursor": cursor} if cursor else {}))
            for one in answer.get("messages") or ():
                told = one.get("metadata") or {}
                if (
                    told.get("event_type") == METADATA
                    and told.get("event_payload", {}).get("question") == question
                ):
                    return str(one["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return ""

    def message(self, channel: str, ts: str, thread_ts: str = "") -> dict[str, Any]:
        """Return one message, empty where it is gone."""
        given = {"channel": channel, "ts": thread_ts or ts, "limit": 200}
        answer = self._call("conversations.replies", given)
        return next((dict(one) for one in answer.get("messages") or () if one.get("ts") == ts), {})

    def locale(self, user: str) -> str:
        """Return the locale a person chose in Slack, ``"fr-FR"``."""
        answer = self._call("users.info", {"user": user, "include_locale": True})
        return str((answer.get("user") or {}).get("locale") or "")

    def is_in_group(self, group: str, user: str) -> bool:
        """Whether a person is in a user group."""
        return user in (self._call("usergroups.users.list", {"usergroup": group}).get("users") or ())

    def open_direct(self, user: str) -> str:
        """Return the channel of the direct message with a person."""
        return str(self._call("conversations.open", {"users": user})["channel"]["id"])

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """Open a modal and return its id; within three seconds of the press."""
        answer = self._call("views.open", {"trigger_id": trigger_id, "view": dict(view)}, is_safe=False)
        return str((answer.get("view") or {}).get("id") or "")

    def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Show something else in a modal that is open."""
        self._call("views.update", {"view_id": view_id, "view": dict(view)})

    def show_status(self, channel: str, thread_ts: str, status: str) -> None:
        """Say in a thread what is being done; it goes with the next message there."""
        given = {"channel_id": channel, "thread_ts": thread_ts, "status": status}
        self._call("assistant.threads.setStatus", given, is_safe=False)

    def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """Show a person's home."""
        self._call("views.publish", {"user_id": user, "view": dict(view)})

    def schedule(self, channel: str, message: Message, *, thread_ts: str, post_at: int) -> str:
        """Have Slack post a message later, and return its name for it."""
        arguments = _posted(channel, message, thread_ts, "") | {"post_at": post_at}
        del arguments["metadata"]
        return str(self._call("chat.scheduleMessage", arguments, is_safe=False)["scheduled_message_id"])

    def unschedule(self, channel: str, scheduled_id: str) -> None:
        """Take a scheduled message back."""
        self._call("chat.deleteScheduledMessage", {"channel": channel, "scheduled_message_id": scheduled_id})

    def test(self) -> tuple[dict[str, Any], tuple[str, ...], str]:
        """Return who we are, the scopes of the token, and the time it is at Slack."""
        answer = self._answer("auth.test", {}, is_safe=True)
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        scopes = headers.get("x-oauth-scopes", "")
        return dict(answer.data), tuple(filter(None, scopes.split(","))), headers.get("date", "")

    def try_socket(self) -> None:
        """Ask for a socket and leave it unopened, with the app's token: whether Slack takes it."""
        self._call("apps.connections.open", {})

    def channels(self) -> Iterator[str]:
        """Yield the ids of the channels the bot is in."""
        cursor = ""
        while True:
            given = {"types": "public_channel,private_channel", "limit": 200, "exclude_archived": True}
            answer = self._call("users.conversations", given | ({"cursor": cursor} if cursor else {}))
            for one in answer.get("channels") or ():
                yield str(one["id"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def download(self, url: str, most: int = _MOST_FILE) -> bytes:
        """Return a file's bytes, at most that many; the token goes to Slack's own hosts only."""
        if not _is_slacks(url, self._base_url):
            raise SlackRefused("files", "foreign_host")
        request = Request(url, headers={"Authorization": f"Bearer {self._token}"})
        try:
            opener = build_opener() if self._web.proxy is not None else build_opener(ProxyHandler({}))
            with opener.open(request, timeout=TIMEOUT_S) as response:
                return bytes(response.read(most))
        except (URLError, OSError, http.client.HTTPException) as error:
            raise SlackUnreachable(
                "a file could not be read from Slack ({cause})", cause=_cause(error)
            ) from error

    def respond(
        self, response_url: str, message: Message, *, replace: bool = False, public: bool = False
    ) -> None:
        """Answer a command or a press where it came from."""
        body = {
            "text": message.text,
            "blocks": list(message.blocks),
            "replace_original": replace,
            "response_type": "in_channel" if public else "ephemeral",
        }
        self._respond(response_url, body)

    def withdraw(self, response_url: str) -> None:
        """Take away the private message that a press came from."""
        self._respond(response_url, {"delete_original": True})

    def _respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        from slack_sdk.webhook import WebhookClient

        if not _is_slacks(response_url, self._base_url):
            raise SlackRefused("response_url", "foreign_host")
        hook = WebhookClient(response_url, timeout=TIMEOUT_S)
        if self._web.proxy is None:
            hook.proxy = None
        try:
            answer = hook.send_dict(dict(body))
        except _NETWORK as error:
            raise SlackUnsure("Slack did not answer ({cause})", cause=_cause(error)) from error
        if answer.status_code >= 400:
            raise SlackRefused("response_url", f"{answer.status_code} {answer.body[:80]}")

    def _call(self, method: str, arguments: Mapping[str, Any], *, is_safe: bool = True) -> dict[str, Any]:
        answer = self._answer(method, arguments, is_safe=is_safe)
        return dict(answer.data)

    def _answer(self, method: str, arguments: Mapping[str, Any], *, is_safe: bool) -> Any:
        end = self._clock() + self._patience_s
        n_failed = 0
        while True:
            try:
                return self._send(method, arguments)
            except SlackApiError as error:
                status = getattr(error.response, "status_code", 200)
                if status == _WAS_BUSY:  # nothing was done: waiting and repeating is always right
                    self._wait(_retry_after(error), end, error)
                    continue
                reason = _reason(error)
                if status < 500 and reason not in _INTERNAL:
                    raise SlackRefused(method, reason, _needed(error)) from error
                failure: Exception = error
            except (*_NETWORK, SlackClientError) as error:
                failure = error
            if not is_safe:
                raise SlackUnsure(
                    "Slack did not answer {method} ({cause})", method=method, cause=_cause(failure)
                ) from failure
            n_failed += 1
            if n_failed == _TRIES:
                raise SlackUnreachable(
                    "Slack cannot be reached ({cause})", cause=_cause(failure)
                ) from failure
            self._wait(_PAUSE_S * 2 ** (n_failed - 1), end, failure)

    def _wait(self, pause: float, end: float, cause: Exception) -> None:
        if self._clock() + pause > end:
            raise SlackUnreachable("Slack is busy, for another {seconds} s", seconds=round(pause)) from cause
        self._sleep(pause)

    def _send(self, method: str, arguments: Mapping[str, Any]) -> Any:
        if "view" in arguments:
            return self._web.api_call(method, json=dict(arguments))
        return self._form(method, arguments)

    def _form(self, method: str, arguments: Mapping[str, Any]) -> Any:
        verb = "GET" if method in _READS else "POST"
        return self._web.api_call(method, http_verb=verb, params=dict(arguments))


def web_client(token: str | None, base_url: str = SLACK) -> WebClient:
    """Return slack_sdk's client, bounded in time; a proxy of the environment is used, but not for this machine."""
    made = WebClient(token, base_url=base_url, timeout=TIMEOUT_S, retry_handlers=[])
    if is_loopback(base_url):
        made.proxy = None
    return made


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_INTERNAL = frozenset(("", "internal_error", "fatal_error", "service_unavailable", "request_timeout"))
_NETWORK = (URLError, TimeoutError, ConnectionError, OSError, http.client.HTTPException)
_READS = frozenset(("users.info", "conversations.replies", "usergroups.users.list", "users.conversations"))


def _posted(channel: str, message: Message, thread_ts: str, question: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "channel": channel,
        "text": message.text,
        "metadata": json.dumps({"event_type": METADATA, "event_payload": {"question": question}}),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if message.blocks:
        arguments["blocks"] = json.dumps(list(message.blocks), ensure_ascii=False)
    if thread_ts:
        arguments["thread_ts"] = thread_ts
    return arguments


def _is_slacks(url: str, base_url: str) -> bool:
    parts, ours = urlsplit(url), urlsplit(base_url)
    host = parts.hostname or ""
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
        return True
    return parts.scheme == "https" and (
        host == "slack.com" or host.endswith((".slack.com", ".slack-files.com"))
    )


def _retry_after(error: SlackApiError) -> float:
    headers = {
        str(name).lower(): value for name, value in (getattr(error.response, "headers", None) or {}).items()
    }
    value = headers.get("retry-after", "1")
    value = value[0] if isinstance(value, list) else value
    try:
        return max(0.1, float(value))
    except ValueError:
        return 1.0


def _reason(error: SlackApiError) -> str:
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, TypeError, ValueError):
        return ""


def _needed(error: SlackApiError) -> str:
    try:
        told = error.response.get("needed") or "; ".join(
            (error.response.get("response_metadata") or {}).get("messages") or ()
        )
    except (AttributeError, TypeError, ValueError):
        return ""
    return str(told)[:300]


def _cause(error: BaseException) -> str:
    """What went wrong, without addresses or bodies that could hold a secret."""
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, BaseException) else error).__name__
