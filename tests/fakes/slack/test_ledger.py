"""The fake counts answers right, else nothing it says of exactly-once would count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.world import Message


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        slack.rates.off()
        yield slack


def answer(slack: FakeSlack, question: Message, text: str = "the answer", *, names: bool = False) -> None:
    metadata = {"event_type": "answer", "event_payload": {"question": question.ts}} if names else None
    WebClient(slack.bot.bot_token, base_url=slack.api_url).chat_postMessage(
        channel=question.channel, thread_ts=question.thread_ts or question.ts, text=text, metadata=metadata
    )


def acked(slack: FakeSlack, question: Message) -> Message:
    for delivery in slack.deliveries.by_message[question.ts]:
        delivery.is_acked = True
    return question


def test_one_answer_is_one_answer(slack: FakeSlack) -> None:
    question = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    answer(slack, question)

    ledger = slack.ledger()
    assert (ledger.n, ledger.n_answered_once) == (1, 1)
    assert ledger.lost == ledger.duplicated == ledger.undelivered == ()
    assert len(ledger.latencies_ms()) == 1


def test_two_answers_are_a_duplicate(slack: FakeSlack) -> None:
    question = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    answer(slack, question)
    answer(slack, question)

    assert [one.question for one in slack.ledger().duplicated] == [question]


def test_no_answer_is_lost_where_the_app_took_it_on_and_undelivered_where_not(slack: FakeSlack) -> None:
    lost = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    never_heard = slack.mention(slack.general, slack.ada, "404001")

    ledger = slack.ledger()
    assert [one.question for one in ledger.lost] == [lost]
    assert [one.question for one in ledger.undelivered] == [never_heard]


def test_in_one_thread_answers_are_told_apart_by_their_metadata(slack: FakeSlack) -> None:
    first = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    second = acked(slack, slack.mention(slack.general, slack.ada, "and 404001?", first.ts))
    answer(slack, second, names=True)
    answer(slack, first, names=True)

    assert slack.ledger().n_answered_once == 2


def test_in_one_thread_answers_without_metadata_belong_to_the_question_before_them(slack: FakeSlack) -> None:
    first = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    answer(slack, first)
    second = acked(slack, slack.mention(slack.general, slack.ada, "and 404001?", first.ts))
    answer(slack, second)

    assert slack.ledger().n_answered_once == 2


def test_an_answer_that_was_taken_back_does_not_count(slack: FakeSlack) -> None:
    question = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    answer(slack, question)
    slack.delete(slack.messages(slack.general, question.ts)[0])

    assert len(slack.ledger().lost) == 1


def test_what_is_no_answer_does_not_count(slack: FakeSlack) -> None:
    question = acked(slack, slack.mention(slack.general, slack.ada, "401003"))
    answer(slack, question)
    answer(slack, question, "did it work?")

    assert slack.ledger(lambda message: message.text != "did it work?").n_answered_once == 1


def test_only_what_asks_the_bot_is_a_question(slack: FakeSlack) -> None:
    slack.say(slack.general, slack.ada, "lunch?")
    slack.dm(slack.ada, "401003")

    assert slack.ledger().n == 1
