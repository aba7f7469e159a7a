"""``hubmedic gaps``: what was asked and not answered, and articles to start from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import wiring
from bot.cli.as_json import iso
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.session import Session
from bot.errors import UsageWrong
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.gaps import Cluster, Fix


@click.command(
    cls=Command,
    name="gaps",
    context_settings=CONTEXT,
    help=N_(
        """Show what was asked in Slack and not answered, or not to anybody's help: gathered, counted.

\b
  hubmedic gaps --days 7
  hubmedic gaps --draft docs/ --locale en-us
  hubmedic gaps --csv > gaps.csv

--draft writes an article to start from for each group, with what people pasted in it, and for each fix that somebody marked
with ✅; nothing is overwritten."""
    ),
    epilog=N_("Exit status: 0 shown, 2 wrong usage, 3 could not run."),
)
@click.option(
    "--days", type=click.IntRange(min=1), default=30, metavar="N", help=N_("look that many days back (30)")
)
@click.option("--draft", metavar="FOLDER", help=N_("write articles to start from into this docs tree"))
@click.option("-l", "--locale", metavar="TAG", default="en-us", help=N_("locale of those articles (en-us)"))
@click.option("--csv", "as_csv", is_flag=True, help=N_("print a table for a spreadsheet"))
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.pass_context
def command(
    ctx: click.Context, days: int, draft: str | None, locale: str, as_csv: bool, as_json: bool
) -> int:
    """Report the gaps."""
    from bot.gaps import fix_of, gather, unanswered
    from bot.store.database import Database, address
    from bot.store.escalations import Drafts, DraftState
    from bot.store.questions import Questions

    here = session(ctx)
    if as_csv and as_json:
        raise UsageWrong("--csv and --json exclude each other", "choose one")
    now = datetime.now(UTC)
    database = Database(address(here.settings.database_url, wiring.data_folder()))
    try:
        clusters = gather(map(unanswered, Questions(database).gaps(now - timedelta(days=days))))
        kept = Drafts(database).open_ones()
        fixes = list(map(fix_of, kept))
        written = _drafted(clusters, fixes, Path(draft), locale, now) if draft else ()
        for one in kept if draft else ():
            Drafts(database).decide(one.thread, DraftState.ACCEPTED, now=now)
    finally:
        database.close()
    if as_json:
        told = {"gaps": [_fields(one) for one in clusters], "fixes": [_fix_fields(one) for one in fixes]}
        here.print_json({"days": days, **told, "drafts": list(map(str, written))})
    elif as_csv:
        click.echo(_table(clusters), nl=False)
    else:
        _show(here, clusters, fixes, days)
        for path in written:
            here.remark(here.say("written: {path}", path=path))
    return 0


def _drafted(
    clusters: Sequence[Cluster], fixes: Sequence[Fix], folder: Path, locale: str, now: datetime
) -> tuple[Path, ...]:
    """Write an article a fix and one a gap; a gap that a fix is about has its article then."""
    from bot.gaps import draft, draft_of_fix
    from kb.locales import normalise

    tag = normalise(locale)
    written = []
    made = [draft_of_fix(fix, tag, now.date()) for fix in fixes]
    for slug, text in (*made, *(draft(cluster, tag, now.date()) for cluster in clusters)):
        path = folder / tag / f"{slug}.md"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)


def _fields(cluster: Cluster) -> dict[str, object]:
    return {
        "count": cluster.n,
        "example": cluster.example,
        "identifiers": list(cluster.names),
        "languages": list(cluster.languages),
        "channels": list(cluster.channels),
        "entries": list(cluster.entries),
        "last": iso(cluster.last),
        "questions": [one.text for one in cluster.questions],
    }


def _fix_fields(fix: Fix) -> dict[str, object]:
    return {
        "question": fix.question,
        "fix": fix.fix,
        "language": fix.language,
        "channel": fix.channel,
        "drafted_at": iso(fix.drafted_at),
    }


def _table(clusters: Sequence[Cluster]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("count", "last", "identifiers", "languages", "channels", "entries", "example"))
    for one in clusters:
        cells = (" ".join(one.names), " ".join(one.languages), " ".join(one.channels), " ".join(one.entries))
        writer.writerow((one.n, one.last.isoformat(), *map(_inert, (*cells, one.example))))
    return out.getvalue()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _show(here: Session, clusters: Sequence[Cluster], fixes: Sequence[Fix], days: int) -> None:
    from bot.cli.layout import QUIET, TITLE, gap, indented, line

    if not clusters:
        here.show(
            [line(here.say("Nothing: every question of the last {days} days found an answer.", days=days))]
        )
    lines = []
    for one in clusters:
        lines.append(line(f"{one.n}×  {' '.join(one.example.split())[:300]}", TITLE))
        told = [
            ", ".join(filter(None, (" ".join(one.names), "/".join(one.languages), " ".join(one.channels))))
        ]
        if one.entries:
            told.append(here.say("shown, without help: {entries}", entries=", ".join(one.entries[:5])))
        lines += [*indented([line(text, QUIET) for text in told if text]), gap()]
    if fixes:
        lines.append(line(here.say("Fixes that people marked with ✅"), TITLE))
    for fix in fixes:
        lines.append(line(" ".join(fix.question.split())[:300]))
        lines += indented([line(text, QUIET) for text in fix.fix.splitlines()[:20]])
    here.show(lines)
