"""Understand what somebody says after an answer, in any of the languages of ``phrases.toml``.

Pure: a text and what was shown before it, an intent out. A text that carries an error of its own is never a follow-up:
taking a question for one loses it, taking a follow-up for a question only costs a second line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from kb.identifiers import find

_PHRASES = Path(__file__).with_name("phrases.toml")
_MOST_WORDS = 9
_MOST_CHARACTERS = 70
_ALIKE = 85
"""Similarity of 100 from which a text is a phrase with a typo in it."""
_LEAST_FOR_TYPOS = 6
_NOT = frozenset(
    (
        "no",
        "not",
        "non",
        "pas",
        "ne",
        "n",
        "t",
        "rien",
        "aucun",
        "aucune",
        "sans",
        "never",
        "jamais",
        "still",
        "toujours",
    )
)
_SHORTENED = re.compile(r"\b(did|does|do|is|was|wo|ca|has|have|are|could|would|should|were)nt\b")
_CLAUSES = re.compile(r"\s*[,;.]\s+|\s+(?:and|but|et|mais)\s+", re.IGNORECASE)
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#%+-]{1,127}")
_COULD_BE_EITHER = re.compile(r"[A-Z]{1,6}-?\d{3,7}")
"""``PUMP-700`` and ``LNK2019``: whether the documents know an error of that name decides."""
_ERROR = re.compile(r"\d{3,}|0x|[{}<>=\"|\\]|[a-z][A-Z]|://|\n\s*\S+.*\n")


_SMALL = re.compile(r"\s*(\d{1,2})[.)\s]*", re.ASCII)


class Intent(StrEnum):
    """What a follow-up wants."""

    NEXT = "next"
    """The next cause, or the next entry."""
    CHOOSE = "choose"
    """``value`` is the number, 1-based."""
    SPEAK = "speak"
    """``value`` is the locale."""
    WHY = "why"
    CHECK = "check"
    """``value`` is the hub's name; empty where none is said."""
    DEVICE = "device"
    """``value`` is the device."""
    MORE = "more"
    """All that there is to tell about it."""
    THANKS = "thanks"
    WORKED = "worked"
    """It works now."""
    NOTED = "noted"
    """Heard, and perhaps about to be tried."""
    QUESTION = "question"
    """No follow-up: something to look for."""


_IN_WORDS = (
    Intent.NEXT,
    Intent.MORE,
    Intent.THANKS,
    Intent.WORKED,
    Intent.NOTED,
    Intent.WHY,
    Intent.CHECK,
)
"""What is said in one of the phrases listed for it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An intent, and what of it was said in words."""

    intent: Intent
    value: str = ""
    language: str | None = None
    """Language it was said in; None where the words have none."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    exact: dict[str, Understood]
    edges: tuple[str, ...]
    """Longest first, so that "thank you" goes before "thank"."""
    ordinals: dict[str, str]
    choosing: frozenset[str]
    before_device: tuple[str, ...]
    done: frozenset[str]
    """Words for what somebody did about it."""
    help: frozenset[str]


def understand(
    text: str, *, n_offered: int = 0, lacks_device: bool = False, hubs: Collection[str] = ()
) -> Understood:
    """Return what a text wants, after an answer.

    Parameters
    ----------
    text : str
        What was said.
    n_offered : int
        How many entries are waiting to be chosen from.
    lacks_device : bool
        Whether the name of a device would tell something new.
    hubs : collection of str
        Names of the configured hubs, for "check plant".
    """
    stripped = text.strip()
    if not stripped or len(stripped) > _MOST_CHARACTERS or "\n" in stripped:
        return Understood(Intent.QUESTION)
    words = folded(stripped)
    if not words:  # marks alone
        return Understood(Intent.QUESTION)
    phrases = _phrases()
    if n_offered and (number := _number(words, phrases)):
        return Understood(Intent.CHOOSE, number)
    is_error = bool(_ERROR.search(stripped) or find(stripped))
    if len(words.split()) > _MOST_WORDS:
        return (None if is_error else _in_vain(stripped, phrases)) or Understood(Intent.QUESTION)
    if lacks_device and (device := _device(stripped, phrases)):
        return Understood(Intent.DEVICE, device)
    if is_error:
        return Understood(Intent.QUESTION)
    words = _SHORTENED.sub(r"\1n t", words)
    for core in _cores(words, phrases.edges):
        if (known := phrases.exact.get(core)) is not None:
            return known
    return (
        _in_vain(stripped, phrases)
        or _check_of(stripped, hubs, phrases)
        or _alike(words, phrases.exact)
        or _alike(core, phrases.exact)
        or Understood(Intent.QUESTION)
    )


def asks_for_help(text: str) -> bool:
    """Return whether a text asks how this works, or greets and says nothing else."""
    return text.strip() == "?" or (len(text) <= _MOST_CHARACTERS and folded(text) in _phrases().help)


def small_number(text: str) -> int | None:
    """Return the number that a text is, where it is one as one chooses with, too short for most codes."""
    found = _SMALL.fullmatch(text)
    return int(found.group(1)) if found else None


def is_in_passing(text: str) -> bool:
    """Return whether a text is a few words with no error in them: an aside as much as a question."""
    stripped = text.strip()
    is_short = len(stripped) <= _MOST_CHARACTERS and len(stripped.split()) <= _MOST_WORDS
    return is_short and "\n" not in stripped and not (_ERROR.search(stripped) or find(stripped))


def folded(text: str) -> str:
    """Return the words of a text without case, accents and marks, one blank between two."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def _number(words: str, phrases: _Phrases) -> str:
    """The number of a choice: "2", "the second one", "plutôt la deuxième"."""
    core = list(_cores(words, phrases.edges))[-1].split()
    named = [phrases.ordinals[word] for word in core if word in phrases.ordinals]
    others = [word for word in core if word not in phrases.ordinals and word not in phrases.choosing]
    # "the second one" holds two ordinals, of which "one" is none.
    named = [
        number
        for number, word in zip(named, [w for w in core if w in phrases.ordinals], strict=True)
        if word != "one"
    ] or named
    if len(core) == 1 and core[0].isdigit() and len(core[0]) == 1:
        return core[0]
    return named[0] if len(named) == 1 and not others else ""


def _device(text: str, phrases: _Phrases) -> str:
    """The name of a device that stands alone: one word with a digit or a mark in it, and no code of an error."""
    *before, name = text.strip(" .!\"'`’").split() or [""]
    if not _DEVICE.fullmatch(name) or folded(" ".join(before)) not in ("", *phrases.before_device):
        return ""
    if not (any(c.isdigit() for c in name) or any(c in "-_.:#" for c in name[1:-1])) or name.isdigit():
        return ""
    if folded(text) in phrases.exact or (find(name) and not _COULD_BE_EITHER.fullmatch(name)):
        return ""
    return name


def _cores(words: str, edges: tuple[str, ...]) -> Iterator[str]:
    """Yield the words, then less and less of those at either end that change nothing; never nothing at all."""
    yield words
    while shorter := _shorter(words, edges):
        words = shorter
        yield words


def _shorter(words: str, edges: tuple[str, ...]) -> str:
    for edge in edges:
        if words.endswith(" " + edge):
            return words[: -len(edge) - 1]
    for edge in edges:
        if words.startswith(edge + " "):
            return words[len(edge) + 1 :]
    return ""


def _in_vain(text: str, phrases: _Phrases) -> Understood | None:
    """What was done and that it changed nothing: "I rebooted it and it came back", "j'ai redémarré, ça recommence"."""
    clauses = [folded(clause) for clause in _CLAUSES.split(text)]
    if len(clauses) < 2 or phrases.done.isdisjoint(clauses[0].split()):
        return None
    for core in _cores(clauses[-1], phrases.edges):
        known = phrases.exact.get(core)
        if known is not None and known.intent is Intent.NEXT:
            return known
    return None


def _check_of(text: str, hubs: Collection[str], phrases: _Phrases) -> Understood | None:
    """A check of a hub that is named: "check plant", "vérifie le hub plant"."""
    *before, name = text.strip(" .!").split() or [""]
    is_named = name.lower() in {hub.lower() for hub in hubs}
    while before and folded(before[-1]) in ("on", "sur", "hub", "at", "le", "the"):
        is_named = folded(before.pop()) in ("on", "sur", "hub", "at") or is_named
    known = phrases.exact.get(folded(" ".join(before)))
    if is_named and known is not None and known.intent is Intent.CHECK and _DEVICE.fullmatch(name):
        return Understood(Intent.CHECK, name, known.language)
    return None


def _alike(words: str, exact: dict[str, Understood]) -> Understood | None:
    """The phrase that the words are with a typo; a "not" too few makes the opposite of a thank-you."""
    if len(words) < _LEAST_FOR_TYPOS:
        return None
    from rapidfuzz import fuzz, process

    found = process.extract(words, exact.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5)
    intents = {exact[phrase].intent for phrase, _, _ in found}
    is_glad = bool(intents & {Intent.THANKS, Intent.WORKED})
    if is_glad and (Intent.NEXT in intents or _NOT.intersection(words.split())):
        return None
    return exact[found[0][0]] if found else None


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    import tomllib

    data = tomllib.loads(_PHRASES.read_text(encoding="utf-8"))
    exact: dict[str, Understood] = {}
    for intent in _IN_WORDS:
        for language, phrases in data[intent.value].items():
            for phrase in phrases:
                known = exact.get(folded(phrase))
                is_of_both = known is not None and known.intent is intent and known.language != language
                exact[folded(phrase)] = Understood(intent, "", None if is_of_both else language)
    for language, phrases in data["speak"].items():
        for tag, names in data["languages"].items():
            for phrase in phrases:
                for name in names:
                    exact.setdefault(
                        folded(phrase.format(language=name)), Understood(Intent.SPEAK, tag, language)
                    )
    edges = sorted(
        {folded(word) for words in data["edges"].values() for word in words}, key=len, reverse=True
    )
    return _Phrases(
        exact,
        tuple(edges),
        {folded(word): number for number, words in data["ordinals"].items() for word in words},
        frozenset(folded(word) for phrase in data["choosing"]["words"] for word in phrase.split()),
        tuple(folded(phrase) for phrase in data["device"]["words"]),
        frozenset(folded(word) for words in data["done"].values() for word in words),
        frozenset(map(folded, data["help"]["words"])),
    )
