"""What lines have in common once their values are taken out.

Two steps, because one look at every character of a log costs more than everything else together. A **skeleton** is cheap
and rough: the line without digits and the letters of small hexadecimal, made by one C call. A **shape** is exact and
readable, and only made for a skeleton not seen before.
"""

from __future__ import annotations

import re

from kb.messages import parse_template

_HEX_AND_DIGITS = b"0123456789abcdef"
_QUOTED = re.compile(r"'[^'\n]{1,120}'|\"[^\"\n]{1,120}\"|«[^»\n]{1,120}»")
_LONG = re.compile(r"\b(?=[A-Za-z0-9+/_=-]*\d)[A-Za-z0-9+/_=-]{20,}")
_WITH_DIGIT = re.compile(r"\b\w*?\d\w*")
_SAME_AGAIN = re.compile(r"#(?:[\s.:,/_-]*#)+")
_BLANKS = re.compile(r"\s+")
_MOST_CHARACTERS = 400

_SIGNS = (
    b"rror", b"fail", b"fatal", b"xception", b"crit", b"panic", b"refus", b"denied", b"nauthor", b"not authori", b"forbidden",
    b"timeout", b"timed out", b"invalid", b"reject", b"unable", b"cannot", b"could not", b"couldn't", b"not found", b"no such",
    b"abort", b"disconnect", b"connection lost", b"lost connection", b"unreachable", b"expired", b"quota", b"throttl", b"exceeded",
    b"unavailable", b"erreur", b"chec", b"impossible", b"introuvable", b"fehler", b"connack", b"return code", b"rc=", b"bad_cred",
)  # fmt: skip
"""A line that holds none of these, and no code that the documents know, tells of no error."""
_SEVERE = re.compile(
    r"(?i)\b(?:error|err|fatal|critical|crit|severe|panic|alert|emerg|exception|traceback|erreur|fehler)\b|level[\"']?\s*[:=]\s*[\"']?(?:error|fatal|crit)"
    r"|\b\w+(?:Error|Exception)\b|^\S*\s*\[?[EF][\]/ ]|\b(?:failed|failure|échec|refused|denied|abort(?:ed)?)\b"
)
_CALM = re.compile(
    r"(?i)^.{0,60}?\b(?:info|debug|trace|notice|verbose)\b|level[\"']?\s*[:=]\s*[\"']?(?:info|debug|trace)|\b(?:0|no) errors?\b|without errors?"
)


def skeleton(line: bytes) -> bytes:
    """Return what lines of one shape have alike, cheaply."""
    return line.translate(None, _HEX_AND_DIGITS)


def has_sign(line: bytes) -> bool:
    """Return whether a line may tell of an error at all."""
    lowered = line.lower()
    return any(sign in lowered for sign in _SIGNS)


def is_error(line: str) -> bool:
    """Return whether a line says itself that something went wrong."""
    return bool(_SEVERE.search(line)) and not _CALM.search(line)


def shape(line: str) -> str:
    """Return the line with its values masked by ``#``, one blank between two words."""
    # Read as a message of the documents is: where a value stood (a path, a host, an address), the shape says so.
    message = parse_template(line[: 2 * _MOST_CHARACTERS])
    text = _QUOTED.sub(_masked_quote, "#".join(message.pieces) if message is not None else "#")
    text = _WITH_DIGIT.sub("#", _LONG.sub("#", text))
    return _BLANKS.sub(" ", _SAME_AGAIN.sub("#", text)).strip()[:_MOST_CHARACTERS]


def _masked_quote(match: re.Match[str]) -> str:
    """A quoted value goes; quoted words with blanks are more likely the message itself."""
    inside = match.group()[1:-1]
    return (
        match.group() if inside.count(" ") > 2 or ":" in inside else f"{match.group()[0]}#{match.group()[-1]}"
    )
