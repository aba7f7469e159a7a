"""Processes of one machine take turns at a hub; a file that cannot be used makes nobody wait."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.limits import Pace, Paces
from bot.checks.turns import FileTurns
from bot.cli import main
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeDevice
from tests.fakehub.server import FakeHub

HUB = "contoso.azure-devices.net"


def _take(file: Path, n: int) -> list[float | None]:
    turns = FileTurns(file, now=lambda: 1000.0)
    return [turns.reserve(HUB, 1.0) for _ in range(n)]


def test_two_processes_get_every_turn_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [pool.submit(_take, tmp_path / "turns.sqlite", 10) for _ in range(2)]
        taken = [seconds for run in runs for seconds in run.result()]
    assert sorted(seconds for seconds in taken if seconds is not None) == [float(n) for n in range(20)]


def test_hubs_do_not_wait_for_each_other(tmp_path: Path) -> None:
    turns = FileTurns(tmp_path / "turns.sqlite", now=lambda: 1000.0)
    assert [turns.reserve(name, 1.0) for name in ("one", "two", "one")] == [0.0, 0.0, 1.0]


def test_nobody_waits_for_a_turn_that_a_wrong_clock_left(tmp_path: Path) -> None:
    file = tmp_path / "turns.sqlite"
    FileTurns(file, now=lambda: 9000.0).reserve(HUB, 1.0)
    assert FileTurns(file, now=lambda: 1000.0).reserve(HUB, 1.0) == 0.0


@pytest.mark.parametrize("trouble", ["no folder", "no database", "locked"])
def test_a_file_that_cannot_be_used_tells_so_and_each_process_keeps_its_own_pace(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checks.turns._PATIENCE_S", 0.01)
    file, held = tmp_path / "turns.sqlite", None
    if trouble == "no folder":
        (tmp_path / "file").write_text("")
        file = tmp_path / "file" / "turns.sqlite"
    elif trouble == "no database":
        file.write_bytes(b"nothing that SQLite could read" * 100)
    else:
        held = sqlite3.connect(file, isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
    turns = FileTurns(file)
    assert turns.reserve(HUB, 1.0) is None
    clock, stop = VirtualClock(), threading.Event()
    pace = Pace(1.0, HUB, turns)
    began = clock.monotonic()
    assert pace.take_turn(clock, stop)
    assert pace.take_turn(clock, stop)
    assert clock.monotonic() - began == 1.0
    if held is not None:
        held.close()


class Told:
    """Says how long to wait."""

    def __init__(self, *seconds: float) -> None:
        self._seconds = list(seconds)

    def reserve(self, name: str, interval_s: float) -> float | None:
        return self._seconds.pop(0)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=6))
def test_whatever_the_others_take_a_process_keeps_its_own_pace_too(waits: list[int]) -> None:
    clock, stop = VirtualClock(), threading.Event()
    pace = Paces(1.0, Told(*waits)).of(HUB)
    moments = []
    for wait in waits:
        before = clock.monotonic()
        assert pace.take_turn(clock, stop)
        moments.append(clock.monotonic())
        assert moments[-1] >= before + wait
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(moments))


def test_the_command_takes_its_turns_where_other_processes_see_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot import wiring

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    wiring.paces.cache_clear()
    folder = tmp_path / "certificates"
    folder.mkdir()
    with FakeHub(Authority(folder)) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        monkeypatch.setenv("HUBMEDIC_HUBS__LAB__CONNECTION_STRING", hub.connection_string("registryRead"))
        monkeypatch.setenv("HUBMEDIC_HUBS__LAB__CA_FILE", str(hub.ca_file))
        main(["check", "pump-7"])
        host = hub.host
    wiring.paces.cache_clear()
    kept = sqlite3.connect(next(tmp_path.rglob("turns.sqlite")))
    assert [name for (name,) in kept.execute("SELECT name FROM turns")] == [host]
    kept.close()
    assert "pump-7" in capsys.readouterr().out
