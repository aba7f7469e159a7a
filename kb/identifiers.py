"""Read the names that identify an error exactly: ``401003``, ``IoTHubUnauthorized``, ``0x80070005``, ``EX1234``.

Documents declare them in headings and tables (:func:`find`); questions carry them anywhere, in any
spelling (:func:`candidates`). Both meet in one folded form (:func:`key`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SHAPES = re.compile(
    r"""
      (?P<hex>      \b0[xX][0-9A-Fa-f]{4,16}\b )                               # 0x80070005
    | (?P<coded>    (?<![\w.-])[A-Z]{1,6}-?\d{3,7}(?![\w]) )                   # C2462, LNK2019, ORA-00942
    | (?P<family>   (?<![\w.])\d{3}x{2,4}\b )                                  # 500xxx
    | (?P<number>   (?<![\w.,/-])-?\d{3,10}(?![\w/]|[.,]\d) )                  # 401003, 10527
    | (?P<condition>(?<![\w./])[a-z][a-z0-9]*(?:[.:][a-z0-9]+)*:[a-z]+(?:-[a-z]+)*(?::[a-z]+(?:-[a-z]+)*)*\b )
    | (?P<snake>    \b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b )                        # SSO_ERROR_GET_SECRET_FAILED
    | (?P<camel>    \b[A-Z][a-z0-9]*(?:[A-Z]+[a-z0-9]+)+[A-Z]*\b )             # IoTHubUnauthorized
    """,
    re.VERBOSE,
)
_ERROR_WORD = re.compile(
    r"(?:event|error|code|erreur|événement|warning|status|id|fehler|errore)\W{0,3}$", re.IGNORECASE
)
_AFTER_CODE = re.compile(r"\b\d{3}[\dx]{0,4} +$")
_ORDER = ("number", "hex", "coded", "family", "condition", "snake", "camel")
_SHORT_TEXT = 120
"""Characters up to which a text may be little more than its code."""
_SUFFIXES = ("exception", "error")
_CHUNK = re.compile(r"-?[^\W_][\w.:+-]*", re.UNICODE)
_PIECES = re.compile(r"[.:]+")
_DIGITS_INSIDE = re.compile(r"(?<!\d)\d{5,7}(?!\d)")
_NOT_ALNUM = re.compile(r"[\W_]+")


def find(text: str) -> tuple[str, ...]:
    """Return the identifiers that a heading or a table cell names, as written, most telling first, each once."""
    found: dict[str, tuple[int, int, str]] = {}
    for match in _SHAPES.finditer(text):
        kind, name = str(match.lastgroup), match.group()
        if kind == "number" and not _is_code(name, text[: match.start()]):
            continue
        if kind == "camel" and not (_is_name(name) or _AFTER_CODE.search(text[: match.start()])):
            continue
        folded = key(name)
        if folded not in found:
            found[folded] = (_ORDER.index(kind), match.start(), name)
    return tuple(name for _, _, name in sorted(found.values()))


def key(identifier: str) -> str:
    """Return the form that all spellings of an identifier share.

    Letters and digits only, in lower case, without ``0x``; a negative 32-bit number becomes its hexadecimal
    (``-2147024891`` and ``0x80070005`` are one HRESULT).
    """
    text = identifier.strip()
    if text.isascii() and text.isalnum():  # most are, and need no pattern
        return text[2:].lower() if len(text) > 5 and text[:2] in ("0x", "0X") else text.lower()
    if text.startswith("-") and text[1:].isdigit() and len(text) > 9:
        return f"{int(text) & 0xFFFFFFFF:x}"
    folded = _NOT_ALNUM.sub("", text).casefold()
    return folded[2:] if folded.startswith("0x") and len(folded) > 5 else folded


class Candidate(NamedTuple):
    """Something in a question that may be an identifier of the tree."""

    key: str
    start: int
    """Where it stands in the question, in characters."""
    trust: float
    """In (0, 1]: 1 for a name that can be nothing else, less for a bare number or a name without its suffix."""


def candidates(text: str) -> Iterator[Candidate]:
    """Yield every reading of the question's words as an identifier, whole words before their pieces.

    ``Microsoft.Azure.Devices.DeviceNotFoundException`` yields the whole, the last piece and
    ``devicenotfound``; ``aka.ms/iothub404103`` yields ``404103``. Which of them name anything is the index's to say.
    """
    is_short = len(text) <= _SHORT_TEXT and len(text.split()) <= 4
    for match in _CHUNK.finditer(text):
        chunk, start = match.group().rstrip(".:-+"), match.start()
        if chunk.isascii() and chunk.isalpha():  # a plain word: no pieces, no digits, nothing to doubt
            whole = chunk.lower()
            yield Candidate(whole, start, 1.0)
            if whole.endswith(_SUFFIXES):
                yield from _without_suffix(whole, start)
            continue
        whole = key(chunk)
        if not whole:
            continue
        yield Candidate(whole, start, _trust(chunk, text, start, is_short=is_short))
        pieces = _PIECES.split(chunk)
        if len(pieces) > 1:
            for piece in pieces:
                if len(piece) > 2:
                    yield Candidate(key(piece), start, _trust(piece, text, start, is_short=is_short) * 0.95)
        yield from _without_suffix(key(pieces[-1]), start)
        if not chunk.isdigit() and len(chunk) > 5:
            for inside in _DIGITS_INSIDE.finditer(chunk):
                yield Candidate(inside.group(), start, 0.85)


def _without_suffix(name: str, start: int) -> Iterator[Candidate]:
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 5:
            yield Candidate(name.removesuffix(suffix), start, 0.9)


def _trust(chunk: str, text: str, start: int, *, is_short: bool) -> float:
    """A bare number is an identifier when it is all there is, is long, or follows a word such as "event"."""
    if not chunk.lstrip("-").isdigit():
        return 1.0
    if len(chunk) >= 6 or is_short or _ERROR_WORD.search(text[max(0, start - 24) : start]):
        return 1.0
    return 0.6


def _is_code(number: str, before: str) -> bool:
    """A number in a heading is a code unless it reads as a year or a version ("BizTalk Server 2013")."""
    is_year = len(number) == 4 and "1980" <= number <= "2049"
    return not is_year or bool(_ERROR_WORD.search(before))


def _is_name(name: str) -> bool:
    """``JobNotFound`` names an error, ``PowerShell`` and ``BizTalk`` name products: three humps or eleven letters do."""
    humps = len(re.findall(r"[A-Z]+[a-z0-9]*", name))
    return humps >= 3 or len(name) >= 11
