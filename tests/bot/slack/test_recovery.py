"""Nothing that was acked is lost and nothing is answered twice: killed processes, lost answers, busy Slack."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.slack.test_web import listening
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.faults import Hang, RateLimited, Reset, ServerError

Start = Callable[..., Any]
PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
SLOW_S = 60


def test_a_question_whose_process_was_killed_before_it_answered_is_answered_by_the_next(
    slack: FakeSlack, start: Start
) -> None:
    first = start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    slack.faults.plan("chat.postMessage", Hang())
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_until(lambda: slack.settle(0.1) and slack.calls("users.info") != [], "an ack")
    first.kill()
    first.wait()
    slack.faults.clear()
    start("slack", **slack.env())
    assert len(slack.wait_for_answers(question, timeout_s=SLOW_S)) == 1


def test_an_answer_that_was_posted_by_a_killed_process_is_known_by_its_mark(
    slack: FakeSlack, start: Start
) -> None:
    first = start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    slack.faults.plan("chat.postMessage", Hang(is_applied=True))
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_for_answers(question)
    first.kill()
    first.wait()
    slack.faults.clear()
    start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    again = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_for_answers(again, timeout_s=SLOW_S)
    slack.wait_until(lambda: slack.calls("conversations.replies") != [], "a look into history")
    assert str(slack.ledger()) == "2 questions: 2 answered once, 0 lost, 0 duplicated, 0 never delivered"


@pytest.mark.parametrize(
    "fault",
    [RateLimited(1), ServerError(503), Reset(), Reset(is_applied=True), ServerError(500, is_applied=True)],
)
def test_one_answer_however_slack_fails(slack: FakeSlack, start: Start, fault: Any) -> None:
    start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    slack.faults.plan("chat.postMessage", fault, nth=1)
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_until(lambda: len(slack.calls("chat.postMessage")) >= 1, "a call")
    slack.wait_for_answers(question)
    slack.deliver_again(question)
    slack.settle()
    assert slack.ledger().n_answered_once == 1


def test_a_terminated_process_ends_in_time_and_finishes_what_it_began(slack: FakeSlack, start: Start) -> None:
    process = start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.settle()
    process.send_signal(signal.SIGTERM)
    assert process.wait(8) == 0
    assert len(slack.wait_for_answers(question)) == 1


@pytest.mark.parametrize("how", ["disconnect", "cut"])
def test_a_socket_that_ends_is_opened_again_and_nothing_is_lost(
    how: str, slack: FakeSlack, start: Start
) -> None:
    start("slack", **slack.env())
    slack.wait_connected(timeout_s=SLOW_S)
    before = slack.mention(slack.general, slack.ada, PASTE)
    getattr(slack.sockets, how)()
    slack.clock.advance(1)
    slack.wait_connected(timeout_s=SLOW_S)
    after = slack.mention(slack.general, slack.ada, PASTE)
    slack.clock.advance(61)  # what got lost on the way comes again
    for question in (before, after):
        assert len(slack.wait_for_answers(question, timeout_s=SLOW_S)) == 1
    assert slack.ledger().n_answered_once == 2


@pytest.mark.parametrize("command", ["slack", "serve"])
def test_a_process_ends_in_time_whatever_slack_does(
    command: str, slack: FakeSlack, start: Start, tmp_path: Any
) -> None:
    process = start(command, **slack.env(socket_mode=command == "slack"), PORT="0")
    if command == "serve":
        slack.deliver_to(f"{listening(tmp_path)}/slack/events")
    else:
        slack.wait_connected(timeout_s=SLOW_S)
    slack.faults.plan("chat.postMessage", Hang())
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_until(lambda: slack.calls("chat.postMessage") != [], "a call that hangs")
    process.send_signal(signal.SIGTERM)
    assert process.wait(8) is not None
    slack.faults.clear()
    again = start(command, **slack.env(socket_mode=command == "slack"), PORT="0")
    assert len(slack.wait_for_answers(question, timeout_s=SLOW_S)) == 1
    assert again.poll() is None


def test_without_articles_who_asks_is_told_so(slack: FakeSlack, start: Start, tmp_path: Any) -> None:
    start("slack", **slack.env(), HUBMEDIC_KB=str(tmp_path / "nowhere"))
    slack.wait_connected(timeout_s=SLOW_S)
    (answer,) = slack.wait_for_answers(slack.mention(slack.general, slack.ada, PASTE))
    assert slack.text(answer)


def test_without_a_store_questions_are_answered_all_the_same(slack: FakeSlack, start: Start) -> None:
    start("slack", **slack.env(), DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    slack.wait_connected(timeout_s=SLOW_S)
    question = slack.mention(slack.general, slack.ada, PASTE)
    slack.wait_for_answers(question, timeout_s=SLOW_S)
    assert slack.ledger().n_answered_once == 1
