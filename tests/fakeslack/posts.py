"""HTTP mode: signed requests to the app's address, or in turn to those of several replicas."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakeslack.delivery import ACK_S, Delivery, Done
from tests.fakeslack.platform import Platform

_THREADS = 128


class Posts:
    """A transport over HTTP."""

    def __init__(self, slack: Platform, urls: Sequence[str]) -> None:
        self._slack = slack
        self._urls = [urlsplit(url) for url in urls]
        self._turn = itertools.count()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="fakeslack-posts")
        self._local = threading.local()
        self._opened: list[http.client.HTTPConnection] = []
        self.ack_s = ACK_S

    def send(self, delivery: Delivery, *, number: int, reason: str, done: Done) -> None:
        """Post in a thread of the pool."""
        self._pool.submit(self._send, delivery, number, reason, done)

    def post(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """Post a signed body to the next address; status, headers and body of the answer."""
        url = self._urls[next(self._turn) % len(self._urls)]
        signed = self.signed(body, timestamp=int(time.time())) | headers
        path = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
        for is_last in (False, True):
            connection, is_fresh = self._connection(url.hostname or "", url.port or 80)
            try:
                connection.request("POST", path, body.encode(), signed)
                answer = connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
                return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text
            except (http.client.HTTPException, OSError):
                self._drop(url.hostname or "", url.port or 80)
                # A connection kept from before may have been closed by the app's server meanwhile.
                if is_fresh or is_last:
                    raise
        raise AssertionError

    def signed(self, body: str, *, timestamp: int) -> dict[str, str]:
        """Headers with Slack's signature of a body."""
        base = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(self._slack.app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    def close(self) -> None:
        """Send nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        for connection in self._opened:
            connection.close()

    def _send(self, delivery: Delivery, number: int, reason: str, done: Done) -> None:
        body, kind = _body(delivery)
        headers = {"Content-Type": kind}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            status, answered, text = self.post(body, headers)
        except TimeoutError:
            done("http_timeout", None)
        except (http.client.HTTPException, OSError):
            done("connection_failed", None)
        else:
            if 200 <= status < 300:
                done("acked", _parsed(text))
            else:
                done("no_retry" if answered.get("x-slack-no-retry") == "1" else "http_error", text)

    def _connection(self, host: str, port: int) -> tuple[http.client.HTTPConnection, bool]:
        kept: dict[tuple[str, int], http.client.HTTPConnection] = self._local.__dict__.setdefault("kept", {})
        if (host, port) in kept:
            return kept[host, port], False
        kept[host, port] = http.client.HTTPConnection(host, port, timeout=self.ack_s)
        self._opened.append(kept[host, port])
        return kept[host, port], True

    def _drop(self, host: str, port: int) -> None:
        self._local.kept.pop((host, port)).close()


def _body(delivery: Delivery) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), form
    return urlencode({"payload": json.dumps(delivery.payload)}), form


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text} if text.strip() else None
