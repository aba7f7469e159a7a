"""The words of ``headings.toml`` at work: what a heading, a column or the opening of a paragraph says it is.

English is read in every language: half of the world's translated pages keep a heading of the original.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from kb.locales import language

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "\u00a0": " ", "\u202f": " "})
_BLANKS = re.compile(r"\s+")
_EDGES = " \t:：.*_!?？。…-–—"
_NUMBER = r"(?:\s*(?:#|n°|no\.|nr\.?|№)?\s*(?P<number>\d{1,2}|[a-h])(?![\w.]))?"
_REST = r"(?:\s*(?:[:：]|\s[-–—]\s?|[.)](?=\s))\s*(?P<rest>.*))?"
_PURPOSES = (
    "to ", "pour ", "um ", "para ", "per ", "om ", "för ", "aby ", "чтобы ", "若要", "要", "bu sorunu", "bu hatayı",
)  # fmt: skip
_TRAIL = r"\s*[:：.。!]*\s*"


class Part(StrEnum):
    """What a section of a document is, finer than what an answer shows."""

    SYMPTOM = "symptom"
    CAUSE = "cause"
    SOLUTION = "solution"
    REMARKS = "remarks"
    DETAILS = "details"
    EXAMPLE = "example"
    MORE = "more"
    RELATED = "related"
    NEUTRAL = "neutral"
    STEP = "step"


CORE = (Part.SYMPTOM, Part.CAUSE, Part.SOLUTION)
"""The parts that make a problem."""
STRUCTURE = (*CORE, Part.REMARKS)
"""The headings that show that a section is a problem."""


class Column(StrEnum):
    """What a column of a table holds."""

    CODE = "code"
    MESSAGE = "message"
    DESCRIPTION = "description"
    CAUSE = "cause"
    SOLUTION = "solution"


class EventField(StrEnum):
    """What a row of an event table holds."""

    EVENT_ID = "event_id"
    SYMBOLIC_NAME = "symbolic_name"
    MESSAGE = "message_text"
    OTHER = "other_fields"


@dataclass(frozen=True, slots=True)
class Label:
    """What a heading was understood as."""

    part: Part
    number: int = 0
    """Of ``Cause 2``; 0 where the heading has none."""
    rest: str = ""
    """What the heading says beyond its kind: ``Cause 2: the token has expired``."""


def fold(text: str) -> str:
    """Return text as it is compared: lower case, one kind of apostrophe, single blanks."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()).strip()


class Vocabulary:
    """The words of one language, English behind them."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        self._tables = tuple(tables)
        self._parts = [_compiled(table) for table in self._tables]
        self._columns = [
            {fold(word): kind for kind in reversed(Column) for word in table.get(kind, ())}
            for table in self._tables
        ]
        self._fields = [
            {fold(word): kind for kind in reversed(EventField) for word in table.get(kind, ())}
            for table in self._tables
        ]
        self._announces = _alternatives(self._words("announces"))
        self._leads = {
            kind: re.compile(f"^(?:{_alternatives(self._words(f'{kind}_leads')).pattern})") for kind in CORE
        }
        purposes = [lead for lead in self._words("solution_leads") if lead.startswith(_PURPOSES)]
        self._purposes = re.compile(f"^(?:{_alternatives(purposes).pattern})")
        self._reports = _alternatives(self._words("reports"))
        self._follows = _alternatives(self._words("follows"))
        self._prefix = re.compile(
            rf"^(?:{_alternatives(self._words('prefix')).pattern})\s*[:：]\s*(?P<rest>.+)$", re.DOTALL
        )

    @property
    def colon(self) -> str:
        """A colon as the language writes it: French puts a blank before it."""
        return str(self._tables[0].get("colon", ":"))

    def heading(self, title: str, anchor: str = "") -> Label | None:
        """Return what a heading is; its anchor tells first, English in every locale, then its words."""
        folded = fold(title)
        by_words = self._match(folded)
        if anchor and (by_anchor := self._match(fold(re.sub(r"[-_]+", " ", anchor)), english_only=True)):
            if by_words is not None:
                return Label(by_anchor.part, by_words.number, _as_written(title, by_words.rest))
            number = re.search(r"(?<!\w)(\d{1,2})\s*[:：.]?\s*$", title)
            return Label(by_anchor.part, int(number.group(1)) if number else 0)
        return Label(by_words.part, by_words.number, _as_written(title, by_words.rest)) if by_words else None

    def run_in(self, title: str) -> Label | None:
        """Return what bold words at the start of a paragraph head, None where they are just bold."""
        label = self._match(fold(title))
        if label is None or label.part not in (*CORE, Part.MORE):
            return None
        return Label(label.part, label.number, _as_written(title, label.rest))

    def column(self, title: str) -> Column | None:
        """Return what a column holds."""
        folded = fold(title).strip(_EDGES)
        for words, parts in zip(self._columns, self._parts, strict=True):
            if folded in words:
                return words[folded]
            for part in (Part.CAUSE, Part.SOLUTION):
                match = parts.fullmatch(folded)
                if match and match.lastgroup and _group_part(match) is part and not match.group("rest"):
                    return Column(part.value)
        return None

    def event_field(self, title: str) -> EventField | None:
        """Return what a row of an event table holds."""
        folded = fold(title).strip(_EDGES)
        return next((words[folded] for words in self._fields if folded in words), None)

    def announces_message(self, text: str) -> bool:
        """Tell whether a sentence says that what comes next is printed by software."""
        folded = fold(text)
        is_open = text.rstrip().endswith((":", "：")) or bool(self._follows.search(folded[-160:]))
        return is_open and bool(self._announces.search(folded))

    def reports(self, text: str) -> bool:
        """Tell whether the words before a quotation say that software prints it: a person's words are no message."""
        return bool(self._reports.search(fold(text[-70:])))

    def lead(self, text: str) -> Part | None:
        """Return what a paragraph tells by the way it opens."""
        folded = fold(text[:120])
        return next(
            (kind for kind in (Part.SOLUTION, Part.CAUSE, Part.SYMPTOM) if self._leads[kind].match(folded)),
            None,
        )

    def after_prefix(self, text: str) -> str:
        """Return what stands behind "Error:" in a title, empty where it does not open so."""
        match = self._prefix.match(fold(text))
        return _as_written(text, match.group("rest")) if match else ""

    def opens_purpose(self, text: str) -> bool:
        """Tell whether a sentence opens by saying what it is good for: "To prevent this error, …"."""
        return bool(self._purposes.match(fold(text[:120])))

    def alert(self, kind: str) -> str:
        """Return what ``[!NOTE]`` says."""
        for table in self._tables:
            if word := table.get("alerts", {}).get(kind.lower()):
                return str(word)
        return kind.capitalize()

    def _words(self, name: str) -> list[str]:
        return [str(word) for table in self._tables for word in table.get(name, ())]

    def _match(self, folded: str, english_only: bool = False) -> Label | None:
        for parts in self._parts[-1:] if english_only else self._parts:
            match = parts.fullmatch(folded)
            if match:
                part = _group_part(match)
                number = match.group("number") or ""
                figure = int(number) if number.isdigit() else (ord(number) - ord("a") + 1 if number else 0)
                return Label(part, figure, (match.group("rest") or "").strip())
        return None


def _group_part(match: re.Match[str]) -> Part:
    return next(part for part in Part if match.group(part.value) is not None)


def _compiled(table: Mapping[str, Any]) -> re.Pattern[str]:
    """One pattern for all headings of a language: a phrase, a number, a title behind a colon."""
    kinds: list[str] = []
    for part in Part:
        words = sorted((fold(str(word)) for word in table.get(part.value, ())), key=len, reverse=True)
        exact = [re.escape(word) for word in words if not word.endswith("*")]
        open_ended = [re.escape(word[:-1]) + r".*?" for word in words if word.endswith("*")]
        kinds.append(f"(?P<{part.value}>{'|'.join([*exact, *open_ended]) or '(?!)'})")
    return re.compile(rf"(?:{'|'.join(kinds)}){_NUMBER}(?:{_REST}|{_TRAIL})", re.DOTALL)


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    # Words that begin or end with a letter of a spaced script stand alone; "log" is not in "catalogue".
    folded = sorted({word.casefold().translate(_APOSTROPHES) for word in words}, key=len, reverse=True)
    return re.compile("|".join(_bounded(word) for word in folded) or "(?!)")


def _bounded(word: str) -> str:
    before = r"(?<!\w)" if word[:1].isalpha() and word[:1] < "\u3000" else ""
    after = r"(?!\w)" if word[-1:].isalpha() and word[-1:] < "\u3000" else ""
    return f"{before}{re.escape(word)}{after}"


def _as_written(title: str, rest: str) -> str:
    """The tail of a title in its own case: folding changes the length of words, and hardly ever their number."""
    if not rest:
        return ""
    words = title.split()
    tail = words[-len(rest.split()) :]
    return " ".join(tail).lstrip(":：-–— ")


@lru_cache(maxsize=64)
def vocabulary(locale: str) -> Vocabulary:
    """Return the words of a locale's language, English behind them."""
    tables = _tables()
    tag = locale.lower()
    spoken = language(tag)
    if spoken == "zh":
        spoken = "zh-tw" if any(mark in tag for mark in ("tw", "hk", "mo", "hant")) else "zh-cn"
    own = [tables[spoken]] if spoken in tables and spoken != "en" else []
    return Vocabulary([*own, tables["en"]])


def languages() -> tuple[str, ...]:
    """Return the languages whose words are known."""
    return tuple(_tables())


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    text = resources.files("kb").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
