"""``hubmedic kb new``: an article to start from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.commands import CONTEXT, Command, session
from bot.cli.kb.build import TREES
from bot.errors import FileUnwritable
from bot.i18n import N_
from bot.sources import read_source
from kb.locales import is_locale_folder, normalise


@click.command(
    cls=Command,
    name="new",
    context_settings=CONTEXT,
    help=N_(
        """Write an article to start from, in each language of a docs tree.

\b
  hubmedic kb new 401099-clock-wrong --tree docs/
  hubmedic kb new gateway-restarts --locale en-us --locale fr-fr

Nothing that is there already is written over."""
    ),
    epilog=N_("Exit status: 0 written, 2 wrong usage or already there, 3 could not run."),
)
@click.option(
    "--tree",
    metavar="FOLDER",
    type=TREES,
    help=N_("docs tree to write into (default: the one HUBMEDIC_KB names, else this folder)"),
)
@click.option(
    "-l",
    "--locale",
    "locales",
    metavar="TAG",
    multiple=True,
    help=N_("language to write in, once for each (default: those of the tree)"),
)
@click.argument("slug", metavar="SLUG")
@click.pass_context
def command(ctx: click.Context, slug: str, tree: Path | None, locales: tuple[str, ...]) -> int:
    """Write an article to fill in."""
    from kb.template import write_article

    here = session(ctx)
    folder = tree or _tree_of(here.settings.kb) or Path()
    try:
        written = write_article(
            folder, slug, tuple(map(normalise, locales)) or _locales_of(folder), datetime.now(UTC).date()
        )
    except OSError as error:
        raise FileUnwritable(
            "{file} cannot be written ({reason})",
            "name another folder with --tree",
            file=str(error.filename or folder),
            reason=error.strerror or str(error),
        ) from error
    for path in written:
        print(path)
    here.remark(
        here.say(
            "Fill in what stands in ‹marks›, then look at it with: hubmedic kb show {file}",
            file=str(written[0]),
        )
    )
    return 0


def _tree_of(setting: str | None) -> Path | None:
    """The docs tree that the settings name, where it is one."""
    trees = read_source(setting).trees if setting else ()
    return trees[0] if trees else None


def _locales_of(folder: Path) -> tuple[str, ...]:
    """The languages a tree is written in; English where it does not say."""
    found = sorted(one.name for one in folder.iterdir() if one.is_dir() and is_locale_folder(one.name))
    return tuple(found) or ("en-us",)
