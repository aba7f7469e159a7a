"""Records of a log sorted into groups: one search a shape, memory that does not grow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage import sorting
from bot.triage.shapes import has_sign, is_error, shape, skeleton
from bot.triage.sorting import Sorter
from kb.model import Found, Outcome
from tests.standin import entry, hit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MISSING = entry("missing", identifiers=["404001"])
REFUSED = entry("refused", identifiers=["401003"])


class Finder:
    """Knows two errors; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> Found:
        self.asked.append(text)
        if "does not contain" in text:
            device = text.split("device '")[1].split("'")[0]
            return found(hit(MISSING, 0.95, matched="…", captures={"device": device}))
        if "401003" in text or "CredentialError" in text:
            return found(hit(REFUSED, 0.9, reasons={"identifier": 1.0}))
        if "perhaps" in text:
            return found(hit(REFUSED, 0.7, reasons={"terms": 0.9}))
        return Found(Outcome.NONE, 0.0, (), ())


def found(one):
    return Found(Outcome.ANSWER, one.confidence, (one,), (one,))


def sorted_lines(*lines: str, finder: Finder | None = None, encoding: str = "utf-8") -> Sorter:
    sorter = Sorter(finder or Finder(), ["401003", "404001"], lambda: NOW)
    sorter.take([line.encode(encoding) for line in lines], encoding)
    sorter.flush()
    sorter.settle()
    return sorter


def test_lines_of_one_error_are_one_group_with_count_times_and_devices():
    sorter = sorted_lines(
        "2026-01-05T10:00:00Z ERROR IotHub 'h' does not contain the specified device 'pump-7'",
        "2026-01-05T10:01:00Z INFO fine",
        "2026-01-05T10:02:00Z ERROR IotHub 'h' does not contain the specified device 'pump-19'",
    )
    group = sorter.known[MISSING.id]
    assert (group.count, list(group.devices)) == (2, ["pump-7", "pump-19"])
    assert (group.first, group.last) == (
        datetime(2026, 1, 5, 10, 0, tzinfo=UTC),
        datetime(2026, 1, 5, 10, 2, tzinfo=UTC),
    )
    assert sorter.unknown == {}


def test_a_device_is_named_without_marks_too():
    sorter = sorted_lines(
        "ERROR device pump-7: 401003", "ERROR device pump-8 got 401003", "ERROR device not found, 401003"
    )
    assert list(sorter.known[REFUSED.id].devices) == ["pump-7", "pump-8"]


def test_an_unknown_exception_is_told_by_what_it_says_whatever_logged_it():
    lines = [
        line
        for n, error in enumerate(
            ("JamError: wheel 1 jammed", "LeakError: tank 9 empty", "JamError: wheel 2 jammed")
        )
        for line in (
            f"2026-01-05T10:00:0{n}Z ERROR worker died",
            "Traceback (most recent call last):",
            f"plant.{error}",
        )
    ]
    unknown = sorted_lines(*lines).unknown.values()
    assert {one.shape: one.count for one in unknown} == {
        "ERROR worker died … plant.JamError: wheel # jammed": 2,
        "ERROR worker died … plant.LeakError: tank # empty": 1,
    }


def test_a_line_without_a_time_takes_none_from_its_group():
    sorter = sorted_lines(
        "ERROR IotHub 'h' does not contain the specified device 'pump-7'",
        "2026-01-05T10:01:00Z ERROR IotHub 'h' does not contain the specified device 'pump-8'",
        "2026-01-05T10:02:00Z ERROR IotHub 'h' does not contain the specified device 'pump-9'",
        "ERROR IotHub 'h' does not contain the specified device 'pump-7'",
    )
    group = sorter.known[MISSING.id]
    assert (group.count, group.first, group.last) == (
        4,
        datetime(2026, 1, 5, 10, 1, tzinfo=UTC),
        datetime(2026, 1, 5, 10, 2, tzinfo=UTC),
    )


def test_a_record_of_several_lines_may_say_its_time_below_the_first():
    sorter = sorted_lines("{", '  "time": "2026-01-05T10:00:00Z",', '  "error": "401003 refused"', "}")
    assert sorter.known[REFUSED.id].first == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_whoever_follows_is_told_the_times_with_each_line():
    seen = []
    sorter = Sorter(Finder(), ["401003"], lambda: NOW)
    sorter.on_seen = lambda group, _text: seen.append((group.count, group.first, group.last))
    sorter.take([f"2026-01-05T10:0{n}:00Z ERROR 401003".encode() for n in range(3)])
    sorter.flush()
    at = [datetime(2026, 1, 5, 10, n, tzinfo=UTC) for n in range(3)]
    assert seen == [(1, at[0], at[0]), (2, at[0], at[1]), (3, at[0], at[2])]


def test_a_log_followed_across_new_year_keeps_its_order():
    clock = iter([datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)])
    sorter = Sorter(Finder(), ["401003"], lambda: next(clock))
    for line in (b"Dec 31 23:00:00 gw ERROR 401003", b"Jan  3 00:00:00 gw ERROR 401003"):
        sorter.take([line])
        sorter.flush()
        sorter.settle()
    group = sorter.known[REFUSED.id]
    assert (group.first, group.last) == (datetime(2025, 12, 31, 23), datetime(2026, 1, 3))


def test_a_guess_between_entries_makes_no_line_known():
    class Guesser(Finder):
        def __call__(self, text: str) -> Found:
            two = (
                hit(MISSING, 0.8, matched="Permission denied", reasons={"message": 0.4}),
                hit(REFUSED, 0.7),
            )
            return Found(Outcome.CHOICES, 0.8, two, two)

    assert sorted_lines("ERROR /dev/ttyUSB0: Permission denied", finder=Guesser()).known == {}


def test_a_shape_is_searched_once_however_often_it_comes():
    finder = Finder()
    lines = [
        f"2026-01-05T10:00:{n % 60:02}Z ERROR could not write batch {n} in {n / 7:.2f} ms"
        for n in range(2000)
    ]
    sorter = sorted_lines(*lines, finder=finder)
    assert len(finder.asked) == 1
    assert [one.count for one in sorter.unknown.values()] == [2000]


def test_calm_lines_are_never_searched():
    finder = Finder()
    sorted_lines("2026-01-05T10:00:00Z INFO sent 5 messages", "DEBUG keep-alive", finder=finder)
    assert finder.asked == []


def test_a_code_counts_in_a_calm_line_too_and_tells_lines_of_one_shape_apart():
    sorter = sorted_lines(
        "INFO request ended with status 401003",
        "INFO request ended with status 200",
        "INFO request ended with status 401003",
    )
    assert sorter.known[REFUSED.id].count == 2


def test_words_alone_make_no_line_known():
    sorter = sorted_lines("ERROR perhaps something like the documented one failed")
    assert sorter.known == {}
    assert len(sorter.unknown) == 1


def test_a_stack_trace_belongs_to_its_first_line():
    sorter = sorted_lines(
        "2026-01-05T10:00:00Z ERROR sending 5 failed",
        "Traceback (most recent call last):",
        '  File "send.py", line 3, in send',
        "azure.iot.device.exceptions.CredentialError: Credentials invalid",
        "2026-01-05T10:00:01Z INFO fine",
    )
    assert sorter.known[REFUSED.id].count == 1
    assert sorter.totals.n_records == 2


def test_an_exception_of_java_belongs_to_the_line_that_logs_it():
    sorter = sorted_lines(
        "2026-01-05 10:00:00 ERROR send failed",
        "com.acme.CredentialError: refused",
        "\tat com.acme.Gateway.send(Gateway.java:12)",
        "2026-01-05 10:00:01 INFO fine",
    )
    assert (sorter.totals.n_records, sorter.known[REFUSED.id].count) == (2, 1)


def test_two_traces_with_other_last_lines_are_two_errors():
    trace = [
        "ERROR sending failed",
        "Traceback (most recent call last):",
        "  File x",
        "CredentialError: Credentials invalid",
    ]
    other = [*trace[:3], "OSError: disk full"]
    sorter = sorted_lines(*trace, *other, *trace)
    assert sorter.known[REFUSED.id].count == 2
    assert [one.count for one in sorter.unknown.values()] == [1]


def test_a_secret_is_gone_before_it_is_searched_or_shown():
    finder = Finder()
    sorter = sorted_lines("ERROR refused for SharedAccessKey=AAAABBBBCCCCDDDDEEEEFFFF=", finder=finder)
    group = next(iter(sorter.unknown.values()))
    assert "AAAABBBB" not in finder.asked[0] + group.example + group.shape
    assert list(sorter.totals.redacted) == ["shared-access-key"]


def test_logs_in_a_code_page_are_read():
    sorter = sorted_lines("2026-01-05T10:00:00Z ERREUR échec de l'envoi", encoding="cp1252")
    assert next(iter(sorter.unknown.values())).example.endswith("échec de l'envoi")


def test_memory_is_bounded_whatever_comes(monkeypatch):
    monkeypatch.setattr(sorting, "_MOST_SKELETONS", 50)
    monkeypatch.setattr(sorting, "_MOST_SHAPES", 40)
    monkeypatch.setattr(sorting, "_MOST_UNKNOWN", 20)
    words = ["".join(chr(ord("g") + (n * 7 + k * 3) % 19) for k in range(1 + n % 9)) for n in range(500)]
    sorter = sorted_lines(
        *(f"ERROR {word} {words[-n]} failed" for n, word in enumerate(words)), "ERROR 401003", "ERROR 401003"
    )
    assert len(sorter.unknown) <= 20
    assert len(sorter._skeletons) <= 51
    assert len(sorter._shapes) <= 41
    assert sorter.totals.n_forgotten > 0
    assert sorter.known[REFUSED.id].count == 2


@given(st.lists(st.binary(max_size=80).map(lambda line: line.replace(b"\n", b"")), max_size=20))
def test_any_lines_are_sorted(lines):
    sorter = Sorter(Finder(), ["401003"], lambda: NOW)
    sorter.take(lines)
    sorter.flush()
    sorter.settle()
    counted = sum(one.count for one in (*sorter.known.values(), *sorter.unknown.values()))
    assert counted <= sorter.totals.n_records <= len(lines)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sent 5 to pump-7 in 3.2 ms", "sent 67 to pump-19 in 10.75 ms"),
        ("id=0585a01c-4c7d-6df0-621a-ef57e4cc4132 failed", "id=ffffa01c-0000-6df0-621a-ef57e4cc0000 failed"),
        ("user 'ann' refused", "user 'robert' refused"),
    ],
)
def test_values_are_no_part_of_a_shape(one, other):
    assert shape(one) == shape(other)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ERROR cannot open C:\\data\\buffer.db for writing", "ERROR cannot open # for writing"),
        ("cannot open /var/lib/gateway/buffer.db: no", "cannot open #: no"),
        ('Failed to load plugin "modbus.so" from /opt/x/plugins', 'Failed to load plugin "#" from #'),
        ("cannot reach 10.0.0.7:8883 nor gw.plant.example.com", "cannot reach # nor #"),
        ("10.0.0.7", "#"),
    ],
)
def test_a_shape_says_where_a_value_stood(line, told):
    assert shape(line) == told


def test_words_are_a_part_of_a_shape():
    assert shape("disk full") != shape("disk gone")
    assert skeleton(b"a 12 b") == skeleton(b"a 9 b")


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("2026-01-05 ERROR disk full", True),
        ("java.lang.IllegalStateException: no", True),
        ('{"level":"error","msg":"x"}', True),
        ("E/Tag: broken", True),
        ("2026-01-05 INFO 0 errors found", False),
        ("INFO error handler registered", False),
        ("all well", False),
    ],
)
def test_a_line_says_itself_whether_it_is_an_error(line, is_one):
    assert is_error(line) is is_one


def test_a_sign_is_seen_in_any_case():
    assert has_sign(b"CONNECTION REFUSED")
    assert not has_sign(b"sent 5 messages")
