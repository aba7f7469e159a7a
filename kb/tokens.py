"""Read a text as terms: the words it is made of, folded so that two spellings of one word are one.

Accents and case fold, French elisions fall away (``l'appareil`` is ``appareil``), ``DeviceNotFound`` and
``device_not_found`` count whole and in parts, and scripts without blanks between words are read in pairs
of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?", re.UNICODE)
_CHUNK = re.compile(r"\w+(?:['’]\w+)?", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?![a-zà-ÿ])|[A-ZÀ-Ý]?[a-zà-ÿ]+|\d+|[^\W\d_]+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SMALL = re.compile(r"\d{1,2}|0x[0-9a-fA-F]{1,2}")
_LABEL = re.compile(
    r"(?<![^\W_])(?:rc|code|codes|errno|error|erreur|state|status|statut|etat|état|retour|returned|exit|connack|reason|result)"
    r"(?:\s?[=:(]\s?|\s)-?$",
    re.IGNORECASE,
)
"""What says that the number after it is a code."""
_LONGEST_LABEL = 16
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_LONGEST = 40
"""Characters; what is longer is data (base64, a hash), not a word."""


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return the word in lower case without accents: ``"Échec"`` and ``"echec"`` are one."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word).casefold().translate(_LIGATURES)
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(char)
    )
    return unicodedata.normalize("NFC", bare)  # Hangul letters go back into their syllables


def words(text: str) -> list[str]:
    """Return the folded words of a text in order, compounds followed by their parts.

    A number of one or two digits counts where a word says that it is a code (``rc=-2``, ``CONNACK 0x05``, ``erreur 5``), and is then
    one term, ``=-2``, whatever the word. Other such numbers and runs of more than forty characters are left out: they tell two pastes of
    one error apart, never two errors.
    """
    found: list[str] = []
    for match in _CHUNK.finditer(text):
        chunk = match.group()
        if chunk[0].isdigit() and _SMALL.fullmatch(chunk):
            found.extend(_code(chunk, text, match.start()))
        else:
            found.extend(_read(chunk))
    return found


def _code(number: str, text: str, start: int) -> Iterator[str]:
    """The term of a short number that is a code: a byte in hexadecimal, or what stands after a word that says so."""
    if "x" in number:
        yield f"={int(number, 16)}"
    elif label := _LABEL.search(text, max(0, start - _LONGEST_LABEL), start):
        yield f"={'-' if label.group().endswith('-') else ''}{int(number)}"


@lru_cache(maxsize=65_536)
def _read(chunk: str) -> tuple[str, ...]:
    chunk = _POSSESSIVE.sub("", _ELISION.sub("", chunk))
    if len(chunk) > _LONGEST:
        return ()
    if not chunk.isascii() and _UNSPACED.search(chunk):
        return _pairs(chunk)
    whole = fold(chunk.replace("'", "").replace("’", ""))
    if whole.isdigit():
        return (whole,) if len(whole) > 2 else ()
    if chunk.isalpha() and (chunk.islower() or chunk.istitle() or chunk.isupper()):
        return (whole,) if whole else ()
    parts = tuple(fold(part) for part in _CAMEL.findall(chunk.replace("_", " ")) if len(part) > 1)
    flat = whole.replace("_", "")
    if not flat:
        return ()
    return (flat, *parts) if len(parts) > 1 else (flat,)


def _pairs(chunk: str) -> tuple[str, ...]:
    """Chinese, Japanese and Korean: overlapping pairs of characters, the usual index terms of unspaced scripts."""
    found: list[str] = []
    position = 0
    for run in _UNSPACED.finditer(chunk):
        found.extend(fold(part) for part in _WORD.findall(chunk[position : run.start()]))
        characters = run.group()
        found.extend(fold(characters[i : i + 2]) for i in range(max(1, len(characters) - 1)))
        position = run.end()
    found.extend(fold(part) for part in _WORD.findall(chunk[position:]))
    return tuple(word for word in found if word)
