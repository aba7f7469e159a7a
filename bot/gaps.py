"""What was asked and not answered, gathered by likeness, counted, and turned into articles to start from. Pure.

Two questions are alike when they share an identifier, or enough of their rarer words. Clusters are grown from the
most frequent first, so that the same questions always gather the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kb.identifiers import find, key
from kb.template import article_text

if TYPE_CHECKING:
    from bot.store.escalations import Draft
    from bot.store.questions import Gap

_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_ALIKE = 0.34
_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One question that found no answer, or none that helped."""

    text: str
    """Redacted."""
    language: str
    channel: str
    asked_at: datetime
    entries: tuple[str, ...] = ()
    """Ids of what was shown and did not help."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that are about one thing."""

    questions: tuple[Unanswered, ...]
    """Newest first."""
    names: tuple[str, ...]
    """Identifiers they name, most frequent first."""

    @property
    def n(self) -> int:
        return len(self.questions)

    @property
    def example(self) -> str:
        """The shortest of them says it best."""
        return min((one.text for one in self.questions), key=lambda text: (len(text), text))

    @property
    def languages(self) -> tuple[str, ...]:
        return _frequent(one.language for one in self.questions)

    @property
    def channels(self) -> tuple[str, ...]:
        return _frequent(one.channel for one in self.questions)

    @property
    def entries(self) -> tuple[str, ...]:
        """What was shown for them, most frequent first."""
        return _frequent(entry for one in self.questions for entry in one.entries)

    @property
    def last(self) -> datetime:
        return max(one.asked_at for one in self.questions)


@dataclass(frozen=True, slots=True)
class Fix:
    """What somebody wrote that solved a question which had been handed to people."""

    question: str
    """Redacted, as ``fix`` is."""
    fix: str
    language: str
    channel: str
    drafted_at: datetime


def unanswered(gap: Gap) -> Unanswered:
    """Return a gap as it is kept, as one to gather."""
    asked = gap.asked
    return Unanswered(asked.text, asked.language, asked.place.channel, asked.asked_at, asked.entries)


def fix_of(kept: Draft) -> Fix:
    """Return a fix as it is kept, as one to report."""
    return Fix(kept.question, kept.fix, kept.language, kept.thread.channel, kept.drafted_at)


def gather(questions: Iterable[Unanswered]) -> tuple[Cluster, ...]:
    """Return the questions in clusters, the largest first."""
    ordered = sorted(questions, key=lambda one: (one.asked_at, one.text), reverse=True)
    terms = [_terms(one.text) for one in ordered]
    spread = Counter(word for words, _ in terms for word in words)
    groups: list[_Group] = []
    for question, (words, names) in zip(ordered, terms, strict=True):
        weights = {word: 1.0 / spread[word] ** 0.5 for word in words}
        best = max(groups, key=lambda group: group.likeness(weights, names), default=None)
        if best is None or best.likeness(weights, names) < _ALIKE:
            best = _Group()
            groups.append(best)
        best.add(question, weights, names)
    clusters = [Cluster(tuple(group.questions), _frequent(group.names.elements())) for group in groups]
    return tuple(sorted(clusters, key=lambda one: (-one.n, one.example)))


def draft(cluster: Cluster, locale: str, today: date) -> tuple[str, str]:
    """Return the slug and text of an article to start from, the questions in it as what people paste."""
    slug = slug_of(cluster)
    return slug, _article(slug, locale, today, [one.text for one in cluster.questions[:_MOST_EXAMPLES]])


def draft_of_fix(fix: Fix, locale: str, today: date) -> tuple[str, str]:
    """Return the slug and text of an article to start from, a person's fix in it as the solution."""
    (cluster,) = gather([Unanswered(fix.question, fix.language, fix.channel, fix.drafted_at)])
    slug = slug_of(cluster)
    return slug, _article(slug, locale, today, [fix.question], fix.fix)


def _article(slug: str, locale: str, today: date, pasted: Sequence[str], fix: str = "") -> str:
    """The template with what people pasted as its messages, and a fix at the head of its solution."""
    lines = article_text(slug, locale, today).split("\n")
    sample = next((n for n, line in enumerate(lines) if line.startswith("- `")), None)
    messages = [f"- `{_code(text)}`" for text in dict.fromkeys(pasted)]
    if sample is not None:
        lines[sample : sample + 1] = messages
    parts = [n for n, line in enumerate(lines) if line.startswith("### ")]
    if fix and parts:
        lines[parts[-1] + 1 : parts[-1] + 1] = ["", *_inert(fix)]
    return "\n".join(lines)


def _inert(text: str) -> list[str]:
    """A person's words as paragraphs: nothing in them becomes a heading or the end of the article's head."""
    return [re.sub(r"^(\s*)([#>=~`-])", r"\1\\\2", line) for line in text.splitlines()]


def slug_of(cluster: Cluster) -> str:
    """Return a name for an article about a cluster: its error, else its first words."""
    source = " ".join(cluster.names[:2]) or " ".join(_WORD.findall(cluster.example)[:6])
    words = re.findall(r"[a-z0-9]+", _ascii(source))
    return "-".join(words)[:80].strip("-") or "untitled"


class _Group:
    def __init__(self) -> None:
        self.questions: list[Unanswered] = []
        self.names: Counter[str] = Counter()
        self._keys: set[str] = set()
        self._weights: dict[str, float] = {}

    def add(self, question: Unanswered, weights: dict[str, float], names: Sequence[str]) -> None:
        self.questions.append(question)
        self.names.update(names)
        self._keys |= {key(name) for name in names}
        self._weights |= weights

    def likeness(self, weights: dict[str, float], names: Sequence[str]) -> float:
        """Share of the weight that a question and the group have in common; one name in common is enough."""
        if self._keys & {key(name) for name in names}:
            return 1.0
        both = sum(weight for word, weight in weights.items() if word in self._weights)
        smaller = min(sum(weights.values()), sum(self._weights.values()))
        return both / smaller if smaller and len(weights.keys() & self._weights.keys()) > 1 else 0.0


def _terms(text: str) -> tuple[set[str], tuple[str, ...]]:
    return {word.lower() for word in _WORD.findall(text[:4000])}, find(text[:4000])[:5]


def _frequent(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(value for value in values if value).most_common())


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())[:300]


def _ascii(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
