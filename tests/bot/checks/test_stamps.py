"""Two clocks in one log, and what their difference means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import stamps

NOON = datetime(2026, 1, 5, 12, 0, 0, tzinfo=UTC)
_TRACKED = "Tracking ID:0AF30AF30AF30AF30AF30AF30AF30AF3-G:3-TimeStamp:01/05/2026 12:00:00"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-05T12:00:00Z x", NOON),
        ("2026-01-05 12:00:00,123 INFO x", NOON.replace(microsecond=123000)),
        ("2026-01-05T12:00:00.123456789Z x", NOON.replace(microsecond=123456)),
        ("2026-01-05T13:00:00+01:00 x", NOON),
        ("[2026-01-05 12:00:00 UTC] x", NOON),
        ("Time:Mon Jan  5 12:00:00 2026 File:x Func:y", NOON),
        ("gw-1 | 2026-01-05T12:00:00 x", NOON),
    ],
)
def test_the_front_of_a_log_line_is_the_clock_of_the_machine_that_logged(text: str, at: datetime) -> None:
    assert [stamp.at for stamp in stamps.log_stamps(text)] == [at]


@pytest.mark.parametrize(
    "text",
    [
        _TRACKED,
        "Tracking Id: 0af30af3-0af3-0af3-0af3-0af30af30af3-G2:-TimeStamp:2026-01-05T12:00:00.000000000Z",
        '{"errorCode":401002,"timestampUtc":"2026-01-05T12:00:00.1234567Z"}',
        "{'errorCode': 401002, 'timestampUtc': '2026-01-05T12:00:00Z'}",
        "[identifier: x, timestamp: 2026-01-05T12:00:00Z, errorcode: IH401003]",
    ],
)
def test_the_time_in_a_reply_is_the_clock_of_the_hub(text: str) -> None:
    assert [stamp.at.replace(microsecond=0) for stamp in stamps.hub_stamps(text)] == [NOON]
    assert stamps.log_stamps(text) == ()


def test_a_resource_record_is_written_by_the_hub_although_its_time_stands_in_front() -> None:
    record = '{"time":"2026-01-05T12:00:00Z","operationName":"deviceDisconnect","resultType":"404104"}'
    assert stamps.log_stamps(record) == ()
    assert stamps.hub_stamps(record)[0].at == NOON


def test_a_slashed_date_in_front_is_not_read_since_nobody_knows_which_number_is_the_month() -> None:
    assert stamps.log_stamps("05/01/2026 12:00:00 INFO x") == ()


def test_the_log_line_above_a_reply_is_paired_with_it() -> None:
    (pair,) = stamps.pairs(f"2026-01-05T11:00:00Z error\n  {{\n  {_TRACKED}\n")
    assert stamps.skew(*pair) == (timedelta(hours=-1), False)


@pytest.mark.parametrize(
    ("logged", "may_be_zone"),
    [
        ("2026-01-05 14:00:10", True),  # two hours: a zone
        ("2026-01-05 12:06:00", False),  # six minutes: no zone is that small
        ("2026-01-05 12:00:30", False),
        ("2025-11-25 12:00:00", False),  # forty-one days
        ("2026-01-05T14:00:10Z", False),  # it says its zone
    ],
)
def test_whole_quarter_hours_without_a_zone_may_be_no_more_than_a_zone(
    logged: str, may_be_zone: bool
) -> None:
    (pair,) = stamps.pairs(f"{logged} {_TRACKED}")
    assert stamps.skew(*pair)[1] is may_be_zone


@pytest.mark.parametrize(
    "text", ["2026-02-30T12:00:00Z", "Xyz Foo  5 12:00:00 2026", "13/45/2026 12:00:00", "0000-00-00T00:00:00"]
)
def test_a_date_no_calendar_has_is_no_date(text: str) -> None:
    assert stamps.read(text) is None


_PIECES = (
    "2026-01-05T12:00:00Z", "2026-13-05 12:00:00", "01/05/2026 12:00:00", "13/32/2026 12:00:00", "Mon Jan  5 12:00:00 2026",
    "Jan  5 12:00:00", "1/5/2026, 9:58:12.345 AM", "TimeStamp:", "timestampUtc: ", _TRACKED, '"time": "', "Time: ", "\n", " ", "x",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text())
def test_whatever_is_read_is_a_moment_on_a_line_of_the_text(text: str) -> None:
    found = [*stamps.hub_stamps(text), *(stamp for pair in stamps.pairs(text) for stamp in pair)]
    assert all(stamp.at.utcoffset() == timedelta() for stamp in found)
    assert all(0 <= stamp.line < len(text.splitlines()) for stamp in found)
    first = stamps.any_stamp(text)
    assert first is None or first.at.utcoffset() == timedelta()


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)))
def test_every_time_a_hub_writes_is_read_back(moment: datetime) -> None:
    written = f"{'0af3' * 8}-G2:-TimeStamp:{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}000Z"
    assert [stamp.at for stamp in stamps.hub_stamps(written)] == [moment.replace(tzinfo=UTC)]
