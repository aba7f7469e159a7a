"""Faults that are planned strike as planned, and nothing else."""

from __future__ import annotations

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack import faults
from tests.fakeslack.driver import FakeSlack


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        (faults.ServerError(), 500, "non-JSON"),
        (faults.ServerError(503), 503, "non-JSON"),
        (faults.Garbled(), 200, "non-JSON"),
        (faults.ApiFailure("fatal_error"), 200, "fatal_error"),
        (faults.RateLimited(7), 429, "ratelimited"),
    ],
)
def test_a_planned_fault_strikes_its_call_and_no_other(
    slack: FakeSlack, client: WebClient, fault: faults.Fault, status: int, says: str
) -> None:
    slack.faults.plan("chat.postMessage", fault, nth=2)
    client.retry_handlers.clear()
    client.chat_postMessage(channel=slack.general.id, text="first")

    with pytest.raises(SlackApiError, match=says) as caught:
        client.chat_postMessage(channel=slack.general.id, text="second")

    assert caught.value.response.status_code == status
    client.chat_postMessage(channel=slack.general.id, text="third")
    assert [one.text for one in slack.messages(slack.general)] == ["first", "third"]


def test_an_answer_can_be_lost_after_the_work_is_done(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.plan("chat.postMessage", faults.Reset(is_applied=True), nth=1)
    client.retry_handlers.clear()

    with pytest.raises(OSError):  # noqa: PT011  reset or end of file, as the system has it
        client.chat_postMessage(channel=slack.general.id, text="posted all the same")

    assert [one.text for one in slack.messages(slack.general)] == ["posted all the same"]


def test_a_call_can_hang_until_it_is_let_go(slack: FakeSlack) -> None:
    slack.faults.plan("auth.test", faults.Hang(), nth=1)
    client = WebClient(slack.bot.bot_token, base_url=slack.api_url, timeout=1)
    client.retry_handlers.clear()

    with pytest.raises(TimeoutError):
        client.auth_test()
    slack.faults.clear()
    client.auth_test()


def test_a_slow_answer_comes_and_is_right(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.plan("auth.test", faults.Slow(0.2))

    before = time.monotonic()
    assert client.auth_test()["bot_id"] == slack.bot.bot_id
    assert time.monotonic() - before >= 0.2
