"""Who asked what, and how many answers came: what exactly-once is counted by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.fakeslack.world import Channel, Message


@dataclass(frozen=True)
class Account:
    """One question and its answers."""

    question: Message
    answers: tuple[Message, ...]
    is_acked: bool
    """The app took it on; what it never acked it does not owe."""

    @property
    def latency_ms(self) -> float | None:
        """From the question to its first answer."""
        if not self.answers:
            return None
        return (min(answer.arrived for answer in self.answers) - self.question.arrived) * 1000


@dataclass(frozen=True)
class Ledger:
    """All of them."""

    accounts: tuple[Account, ...]

    @property
    def n(self) -> int:
        return len(self.accounts)

    @property
    def lost(self) -> tuple[Account, ...]:
        """Acked and never answered."""
        return tuple(one for one in self.accounts if one.is_acked and not one.answers)

    @property
    def undelivered(self) -> tuple[Account, ...]:
        """Never acked and never answered: Slack gave up, not the app."""
        return tuple(one for one in self.accounts if not one.is_acked and not one.answers)

    @property
    def duplicated(self) -> tuple[Account, ...]:
        """Answered more than once."""
        return tuple(one for one in self.accounts if len(one.answers) > 1)

    @property
    def n_answered_once(self) -> int:
        return sum(len(one.answers) == 1 for one in self.accounts)

    def latencies_ms(self) -> list[float]:
        """Sorted."""
        return sorted(ms for one in self.accounts if (ms := one.latency_ms) is not None)

    def __str__(self) -> str:
        return (
            f"{self.n} questions: {self.n_answered_once} answered once, {len(self.lost)} lost, "
            f"{len(self.duplicated)} duplicated, {len(self.undelivered)} never delivered"
        )


@dataclass
class Asked:
    """Questions as the driver asks them."""

    questions: list[Message] = field(default_factory=list)

    def ledger(
        self,
        channels: dict[str, Channel],
        is_acked: Callable[[Message], bool],
        is_answer: Callable[[Message], bool],
    ) -> Ledger:
        """Match answers to questions: by metadata that names the question, else by place in the thread."""
        by_thread: dict[tuple[str, str], list[Message]] = {}
        for question in self.questions:
            key = (question.channel, question.thread_ts or question.ts)
            by_thread.setdefault(key, []).append(question)
        answers: dict[str, list[Message]] = {question.ts: [] for question in self.questions}
        for channel_id in {channel for channel, _ in by_thread}:
            for message in channels[channel_id].messages.values():
                if not message.bot_id or not is_answer(message):
                    continue
                asked = by_thread.get((channel_id, message.thread_ts))
                if not asked and not message.thread_ts and channels[channel_id].kind == "im":
                    asked = [one for one in self.questions if one.channel == channel_id]
                if asked:
                    answers[_answered(message, asked).ts].append(message)
        return Ledger(
            tuple(
                Account(question, tuple(answers[question.ts]), is_acked(question))
                for question in self.questions
            )
        )


def _answered(message: Message, asked: Iterable[Message]) -> Message:
    asked = list(asked)
    if len(asked) == 1:
        return asked[0]
    named = json.dumps(message.metadata or {})
    for question in asked:
        if f'"{question.ts}"' in named:
            return question
    before = [question for question in asked if question.ts < message.ts]
    return before[-1] if before else asked[0]
