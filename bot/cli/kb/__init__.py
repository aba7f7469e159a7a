"""``hubmedic kb``: build, check and read the documents."""

from __future__ import annotations

from bot.cli.commands import CONTEXT, Group, Lazy
from bot.i18n import N_

COMMANDS = {
    "build": Lazy("bot.cli.kb.build:command", N_("index docs trees into a folder")),
    "lint": Lazy("bot.cli.kb.lint:command", N_("say what is wrong in docs trees")),
    "list": Lazy("bot.cli.kb.listing:command", N_("list what is there")),
    "show": Lazy("bot.cli.kb.show:command", N_("show an entry, or an article file, as it is answered")),
    "new": Lazy("bot.cli.kb.new:command", N_("write an article to start from")),
    "alias": Lazy("bot.cli.kb.alias:command", N_("accept a question as another wording of an entry")),
    "eval": Lazy("bot.cli.kb.evaluate:command", N_("ask labelled questions and count")),
}

command = Group(
    name="kb",
    lazy=COMMANDS,
    context_settings=CONTEXT,
    help=N_("Build, check and read the documents that answers come from."),
    epilog=N_("HUBMEDIC_KB names an index folder or docs trees; without it the packaged articles are read."),
)
