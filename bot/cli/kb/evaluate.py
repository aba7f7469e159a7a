"""``hubmedic kb eval``: labelled questions into figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.parameters import Place
from bot.cli.progress import Progress
from bot.errors import FileUnwritable
from bot.i18n import N_
from bot.redaction import redact
from kb.model import Hit

if TYPE_CHECKING:
    from bot.cli.layout import Line
    from kb.evaluation import Labelled
    from kb.search import KnowledgeBase

_ACROSS = 4
_WIDEST_NAME = 18
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
            raise FileUnwritable(
                "{file} cannot be written ({reason})",
                "name another file",
                file=str(details),
                reason=error.strerror or str(error),
            ) from error
    report = evaluation.figures(judged)
    if as_json:
        here.print_json(report)
    else:
        from bot.cli.layout import gap

        for number, table in enumerate(_tables(report)):
            here.show([gap()] if number else [])
            here.show(table)
    if unknown := _unknown_labels(questions, knowledge):
        here.remark(
            here.say.plural(
                "{count} label names nothing in this index: {names}",
                "{count} labels name nothing in this index: {names}",
                len(unknown),
                names=", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else ""),
            )
        )
    return 0


def _unknown_labels(questions: Iterable[Labelled], knowledge: KnowledgeBase) -> list[str]:
    """What is expected and can never be found: a typing error, or labels of other documents."""
    from kb.evaluation import is_right

    hits = [Hit(entry, 0.0, {}) for entry in knowledge.entries()]
    wanted = dict.fromkeys(one for question in questions for one in question.expect)
    return [one for one in wanted if not any(is_right(hit, (one,)) for hit in hits)]


def _tables(report: Mapping[str, Any]) -> Iterator[list[Line]]:
    """Figures downwards, groups across, as many as fit beside each other."""
    from bot.cli.layout import columns

    rows = _rows(report)
    for start in range(0, len(rows), _ACROSS):
        across = rows[start : start + _ACROSS]
        header = ("", *(name[:_WIDEST_NAME] for name, *_ in across))
        yield columns(header, [(figure, *(row[n] for row in across)) for n, figure in enumerate(_SHOWN, 1)])


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
