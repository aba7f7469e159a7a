"""Replicas that share a database take turns at a hub."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from sqlalchemy import select, update

from bot.store.database import Database
from bot.store.schema import turns
from bot.store.turns import _NOW, StoredTurns

HUB = "contoso.azure-devices.net"


def _take(url: str, n: int) -> list[float | None]:
    database = Database(url, timeout_s=30)
    try:
        return [StoredTurns(database).reserve(HUB, 1.0) for _ in range(n)]
    finally:
        database.close()


def _now(database: Database) -> float:
    with database.read() as connection:
        return float(connection.execute(_NOW[database.is_sqlite]).scalar_one())


def _next(database: Database) -> float:
    with database.read() as connection:
        return float(connection.execute(select(turns.c.next_at)).scalar_one())


def test_two_processes_get_every_turn_once(url: str, database: Database) -> None:
    began = _now(database)
    # spawn: a forked child would share the parent's connections
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [pool.submit(_take, url, 15) for _ in range(2)]
        waits = [seconds for run in runs for seconds in run.result()]
    assert None not in waits
    assert _next(database) >= began + 30 - 0.01  # SQLite counts milliseconds


def test_the_first_waits_for_nobody_and_the_next_a_second(database: Database) -> None:
    first, second = (StoredTurns(database).reserve(HUB, 1.0) for _ in range(2))
    assert first == 0.0
    assert second is not None
    assert second <= 1.0


def test_nobody_waits_for_a_turn_that_a_wrong_clock_left(database: Database) -> None:
    StoredTurns(database).reserve(HUB, 1.0)
    with database.write() as connection:
        connection.execute(update(turns).values(next_at=turns.c.next_at + 9000))
    assert StoredTurns(database).reserve(HUB, 1.0) == 0.0


def test_a_store_that_is_away_makes_nobody_wait(empty_url: str) -> None:
    database = Database(empty_url)  # without tables
    assert StoredTurns(database).reserve(HUB, 1.0) is None
    database.close()
