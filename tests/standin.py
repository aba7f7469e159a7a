"""A knowledge base of a few entries, made on the spot: what is found for a text is said beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.errors import UnknownEntry
from kb.locales import negotiate
from kb.model import Entry, Found, Hit, Outcome, Remedy


def entry(
    name: str, *, locale: str = "en-us", causes: int = 1, identifiers: Sequence[str] = (), title: str = ""
) -> Entry:
    """An entry called ``{name}#one``, with that many causes."""
    return Entry(
        slug=name,
        anchor="one",
        locale=locale,
        path=f"{locale}/{name}.md",
        title=title or f"Title of {name} ({locale})",
        article_title=name,
        identifiers=tuple(identifiers),
        messages=(),
        symptom=f"Symptom of {name}",
        remedies=tuple(
            Remedy(f"cause {n} of {name}", f"1. solution {n} of {name}") for n in range(1, causes + 1)
        ),
        url=f"https://docs.example/{locale}/{name}",
    )


def hit(one: Entry, confidence: float = 0.9, **more: object) -> Hit:
    """A hit on an entry."""
    reasons = more.pop("reasons", {"identifier": 0.0, "message": 0.0, "terms": 0.5})
    return Hit(one, confidence, reasons, **more)  # type: ignore[arg-type]


class StandIn:
    """Finds what it was told to for each text; nothing for any other."""

    def __init__(
        self,
        found: Mapping[str, tuple[Outcome, Sequence[Hit], str | None]],
        translations: Sequence[Entry] = (),
    ) -> None:
        self._found = found
        self._translations = {(one.id, one.locale): one for one in translations}
        self.locales = ("en-us", "fr-fr")
        self.asked: list[tuple[str, str | None]] = []

    def find(self, text: str, *, locale: str | None = None, limit: int = 3) -> Found:
        self.asked.append((text, locale))
        outcome, candidates, language = self._found.get(text.strip(), (Outcome.NONE, (), None))
        told = tuple(self._translated(one, locale) for one in candidates)
        n_shown = {Outcome.ANSWER: 1, Outcome.CHOICES: limit, Outcome.NONE: 0}[outcome]
        return Found(outcome, told[0].confidence if told else 0.0, told[:n_shown], told, language)

    def entry(self, entry_id: str, locale: str | None = None) -> Entry:
        """An entry of which a translation was told."""
        for served in (locale or "", *self.locales):
            if (found := self._translations.get((entry_id, served))) is not None:
                return found
        raise UnknownEntry("no entry is named {entry}", "", entry=entry_id)

    def _translated(self, one: Hit, locale: str | None) -> Hit:
        served = negotiate(locale, self.locales)
        other = self._translations.get((one.entry.id, served or ""))
        return (
            one
            if other is None
            else Hit(other, one.confidence, one.reasons, one.captures, one.matched, one.terms)
        )
