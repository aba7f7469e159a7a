"""The app's home: what it does, the person's language, and for admins what was asked and not answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.gaps import Cluster, Fix
from bot.i18n import Speaker
from bot.i18n.values import language_name
from bot.slack import blocks as b
from bot.slack.help import help_card
from bot.slack.news import Told
from bot.slack.refs import Action
from bot.slack.rich import link, piece, section
from bot.store.people import Person

_ANY = "auto"
_MOST_FIXES = 8


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to be asked about."""

    n_entries: int
    locales: tuple[str, ...]
    news: tuple[Told, ...] = ()
    """What came or changed lately."""


def home_view(
    say: Speaker,
    person: Person,
    shelf: Shelf | None,
    clusters: Sequence[Cluster] | None,
    fixes: Sequence[Fix] = (),
) -> dict[str, Any]:
    """Return a person's home; ``clusters`` and ``fixes`` are for admins, None for everybody else."""
    made: list[b.Block] = [b.header("hubmedic"), *help_card(say).blocks, b.divider()]
    made += [b.paragraph(say("Your language"), style="bold"), _languages(say, person)]
    made += [b.divider(), b.paragraph(say("Your privacy"), style="bold"), _privacy(say, person)]
    if shelf is not None:
        made += [b.divider(), b.paragraph(say("What is new"), style="bold"), *_shelf(say, shelf)]
    else:
        made.append(b.context(say("I cannot answer right now: my articles cannot be read.")))
    if clusters is not None:
        made += [b.divider(), b.paragraph(say("Asked and not answered"), style="bold"), *_gaps(say, clusters)]
        if fixes:
            made += [b.paragraph(say("Fixes that people marked with ✅"), style="bold"), *_fixes(fixes)]
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
    if not shelf.news:
        return [b.context(say("Nothing new in the last 30 days."), *lines)]
    items = []
    for one in shelf.news:
        mark = say("new") if one.is_new else say("changed")
        items.append(section([piece(f"{mark}  ", style="italic"), link(one.url, one.title)]))
    return [b.rich([{"type": "rich_text_list", "style": "bullet", "elements": items}]), b.context(*lines)]


def _privacy(say: Speaker, person: Person) -> b.Block:
    """Whether unasked answers come, and the wish to be forgotten, which asks first."""
    mute = say("Answer me unasked again") if person.is_muted else say("Don't answer me unasked")
    ask = b.confirmation(
        say("Forget me"),
        say("Everything that I keep about you is deleted, your questions and choices too."),
        say("Forget me"),
        say("Cancel"),
    )
    return b.actions(
        [
            b.button(mute, Action.HOME_MUTE, "off" if person.is_muted else "on"),
            b.button(say("Forget me"), Action.HOME_FORGET, "forget", style="danger", confirm=ask),
        ]
    )


def _fixes(fixes: Sequence[Fix]) -> list[b.Block]:
    items = []
    for one in fixes[:_MOST_FIXES]:
        asked = b.shortened(" ".join(one.question.split()), 160)
        items.append(section([piece(asked, style="bold"), piece(f"\n{b.shortened(one.fix, 240)}")]))
    return [b.rich([{"type": "rich_text_list", "style": "bullet", "elements": items}])]


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
