"""``hubmedic triage``: a log in, its known errors out."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.layout import gap
from bot.cli.parameters import Place
from bot.cli.progress import Progress
from bot.cli.session import INTERRUPTED, Session
from bot.cli.triage_document import known_document, report_document, unknown_document
from bot.cli.triage_view import footer, known_view, report_view, seen_line, unknown_view
from bot.errors import TextUnreadable, UsageWrong
from bot.i18n import N_
from bot.redaction import redact
from bot.triage.reading import STDIN, Piece, follow_pieces, read_pieces
from bot.triage.sorting import Sorter
from bot.triage.tally import Known, Unknown
from kb.locales import normalise

if TYPE_CHECKING:
    from kb.search import KnowledgeBase


@click.command(
    cls=Command,
    name="triage",
    context_settings=CONTEXT,
    help=N_(
        """Find the errors of a log: known ones grouped, counted and with their fix, unknown ones by what they have alike.

\b
  hubmedic triage gateway.log gateway.log.1.gz
  journalctl -u gateway --since today | hubmedic triage -
  hubmedic triage --follow /var/log/gateway.log

A log may be of any size, and compressed with gzip, bzip2, xz or zip. A stack trace belongs to the line above it."""
    ),
    epilog=N_("Exit status: 0 a known error was found, 1 none was, 2 wrong usage, 3 could not run."),
)
@click.option(
    "-f", "--follow", is_flag=True, help=N_("go on reading what is appended, through rotations; Ctrl-C ends")
)
@click.option("-l", "--locale", metavar="TAG", help=N_("language of the fixes (default: yours)"))
@click.option(
    "--json", "as_json", is_flag=True, help=N_("print one JSON object; with --follow a line for each error")
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE... | -",
    type=Place(is_folder=False, allows_stdin=True),
)
@click.pass_context
def command(
    ctx: click.Context, files: tuple[Path, ...], follow: bool, locale: str | None, as_json: bool
) -> int:
    """Triage logs."""
    here = session(ctx)
    names = tuple(map(str, files))
    if locale is not None:
        here.speak(normalise(locale))
    if follow and len(files) > 1:
        raise UsageWrong("--follow reads one file", "start it once for each file")
    with Progress(here.say) as progress:
        knowledge = wiring.open_knowledge(here.basics, progress)
    started = time.monotonic()
    sorter = _sorter(here, knowledge)
    if follow:
        return _followed(here, sorter, names[0], started)
    is_whole = _read(here, sorter, names)
    elapsed = time.monotonic() - started
    if as_json:
        here.print_json(report_document(sorter, names, elapsed * 1000))
    else:
        here.show(report_view(sorter, here.say))
        here.remark(footer(sorter, here.say, elapsed))
    if not is_whole:
        return INTERRUPTED
    return 0 if sorter.known else 1


def _sorter(here: Session, knowledge: KnowledgeBase) -> Sorter:
    identifiers = {identifier for entry in knowledge.entries() for identifier in entry.identifiers}
    return Sorter(
        lambda text: knowledge.find(text, locale=here.locale), identifiers, lambda: datetime.now(UTC)
    )


def _read(here: Session, sorter: Sorter, names: Sequence[str]) -> bool:
    """Read every file; one that breaks off or is no text is told and left, unless it is the only one.

    Returns whether all was read: whoever interrupts it gets what was found so far.
    """
    meter = _Meter(here)
    is_whole = True
    for name in names:
        try:
            for piece in read_pieces(name, lambda file, error: here.remark(_broken(here, file, error))):
                _take(sorter, piece)
                meter.show(sorter.totals.n_bytes)
        except TextUnreadable as error:
            if len(names) == 1:
                raise TextUnreadable("{file} is not text", error.hint, file=_shown(name)) from error
            here.remark(here.say("{file} is not text and was left out.", file=name))
        except KeyboardInterrupt:
            meter.wipe()
            here.remark(here.say("Stopped in {file}; what came before is counted.", file=_shown(name)))
            is_whole = False
        sorter.flush()
        sorter.settle()
        if not is_whole:
            break
    meter.wipe()
    return is_whole


def _followed(here: Session, sorter: Sorter, name: str, started: float) -> int:
    """Print each error as it comes, its fix the first time."""

    def seen(group: Known | Unknown, text: str) -> None:
        told = redact(text.strip()).text
        if here.as_json:
            document = known_document(group) if isinstance(group, Known) else unknown_document(group)
            here.print_json_line({"known": isinstance(group, Known), **document, "line": told})
            return
        if group.count > 1:
            here.show([seen_line(group, told.split("\n")[0], here.say)])
        elif isinstance(group, Known):
            here.show([*known_view(group, here.say), gap()])
        else:
            here.show(unknown_view(group, here.say))

    sorter.on_seen = seen
    try:
        for piece in _pieces_for_ever(name):
            _take(sorter, piece)
            if not piece.lines:
                sorter.flush()
            sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    sorter.flush()
    if not here.as_json:
        here.remark(footer(sorter, here.say, time.monotonic() - started))
    return 0 if sorter.known else 1


def _pieces_for_ever(name: str) -> Iterator[Piece]:
    if name == STDIN:
        return read_pieces(name, lambda _file, _error: None)
    return follow_pieces(name, lambda: False)


def _take(sorter: Sorter, piece: Piece) -> None:
    sorter.totals.n_bytes += piece.n_bytes
    sorter.take(piece.lines, piece.encoding)


def _broken(here: Session, name: str, error: BaseException) -> str:
    return here.say(
        "{file} breaks off here ({reason}); what came before is counted.",
        file=_shown(name),
        reason=str(error) or type(error).__name__,
    )


def _shown(name: str) -> str:
    return name if name != STDIN else "stdin"


class _Meter:
    """How much was read, on a terminal's stderr."""

    _EVERY = 16 * 1024 * 1024

    def __init__(self, here: Session) -> None:
        self._here = here
        self._shown = 0
        self._is_on = sys.stderr.isatty()

    def show(self, n_bytes: int) -> None:
        """Show it every few megabytes."""
        if self._is_on and n_bytes - self._shown >= self._EVERY:
            self._shown = n_bytes
            print(
                "\r" + self._here.say("{size} MB read", size=n_bytes // 1_000_000),
                end="",
                file=sys.stderr,
                flush=True,
            )

    def wipe(self) -> None:
        """Take the line away."""
        if self._shown:
            print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
