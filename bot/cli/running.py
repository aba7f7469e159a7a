"""Run one command: find it, let it work, and end well however it ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click

from bot.cli.commands import CONTEXT, Group, Lazy
from bot.cli.session import INTERRUPTED, Session
from bot.errors import BotError, FileUnwritable, UsageWrong
from bot.i18n import N_
from kb.errors import KnowledgeError, UnknownEntry

ANSWERED, NOTHING_FOUND, WRONG_USAGE, COULD_NOT_RUN = 0, 1, 2, 3
_TAKES_NOTHING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})

COMMANDS = {
    "chat": Lazy("bot.cli.chat:command", N_("talk about an error; what hubmedic does without a command")),
    "ask": Lazy("bot.cli.ask:command", N_("answer one question or pasted error")),
    "triage": Lazy("bot.cli.triage:command", N_("find the known errors of a log")),
    "check": Lazy(
        "bot.cli.check:command", N_("ask an IoT hub about a device; look at a token or the network")
    ),
    "kb": Lazy("bot.cli.kb:command", N_("build, check and read the documents")),
    "slack": Lazy("bot.cli.slack:command", N_("answer people in Slack, over Socket Mode")),
    "serve": Lazy("bot.cli.serve:command", N_("answer people in Slack, over HTTP")),
    "gaps": Lazy("bot.cli.gaps:command", N_("show what was asked and not answered")),
    "db": Lazy("bot.cli.db:command", N_("look after the database")),
    "doctor": Lazy("bot.cli.doctor:command", N_("look whether everything is set up")),
}


def root() -> click.Group:
    """Return the group of all commands."""
    return Group(
        name="hubmedic",
        lazy=COMMANDS,
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help=N_("show the version and exit"),
            )
        ],
        context_settings=CONTEXT,
        help=N_("Paste an error message or ask a question; get the documented symptom, cause and solution."),
        epilog=N_(
            "Exit status: 0 answered or fine, 1 nothing found or something is wrong, 2 wrong usage, 3 could not run."
        ),
    )


def _version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if not is_asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("hubmedic")
    except PackageNotFoundError:  # run from a checkout
        number = "0"
    click.echo(f"hubmedic {number}")
    ctx.exit(ANSWERED)


def run(arguments: list[str]) -> int:
    """Run the command that the arguments name; without any, the conversation."""
    _open_closed_streams()
    session = Session(as_json="--json" in arguments)
    if os.environ.get("HUBMEDIC_LOG_LEVEL"):
        _set_up_log()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = root().main(arguments or ["chat"], "hubmedic", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # click makes the second of the first
        # Whoever read has seen enough.
        _close_stdout()
        return ANSWERED
    except (KeyboardInterrupt, click.exceptions.Abort):
        return INTERRUPTED
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.UsageError as error:
        return _ended(_usage(error), session)
    except Exception as error:
        return _ended(error, session)
    return status if isinstance(status, int) else ANSWERED


def _open_closed_streams() -> None:
    """Give a stream that who called us closed to the null device: Python has None in its place, on which everything fails."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115


def _ended(error: Exception, session: Session) -> int:
    """Say what went wrong, however little can be said where."""
    if isinstance(error, OSError) and error.errno in _TAKES_NOTHING:
        _close_stdout()
        session.as_json = False
        return _told(
            FileUnwritable(
                "the answer cannot be written ({reason})",
                "make room, or send the output elsewhere",
                reason=error.strerror or "",
            ),
            session,
        )
    try:
        status = _told(error, session)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
        return status_of(error)
    except OSError as worse:
        return _ended(worse, session) if worse.errno in _TAKES_NOTHING else COULD_NOT_RUN
    return status


def _close_stdout() -> None:
    """Let nothing more be written: Python would complain once more when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # replaced by something that is no file
        return


def status_of(error: BaseException) -> int:
    """Return the exit status that an error ends with."""
    if isinstance(error, UnknownEntry):
        return NOTHING_FOUND
    if getattr(error, "is_usage", False) or getattr(error, "code", "") == "knowledge":
        return WRONG_USAGE
    return COULD_NOT_RUN


def _told(error: BaseException, session: Session) -> int:
    """Say what went wrong and what to do next."""
    if isinstance(error, KnowledgeError | BotError) or hasattr(error, "hint"):
        message, hint = session.say.error(error)  # type: ignore[arg-type]
        code = getattr(error, "code", "error")
        place = f"{error.path}:{error.line}: " if hasattr(error, "path") and hasattr(error, "line") else ""
        message = place + message
    else:
        message = session.say("something went wrong inside hubmedic ({kind})", kind=type(error).__name__)
        hint = session.say("HUBMEDIC_LOG_LEVEL=debug shows where; please report it")
        code = "internal"
        _log(error)
    if session.as_json:
        session.print_json({"error": {"code": code, "message": message, "hint": hint}})
    else:
        session.remark("hubmedic: " + session.say.both(message, hint))
    return status_of(error)


def _usage(error: click.UsageError) -> UsageWrong:
    """Say in our own words, which have translations, what click found wrong with the call."""
    path = error.ctx.command_path if error.ctx is not None else "hubmedic"
    values: dict[str, Any] = {"command": path}
    hint = "{command} -h shows how it is called"
    if isinstance(error, click.NoSuchOption):
        return UsageWrong("there is no option {name}", hint, name=error.option_name, **values)
    if isinstance(error, click.MissingParameter):
        return UsageWrong("{name} is missing", hint, name=_name(error), **values)
    if isinstance(error, click.BadOptionUsage):
        return UsageWrong("option {name} needs a value", hint, name=error.option_name, **values)
    if isinstance(error, click.BadParameter):
        return UsageWrong("{name} cannot be that", hint, name=_name(error), **values)
    return UsageWrong("{command} was called in a way it does not understand", hint, **values)


def _name(error: click.BadParameter) -> str:
    """The option or argument as its user writes it."""
    if error.param is None:
        return str(error.param_hint or "?")
    if isinstance(error.param, click.Option):
        return error.param.opts[-1]
    return error.param.metavar or error.param.human_readable_name


def _log(error: BaseException) -> None:
    _set_up_log()
    from bot import logs

    logs.get("hubmedic").debug("internal error", exc_info=error)


def _set_up_log() -> None:
    from bot import logs

    logs.configure()
