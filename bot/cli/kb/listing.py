"""``hubmedic kb list``: what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.progress import Progress
from bot.i18n import N_
from kb.locales import language, normalise
from kb.model import Entry


@click.command(
    cls=Command,
    name="list",
    context_settings=CONTEXT,
    help=N_(
        """List the entries, by article, in your language where it is there.

\b
  hubmedic kb list
  hubmedic kb list --json"""
    ),
    epilog=N_("Exit status: 0 fine, 2 wrong usage, 3 could not run."),
)
@click.option("-l", "--locale", metavar="TAG", help=N_("language to list (default: yours)"))
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object, an entry for each locale"))
@click.pass_context
def command(ctx: click.Context, locale: str | None, as_json: bool) -> int:
    """List entries."""
    here = session(ctx)
    if locale is not None:
        here.speak(normalise(locale))
    with Progress(here.say) as progress:
        knowledge = wiring.open_knowledge(here.settings, progress)
    if as_json:
        from bot.cli.as_json import entry_document

        here.print_json({"entries": [entry_document(entry) for entry in knowledge.entries()]})
        return 0
    from bot.cli.layout import LABEL, Line, as_it_stands, indented, styled

    def lines() -> Iterator[Line]:
        article = ""
        entries = in_one_language(knowledge.entries(), here.locale)
        titles = article_titles(entries, here.locale)
        for entry in entries:
            if entry.slug != article:
                article = entry.slug
                yield as_it_stands(styled((f"{entry.slug}  ", LABEL), (titles[entry.slug], "bold")))
            yield from indented([as_it_stands(styled((f"#{entry.anchor}  ", "cyan"), (entry.title, "")))])

    here.show(lines())
    return 0


def article_titles(entries: Iterable[Entry], locale: str) -> dict[str, str]:
    """Return each article's title in the reader's language, where one of its entries is there."""
    titles: dict[str, tuple[bool, str]] = {}
    for entry in entries:
        is_theirs = language(entry.locale) == language(locale)
        if entry.slug not in titles or is_theirs > titles[entry.slug][0]:
            titles[entry.slug] = (is_theirs, entry.article_title)
    return {slug: title for slug, (_, title) in titles.items()}


def in_one_language(entries: Iterable[Entry], locale: str) -> list[Entry]:
    """Return each entry once, in the reader's language where it is there, sorted by name."""
    chosen: dict[str, Entry] = {}
    for entry in entries:
        if entry.id not in chosen or language(entry.locale) == language(locale):
            chosen[entry.id] = entry
    return sorted(chosen.values(), key=lambda entry: (entry.slug, entry.line))
