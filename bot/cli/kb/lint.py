"""``hubmedic kb lint``: what is wrong in docs trees."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.commands import CONTEXT, Command, session
from bot.cli.kb.build import TREES, complaint_document, complaint_line, sorted_by_place
from bot.i18n import N_
from bot.printable import printable


@click.command(
    cls=Command,
    name="lint",
    context_settings=CONTEXT,
    help=N_(
        """Say what is wrong in docs trees, a line each: path:line: sentence.

\b
  hubmedic kb lint docs/

Told are articles that cannot be read, headings that are not understood, dead links and anchors, codes that two
articles claim, and translations that are missing or older than their original."""
    ),
    epilog=N_("Exit status: 0 nothing found, 1 something found, 2 wrong usage, 3 could not run."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.argument("trees", nargs=-1, required=True, type=TREES, metavar="TREE...")
@click.pass_context
def command(ctx: click.Context, trees: tuple[Path, ...], as_json: bool) -> int:
    """Check docs trees."""
    from kb.lint import lint_tree

    here = session(ctx)
    found = [(tree, one) for tree in trees for one in sorted_by_place(lint_tree(tree))]
    if as_json:
        here.print_json(
            {"complaints": [{"tree": str(tree), **complaint_document(one, here.say)} for tree, one in found]}
        )
    else:
        for tree, one in found:
            print(printable(complaint_line(one, here.say, tree)))
        if not found:
            here.remark(here.say("Nothing to complain about."))
    return 1 if found else 0
