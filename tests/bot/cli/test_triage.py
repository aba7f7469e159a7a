"""``hubmedic triage``: what a log's errors come to, as text and as JSON."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.triage.reading import read_pieces

from .conftest import DEVICE_MISSING

LOG = f"""\
2026-01-05T10:00:00Z INFO started
2026-01-05T10:00:01Z ERROR {DEVICE_MISSING}
2026-01-05T10:00:02Z ERROR {DEVICE_MISSING.replace("pump-7", "pump-9")}
2026-01-05T10:00:03Z ERROR spool of 5 MB cannot be written: disk full
2026-01-05T10:00:04Z ERROR spool of 9 MB cannot be written: disk full
2026-01-05T10:00:05Z ERROR something else entirely broke
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "gateway.log"
    file.write_text(LOG, encoding="utf-8")
    return file


def test_a_table_of_what_there_is_comes_first(run, log):
    lines = run("triage", str(log)).out.splitlines()
    assert lines[1].split() == ["Count", "Code", "Last", "seen", "Error"]
    assert lines[2].startswith("    2  401003  2026-01-05 10:00:02Z  The hub does not contain")
    unknown = lines.index("Errors I don't know, by what they have alike")
    assert "2  2026-01-05 10:00:04Z  ERROR spool of # MB" in lines[unknown + 2]
    assert unknown < next(n for n, line in enumerate(lines) if "Solution" in line)


def test_the_table_fits_a_narrow_terminal(run, log):
    told = run("triage", str(log), COLUMNS="36").out.split("\n\n")[0]
    assert max(map(len, told.splitlines())) <= 36
    assert "\n    2  401003  2026-01-05 10:00:02Z\n  The hub does not contain the" in told


def test_the_fix_names_the_hub_and_the_device_where_there_is_one(run, log):
    told = run("triage", str(log)).out
    assert "--hub-name contoso-hub --device-id {device}" in told
    log.write_text(LOG.replace("pump-9", "pump-7"), encoding="utf-8")
    assert "--hub-name contoso-hub --device-id pump-7" in run("triage", str(log)).out


def test_known_errors_come_with_count_times_devices_and_their_fix_once(run, log):
    ran = run("triage", str(log))
    assert ran.status == 0
    assert "\n2 ×  401003 IoTHubUnauthorized" in ran.out
    assert "from 5 Jan 2026, 10:00:01 UTC to 5 Jan 2026, 10:00:02 UTC" in ran.out
    assert "devices: pump-7, pump-9" in ran.out
    assert ran.out.count("Solution") == 1
    assert "6 lines" in ran.err


def test_unknown_errors_are_grouped_by_shape_most_frequent_first(run, log):
    unknown = run("triage", str(log)).out.split("Errors I don't know")[1]
    assert unknown.index("ERROR spool of # MB") < unknown.index("ERROR something else")
    assert unknown.index("2 ×  2026-01-05T10:00:03Z ERROR spool of 5 MB") < unknown.index("1 ×  2026-01-05T")


def test_json_holds_the_same(run, log):
    told = run("triage", str(log), "--json").json
    assert (told["files"], told["lines"], told["bytes"]) == ([str(log)], 6, len(LOG.encode()))
    [group] = told["groups"]
    assert (group["count"], group["first"], group["last"]) == (
        2,
        "2026-01-05T10:00:01Z",
        "2026-01-05T10:00:02Z",
    )
    assert group["devices"] == ["pump-7", "pump-9"]
    assert "401003" in group["identifiers"]
    assert [one["count"] for one in told["unknown"]] == [2, 1]


def test_several_files_and_a_pipe_are_one_log(run, log, tmp_path):
    (tmp_path / "old.log.gz").write_bytes(gzip.compress(LOG.replace("2026-01-05", "2025-12-31").encode()))
    told = run("triage", str(log), str(tmp_path / "old.log.gz"), "-", "--json", piped=LOG.encode()).json
    assert told["groups"][0]["count"] == 6
    assert told["groups"][0]["first"] == "2025-12-31T10:00:01Z"


def test_a_log_without_known_errors_ends_with_1(run):
    ran = run("triage", "-", piped=b"2026-01-05T10:00:00Z INFO all is well\n")
    assert (ran.status, "No error was found" in ran.out) == (1, True)


def test_fixes_are_in_the_readers_language(run, log):
    assert "appareils : pump-7, pump-9" in run("triage", str(log), "--locale", "fr").out.replace("\xa0", " ")


def test_who_interrupts_gets_what_was_found_so_far(run, log, monkeypatch):
    from bot.cli import triage

    def interrupted(*arguments):
        yield from read_pieces(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(triage, "read_pieces", interrupted)
    ran = run("triage", str(log), str(log))
    assert ran.status == 130
    assert f"Stopped in {log}" in ran.err
    assert "    2  401003  2026-01-05 10:00:02Z" in ran.out


def test_a_secret_in_a_log_is_shown_nowhere(run):
    ran = run("triage", "-", piped=b"ERROR refused: SharedAccessKey=AAAABBBBCCCCDDDDEEEEFFFFGGGG= rejected\n")
    assert "AAAABBBB" not in ran.out + ran.err
    assert "renew it now" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["triage"], "FILE"),
        (["triage", "none.log"], "there is no file none.log"),
        (["triage", "."], "is a folder"),
        (["triage", "-f", "-", "-"], "one file"),
    ],
)
def test_wrong_usage_is_told(run, arguments, told):
    ran = run(*arguments)
    assert (ran.status, told in ran.err) == (2, True)


def test_a_file_that_is_no_text_is_left_out_beside_others_and_told_alone(run, log, tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(range(32)) * 200)
    beside = run("triage", str(tmp_path / "a.bin"), str(log))
    assert (beside.status, "was left out" in beside.err) == (0, True)
    alone = run("triage", str(tmp_path / "a.bin"), "--json")
    assert (alone.status, alone.json["error"]["code"]) == (2, "text-unreadable")


def test_following_prints_each_error_as_it_comes_and_ends_with_ctrl_c(log):
    code = "import sys; from bot.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", code, "triage", "--follow", "--json", str(log)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        first = [json.loads(process.stdout.readline()) for _ in range(5)]
        with log.open("a", encoding="utf-8") as out:
            out.write(f"2026-01-05T10:01:00Z ERROR {DEVICE_MISSING}\n")
        last = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    assert [one["known"] for one in first] == [True, True, False, False, False]
    assert (last["known"], last["count"]) == (True, 3)
    assert [one["last"] for one in (*first, last)] == [
        *(f"2026-01-05T10:00:0{second}Z" for second in (1, 2, 3, 4, 5)),
        "2026-01-05T10:01:00Z",
    ]
    assert (last["first"], last["last"]) == ("2026-01-05T10:00:01Z", "2026-01-05T10:01:00Z")
    assert process.returncode == 0
