"""Log lines go to stderr, at the level and in the format set, without a secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_lines_are_json_where_that_is_set_and_hold_no_secret(capsys):
    logs.configure(Settings(log_level="info", log_format="json"))
    logs.get("x").info("answered", text="SharedAccessKey=AAAABBBBCCCCDDDD", n=1)
    logging.getLogger("hubmedic.audit").info("calls by %s", "Password=hunter22;")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["answered", "calls by Password=[redacted:password];"]
    assert lines[0]["text"] == "SharedAccessKey=[redacted:shared-access-key]"
    assert (lines[0]["n"], lines[0]["level"]) == (1, "info")


def test_a_traceback_holds_no_secret_either(capsys):
    logs.configure(Settings(log_level="debug"))
    try:
        raise ValueError("Password=hunter22;")
    except ValueError:
        logs.get("x").exception("failed")
    err = capsys.readouterr().err
    assert "ValueError" in err
    assert "hunter22" not in err


def test_what_is_below_the_level_is_not_written(capsys):
    logs.configure(Settings(log_level="error"))
    logs.get("x").warning("quiet")
    logging.getLogger("other").info("quiet")
    assert capsys.readouterr().err == ""


def test_values_of_any_kind_are_looked_through():
    told = logs.without_secrets(
        None,
        "",
        {
            "a": ["Password=hunter22;"],
            "b": {"c": "sig=AAAABBBBCCCC"},
            "d": None,
            "e": ValueError("pwd=hunter22"),
        },
    )
    assert "hunter22" not in str(told)
    assert "AAAABBBB" not in str(told)


def test_a_fault_of_our_own_is_a_sentence_and_its_traceback_only_for_who_asks(monkeypatch, capsys):
    from bot.cli import ask, main

    def broken(*_: object) -> None:
        raise RuntimeError("Password=hunter22;")

    monkeypatch.setattr(ask.wiring, "assistant", broken)
    assert main(["ask", "x"]) == 3
    err = capsys.readouterr().err
    assert "something went wrong inside hubmedic (RuntimeError)" in err
    assert "Traceback" not in err
    monkeypatch.setenv("HUBMEDIC_LOG_LEVEL", "debug")
    assert main(["ask", "x"]) == 3
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "hunter22" not in err
