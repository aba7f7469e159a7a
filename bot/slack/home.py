"""The app's home: what it does, the person's language, and for admins what was asked and not answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.gaps import Cluster
from bot.i18n import Speaker
from bot.i18n.values import language_name
from bot.slack import blocks as b
from bot.slack.help import help_card
from bot.slack.refs import Action
from bot.slack.rich import piece, section
from bot.store.people import Person

_ANY = "auto"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to be asked about."""

    n_entries: int
    locales: tuple[str, ...]
    newest: str = ""
    """Date of the article changed last, ISO 8601."""


def home_view(
    say: Speaker, person: Person, shelf: Shelf | None, clusters: Sequence[Cluster] | None
) -> dict[str, Any]:
    """Return a person's home; ``clusters`` is for admins, None for everybody else."""
    made: list[b.Block] = [b.header("hubmedic"), *help_card(say).blocks, b.divider()]
    made += [b.paragraph(say("Your language"), style="bold"), _languages(say, person)]
    if shelf is not None:
        made += [b.divider(), b.paragraph(say("What is new"), style="bold"), *_shelf(say, shelf)]
    else:
        made.append(b.context(say("I cannot answer right now: my articles cannot be read.")))
    if clusters is not None:
        made += [b.divider(), b.paragraph(say("Asked and not answered"), style="bold"), *_gaps(say, clusters)]
    return {"type": "home", "blocks": made[: b.MOST_IN_VIEW]}


def _languages(say: Speaker, person: Person) -> b.Block:
    options = [
        {"text": b.plain(say("The language I write in"), b.MOST_ON_BUTTON), "value": _ANY},
        {"text": b.plain("English", b.MOST_ON_BUTTON), "value": "en"},
        {"text": b.plain("Français", b.MOST_ON_BUTTON), "value": "fr"},
    ]
    chosen = next(
        (one for one in options if one["value"] == (person.language or _ANY).split("-")[0]), options[0]
    )
    menu = {
        "type": "static_select",
        "action_id": Action.HOME_LANGUAGE.value,
        "options": options,
        "initial_option": chosen,
    }
    return b.actions([menu])


def _shelf(say: Speaker, shelf: Shelf) -> list[b.Block]:
    names = ", ".join(language_name(one.split("-")[0], say.language) for one in shelf.locales)
    lines = [
        say.plural(
            "{count} problem with its cause and fix, in {languages}.",
            "{count} problems with their causes and fixes, in {languages}.",
            shelf.n_entries,
            languages=names,
        )
    ]
    if shelf.newest:
        lines.append(say("The newest article is of {date}.", date=shelf.newest))
    return [b.context(*lines)]


def _gaps(say: Speaker, clusters: Sequence[Cluster]) -> list[b.Block]:
    if not clusters:
        return [b.context(say("Nothing: every question of the last 30 days found an answer."))]
    items = [
        section(
            [
                piece(f"{cluster.n}×  ", style="bold"),
                piece(b.shortened(" ".join(cluster.example.split()), 240)),
                piece(f"  {', '.join(cluster.languages)}", style="italic"),
            ]
        )
        for cluster in clusters[:15]
    ]
    more = say("hubmedic gaps shows all of them, and writes articles to start from.")
    return [b.rich([{"type": "rich_text_list", "style": "bullet", "elements": items}]), b.context(more)]
