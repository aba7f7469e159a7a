"""Error messages with open parts: reading them from documents, and what a paste holds in those parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.model import MessageTemplate

_OPEN = re.compile(
    r"""
      \\?\*(?:\\?\*)*                                     # *  or \*
    | \{(?P<brace>[^{}\n]{0,48})\}                        # {hub}, {0}
    | <(?P<angle>[A-Za-z][^<>\n]{0,48})>                  # <name>
    | %(?P<percent>\d{1,2}(?:![a-z]+!)?|[sdiuxXlp]\b)     # %1, %s
    | \b[xX]{3,}(?:[.-][xX]{2,})*\b                       # xxxx
    | …|\.{3}                                             # left out
    """,
    re.VERBOSE,
)
_SAMPLE = re.compile(
    r"""
      (?P<tracking>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)                        # GUID
    | (?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?
              |\b\d{1,2}/\d{1,2}/\d{4}(?:\ \d{1,2}:\d\d(?::\d\d)?)?)
    | (?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b)
    | (?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)
    | (?P<url>\b[a-z][a-z0-9+]*://[^\s"'<>«»]+)
    | (?P<host>(?<![\w.])(?:[a-z0-9-]+\.){2,}[a-z]{2,}\b(?![.(]\w|\())
    | (?P<path>(?<!\w)[A-Za-z]:\\[^\s"'<>|«»]*|(?<![\w/])/(?:[\w.-]+/)+[\w.-]+)
    | (?P<hash>\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{16,128}\b)
    """,
    re.VERBOSE,
)
_MAY_HOLD_SAMPLE = re.compile(r"[@/\\]|\d[.-]\d|\.[a-z0-9-]+\.|[0-9a-fA-F]-[0-9a-fA-F]{4}-|[0-9a-fA-F]{16}")
"""What every sample value holds one of: a person's own words hold none, and looking for samples in them takes ten times as long."""
_NAME = re.compile(r"[^\W\d]\w*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_BLANKS = re.compile(r"\s+")


def parse_template(text: str, line: int = 0) -> MessageTemplate | None:
    """Read an error message of the docs, or return None where nothing literal would be left to recognise.

    Open parts are ``*``, ``{name}``, ``<name>``, ``{0}``, ``%1``, ``%s`` and ``xxxx``; values that a sample
    was printed with (GUIDs, times, addresses, hosts, paths, hashes) are opened too and named for what they are.
    """
    pieces: list[str] = []
    names: list[str] = []
    position = 0
    cleaned = _BLANKS.sub(" ", text).strip()
    for start, end, name in _open_parts(cleaned):
        literal = cleaned[position:start]
        if names and not literal.strip():  # "{0} {1}": two open parts that nothing tells apart are one
            position = end
            continue
        pieces.append(literal)
        names.append(name)
        position = end
    pieces.append(cleaned[position:])
    if not _LETTERS.search(" ".join(pieces)):
        return None
    return MessageTemplate(tuple(pieces), tuple(names), line)


def mask(text: str) -> str:
    """Return the text with every value that only tells two pastes apart taken out."""
    return _SAMPLE.sub(" ", text) if _MAY_HOLD_SAMPLE.search(text) else text


def capture(template: MessageTemplate, text: str) -> dict[str, str]:
    """Return what the text holds in the template's named open parts; empty where the literal text does not fit.

    Blanks, quotes and case may differ from the docs, as they do between a log and a web page.
    """
    if not any(template.names):
        return {}
    match = _pattern(template).search(text)
    if match is None:
        return {}
    captured: dict[str, str] = {}
    for name, value in zip(template.names, match.groups(), strict=True):
        value = value.strip(" \t'\"’‘«»`")
        if name and value and name not in captured:
            captured[name] = value
    return captured


def _open_parts(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of open parts in order, without overlaps."""
    spans = [(m.start(), m.end(), _open_name(m)) for m in _OPEN.finditer(text)]
    for match in _SAMPLE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end, _ in spans):
            spans.append((match.start(), match.end(), str(match.lastgroup)))
    yield from sorted(spans)


def _open_name(match: re.Match[str]) -> str:
    inside = match.group("brace") or match.group("angle") or ""
    name = _NAME.search(inside)
    return name.group().lower() if name else ""


def _pattern(template: MessageTemplate) -> re.Pattern[str]:
    """A pattern for the template: literal text with loose blanks and quotes, open parts as short as they can be."""
    parts: list[str] = []
    for index, piece in enumerate(template.pieces):
        if not index:
            parts.append(_loose(piece))
            continue
        at_end = index == len(template.pieces) - 1 and not piece.strip(" .'\"’»")
        value = (
            r"([^\n'\"’»,;]{1,200}?(?=[\s'\"’»,;.]*(?:$|[\n'\"’»,;]))|\S{1,200})"
            if at_end
            else r"([^\n]{1,200}?)"
        )
        # Atomic: a value ends where the literal text behind it first stands. Trying every other end as well takes minutes
        # where four parts are open and the last literal is cut off.
        parts.append(f"(?>{value}{_loose(piece)})")
    return re.compile("".join(parts), re.IGNORECASE | re.MULTILINE)


def _loose(piece: str) -> str:
    tokens: Sequence[str] = re.findall(r"\w+|\s+|[^\w\s]", piece)
    loose: list[str] = []
    for token in tokens:
        if token.isspace():
            loose.append(r"\s*")
        elif token in "'\"’‘“”«»`":
            loose.append(r"\s*[\\'\"’‘“”«»`]*\s*")
        elif token[0].isalnum() or token[0] == "_":
            loose.append(re.escape(token))
        else:
            loose.append(r"\s*" + re.escape(token) + "?")
    return "".join(loose)
