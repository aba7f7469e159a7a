"""``hubmedic kb eval``: labelled questions into figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, Place, session
from bot.cli.progress import Progress
from bot.errors import FileUnreadable
from bot.i18n import N_
from bot.redaction import redact

_SHOWN = (
    "n",
    "top1",
    "top3",
    "mrr10",
    "ood_auroc",
    "answered",
    "answered_wrong",
    "abstained_right",
    "ece",
    "p50_ms",
    "p99_ms",
)


@click.command(
    cls=Command,
    name="eval",
    context_settings=CONTEXT,
    help=N_(
        """Ask labelled questions and count how often the answer is right.

\b
  hubmedic kb eval questions.jsonl
  hubmedic kb eval questions.jsonl --json --details answers.jsonl

A line is {{"id", "query", "lang", "kind", "expect": [...]}}: identifiers, slugs or paths of what is right, none where
nothing is."""
    ),
    epilog=N_("Exit status: 0 counted, 2 wrong usage, 3 could not run."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.option(
    "--details",
    metavar="OUT.jsonl",
    type=click.Path(path_type=Path),
    help=N_("also write what each question got, a line each"),
)
@click.argument("file", metavar="FILE.jsonl", type=Place(is_folder=False))
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool, details: Path | None) -> int:
    """Evaluate."""
    from kb import evaluation

    here = session(ctx)
    questions = evaluation.read_labels(file)
    with Progress(here.say) as progress:
        knowledge = wiring.open_knowledge(here.settings, progress)
    judged = evaluation.evaluate(questions, lambda query: knowledge.find(redact(query).text))
    if details is not None:
        try:
            with details.open("w", encoding="utf-8") as out:
                out.writelines(
                    json.dumps(one, ensure_ascii=False) + "\n" for one in evaluation.details(judged)
                )
        except OSError as error:
            raise FileUnreadable(
                "{file} cannot be written ({reason})",
                "name another file",
                file=str(details),
                reason=error.strerror or str(error),
            ) from error
    report = evaluation.figures(judged)
    if as_json:
        here.print_json(report)
    else:
        from bot.cli.layout import columns

        here.show(columns(("", *_SHOWN), _rows(report)))
    return 0


def _rows(report: Mapping[str, Any]) -> list[list[str]]:
    """The figures as rows: all questions, then each value of each label."""
    groups = [("all", report["all"])]
    groups += [
        (f"{label}={value}", figures)
        for label, values in report.items()
        if label != "all"
        for value, figures in values.items()
    ]
    return [
        [name, *("" if figures[one] is None else str(figures[one]) for one in _SHOWN)]
        for name, figures in groups
    ]
