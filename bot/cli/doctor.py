"""``hubmedic doctor``: is everything set up, and what to do about what is not."""

from __future__ import annotations

import click

from bot.cli.commands import CONTEXT, Command, session
from bot.i18n import N_


@click.command(
    cls=Command,
    name="doctor",
    context_settings=CONTEXT,
    help=N_(
        """Look whether everything is set up: articles, database, Slack's tokens and scopes, clock, channels, hubs.

\b
  hubmedic doctor

Says what to do about what is not. Nothing is changed, and no secret is printed."""
    ),
    epilog=N_(
        "Exit status: 0 everything in use is fine, 1 something is wrong, 2 wrong usage, 3 could not run."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Examine."""
    from bot.diagnosis import Health, examine

    here = session(ctx)
    say = here.say
    found = list(examine(here.settings))
    is_fine = all(one.health is not Health.WRONG for one in found)
    told = [
        (one, say(one.message, **one.values), say(one.hint, **one.values) if one.hint else "")
        for one in found
    ]
    if as_json:
        parts = [
            {"part": one.part, "health": one.health.value, "says": words, "hint": hint}
            for one, words, hint in told
        ]
        here.print_json({"ok": is_fine, "parts": parts})
    else:
        from bot.cli.layout import LABEL, QUIET, indented, line, styled

        marks = {Health.FINE: ("✓", "green"), Health.WRONG: ("✗", "bold red"), Health.UNUSED: ("–", "dim")}
        lines = []
        for one, words, hint in told:
            mark, style = marks[one.health]
            lines.append(styled((f"{mark} ", style), (f"{one.part}  ", LABEL), (words, "")))
            if hint:
                lines += indented([line(hint, QUIET)])
        here.show(lines)
    return 0 if is_fine else 1
