"""``hubmedic chat``: turns piped in, turns typed, and what is remembered of them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wiring
from bot.answer import Answer, Finding, Status
from bot.assistant import Assistant
from bot.cli.chat import Chat
from bot.cli.session import Session
from bot.cli.turns import Piped
from kb.model import Entry, Outcome, Remedy
from tests.standin import StandIn, entry, hit

PUMP = entry("pump", causes=2, identifiers=["401003"], title="The pump is stuck")
PUMP_FR = entry("pump", locale="fr-fr", causes=2, identifiers=["401003"], title="La pompe est bloquée")


def chatted(
    capsys: pytest.CaptureFixture[str], turns: Iterable[str], locale: str | None = None
) -> tuple[str, str]:
    knowledge = StandIn({"stuck": (Outcome.ANSWER, [hit(PUMP)], None)}, [PUMP, PUMP_FR])
    assert Chat(Session(), Assistant(knowledge), locale).run(turns) == 0
    out, err = capsys.readouterr()
    return out, err


def test_a_conversation_goes_from_cause_to_cause(capsys):
    out, _ = chatted(capsys, ["stuck", "didn't help", "it works now"])
    assert out.index("cause 1 of pump") < out.index("Then perhaps this:") < out.index("cause 2 of pump")
    assert "Good to hear." in out


def test_only_the_cause_in_question_is_shown_and_what_comes_next_said(capsys):
    out, _ = chatted(capsys, ["stuck"])
    assert "cause 2 of pump" not in out
    assert "there is 1 more cause" in out


@pytest.mark.parametrize(
    ("command", "shows"),
    [
        ("/next", "cause 2 of pump"),
        ("/suivant", "Cause 2 sur 2"),
        ("/more", "cause 2 of pump"),
        ("/plus", "Tout ce que j’ai là-dessus"),
        ("plus de détails", "cause 2 of pump"),
        ("/why", "Why: what each candidate"),
        ("/pourquoi", "Pourquoi"),
        ("/fr", "La pompe est bloquée"),
        ("/help", "/quitter"),
        ("/aide", "/quitter"),
    ],
)
def test_commands_have_a_french_twin(capsys, command, shows):
    out, _ = chatted(capsys, ["stuck", command])
    assert shows in out


@pytest.mark.parametrize("command", ["/quit", "/quitter", "/exit", "exit", "Bye", "au revoir"])
def test_leaving_leaves_what_follows_unsaid(capsys, command):
    out, _ = chatted(capsys, [command, "stuck"])
    assert out == ""


def test_more_of_what_was_shown_whole_is_its_page(capsys):
    valve = entry("valve")
    Chat(Session(), Assistant(StandIn({"leak": (Outcome.ANSWER, [hit(valve)], None)})), None).run(
        ["leak", "more details"]
    )
    out, _ = capsys.readouterr()
    assert (out.count("Symptom of valve"), out.count(valve.url)) == (1, 2)
    assert "You have seen all that I have on this." in out


def test_an_unknown_command_is_told_and_the_conversation_goes_on(capsys):
    out, err = chatted(capsys, ["/nonsense", "stuck"])
    assert "/help lists the commands" in err
    assert "pump" in out


def test_a_path_is_no_command(capsys):
    out, err = chatted(capsys, ["/devices/pump-7 not found"])
    assert "there is no command" not in err
    assert "I don't know this one." in out


def test_a_number_where_there_is_nothing_to_choose_is_told(capsys):
    out, _ = chatted(capsys, ["2", "stuck", "1"])
    assert out.count("nothing to choose from") == 2


def test_a_number_that_was_not_offered_is_told_with_those_that_were(capsys):
    knowledge = StandIn({"both": (Outcome.CHOICES, [hit(PUMP, 0.5), hit(entry("valve"), 0.4)], None)})
    Chat(Session(), Assistant(knowledge), None).run(["both", "7", "0", "2."])
    out, _ = capsys.readouterr()
    assert out.count("choose one from 1 to 2") == 2
    assert "Title of valve" in out.split("choose one")[-1]


def test_without_a_hub_a_check_says_how_to_configure_one(capsys):
    _, err = chatted(capsys, ["stuck", "/check"])
    assert "HUBMEDIC_HUBS__" in err


REASON = "The device is disabled."
SEVERAL = replace(PUMP, remedies=(*PUMP.remedies, Remedy(REASON, "Enable it.")))
ELSEWHERE = entry("valve", identifiers=["404001"], title="The device is disabled for a while")


def checked(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    turns: Iterable[str],
    *found: Finding,
    shown: Entry = SEVERAL,
) -> str:
    """A conversation in which the checks find this."""
    monkeypatch.setattr(wiring, "checks", lambda settings, progress: lambda answer, hub, text: found)
    knowledge = StandIn({"stuck": (Outcome.ANSWER, [hit(shown), hit(ELSEWHERE)], None)}, [shown, ELSEWHERE])
    assert Chat(Session(), Assistant(knowledge), None).run(turns) == 0
    return capsys.readouterr().out


def disabled(status: Status = Status.CONFIRMED) -> Finding:
    read = datetime(2026, 1, 5, tzinfo=UTC)
    return Finding("device-disabled", status, "pump-7 is disabled.", "GET /twins/pump-7", read)


def test_a_check_puts_the_confirmed_cause_first(monkeypatch, capsys):
    out = checked(monkeypatch, capsys, ["stuck", "/check"], disabled()).split("there are 2 more causes")[1]
    assert out.index("pump-7 is disabled.") < out.index(REASON) < out.index("cause 1 of pump")
    assert "Checked right now" in out


def test_after_a_check_the_next_thing_is_another_entry_since_every_cause_was_shown(monkeypatch, capsys):
    out = checked(monkeypatch, capsys, ["stuck", "/check", "/next"], disabled())
    after = out.split("Then it may be something else:")[1]
    assert "cause 1 of valve" in after
    assert "Checked right now" not in after


def test_a_check_that_confirms_nothing_shows_what_it_found_alone(monkeypatch, capsys):
    out = checked(monkeypatch, capsys, ["stuck", "/check"], disabled(Status.RULED_OUT))
    assert "cause 1 of pump" not in out.split("Checked right now")[1]


def test_what_was_checked_is_said_again_in_another_language(monkeypatch, capsys):
    out = checked(monkeypatch, capsys, ["stuck", "/check", "/fr"], disabled())
    assert "Vérifié à l’instant" in out


def test_who_asks_anew_does_not_get_what_was_read_before(monkeypatch, capsys):
    out = checked(monkeypatch, capsys, ["stuck", "/check", "stuck"], disabled())
    assert out.count("Checked right now") == 1


def test_the_checks_see_the_paste_as_it_came(monkeypatch, capsys):
    seen: list[str | None] = []

    def run(answer: Answer, hub: str | None, text: str | None) -> tuple[Finding, ...]:
        seen.append(text)
        return ()

    monkeypatch.setattr(wiring, "checks", lambda settings, progress: run)
    pasted = "stuck SharedAccessKey=" + "c2VjcmV0" * 5
    chatted(capsys, [pasted, "/check", "/fr", "/check"])
    assert seen == [pasted, pasted]


def test_a_text_that_is_too_long_is_told_and_the_conversation_goes_on(capsys):
    out, err = chatted(capsys, ["x" * 300_000, "stuck"])
    assert "triage" in err
    assert "cause 1 of pump" in out


def test_french_is_spoken_where_it_was_chosen(capsys):
    out, _ = chatted(capsys, ["stuck"], locale="fr")
    assert "Symptôme" in out


def turns(*pieces: bytes) -> list[str]:
    reader, writer = os.pipe()

    def write() -> None:
        with os.fdopen(writer, "wb") as out:
            for piece in pieces:
                out.write(piece)
                out.flush()

    thread = threading.Thread(target=write)
    thread.start()
    told = list(Piped(reader))
    thread.join()
    os.close(reader)
    return told


def test_piped_in_a_line_is_a_turn():
    assert turns(b"one\ntwo\r\n\nthree") == ["one", "two", "three"]


def test_a_stack_trace_is_one_turn():
    trace = (
        'ERROR send failed\nTraceback (most recent call last):\n  File "x.py", line 3, in f\nValueError: no\n'
    )
    assert turns(trace.encode() + b"next\n") == [trace.strip(), "next"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_turns_come_in_any_encoding(encoding):
    assert turns("ça n'a pas marché\nà côté\n".encode(encoding)) == ["ça n'a pas marché", "à côté"]


def test_whoever_waits_for_a_reply_before_writing_on_is_not_kept_waiting():
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as out:
        piped = iter(Piped(reader))
        for line in ("one", "two"):
            out.write(f"{line}\n".encode())
            out.flush()
            assert next(piped) == line
    os.close(reader)


def test_what_was_typed_is_remembered_without_its_secrets(tmp_path: Path):
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from bot.cli.turns import Typed

    history = tmp_path / "data" / "history"
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        # A bracketed paste of two lines, Enter; a line begun and cleared with Ctrl-C, another; Ctrl-D.
        keyboard.send_text("\x1b[200~first line\nPassword=hunter22;\x1b[201~\r")
        keyboard.send_text("mistaken\x03")
        keyboard.send_text("second\r\x04")
        assert list(Typed(history)) == ["first line\nPassword=hunter22;", "second"]
    kept = history.read_text(encoding="utf-8")
    assert "hunter22" not in kept
    assert "+Password=[redacted:password];" in kept
    assert history.stat().st_mode & 0o077 == 0


def test_ctrl_c_leaves_an_empty_line(tmp_path: Path):
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from bot.cli.turns import Typed

    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text("\x03")
        assert list(Typed(tmp_path / "history")) == []


def test_a_whole_conversation_runs_through_a_pipe():
    code = "import sys; from bot.cli import main; sys.exit(main())"
    said = "IotHub 'contoso-hub' does not contain the specified device 'pump-7'\nça n'a pas marché\n/quit\n"
    environment = {**os.environ, "LANG": "fr_FR.UTF-8", "COLUMNS": "80"}
    ran = subprocess.run(
        [sys.executable, "-c", code, "chat"],
        input=said.encode(),
        capture_output=True,
        check=False,
        timeout=110,
        env=environment,
    )
    out = ran.stdout.decode()
    assert ran.returncode == 0, ran.stderr.decode()
    assert "401003 IoTHubUnauthorized" in out
    assert "Alors" in out
    assert "hubmedic>" not in out


@pytest.mark.parametrize("word", ["help", "aide", "?", "Bonjour !", "hello"])
def test_a_greeting_or_a_call_for_help_is_told_what_one_can_type(capsys, word):
    out, _ = chatted(capsys, [word])
    assert "/next" in out


@pytest.mark.parametrize("arguments", [["chat"], ["triage", "-"], ["ask", "-"]])
def test_a_closed_standard_input_is_an_empty_one(arguments):
    code = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    script = f"import os, sys; os.close(0); os.execv(sys.executable, [sys.executable, '-c', {code!r}, *{arguments!r}])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "AttributeError" not in ended.stderr
    assert ended.returncode in (0, 1, 2)


def test_a_closed_standard_output_is_no_error():
    code = "import sys; from bot.cli import main; sys.exit(main(['ask', '-h']))"
    script = f"import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, '-c', {code!r}])"
    ended = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
