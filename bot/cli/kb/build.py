"""``hubmedic kb build``: docs trees into an index folder."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.parameters import Place
from bot.cli.progress import Progress
from bot.errors import FileUnwritable, UsageWrong
from bot.i18n import N_, Speaker
from kb.locales import normalise
from kb.model import Complaint

if TYPE_CHECKING:
    from bot.cli.layout import Line

TREES = Place(is_folder=True)
_OURS = re.compile(r"\..*|parsed|draft-\w+|[0-9a-f]{12}")
"""What a build that broke off leaves behind, and what file managers put anywhere."""


@click.command(
    cls=Command,
    name="build",
    context_settings=CONTEXT,
    help=N_(
        """Index docs trees into a folder, which HUBMEDIC_KB=FOLDER then serves.

\b
  hubmedic kb build docs/ --out index/
  HUBMEDIC_KB=index/ hubmedic ask "…"

An older index in the folder keeps serving until the new one is whole; only changed articles are read again."""
    ),
    epilog=N_("Exit status: 0 built, 1 built without some articles, 2 wrong usage, 3 could not run."),
)
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=N_("where the index goes"),
)
@click.option("-l", "--locale", metavar="TAG", help=N_("locale of articles that say none"))
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.argument("trees", nargs=-1, required=True, type=TREES, metavar="TREE...")
@click.pass_context
def command(ctx: click.Context, trees: tuple[Path, ...], out: Path, locale: str | None, as_json: bool) -> int:
    """Build an index."""
    from kb.index.build import build

    here = session(ctx)
    _look_at(out)
    with Progress(here.say) as progress:
        try:
            report = build(
                trees,
                out,
                locale=normalise(locale) if locale else None,
                aliases=wiring.aliases_file(here.settings),
                progress=progress,
            )
        except OSError as error:
            raise _unwritable(out, error.strerror or str(error)) from error
    left_out = [one for one in report.complaints if one.kind == "error"]
    if as_json:
        here.print_json(
            {
                "folder": str(out),
                "articles": report.n_articles,
                "entries": report.n_entries,
                "parsed": report.n_parsed,
                "left_out": report.n_left_out,
                "seconds": round(report.seconds, 2),
                "complaints": [complaint_document(one, here.say) for one in report.complaints],
            }
        )
    else:
        for one in left_out:
            here.remark(complaint_line(one, here.say))
        here.show(
            _summary(here.say, out, report.n_articles, report.n_entries, report.n_parsed, report.seconds)
        )
        if n_warnings := len(report.complaints) - len(left_out):
            here.remark(
                here.say.plural(
                    "{count} remark about the documents: hubmedic kb lint {trees}",
                    "{count} remarks about the documents: hubmedic kb lint {trees}",
                    n_warnings,
                    trees=" ".join(map(str, trees)),
                )
            )
    return 1 if report.n_left_out else 0


def _look_at(out: Path) -> None:
    """Refuse a folder that is somebody else's before anything is read: an index never lands among other files."""
    if out.exists() and not out.is_dir():
        raise UsageWrong("{folder} is a file", "name a folder with --out", folder=str(out))
    there = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    if not os.access(there, os.W_OK | os.X_OK):
        raise _unwritable(out, os.strerror(errno.EACCES))
    if out.is_dir() and not (out / "manifest.json").is_file():
        others = sorted(one.name for one in out.iterdir() if not _OURS.fullmatch(one.name))
        if others:
            raise UsageWrong(
                "{folder} holds other files ({names}) and no index",
                "name an empty folder with --out, or one that is not there yet",
                folder=str(out),
                names=", ".join(others[:3]) + (", …" if len(others) > 3 else ""),
            )


def _unwritable(out: Path, reason: str) -> FileUnwritable:
    return FileUnwritable(
        "the index cannot be written into {folder} ({reason})",
        "name another folder with --out",
        folder=str(out),
        reason=reason,
    )


def _summary(
    say: Speaker, out: Path, n_articles: int, n_entries: int, n_parsed: int, seconds: float
) -> Iterator[Line]:
    from bot.cli.layout import line

    articles = say.plural("{count} article", "{count} articles", n_articles)
    entries = say.plural("{count} entry", "{count} entries", n_entries)
    yield line(
        say(
            "{folder} holds {articles} with {entries} ({parsed} read anew, {seconds} s).",
            articles=articles,
            entries=entries,
            folder=str(out),
            parsed=say.number(n_parsed),
            seconds=say.number(round(seconds, 1)),
        )
    )
    yield line(say("Serve it with HUBMEDIC_KB={folder}", folder=str(out)))


def complaint_line(complaint: Complaint, say: Speaker, tree: Path | None = None) -> str:
    """Return a complaint as an editor can jump to: ``path:line: sentence``."""
    path = str(tree / complaint.path) if tree is not None else complaint.path
    return f"{path}:{complaint.line}: {say(complaint.message, **complaint.values)}"


def complaint_document(complaint: Complaint, say: Speaker) -> dict[str, object]:
    """Return a complaint for programs."""
    return {
        "path": complaint.path,
        "line": complaint.line,
        "kind": complaint.kind,
        "message": say(complaint.message, **complaint.values),
    }


def sorted_by_place(complaints: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints in the order an editor goes through them."""
    return sorted(complaints, key=lambda one: (one.path, one.line, one.message))
