"""Threads that do what they are given, and do not keep a process from ending."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import CancelledError

import pytest

from bot.slack.pool import Pool


def test_everything_is_done_by_so_many_threads() -> None:
    pool, seen, gate = Pool(3, "test"), set(), threading.Barrier(3)

    def work(number: int) -> int:
        if number < 3:
            gate.wait(10)
        seen.add(threading.current_thread().name)
        return number * 2

    futures = [pool.submit(work, number) for number in range(50)]
    assert [future.result(10) for future in futures] == [number * 2 for number in range(50)]
    assert seen <= {"test-1", "test-2", "test-3"}
    pool.shutdown()
    assert not [one for one in threading.enumerate() if one.name.startswith("test-")]


def test_what_goes_wrong_is_told_and_the_thread_goes_on() -> None:
    pool = Pool(1, "test")
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 // 0).result(10)
    assert pool.submit(lambda: "fine").result(10) == "fine"
    pool.shutdown()


def test_once_closed_it_takes_nothing_and_can_drop_what_waits() -> None:
    pool, has_begun, gate = Pool(1, "test"), threading.Event(), threading.Event()

    def work() -> bool:
        has_begun.set()
        return gate.wait(10)

    running, waiting = pool.submit(work), pool.submit(lambda: None)
    assert has_begun.wait(10)
    pool.shutdown(wait=False, cancel_futures=True)
    gate.set()
    assert running.result(10)
    with pytest.raises(CancelledError):
        waiting.result(10)
    with pytest.raises(RuntimeError, match="no more work"):
        pool.submit(lambda: None)


def test_a_thread_that_hangs_does_not_keep_the_process() -> None:
    code = "import time; from bot.slack.pool import Pool; Pool(1, 'x').submit(time.sleep, 600); print('over')"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == "over\n"
