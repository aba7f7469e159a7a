from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from bot.store.database import Database
from bot.store.frozen import Codec
from bot.store.threads import ThreadKey, Threads

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
THREAD = ThreadKey("T1", "C1", "1.1")


class Mood(StrEnum):
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    query: str
    steps: tuple[Step, ...] = ()
    mood: Mood = Mood.CALM
    captures: dict[str, str] | None = None
    n_seen: int = 0


FIRST = State("401003", (Step("shown", NOW),), captures={"hub": "contoso"})


@pytest.fixture
def threads(database: Database) -> Threads[State]:
    return Threads(database, State)


def test_a_state_comes_back_as_it_was(threads: Threads[State]) -> None:
    threads.save(THREAD, FIRST, user="U1", now=NOW)

    kept = threads.load(THREAD)

    assert kept is not None
    assert (kept.state, kept.version, kept.user) == (FIRST, 1, "U1")


def test_a_thread_that_is_not_ours_has_no_state(threads: Threads[State]) -> None:
    assert threads.load(THREAD) is None


def test_a_state_follows_the_one_it_was_made_from(threads: Threads[State]) -> None:
    kept = threads.save(THREAD, FIRST, user="U1", now=NOW)
    assert kept is not None

    after = threads.save(THREAD, replace(FIRST, n_seen=1), user="U1", now=NOW, after=kept)

    assert after is not None
    assert after.version == 2
    assert threads.load(THREAD) == after


def test_of_two_states_made_from_the_same_one_only_the_first_is_kept(threads: Threads[State]) -> None:
    kept = threads.save(THREAD, FIRST, user="U1", now=NOW)
    first = threads.save(THREAD, replace(FIRST, n_seen=1), user="U1", now=NOW, after=kept)

    assert threads.save(THREAD, replace(FIRST, n_seen=2), user="U1", now=NOW, after=kept) is None
    assert threads.load(THREAD) == first


def test_a_thread_is_opened_once(threads: Threads[State]) -> None:
    threads.save(THREAD, FIRST, user="U1", now=NOW)

    assert threads.save(THREAD, State("other"), user="U2", now=NOW) is None


def test_a_state_another_version_wrote_is_as_if_it_were_not_there(
    database: Database, threads: Threads[State], caplog: pytest.LogCaptureFixture
) -> None:
    Threads(database, Step).save(THREAD, Step("private words", NOW), user="U1", now=NOW)

    with caplog.at_level(logging.WARNING, "hubmedic.store"):
        assert threads.load(THREAD) is None
    assert "private words" not in caplog.text

    assert threads.save(THREAD, FIRST, user="U1", now=NOW) is not None
    assert threads.load(THREAD) is not None


def test_a_dropped_thread_is_gone(threads: Threads[State]) -> None:
    threads.save(THREAD, FIRST, user="U1", now=NOW)
    threads.drop(THREAD)

    assert threads.load(THREAD) is None


def test_presses_of_many_at_once_all_count(threads: Threads[State]) -> None:
    threads.save(THREAD, FIRST, user="U1", now=NOW)

    def press(_number: int) -> None:
        while True:
            kept = threads.load(THREAD)
            assert kept is not None
            changed = replace(kept.state, n_seen=kept.state.n_seen + 1)
            if threads.save(THREAD, changed, user="U1", now=NOW, after=kept) is not None:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(12)))

    kept = threads.load(THREAD)
    assert kept is not None
    assert kept.state.n_seen == 12


def test_a_value_goes_through_json_unchanged() -> None:
    codec = Codec[State](State)

    assert codec.load(codec.dump(FIRST)) == FIRST
    assert codec.load("nonsense") is None
