"""The real process over HTTP: signed requests, installation in several workspaces, health, figures, a timely end."""

from __future__ import annotations

import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fakeslack.driver import FakeSlack

Start = Callable[..., Any]
PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
SLOW_S = 60


def listening(folder: Path) -> str:
    """Where the process listens, once its articles are open."""
    end = time.monotonic() + SLOW_S
    while time.monotonic() < end:
        told = re.search(rb"listening on port (\d+)", (folder / "log.txt").read_bytes())
        if told and get(f"http://127.0.0.1:{told[1].decode()}/readyz")[0] == 200:
            return f"http://127.0.0.1:{told[1].decode()}"
        time.sleep(0.05)
    raise TimeoutError((folder / "log.txt").read_text())


def get(url: str, data: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            url, data, timeout=10
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_one_workspace_is_served_by_its_token(slack: FakeSlack, start: Start, tmp_path: Path) -> None:
    process = start("serve", **slack.env(socket_mode=False), PORT="0")
    url = listening(tmp_path)
    slack.deliver_to(f"{url}/slack/events")
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_for_answers(question)
    slack.deliver_again(question)
    slack.slash(slack.general, slack.ada, "404001 device not found")
    slack.wait_for_ephemerals(slack.ada)
    slack.settle()
    assert slack.ledger().n_answered_once == 1
    assert get(f"{url}/healthz") == (200, "ok\n")
    assert 'hubmedic_answers_total{outcome="answer",way="mention"} 1.0' in get(f"{url}/metrics")[1]
    assert get(f"{url}/slack/events", b'{"type":"url_verification","challenge":"x"}')[0] == 401
    process.send_signal(signal.SIGTERM)
    assert process.wait(8) is not None


def test_any_workspace_installs_the_app(slack: FakeSlack, start: Start, tmp_path: Path) -> None:
    other = slack.add_team("Fabrikam")
    eve = slack.add_user("eve", team=other)
    start("serve", **slack.env(socket_mode=False, oauth=True), PORT="0")
    url = listening(tmp_path)
    slack.app.redirect_url = f"{url}/slack/oauth_redirect"
    slack.deliver_to(f"{url}/slack/events")
    for team in (slack.team, other):
        assert slack.install(f"{url}/slack/install", team=team).status == 200
    there = slack.add_channel("there", [eve], team=other)
    for channel, user in ((slack.general, slack.ada), (there, eve)):
        assert len(slack.wait_for_answers(slack.mention(channel, user, PASTE))) == 1
