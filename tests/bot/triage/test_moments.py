"""The time of a line, in the forms that logs have."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.moments import read_moment, without_moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AWARE = datetime(2026, 1, 5, 10, 0, 0, tzinfo=UTC)
NAIVE = datetime(2026, 1, 5, 10, 0, 0)


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("2026-01-05T10:00:00Z ERROR x", AWARE),
        ("2026-01-05T12:00:00+02:00 x", AWARE),
        ("2026-01-05 05:00:00 -0500 x", AWARE),
        ("2026-01-05 10:00:00,000 ERROR x", NAIVE),
        ("2026/01/05 10:00:00 [error] 5#5: x", NAIVE),
        ("[2026-01-05T10:00:00.000000001Z] x", AWARE),
        ('{"time":"2026-01-05T10:00:00Z","level":"Error"}', AWARE),
        ('{"ts":1767607200,"msg":"x"}', AWARE),
        ('{"timestamp": 1767607200000}', AWARE),
        ("1767607200 x", AWARE),
        ("01/05/2026 10:00:00 x", NAIVE),
        ("1/5/2026 10:00:00 AM x", NAIVE),
        ("1/5/2026, 10:00:00 AM x", NAIVE),
        ("05.01.2026 10:00:00 x", NAIVE),
        ("25/01/2026 10:00:00 x", datetime(2026, 1, 25, 10)),
        ('127.0.0.1 - - [05/Jan/2026:10:00:00 +0000] "GET /"', AWARE),
        ("05-Jan-2026 10:00:00.000 SEVERE x", NAIVE),
        ("Mon Jan  5 10:00:00 2026 x", NAIVE),
        ("Jan  5 10:00:00 host app[3]: x", NAIVE),
        ("Dec 31 10:00:00 host x", datetime(2025, 12, 31, 10)),
        ("01-05 10:00:00.000  1234 E tag: x", NAIVE),
        ("20260105T100000 x", NAIVE),
        ("20260105T100000Z x", AWARE),
        ("Jan 05, 2026 10:00:00 AM com.contoso.Gateway send", NAIVE),
        ("Jan 5, 2026, 10:00:00 PM x", datetime(2026, 1, 5, 22)),
        ("janv. 05, 2026 10:00:00 AM com.contoso.Gateway send", NAIVE),
        ("Date: Mon, 05 Jan 2026 10:00:00 GMT", AWARE),
        ("5 janv. 2026 10:00:00 x", NAIVE),
        ("janv. 05 10:00:00 host app[3]: x", NAIVE),
        ("févr. 28 10:00:00 host app[3]: x", datetime(2026, 2, 28, 10)),
        ("juil. 14 10:00:00 host app[3]: x", datetime(2025, 7, 14, 10)),
        ("E0105 10:00:00.000000       1 reflector.go:138] x", NAIVE),
        ("Tracking ID:a-TimeStamp:01/05/2026 10:00:00", NAIVE),
        ("no time at all 401003", None),
        ("2026-13-45T99:00:00Z", None),
    ],
)
def test_the_time_of_a_line_is_read(line, moment):
    assert read_moment(line, NOW) == moment


def test_the_time_at_the_front_is_no_part_of_the_message():
    assert without_moment("2026-01-05T10:00:00.401003Z ERROR x").strip() == "ERROR x"
    assert without_moment("a message that came from 2026-01-05T10:00:00Z stays").endswith(
        "2026-01-05T10:00:00Z stays"
    )


@given(st.text(max_size=100))
def test_any_line_has_a_time_or_none(line):
    assert read_moment(line, NOW) is None or isinstance(read_moment(line, NOW), datetime)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
)
def test_what_isoformat_and_ctime_write_is_read_back(moment):
    assert read_moment(f"{moment.isoformat()} x", NOW) == moment
    assert read_moment(f"{moment.ctime()} x", NOW) == moment
