from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.store.owners import gone, this_process


def test_a_process_that_runs_is_not_gone() -> None:
    assert gone([this_process()]) == ()


def test_a_process_that_ended_here_is_gone() -> None:
    code = "from bot.store.owners import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert gone([ended.stdout.strip()]) == (ended.stdout.strip(),)


def test_every_name_is_another() -> None:
    assert this_process() != this_process()
    assert len(this_process()) <= 160


@pytest.mark.parametrize(
    "owner",
    ["", "me", "elsewhere/b00t/1/1/abc", "a/b/c/d/e", f"x/{os.getpid()}/y"],
    ids=["empty", "bare", "elsewhere", "long", "other-boot"],
)
def test_in_doubt_an_owner_lives(owner: str) -> None:
    assert gone([owner]) == ()


def test_a_number_no_process_can_have_is_nobody_here() -> None:
    place = this_process().rsplit("/", 2)[0]

    assert gone([f"{place}/99999999999999999999/abc"]) == ()
