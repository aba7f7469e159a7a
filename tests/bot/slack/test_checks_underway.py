"""Runs of live checks: counted, stopped, shown step by step, and kept so that they can be told again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Finding, Status
from bot.i18n import speaker
from bot.slack import keeping
from bot.slack.steps import Steps
from bot.slack.underway import ChecksBusy, Underway

VALUES = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.datetimes(timezones=st.just(UTC)),
    st.timedeltas(timedelta(days=-90), timedelta(days=90)),
    st.none(),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)
FINDINGS = st.builds(
    Finding,
    check=st.sampled_from(["device-missing", "quota-used-up"]),
    status=st.sampled_from(Status),
    message=st.text(max_size=30),
    source=st.text(max_size=30),
    read_at=st.datetimes(timezones=st.just(UTC)),
    lag=st.none() | st.text(max_size=10),
    values=st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), VALUES, max_size=3),
    would_tell=st.text(max_size=10),
)


class Recorded:
    """Remembers that it was cancelled."""

    def __init__(self) -> None:
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


@given(st.lists(FINDINGS, max_size=4).map(tuple))
def test_findings_are_kept_as_they_were(findings: tuple[Finding, ...]) -> None:
    assert keeping.from_text(keeping.to_text(findings)) == findings


@given(st.text() | st.sampled_from(['[{"check":1}]', "[1]", "{}", "null"]))
def test_what_was_kept_by_another_version_is_no_finding(text: str) -> None:
    assert keeping.from_text(text) == ()


def test_a_kept_moment_is_told_in_any_language() -> None:
    told = Finding(
        "x",
        Status.CONFIRMED,
        "{day}",
        "",
        datetime(2026, 1, 5, tzinfo=UTC),
        values={"day": datetime(2026, 1, 5, 10, tzinfo=UTC)},
    )
    (again,) = keeping.from_text(keeping.to_text([told]))
    assert speaker("fr")(again.message, **again.values) == "5 janv. 2026, 10:00:00 UTC"


def test_a_run_is_stopped_by_its_name() -> None:
    underway, running = Underway(), Recorded()
    with underway.run("a") as run:
        run.began(running)
        assert underway.stop("a")
    assert (running.is_cancelled, run.is_stopped, underway.stop("a")) == (True, True, False)


def test_a_run_that_is_stopped_before_it_begins_ends_at_once() -> None:
    underway, running = Underway(), Recorded()
    with underway.run("a") as run:
        underway.stop("a")
        run.began(running)
    assert running.is_cancelled


def test_one_of_a_name_and_so_many_in_all() -> None:
    underway = Underway(most=2)
    with underway.run("a"):
        with pytest.raises(ChecksBusy, match="running already"), underway.run("a"):
            pass
        with underway.run("b"), pytest.raises(ChecksBusy, match="too many"), underway.run("c"):
            pass
        with underway.run("c"):
            pass


def test_once_closed_nothing_runs_and_nothing_begins() -> None:
    underway, running = Underway(), Recorded()
    with underway.run("a") as run:
        run.began(running)
        underway.close()
        with pytest.raises(ChecksBusy), underway.run("b"):
            pass
    assert running.is_cancelled


def test_steps_are_shown_in_order_and_none_after_the_end() -> None:
    shown: list[tuple[str, ...]] = []
    seen = threading.Event()

    def show(lines: object) -> bool:
        shown.append(tuple(lines))  # type: ignore[call-overload]
        seen.set()
        return True

    with Steps(speaker("en"), show, apart_s=0) as steps:
        steps("reading {source}", {"source": "GET /twins/pump-7"})
        assert seen.wait(10)
    steps("reading {source}", {"source": "GET /devices/pump-7"})
    assert shown == [("reading GET /twins/pump-7",)]


def test_steps_that_nobody_looks_at_any_more_are_not_shown() -> None:
    closed = threading.Event()

    def show(_lines: object) -> bool:
        closed.set()
        return False

    with Steps(speaker("en"), show, apart_s=0) as steps:
        steps("one", {})
        assert closed.wait(10)
        steps("two", {})
