"""What answers a command or a press where it came from, and how long that may be done."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.fakeslack import faults
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import fetched


def post(url: str, answer: dict[str, Any]) -> int:
    request = urllib.request.Request(url, json.dumps(answer).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_response_url_is_good_five_times(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)

    assert [post(url, {"text": "x"}) for _ in range(6)] == [200] * 5 + [404]
    assert len(slack.ephemerals(slack.ada)) == 5


def test_a_response_url_is_good_half_an_hour(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)
    slack.clock.advance(30 * 60 + 1)

    assert post(url, {"text": "x"}) == 404
    assert slack.calls("response_url")[-1].error == "expired_url"


def test_a_response_url_refuses_what_a_post_refuses(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)

    assert post(url, {"text": "x", "blocks": [{"type": "fancy"}]}) == 400
    assert post(url, {}) == 400


def test_answers_and_downloads_can_fail_too(slack: FakeSlack) -> None:
    slack.faults.plan("response_url", faults.ServerError(), nth=1)
    slack.faults.plan("files.download", faults.ServerError(503), nth=1)
    url = slack.platform.response_url(slack.general.id, slack.ada.id)
    file = slack.file(slack.ada, "gateway.log", b"ERROR 401003")

    assert [post(url, {"text": "x"}) for _ in range(2)] == [500, 200]
    with pytest.raises(urllib.error.HTTPError, match="503") as caught:
        fetched(file.url, slack.bot.bot_token)
    caught.value.close()
    assert fetched(file.url, slack.bot.bot_token)[1] == b"ERROR 401003"
