"""``hubmedic db``: the store's tables, and what is kept no longer."""

from __future__ import annotations

from bot.cli.commands import CONTEXT, Group, Lazy
from bot.i18n import N_

COMMANDS = {
    "upgrade": Lazy("bot.cli.db.upgrade:command", N_("bring the database to the tables of this version")),
    "purge": Lazy("bot.cli.db.purge:command", N_("delete what is older than it is kept")),
}

command = Group(
    name="db",
    lazy=COMMANDS,
    context_settings=CONTEXT,
    help=N_("Look after the database that questions, threads and feedback are kept in."),
    epilog=N_("DATABASE_URL names it; without it a SQLite file in your data folder is used."),
)
