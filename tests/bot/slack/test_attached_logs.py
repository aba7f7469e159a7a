"""A log that is attached is triaged: its errors grouped and counted, the most frequent one answered first."""

from __future__ import annotations

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.reading import pressables
from tests.fakeslack.world import Channel, Message

KEY = "SharedAccessKey=" + "Q2x" * 14 + "Q="


def lines(*errors: tuple[int, str]) -> bytes:
    """A log with so many of each error, among lines that say nothing."""
    made = []
    for count, text in errors:
        for n in range(count):
            at = f"2026-01-05T10:{len(made) // 60:02}:{len(made) % 60:02}Z"
            made += [f"{at} INFO gateway heartbeat {n}", f"{at} ERROR device=pump-{n} {text}"]
    return "\n".join(made).encode()


LOG = lines((3, "404001 DeviceNotFound"), (5, "401003 IoTHubUnauthorized"), (2, "frobnicator exploded badly"))


def answered(
    bot: FakeSlack, channel: Channel, content: bytes, text: str = "see this"
) -> tuple[Message, Message]:
    question = bot.mention(channel, bot.ada, text, files=[bot.file(bot.ada, "gateway.log", content)])
    (answer,) = bot.wait_for_answers(question)
    return question, answer


def test_groups_are_counted_and_the_most_frequent_is_answered(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel, LOG)
    text = bot.text(answer)
    assert "gateway.log: 20 lines" in text
    assert text.index("5 ×") < text.index("401003") < text.index("3 ×") < text.index("404001")
    assert "from Jan 5, 2026, 10:00:06 UTC to" in text or "10:00:0" in text
    assert "5 devices" in text
    assert "frobnicator" in text
    header = next(block["text"]["text"] for block in answer.blocks if block["type"] == "header")
    assert "401003" in header
    assert "Solution" in text


def test_another_error_of_the_log_is_a_button_away(bot: FakeSlack, channel: Channel) -> None:
    question, answer = answered(bot, channel, LOG)
    bot.click(answer, "group-2")

    def header() -> str:
        return next(block["text"]["text"] for block in answer.blocks if block["type"] == "header")

    bot.wait_until(lambda: "404001" in header(), "the other error's fix")
    assert "5 ×" in bot.text(answer)
    assert len([one for one in bot.messages(channel, question.ts) if one.bot_id]) == 1


def test_a_number_in_the_thread_chooses_too(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel, LOG)
    bot.say(channel, bot.ada, "2", question.ts)
    _, second = bot.wait_for_answers(question, n=2)
    assert "404001" in bot.text(second)
    assert "5 ×" not in bot.text(second)


def test_the_list_is_told_in_another_language_too(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel, LOG)
    bot.click(answer, "Français")
    bot.wait_until(lambda: "20 lignes" in bot.text(answer), "the list in French")
    assert "Solution" in bot.text(answer)


def test_the_words_beside_a_log_decide_the_language(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel, LOG, "voici le journal de la passerelle, que faut-il faire ?")
    assert "20 lignes" in bot.text(answer)


def test_a_log_of_unknown_errors_says_so_and_shows_them(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel, lines((4, "frobnicator exploded badly")))
    assert "None of the errors in it is one I know." in bot.text(answer)
    assert "frobnicator" in bot.text(answer)
    assert "http" not in str([block for block in answer.blocks if block["type"] == "rich_text"])


def test_a_stack_trace_is_one_question(bot: FakeSlack, channel: Channel) -> None:
    trace = b"Traceback (most recent call last):\n  File 'x.py', line 3\nValueError: 404001 DeviceNotFound"
    _, answer = answered(bot, channel, trace)
    assert "404001" in bot.text(answer)
    assert " ×" not in bot.text(answer)
    assert "group-1" not in [one.action_id for one in pressables(answer.blocks)]


def test_a_key_in_a_log_is_taken_out_and_its_poster_told(bot: FakeSlack, channel: Channel) -> None:
    n = len(bot.ephemerals(bot.ada))
    question, _ = answered(bot, channel, LOG + f"\nERROR 404001 DeviceNotFound {KEY}".encode())
    bot.wait_until(lambda: any("renew" in bot.text(one) for one in bot.ephemerals(bot.ada)[n:]), "a notice")
    assert not [
        one for one in bot.messages(channel, question.ts) if one.bot_id and "Q2xQ2x" in str(one.payload())
    ]


def test_only_the_beginning_of_a_huge_file_is_read_and_that_is_said(bot: FakeSlack, channel: Channel) -> None:
    content = lines((2, "404001 DeviceNotFound")) + b"\n" + b"x" * 1_100_000
    _, answer = answered(bot, channel, content)
    assert "first megabyte" in bot.text(answer)


def test_a_long_text_that_is_no_log_is_read_as_far_as_a_question_goes(
    bot: FakeSlack, channel: Channel
) -> None:
    _, answer = answered(
        bot, channel, b"the hub answers 404001 DeviceNotFound to my pump\n" + b"la " * 200_000
    )
    assert "404001" in bot.text(answer)


def test_a_mention_below_somebodys_log_is_about_the_log(bot: FakeSlack, channel: Channel) -> None:
    opening = bot.upload(channel, bot.benoit, "gateway.log", LOG)
    bot.mention(channel, bot.ada, "any idea?", opening.ts)
    (answer,) = bot.wait_for_messages(channel, opening.ts)
    assert "5 ×" in bot.text(answer)
