"""``hubmedic kb show``: an entry, or an article file, as the bot answers it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import wiring
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.progress import Progress
from bot.errors import UsageWrong
from bot.i18n import N_
from kb.errors import UnknownEntry
from kb.identifiers import key
from kb.locales import language, normalise
from kb.model import Entry

if TYPE_CHECKING:
    from kb.search import KnowledgeBase


_ARTICLES = (".md", ".markdown")


@click.command(
    cls=Command,
    name="show",
    context_settings=CONTEXT,
    help=N_(
        """Show an entry as it is answered: by its name, by its article's name, or by a code.

\b
  hubmedic kb show 401003-iothubunauthorized#device-not-in-hub
  hubmedic kb show 401003 --locale fr
  hubmedic kb show docs/fr-fr/my-article.md

A file is read as it stands, before it is part of any index."""
    ),
    epilog=N_("Exit status: 0 shown, 1 no such entry, 2 wrong usage, 3 could not run."),
)
@click.option("-l", "--locale", metavar="TAG", help=N_("language to show (default: yours)"))
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.argument("name", metavar="ENTRY|FILE")
@click.pass_context
def command(ctx: click.Context, name: str, locale: str | None, as_json: bool) -> int:
    """Show entries."""
    here = session(ctx)
    if locale is not None:
        here.speak(normalise(locale))
    if Path(name).is_file():
        from kb.library import read_file

        if not name.lower().endswith(_ARTICLES):
            raise UsageWrong(
                "{file} is no article",
                "the name of an article ends in .md; an entry is named as kb list shows",
                file=name,
            )
        entries = read_file(Path(name), locale=locale).entries
        if not entries:
            raise UnknownEntry(
                "nothing in {file} answers a question",
                "hubmedic kb new writes an article to start from",
                file=name,
            )
    else:
        with Progress(here.say) as progress:
            knowledge = wiring.open_knowledge(here.settings, progress)
        entries = tuple(named(knowledge, name, here.locale))
    if as_json:
        here.print_json({"entries": [_document(entry) for entry in entries]})
        return 0
    from bot.cli.layout import QUIET, TITLE, Line, as_it_stands, gap, line
    from bot.cli.views import entry_view

    lines: list[Line] = []
    for entry in entries:
        if lines:
            lines += [gap(), gap()]
        lines.append(line(entry.title, TITLE))
        lines.append(as_it_stands(line(" · ".join(filter(None, [entry.id, *entry.identifiers])), QUIET)))
        if language(entry.locale) != language(here.locale) and not name.lower().endswith(_ARTICLES):
            lines.append(
                line(
                    here.say(
                        "This article exists in {language} only.",
                        language=_language(entry, here.say.language),
                    ),
                    "italic",
                )
            )
        lines += entry_view(entry, here.say, is_whole=True)
    here.show(lines)
    return 0


def named(knowledge: KnowledgeBase, name: str, locale: str) -> list[Entry]:
    """Return the entries of that name: one by its id, all of an article, all that carry a code.

    Raises
    ------
    UnknownEntry
        If nothing has that name.
    """
    if "#" in name:
        return [knowledge.entry(name, locale)]
    slug = re.sub(r"(?i)\.(?:md|markdown)$", "", name)
    ids = dict.fromkeys(
        entry.id
        for entry in knowledge.entries()
        if entry.slug == slug or any(key(one) == key(name) for one in entry.identifiers)
    )
    if not ids:
        raise UnknownEntry("no entry is named {entry}", "hubmedic kb list shows the names", entry=name)
    return [knowledge.entry(one, locale) for one in ids]


def _document(entry: Entry) -> dict[str, object]:
    from bot.cli.as_json import entry_document

    told = {"symptom": entry.symptom, "cause": entry.cause, "solution": entry.solution, "url": entry.url}
    return entry_document(entry) | told


def _language(entry: Entry, spoken: str) -> str:
    from bot.i18n.values import language_name

    return language_name(language(entry.locale), spoken)
