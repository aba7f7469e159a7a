"""Links as wikis write them, ``[[Page|words]]``, and targets with blanks in them, as links that CommonMark reads."""

from __future__ import annotations

import re

_TICKS = re.compile(r"(`+[^`]*`+)")
_EMBED = re.compile(r"!\[\[[^\[\]\n]+\]\]")
_TOC = re.compile(r"\[\[_[A-Z]+_\]\]")
_LINK = re.compile(
    r"(?<![\[!\\])\[\[(?=[^\[\]\n|]*[\s|]|[^\W\d_a-z])(?!\s)([^\[\]|\n\"=$]+)(?:\|([^\[\]|\n\"=$]+))?\]\](?![(\[])"
)
"""Not ``[[ -f x ]]`` of a shell, ``[[inputs.cpu]]`` of TOML, ``[["a", "b"]]`` of JSON."""
_BLANKS = re.compile(
    r"\]\(([^()<>\n\"']*[^()<>\n\"'\s][ \t]+[^()<>\n\"']*\.[A-Za-z]{2,8}(?:#[^()<>\n\"' ]*)?)\)"
)
_PATH = re.compile(r"[-_/.]|^\S+$")


def mended(line: str) -> str:
    """Return a line with links that any reader of Markdown knows; code stays as it is."""
    if "[[" not in line and "](" not in line:
        return line
    return "".join(piece if piece.startswith("`") else _mended(piece) for piece in _TICKS.split(line))


def _mended(text: str) -> str:
    if "[[" in text:
        text = _LINK.sub(_words, _TOC.sub("", _EMBED.sub("", text)))
    return _BLANKS.sub(r"](<\1>)", text) if "](" in text else text


def _words(match: re.Match[str]) -> str:
    """What a reader is shown: GitHub's wiki writes the words first, others the page."""
    first, second = match.group(1).strip(), (match.group(2) or "").strip()
    if not second:
        return first.rpartition("/")[2].replace("-", " ") if " " not in first else first
    return first if _PATH.search(second) and not _PATH.search(first) else second
