"""Read a text as terms: the words it is made of, folded so that two spellings of one word are one.

Accents and case fold, French elisions fall away (``l'appareil`` is ``appareil``), ``DeviceNotFound`` and
``device_not_found`` count whole and in parts, and scripts without blanks between words are read in pairs
of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?", re.UNICODE)
_CHUNK = re.compile(r"\w+(?:['’]\w+)?", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?![a-zà-ÿ])|[A-ZÀ-Ý]?[a-zà-ÿ]+|\d+|[^\W\d_]+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
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

    Numbers of one or two digits and runs of more than forty characters are left out: they tell two pastes of
    one error apart, never two errors.
    """
    found: list[str] = []
    for match in _CHUNK.finditer(text):
        found.extend(_read(match.group()))
    return found


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
