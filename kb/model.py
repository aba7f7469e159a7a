"""What an article is made of, once read: frozen values that everything else passes around.

    Article ─┬─ Entry ─┬─ MessageTemplate   the texts people paste
             │         └─ Remedy            a cause with its solution
             └─ Complaint                   what was not understood

Text inside them is clean Markdown: no docfx or Experience League syntax, no images, links absolute or shown as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """An error message of the docs, its variable parts open."""

    pieces: tuple[str, ...]
    """The literal text around the open parts: always one more than ``names``; the outer ones may be empty."""
    names: tuple[str, ...] = ()
    """A name for each open part, ``""`` where the docs give none."""
    line: int = 0
    """Line in the article, 1-based; 0 when it has none."""

    def __post_init__(self) -> None:
        if len(self.pieces) != len(self.names) + 1:
            raise ValueError(
                f"{len(self.names)} open parts need {len(self.names) + 1} pieces, got {len(self.pieces)}"
            )

    @property
    def text(self) -> str:
        """The message as a person reads it: ``IotHub '{hub}' does not contain …``, ``*`` for a part without name."""
        parts = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            parts.append(f"{{{name}}}" if name else "*")
            parts.append(piece)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One cause and what mends it; either may be empty where the article gives only the other."""

    cause: str
    solution: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One symptom with its causes and solutions, in one locale: what a question is matched to."""

    slug: str
    """Path of the article without locale and ``.md``; the same in every locale."""
    anchor: str
    """Name of the entry inside its article, the same in every locale; a number where the article gives none."""
    locale: str
    """The tree's folder name in lower case: ``"fr-fr"``."""
    path: str
    """Path of the article inside its tree, with ``/``: ``"fr-fr/401003.md"``."""
    title: str
    """What the entry is about, in one line: its own heading, or the article's."""
    article_title: str
    identifiers: tuple[str, ...]
    """Names of the error, most telling first: ``("401003", "IoTHubUnauthorized")``."""
    messages: tuple[MessageTemplate, ...]
    symptom: str
    """Markdown."""
    remedies: tuple[Remedy, ...]
    """Causes in the article's order, each with its solution."""
    more: str = ""
    """Markdown of what belongs to the entry and is neither symptom, cause nor solution: explanations, examples."""
    url: str | None = None
    """Absolute address of the section in the entry's locale; None where the tree says no base."""
    line: int = 1
    date: str = ""
    """Last change as the article states it, ISO 8601; empty when it states none."""

    @property
    def id(self) -> str:
        """Name of the entry, shared by its translations: ``"401003-iothubunauthorized#drops-every-hour"``."""
        return f"{self.slug}#{self.anchor}"

    @property
    def cause(self) -> str:
        """All causes, each once, in order."""
        return _joined(remedy.cause for remedy in self.remedies)

    @property
    def solution(self) -> str:
        """All solutions, each once, in order."""
        return _joined(remedy.solution for remedy in self.remedies)

    @property
    def parts(self) -> tuple[str, ...]:
        """Which of ``symptom``, ``cause`` and ``solution`` the entry has."""
        return tuple(kind for kind in ("symptom", "cause", "solution") if getattr(self, kind))


def entry_of(fields: Mapping[str, Any]) -> Entry:
    """Return the entry that JSON holds the fields of, as :func:`dataclasses.asdict` made them."""
    return Entry(
        **{
            **fields,
            "identifiers": tuple(fields["identifiers"]),
            "messages": tuple(
                MessageTemplate(tuple(one["pieces"]), tuple(one["names"]), one["line"])
                for one in fields["messages"]
            ),
            "remedies": tuple(Remedy(**one) for one in fields["remedies"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in a docs tree that a reader or hubmedic stumbles over."""

    path: str
    line: int
    message: str
    """English template with ``{named}`` values, a sentence without its place."""
    values: dict[str, object] = field(default_factory=dict)
    kind: str = "warning"
    """``"error"``: the article is left out; ``"warning"``: it serves all the same."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message.format(**self.values)}"


@dataclass(frozen=True, slots=True)
class Article:
    """One Markdown file of one locale."""

    slug: str
    locale: str
    path: str
    title: str
    entries: tuple[Entry, ...]
    date: str = ""
    anchors: tuple[str, ...] = ()
    """Every name a link into the article can end with."""
    links: tuple[Link, ...] = ()
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its author wrote it, kept for ``kb lint``."""

    target: str
    line: int


class Outcome(StrEnum):
    """What the knowledge base has to say to a question."""

    ANSWER = "answer"
    """One entry, sure."""
    CHOICES = "choices"
    """Two or three that are close: the person says which."""
    NONE = "none"
    """Nothing that fits; no reference is shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found for a question."""

    entry: Entry
    confidence: float
    """Calibrated, in [0, 1]: of hits given 0.9, nine in ten are right."""
    reasons: dict[str, float]
    """``identifier``, ``message`` and ``terms``, each in [0, 1]: how far each reading speaks for the entry."""
    captures: dict[str, str] = field(default_factory=dict)
    """What the question holds in a message's open parts: ``{"hub": "contoso-hub"}``."""
    matched: str = ""
    """The message template that matched, as text; empty when none did."""
    terms: tuple[str, ...] = ()
    """The words that weighed most, as the person wrote them, heaviest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Everything search has to say to one question."""

    outcome: Outcome
    confidence: float
    """That of the best candidate, also where the outcome is ``none``."""
    hits: tuple[Hit, ...]
    """What is shown: one for ``answer``, two or three for ``choices``, none for ``none``."""
    candidates: tuple[Hit, ...]
    """Best first, whatever the outcome; ``hits`` are taken from them."""
    language: str | None = None
    """Language of the person's own words, ``"fr"``; None where the question is all error text."""


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(dict.fromkeys(part for part in parts if part))
