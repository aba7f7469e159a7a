"""Real threads and real processes at one database."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bot.store.claims import Claims, Place, Wanted
from bot.store.database import Database
from bot.store.owners import gone, this_process

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
LEASE = timedelta(seconds=10)
LATER = NOW + timedelta(minutes=1)


def _wanted(number: int, event: str) -> Wanted:
    return Wanted(Place("T1", "C1", f"{number}"), f"Ev{number}{event}", "U1", "mention", "{}")


def _take_all(url: str, owner: str, event: str, n: int) -> list[str]:
    database = Database(url, timeout_s=30)
    claims = Claims(database)
    try:
        taken = [
            claims.take(_wanted(number, event), owner=owner, now=NOW, lease=LEASE) for number in range(n)
        ]
        return [claim.place.ts for claim in taken if claim is not None]
    finally:
        database.close()


def _take_over_all(url: str, owner: str) -> list[str]:
    database = Database(url, timeout_s=30)
    claims = Claims(database)
    try:
        taken = [
            claims.take_over(found, owner=owner, now=LATER, lease=LEASE) for found in claims.unfinished(LATER)
        ]
        return [claim.place.ts for claim in taken if claim is not None]
    finally:
        database.close()


def test_processes_that_get_the_same_events_claim_each_question_once(url: str) -> None:
    # spawn: a forked child would share the parent's connections
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [
            pool.submit(_take_all, url, f"process-{number}", event, 60)
            for number, event in enumerate(("a", "b", "a"))
        ]
        taken = [ts for run in runs for ts in run.result()]
        assert Counter(taken) == Counter(f"{number}" for number in range(60))

        runs = [pool.submit(_take_over_all, url, f"process-{number}") for number in range(3)]
        taken = [ts for run in runs for ts in run.result()]
        assert Counter(taken) == Counter(f"{number}" for number in range(60))


def _take_and_die(url: str) -> None:
    claims = Claims(Database(url, timeout_s=30))
    assert claims.take(_wanted(1, "a"), owner=this_process(), now=NOW, lease=LEASE) is not None
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_process_left_is_taken_over_at_once_on_the_same_machine(url: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_take_and_die, args=(url,))
    process.start()
    process.join()
    database = Database(url, timeout_s=30)
    claims = Claims(database)
    assert claims.unfinished(NOW) == ()  # its lease still runs

    (found,) = claims.unfinished(NOW, of=gone(claims.owners()))

    assert claims.take_over(found, owner=this_process(), now=NOW, lease=LEASE) is not None
    assert gone(claims.owners()) == ()
    database.close()


def test_threads_that_share_one_database_claim_each_question_once(url: str) -> None:
    database = Database(url, timeout_s=30)
    claims = Claims(database)

    def take(owner: int) -> list[str]:
        taken = [
            claims.take(_wanted(number, "ab"[owner % 2]), owner=f"{owner}", now=NOW, lease=LEASE)
            for number in range(40)
        ]
        return [claim.place.ts for claim in taken if claim is not None]

    with ThreadPoolExecutor(8) as pool:
        taken = [ts for part in pool.map(take, range(8)) for ts in part]

    assert Counter(taken) == Counter(f"{number}" for number in range(40))
    database.close()
