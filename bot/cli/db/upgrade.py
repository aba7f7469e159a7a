"""``hubmedic db upgrade``: the tables of this version, whatever was there before."""

from __future__ import annotations

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.i18n import N_


@click.command(
    cls=Command,
    name="upgrade",
    context_settings=CONTEXT,
    help=N_(
        """Make or change the tables of the database, all of it or nothing.

\b
  hubmedic db upgrade
  DATABASE_URL=postgresql://me:…@db.example/hubmedic hubmedic db upgrade

Running it again changes nothing; several at once wait for each other."""
    ),
    epilog=N_("Exit status: 0 the tables are those of this version, 2 wrong usage, 3 could not run."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Upgrade the database that the settings name."""
    from bot.store.database import address, parse_url
    from bot.store.upgrade import upgrade

    here = session(ctx)
    url = address(here.settings.database_url, wiring.data_folder())
    before = upgrade(url)
    name = parse_url(url).database or ""
    if as_json:
        here.print_json({"database": name, "before": before.current, "after": before.wanted})
    else:
        from bot.cli.layout import line

        said = (
            here.say("{database} is up to date (tables {version}).", database=name, version=before.wanted)
            if before.is_current
            else here.say("{database} has the tables {version} now.", database=name, version=before.wanted)
        )
        here.show([line(said)])
    return 0
