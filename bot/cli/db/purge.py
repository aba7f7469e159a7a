"""``hubmedic db purge``: what is older than it is kept goes, really."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.i18n import N_


@click.command(
    cls=Command,
    name="purge",
    context_settings=CONTEXT,
    help=N_(
        """Delete questions, threads, feedback and audit lines that are older than they are kept.

\b
  hubmedic db purge
  hubmedic db purge --keep 30

HUBMEDIC_RETENTION_DAYS says how long they are kept (90 days). What is deleted leaves no copy in the database;
backups are yours to look after. Choices of people (language, mutes) stay."""
    ),
    epilog=N_("Exit status: 0 deleted, or nothing was old, 2 wrong usage, 3 could not run."),
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help=N_("keep that many days (default: the setting)"),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.pass_context
def command(ctx: click.Context, keep: int | None, as_json: bool) -> int:
    """Purge the database that the settings name."""
    from bot.store.database import PATIENT_S, Database, address
    from bot.store.retention import purge

    here = session(ctx)
    days = here.settings.retention_days if keep is None else keep
    database = Database(address(here.settings.database_url, wiring.data_folder()), timeout_s=PATIENT_S)
    try:
        deleted = purge(database, now=datetime.now(UTC), keep=timedelta(days=days))
    finally:
        database.close()
    if as_json:
        here.print_json({"keep_days": days, "deleted": deleted.rows})
    else:
        from bot.cli.layout import line

        said = here.say.plural(
            "{count} row older than {days} days is deleted.",
            "{count} rows older than {days} days are deleted.",
            deleted.total,
            days=here.say.number(days),
        )
        here.show([line(said)])
    return 0
