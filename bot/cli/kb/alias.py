"""``hubmedic kb alias``: a question becomes another wording of an entry, as a line that can be reviewed."""

from __future__ import annotations

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.errors import UsageWrong
from bot.i18n import N_


@click.command(
    cls=Command,
    name="alias",
    context_settings=CONTEXT,
    help=N_(
        """Accept a question as another wording of an entry.

\b
  hubmedic kb alias 404001-devicenotfound#id-not-registered "it never heard of my pump"

Adds a line to the aliases file (HUBMEDIC_ALIASES), which is read when the index is built: review it like code. Nothing else
changes its weight."""
    ),
    epilog=N_("Exit status: 0 added, or there already, 1 no such entry, 2 wrong usage, 3 could not run."),
)
@click.argument("entry", metavar="ENTRY")
@click.argument("wording", metavar="TEXT…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.pass_context
def command(ctx: click.Context, entry: str, wording: tuple[str, ...], as_json: bool) -> int:
    """Add an accepted wording."""
    from bot.redaction import redact
    from kb.aliases import Alias, add_alias

    here = session(ctx)
    text = " ".join(redact(" ".join(wording)).text.split())
    if not text:
        raise UsageWrong("there is no wording", "say how people ask: hubmedic kb alias ENTRY TEXT")
    known = wiring.open_knowledge(here.settings).entry(entry)
    path = wiring.aliases_file(here.settings)
    is_new = add_alias(path, Alias(known.id, text))
    if as_json:
        here.print_json({"entry": known.id, "wording": text, "file": str(path), "added": is_new})
    else:
        from bot.cli.layout import line

        said = (
            here.say("Added to {file}; the next build of the index reads it.", file=path)
            if is_new
            else here.say("That wording stands in {file} already.", file=path)
        )
        here.show([line(said)])
    return 0
