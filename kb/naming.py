"""Which names an article and its parts declare: headings, front matter, tables and lists, never running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb import blocks as b
from kb import identifiers
from kb.blocks import Block, Bullets, Paragraph, SpanKind
from kb.frontmatter import FrontMatter

_ERROR_LIKE = re.compile(
    r"\d|error|exception|fault|fail|denied|exceeded|notfound|unauthori[sz]ed|forbidden|time(?:d)?out|conflict|invalid|_",
    re.IGNORECASE,
)
_SHORT = 4
"""Words up to which a heading is a name rather than a sentence that holds one."""
_MOST_KEYWORDS = 4
"""Keywords up to which ``f1_keywords`` name one error; index pages list hundreds."""
_SPACED = re.compile(r"\s*\d{1,3}(?:\s\d{3})+\s*")
_ALERT = re.compile(r"[a-z][a-z0-9]*(?:[A-Z]+[a-z0-9]+){2,}")
"""``etcdMembersDown``: alone in a title a name, in a sentence a variable."""
_SMALL_CODE = re.compile(r"(?<![\w.-])([a-z]{1,4}\d{4,5})(?!\w)")


def declared(text: str) -> tuple[str, ...]:
    """Return the identifiers that a code cell or a title holds, also where a translation made ``c1061`` or ``1 300`` of it."""
    if _SPACED.fullmatch(text):
        text = re.sub(r"\s", "", text)
    return identifiers.find(text) or identifiers.find(
        _SMALL_CODE.sub(lambda match: match.group().upper(), text)
    )


def in_heading(title: str) -> tuple[str, ...]:
    """Return the identifiers a heading is about: in a sentence, names of products and classes are just words."""
    found = declared(title) or ((title,) if _ALERT.fullmatch(title) else ())
    if len(title.split()) <= _SHORT:
        return found
    return tuple(name for name in found if _ERROR_LIKE.search(name))


def of_article(title: str, front: FrontMatter) -> tuple[str, ...]:
    """Return the identifiers of an article as a whole, those of its heading first."""
    keywords = front.names("f1_keywords")
    stated = (
        [name for word in keywords for name in identifiers.find(word)]
        if len(keywords) <= _MOST_KEYWORDS
        else []
    )
    found = () if is_range(title) else (in_heading(title) or in_heading(front.title))
    return unique([*found, *stated, *front.names("identifiers")])


def is_range(title: str) -> bool:
    """Tell whether a title is "Compiler errors C3500 through C3999": two codes of one shape are the ends of a range."""
    shapes = [re.sub(r"\d", "0", name) for name in identifiers.find(title) if re.search(r"\d{3}", name)]
    return len(shapes) > len(set(shapes))


def in_lists(symptom: Sequence[Block]) -> list[str]:
    """Return the errors that a list declares: ``* **500001 ServerError**: …``."""
    found: list[str] = []
    for block in symptom:
        if not isinstance(block, Bullets) or len(block.items) < 2:
            continue
        heads = [
            item[0].spans[0]
            for item in block.items
            if item
            and isinstance(item[0], Paragraph)
            and item[0].spans
            and item[0].spans[0].kind is SpanKind.STRONG
        ]
        if len(heads) == len(block.items):
            found += [name for head in heads for name in identifiers.find(b.text((head,)))]
    return found


def is_only_names(text: str) -> bool:
    """Tell whether a text holds nothing but identifiers: "404104 DeviceConnectionClosedRemotely" is no message."""
    rest = text
    for name in identifiers.find(text):
        rest = rest.replace(name, " ")
    return not re.search(r"[^\W\d_]{2,}", rest)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without those that are spellings of an earlier one."""
    found: dict[str, str] = {}
    for name in names:
        if folded := identifiers.key(name):
            found.setdefault(folded, name)
    return tuple(found.values())
