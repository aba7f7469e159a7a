"""Questions made from the entries themselves, to learn at build time what scores mean on this tree.

Messages are printed with other values, cut short and wrapped in log noise; sentences of a symptom lose words and swap others
for their families' (people do not use the documentation's words). Each question has its entry; asked with that entry taken away, it
is a question the tree has no answer to.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.locales import language
from kb.model import Entry, MessageTemplate
from kb.thesaurus import Family
from kb.tokens import fold

_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOISE_BEFORE = (
    "2026-03-{day:02d} {hour:02d}:14:07,31{digit} ERROR [worker-{digit}] ",
    "{hour:02d}:14:07 | svc {number} | ",
    "Mar {day:02d} {hour:02d}:14:07 host{digit} app[{number}]: ",
    "1>",
    "",
    "",
)
_NOISE_AFTER = (
    "\n    at run (main.py:{digit}{digit})\n    at dispatch (queue.py:{number})",
    " (attempt {digit})",
    "\n{hour:02d}:14:09 INFO next poll in {digit} s",
    "",
    "",
    "",
)
_VALUES = (
    "pump-{digit}{digit}",
    "srv{number}",
    "contoso-{digit}",
    "{number}",
    "line{digit}",
    "Q{number}X",
    "orders_{digit}",
)


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A question whose entry is known."""

    text: str
    entry: int
    """Number of the entry it was made from."""


def practise(
    entries: Sequence[Entry], thesaurus: Sequence[Family], *, n_entries: int = 240, seed: int = 20260101
) -> Iterator[PracticeQuestion]:
    """Yield questions made from a sample of entries, the same ones at every build."""
    chance = random.Random(seed)
    siblings = _siblings(thesaurus)
    numbers = list(range(len(entries)))
    chance.shuffle(numbers)
    for number in sorted(numbers[:n_entries]):
        entry = entries[number]
        if entry.messages:
            yield PracticeQuestion(_pasted(chance.choice(entry.messages), chance), number)
        sentences = [
            one for one in _SENTENCE.split(f"{entry.title}. {entry.symptom}") if len(_WORD.findall(one)) >= 4
        ]
        if sentences:
            spoken = _spoken(chance.choice(sentences), siblings.get(language(entry.locale), {}), chance)
            yield PracticeQuestion(spoken, number)


def _pasted(template: MessageTemplate, chance: random.Random) -> str:
    parts = [template.pieces[0]]
    for piece in template.pieces[1:]:
        parts += [_fill(chance.choice(_VALUES), chance), piece]
    text = "".join(parts)
    if chance.random() < 0.3:
        kept = text.split()
        text = " ".join(kept[: max(3, round(len(kept) * 0.6))])
    return _fill(chance.choice(_NOISE_BEFORE), chance) + text + _fill(chance.choice(_NOISE_AFTER), chance)


def _spoken(sentence: str, siblings: dict[str, tuple[str, ...]], chance: random.Random) -> str:
    spoken = []
    for word in _WORD.findall(sentence):
        others = siblings.get(fold(word))
        if others and chance.random() < 0.6:
            spoken.append(chance.choice(others))
        elif chance.random() < 0.7:
            spoken.append(word.lower())
    return " ".join(spoken[:24])


def _siblings(thesaurus: Sequence[Family]) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each language, the other forms of the family a single word belongs to."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for family in thesaurus:
        for spoken_in, forms in family.forms.items():
            for form in forms:
                if " " not in form and len(forms) > 1:
                    found.setdefault(spoken_in, {})[fold(form)] = tuple(
                        other for other in forms if other != form
                    )
    return found


def _fill(pattern: str, chance: random.Random) -> str:
    return pattern.format(
        day=chance.randint(1, 28),
        hour=chance.randint(0, 23),
        digit=chance.randint(1, 9),
        number=chance.randint(100, 9999),
    )
