"""``hubmedic ask``: the answer, its exit status, and what it makes of bad input."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.ask import is_file, split
from bot.cli.session import wrapped

from .conftest import DEVICE_MISSING


def key() -> str:
    import base64

    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_an_answer_shows_code_reasons_symptom_cause_steps_and_source(run):
    ran = run("ask", DEVICE_MISSING)
    assert ran.status == 0
    title, why, *_ = ran.out.splitlines()
    assert title.startswith("401003 IoTHubUnauthorized")
    assert "very likely" in why
    assert "hub = contoso-hub" in ran.out
    for label in ("Symptom", "Cause", "Solution", "Source https://"):
        assert f"\n{label}" in ran.out
    assert "\n  1. " in ran.out
    assert "--hub-name contoso-hub --device-id pump-7" in ran.out


def test_lines_fit_the_width_but_commands_stay_whole(run):
    ran = run("ask", DEVICE_MISSING)
    too_wide = [line for line in ran.out.splitlines() if len(line) > 80]
    assert too_wide
    assert all(line.lstrip().startswith(("az ", "Source ", "curl ")) for line in too_wide)


def test_french_comes_by_itself_where_the_terminal_is_french(run):
    assert "\nSymptôme" in run("ask", DEVICE_MISSING, lang="fr_FR.UTF-8").out


@pytest.mark.parametrize("lang", ["C", "POSIX", "C.UTF-8", "", "xx_nonsense!"])
def test_a_terminal_without_a_language_speaks_english(run, lang):
    assert "\nSymptom" in run("ask", DEVICE_MISSING, lang=lang).out


def test_lc_all_wins_over_lang_and_the_setting_over_both(run):
    assert "\nSymptôme" in run("ask", DEVICE_MISSING, LC_ALL="fr_CA.UTF-8").out
    assert "\nSymptom\n" in run("ask", DEVICE_MISSING, LC_ALL="fr_CA.UTF-8", HUBMEDIC_LOCALE="en").out


def test_words_in_french_are_answered_in_french(run):
    ran = run("ask", "mes appareils se déconnectent toutes les heures et reviennent tout de suite", "--json")
    assert ran.json["locale"] == "fr-fr"


def test_an_option_for_the_language_wins(run):
    ran = run(
        "ask", "-l", "en", "mes", "appareils", "se", "déconnectent", "toutes", "les", "heures", "--json"
    )
    assert ran.json["locale"] == "en-us"


def test_another_language_is_answered_in_english(run):
    ran = run("ask", "--locale", "de-AT", DEVICE_MISSING)
    assert (ran.status, "\nSymptom" in ran.out) == (0, True)
    assert "This article exists in English only." in ran.out


def test_json_is_the_object_of_the_contract(run):
    secret = key()
    ran = run("ask", f"{DEVICE_MISSING} SharedAccessKey={secret}", "--json")
    told = ran.json
    assert list(told) == [
        "query",
        "locale",
        "outcome",
        "confidence",
        "hits",
        "redacted",
        "findings",
        "elapsed_ms",
    ]
    assert (told["outcome"], told["locale"], told["redacted"]) == ("answer", "en-us", ["shared-access-key"])
    hit = told["hits"][0]
    assert set(hit) == {
        "entry", "slug", "article", "locale", "identifiers", "title", "confidence", "reasons", "captures", "symptom", "cause",
        "solution", "url",
    }  # fmt: skip
    assert hit["captures"]["device"] == "pump-7"
    assert set(hit["reasons"]) == {"identifier", "message", "terms"}
    assert secret not in ran.out + ran.err


def test_a_pasted_key_is_shown_nowhere_and_its_owner_told(run):
    secret = key()
    ran = run("ask", f"HostName=h;DeviceId=d;SharedAccessKey={secret} {DEVICE_MISSING}")
    assert secret[:12] not in ran.out + ran.err
    assert "renew it now" in ran.err


def test_what_the_documents_do_not_know_is_said_and_nothing_cited(run):
    ran = run("ask", "how do I bake sourdough bread at home")
    assert ran.status == 1
    assert "I don't know this one." in ran.out
    assert "http" not in ran.out


def test_what_is_piped_in_is_read_where_there_is_no_text(run):
    assert "IoTHubUnauthorized" in run("ask", piped=DEVICE_MISSING.encode()).out
    assert "IoTHubUnauthorized" in run("ask", "-", piped=DEVICE_MISSING.encode("utf-16")).out


def test_a_windows_code_page_is_read(run):
    text = f"l'appareil est refusé, délai dépassé : {DEVICE_MISSING}"
    assert "401003" in run("ask", "-", piped=text.encode("cp1252")).out


@pytest.mark.parametrize(
    ("arguments", "piped", "status", "told"),
    [
        (["ask"], b"", 2, "nothing was asked"),
        (["ask", "   "], None, 2, "nothing was asked"),
        (["ask", "-"], b"\x7fELF" + bytes(range(32)) * 90, 2, "this is not text"),
        (["ask", "-"], b"x" * 60_000_000, 2, "more than 200,000 characters"),
        (["ask", "x", "--locale", "not a tag"], None, 2, "not a language tag"),
        (["ask", "x", "--limit", "0"], None, 2, "at least 1"),
        (["ask", "x", "--limit"], None, 2, "--limit needs a value"),
    ],
    ids=["empty pipe", "blanks", "binary", "60 MB", "malformed locale", "limit 0", "limit without number"],
)
def test_bad_input_gets_one_sentence_that_says_what_to_do(run, arguments, piped, status, told):
    ran = run(*arguments, piped=piped)
    assert ran.status == status
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""
    as_json = run(*arguments, "--json", piped=piped) if "--limit" not in arguments[-1:] else None
    if as_json is not None:
        assert set(as_json.json["error"]) == {"code", "message", "hint"}
        assert as_json.status == status


def test_errors_are_told_in_french(run):
    assert "rien n’a été demandé" in run("ask", " ", lang="fr_FR.UTF-8").err


def test_a_missing_index_could_not_run(run, tmp_path):
    ran = run("ask", "x", HUBMEDIC_KB=str(tmp_path / "nowhere"))
    assert (ran.status, "set HUBMEDIC_KB" in ran.err) == (3, True)


def test_a_damaged_index_could_not_run(run, tmp_path):
    (tmp_path / "manifest.json").write_text("{broken", encoding="utf-8")
    ran = run("ask", "x", "--json", HUBMEDIC_KB=str(tmp_path))
    assert (ran.status, ran.json["error"]["code"]) == (3, "index")


def test_what_steers_a_terminal_never_reaches_it(run):
    ran = run("ask", f"\x1b[31m{DEVICE_MISSING}\x1b[0m \u202etxt.exe\x07 401003")
    assert not any(c in ran.out + ran.err for c in "\x1b\u202e\x07")
    ran = run("ask", f"\u202e{DEVICE_MISSING}\x9b", "--json")
    assert not any(c in ran.out for c in "\u202e\x9b")


def test_asking_why_compares_the_candidates(run):
    assert "401003-iothubunauthorized#" in run("ask", DEVICE_MISSING, "--why").out.split("Why:")[1]


def test_without_a_hub_the_answer_comes_all_the_same_and_says_how_to_turn_checks_on(run):
    ran = run("ask", DEVICE_MISSING, "--check")
    assert (ran.status, "Solution" in ran.out) == (0, True)
    assert "HUBMEDIC_HUBS__" in ran.err


@pytest.mark.parametrize("more", [[], ["--json"]], ids=["text", "json"])
def test_a_reader_that_has_seen_enough_ends_it_quietly(run, more):
    run("ask", DEVICE_MISSING)  # indexes the articles where that was not done yet
    code = "import sys; from bot.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "ask", DEVICE_MISSING, *more]
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=110)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "options", "text"),
    [
        (["-> CONNACK", "0x5"], [], ["-> CONNACK", "0x5"]),
        (["--", "-x", "--unknown=1"], [], ["--", "-x", "--unknown=1"]),
        (["a", "--json", "b", "-l", "fr"], ["--json", "-l", "fr"], ["a", "b"]),
        (["--locale=fr", "x"], ["--locale=fr"], ["x"]),
        (["-lfr"], [], ["-lfr"]),
        (["--check", "lab", "text"], ["--check=lab"], ["text"]),
        (["text", "--check"], ["--check="], ["text"]),
        (["--check", "device gets 401003"], ["--check="], ["device gets 401003"]),
        (["--check", "PLANT", "many", "words"], ["--check=PLANT"], ["many", "words"]),
        (["--check", "device", "gets", "401003"], ["--check="], ["device", "gets", "401003"]),
        (["--check=other", "x"], ["--check=other"], ["x"]),
        (["--check", "-"], ["--check="], ["-"]),
        (["--limit", "2", "--why", "--limit"], ["--limit", "2", "--why", "--limit"], []),
    ],
)
def test_what_is_no_known_option_is_text(arguments, options, text):
    assert split(arguments, hubs=["plant"]) == (options, text)


def test_a_single_word_is_a_hub_where_the_text_is_piped_in():
    assert split(["--check", "lap"], hubs=["lab"], is_text_piped=True) == (["--check=lap"], [])
    assert split(["--check", "quota"], hubs=["lab"]) == (["--check="], ["quota"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [["ask", DEVICE_MISSING], ["ask", DEVICE_MISSING, "--json"], ["kb", "list"], ["--help"]],
    ids=" ".join,
)
def test_a_full_disk_is_one_sentence(run, arguments):
    run("ask", DEVICE_MISSING)  # indexes the articles where that was not done yet
    code = "import sys; from bot.cli import main; sys.exit(main())"
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "LANG": "en_US.UTF-8"},
            check=False,
            timeout=110,
        )
    assert ran.returncode == 3
    assert ran.stderr.decode() == (
        "hubmedic: the answer cannot be written (No space left on device); make room, or send the output elsewhere\n"
    )


def test_whoever_stops_reading_changes_no_exit_status_of_an_error(run):
    code = "import sys; from bot.cli import main; sys.exit(main())"
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", code, "ask", " ", "--json"]
    ran = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=110)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (2, b"")


@given(st.text("ab -/\n", max_size=200), st.integers(10, 60))
def test_a_remark_is_broken_between_words_only(text, width):
    told = wrapped(text, width)
    assert told.split() == text.split()
    assert all(len(line) <= width or " " not in line.strip() for line in told.split("\n"))
    assert wrapped(text, 0) == text


@given(st.lists(st.text(min_size=1, max_size=8)))
def test_every_argument_ends_up_as_option_or_text_in_order(arguments):
    options, text = split(arguments)
    assert sorted([*options, *text]) == sorted("--check=" if one == "--check" else one for one in arguments)
    rest = iter(arguments)
    assert all(any(one == other for other in rest) for one in text)


def test_the_name_of_a_file_is_told_from_a_question(tmp_path):
    log = tmp_path / "gateway.log"
    log.write_text("401003", encoding="utf-8")
    assert is_file(str(log))
    assert not is_file("401003")
    assert not is_file("x" * 10_000)
    assert not is_file("a\0b")
