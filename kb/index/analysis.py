"""What an index has to know of each entry's texts: their terms, their families, the words of their messages.

This is the slow part of a build, and the one that only hangs on the entry itself: what an entry is made of is kept under a key,
and a build reads the texts of those entries alone whose key is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from kb import locales, messages
from kb.index.bags import Bags
from kb.index.families import FamilyForms
from kb.index.hashing import hashes
from kb.index.ragged import Ragged, starts
from kb.index.words import pairs
from kb.model import Entry
from kb.tokens import fold, words

Array = np.ndarray[Any, Any]

_KEY_BYTES = 16
"""Of a hash: among a million entries two share one with a chance below 10 ** -26."""
_USED_AS_NAME = 5
"""Templates of a tree that must name an open part by a word before the word is taken for one in quotes too."""
_QUOTED_WORD = re.compile(r"['\"‘’“”«»]\s?([^\W\d_]+\d?)\s?['\"‘’“”«»]")


@dataclass(frozen=True, slots=True)
class WordTexts:
    """Words by the hash an index knows them by."""

    hashed: Array
    """uint64, each once."""
    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordTexts:
        """Return words with their hashes."""
        listed = tuple(texts)
        return cls(hashes(listed), listed)

    def then(self, more: WordTexts) -> WordTexts:
        """Return these words, and of others those that are not among them."""
        known = set(self.texts)
        new = WordTexts.of(text for text in more.texts if text not in known)
        return WordTexts(np.concatenate([self.hashed, new.hashed]), (*self.texts, *new.texts))

    def keep(self, wanted: Array) -> WordTexts:
        """Return the words a mask keeps."""
        return WordTexts(
            self.hashed[wanted],
            tuple(text for text, is_kept in zip(self.texts, wanted.tolist(), strict=True) if is_kept),
        )


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of every entry of a build, in its order."""

    keys: Array
    """Shape (n_entries,), dtype ``V16``: what an entry and all that shapes its analysis are known by."""
    n_sections: Array
    """Shape (n_entries,), int64: how many of the rows below are an entry's ..."""
    n_documented: Array
    """... and how many of those are the document's own, the first ones; the others are accepted wordings."""
    sections: Bags
    """Terms of every section."""
    families: Ragged
    """Families of every section, ascending."""
    n_messages: Array
    """Shape (n_entries,), int64."""
    messages: Ragged
    """Literal words of every message in their order, as numbers into ``message_words``."""
    message_words: WordTexts
    spelled: WordTexts
    """The words of the sections that can be compared by spelling."""

    @property
    def is_documented(self) -> Array:
        """Which sections are the document's own, bool, shape (n_sections.sum(),)."""
        begins = starts(self.n_sections)
        nth = np.arange(begins[-1]) - np.repeat(begins[:-1], self.n_sections)
        return np.asarray(nth < np.repeat(self.n_documented, self.n_sections))


def _rows(lengths: Array, entries: Array) -> Array:
    start = starts(lengths)
    return Ragged(start, np.arange(start[-1])).take(entries).values


@dataclass(frozen=True, slots=True)
class Text:
    """An entry with what people call it: all that its analysis hangs on but the shared tables."""

    entry: Entry
    wordings: Sequence[str]

    @property
    def documented(self) -> list[str]:
        """The parts of the document, the title and what people paste with the symptom; never none."""
        entry = self.entry
        symptom = "\n".join(
            [entry.title, " ".join(entry.identifiers), entry.symptom, *(m.text for m in entry.messages)]
        )
        if entry.article_title not in entry.title:
            symptom = f"{entry.article_title}\n{symptom}"
        parts = [part for part in (symptom, entry.cause, entry.solution, entry.more) if part.strip()]
        return parts or [entry.slug]


def keys_of(texts: Sequence[Text], shared: str) -> Array:
    """Return a key for each entry; ``shared`` stands for all else that an analysis hangs on."""
    salt = blake2b(shared.encode(), digest_size=_KEY_BYTES).digest()
    found = b"".join(
        blake2b(
            "\0".join(_fields(text)).encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES, key=salt
        ).digest()
        for text in texts
    )
    return np.frombuffer(found, dtype=f"V{_KEY_BYTES}")


def _fields(text: Text) -> list[str]:
    """All that an entry is made of; the marks between keep a cause from being taken for a solution."""
    one = text.entry
    fields = [
        one.slug, one.anchor, one.locale, one.path, one.title, one.article_title, one.symptom, one.more,
        "\1" if one.url is None else one.url, str(one.line), one.date, *one.identifiers,
    ]  # fmt: skip
    for message in one.messages:
        fields += ["\2", *message.pieces, "\3", *message.names, str(message.line)]
    for remedy in one.remedies:
        fields += ["\4", remedy.cause, remedy.solution]
    return [*fields, "\5", *text.wordings]


def analyse(texts: Sequence[Text], keys: Array, forms: FamilyForms, placeholders: frozenset[str]) -> Analysis:
    """Read the texts of entries.

    Parameters
    ----------
    texts : sequence of Text
    keys : ndarray of shape (n_texts,)
        See :func:`keys_of`.
    forms : FamilyForms
        Of the thesaurus.
    placeholders : frozenset of str
        See :func:`placeholders_of`.
    """
    n_documented: list[int] = []
    bags: list[Counter[str]] = []
    found: list[list[int]] = []
    literals: list[list[str]] = []
    n_messages: list[int] = []
    for text in texts:
        language = locales.language(text.entry.locale)
        documented = text.documented
        n_documented.append(len(documented))
        for part in (*documented, *text.wordings):
            printed, masked = words(part), messages.mask(part)
            spoken = printed if masked == part else words(masked)
            bags.append(Counter([*spoken, *pairs(spoken)]))
            found.append(forms.find(printed, [language]).tolist())
        own = [_literal(" … ".join(template.pieces), placeholders) for template in text.entry.messages]
        n_messages.append(len(own))
        literals += own
    message_words = WordTexts.of(dict.fromkeys(word for row in literals for word in row))
    number = {word: position for position, word in enumerate(message_words.texts)}
    return Analysis(
        keys,
        np.array(
            [count + len(text.wordings) for count, text in zip(n_documented, texts, strict=True)],
            dtype=np.int64,
        ),
        np.array(n_documented, dtype=np.int64),
        Bags.of(bags),
        Ragged.of(found),
        np.array(n_messages, dtype=np.int64),
        Ragged.of([[number[word] for word in row] for row in literals]),
        message_words,
        WordTexts.of(dict.fromkeys(term for bag in bags for term in bag if _can_be_spelled(term))),
    )


def _can_be_spelled(term: str) -> bool:
    return len(term) > 2 and " " not in term and not term.isdigit()


def _literal(text: str, placeholders: frozenset[str]) -> list[str]:
    return words(_QUOTED_WORD.sub(lambda found: _unless(found, placeholders), text))


def _unless(found: re.Match[str], placeholders: frozenset[str]) -> str:
    return " " if fold(found.group(1).rstrip("0123456789")) in placeholders else found.group()


def placeholders_of(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the words that this tree uses as names of open parts: where its templates quote them unmarked, they stand for values too."""
    used = Counter(
        fold(name.rstrip("_0123456789"))
        for entry in entries
        for template in entry.messages
        for name in set(template.names)
    )
    return frozenset(name for name, count in used.items() if name and count >= _USED_AS_NAME)


def renewed(old: Analysis, new: Analysis, keys: Array, rows: Array) -> Analysis:
    """Return the analysis of a build, part of it kept and part of it new.

    Parameters
    ----------
    old : Analysis
        Of the build before.
    new : Analysis
        Of the entries that the build before did not have.
    keys : ndarray of shape (n_entries,)
        Of all entries, see :func:`keys_of`.
    rows : ndarray of shape (n_entries,), dtype int64
        Where each entry stands, counted through the old ones and then the new ones.
    """
    n_sections = np.concatenate([old.n_sections, new.n_sections])
    n_messages = np.concatenate([old.n_messages, new.n_messages])
    sections, own_messages = _rows(n_sections, rows), _rows(n_messages, rows)
    message_words = old.message_words.then(new.message_words)
    position = {word: number for number, word in enumerate(message_words.texts)}
    theirs = np.array([position[word] for word in new.message_words.texts], dtype=np.int32)
    bags = old.sections.with_new(new.sections, sections)
    spelled = old.spelled.then(new.spelled)
    at = np.searchsorted(bags.vocabulary, spelled.hashed)
    at[at == len(bags.vocabulary)] = 0
    return Analysis(
        keys,
        n_sections[rows],
        np.concatenate([old.n_documented, new.n_documented])[rows],
        bags,
        old.families.then(new.families).take(sections),
        n_messages[rows],
        old.messages.then(new.messages.mapped(theirs)).take(own_messages),
        message_words,
        spelled.keep(bags.vocabulary[at] == spelled.hashed),
    )
