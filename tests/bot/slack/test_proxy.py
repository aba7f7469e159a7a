"""Behind a company's proxy: the real process reaches Slack through it and no other way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bot.slack.test_web import listening
from tests.fakeslack.corporate import API, SOCKET, CompanyNetwork
from tests.fakeslack.driver import FakeSlack

Start = Callable[..., Any]
PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
PASSWORD = "s3cret-of-the-proxy"


def test_the_socket_and_every_call_go_through_the_proxy(
    slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    with CompanyNetwork(slack, tmp_path, user="bot", password=PASSWORD) as network:
        start("slack", **slack.env() | network.env)
        slack.wait_connected(timeout_s=60)
        assert len(slack.wait_for_answers(slack.mention(slack.general, slack.ada, PASTE))) == 1
        assert {f"{API}:443", f"{SOCKET}:443"} <= set(network.targets)
    assert PASSWORD not in (tmp_path / "log.txt").read_text()


def test_over_http_every_call_goes_through_the_proxy(slack: FakeSlack, start: Start, tmp_path: Path) -> None:
    with CompanyNetwork(slack, tmp_path) as network:
        start("serve", **slack.env(socket_mode=False) | network.env, PORT="0")
        slack.deliver_to(f"{listening(tmp_path)}/slack/events")
        assert len(slack.wait_for_answers(slack.mention(slack.general, slack.ada, PASTE))) == 1
        assert f"{API}:443" in network.targets


def test_a_proxy_that_lets_nobody_through_is_told_without_its_password(
    slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    with CompanyNetwork(slack, tmp_path, user="bot", password="another") as network:
        address = network.env["HTTPS_PROXY"].replace("another", PASSWORD)
        process = start("slack", **slack.env() | network.env | {"HTTPS_PROXY": address})
        assert process.wait(60) == 3
        assert network.refused != []
    told = (tmp_path / "log.txt").read_text()
    assert "Slack cannot be reached" in told
    assert PASSWORD not in told
