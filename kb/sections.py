"""Blocks -> the tree of sections they stand in: headings, and bold words that head a part of their own.

``**Possible Cause** : the agent was restarted`` heads a section as much as ``### Cause`` does; it is a leaf below
every heading, ends with the next of its kind, and only counts where ``headings.toml`` knows its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kb import blocks as b
from kb.blocks import Block, Bullets, Heading, Paragraph, Span, SpanKind
from kb.vocabulary import CORE, STRUCTURE, Label, Part, Vocabulary

RUN_IN = 7
"""Level of a section that bold words head: below every heading."""

_PLAIN_RUN_IN = re.compile(r"^([^\W\d_][^\n.:：]{1,38}?)\s?[:：]\s+(?=\S)")
_MOST_PLAIN = 3
"""Words before a colon that head a part without being bold; more are a sentence."""
_COLON = re.compile(r"^\s*[:：]\s*")
_SLUG_DROPS = re.compile(r"[^\w\- ]", re.UNICODE)


@dataclass(slots=True)
class Section:
    """A heading with what stands below it, up to the next heading of its level."""

    level: int
    title: str
    line: int
    anchor: str = ""
    """Name a link into the page ends with."""
    spans: tuple[Span, ...] = ()
    label: Label | None = None
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)

    @property
    def part(self) -> Part | None:
        """What the heading says the section is."""
        return self.label.part if self.label else None

    @property
    def is_problem(self) -> bool:
        """Whether a symptom, cause or solution stands directly below it."""
        return any(child.part in STRUCTURE for child in self.children)

    @property
    def holds_problem(self) -> bool:
        """Whether a problem stands anywhere below it."""
        return self.is_problem or any(
            child.holds_problem for child in self.children if child.part is not Part.RELATED
        )

    def content(self) -> list[Block]:
        """Return everything below the heading, sub-headings included, links to elsewhere left out."""
        found = list(self.blocks)
        for child in self.children:
            if child.part is not Part.RELATED:
                inside = child.content()
                if inside:
                    found += [Heading(min(child.level, 6), child.spans, child.line, child.anchor), *inside]
        return found

    def walk(self) -> Iterator[Section]:
        """Yield this section and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def outline(blocks: Sequence[Block], words: Vocabulary) -> Section:
    """Return the tree of sections; its root has level 0 and holds what stands before the first heading."""
    root = Section(0, "", blocks[0].line if blocks else 1)
    open_sections = [root]
    slugs = _Slugs()
    for block in blocks:
        if isinstance(block, Heading):
            title = b.text(block.spans)
            while open_sections[-1].level >= block.level:
                open_sections.pop()
            anchor = slugs.take(block.anchor, title)
            section = Section(
                block.level, title, block.line, anchor, block.spans, words.heading(title, block.anchor)
            )
            open_sections[-1].children.append(section)
            open_sections.append(section)
        else:
            for piece in _split_run_ins(block, words):
                _place(piece, open_sections)
    return root


def slug(title: str) -> str:
    """Return the name that GitHub and docfx give a heading."""
    return _SLUG_DROPS.sub("", title.strip().lower()).replace(" ", "-")


class _Slugs:
    """Numbers the headings of one name as docfx does: ``cause``, ``cause-1``, ``cause-2``."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, given: str, title: str) -> str:
        name = given or slug(title)
        count = self._seen.get(name, 0)
        self._seen[name] = count + 1
        return name if given or not count else f"{name}-{count}"


@dataclass(frozen=True, slots=True)
class _RunIn:
    """A paragraph that opens with words which head it."""

    title: str
    spans: tuple[Span, ...]
    label: Label
    rest: tuple[Block, ...]
    line: int


def _place(piece: Block | _RunIn, open_sections: list[Section]) -> None:
    if not isinstance(piece, _RunIn):
        open_sections[-1].blocks.append(piece)
        return
    if open_sections[-1].level == RUN_IN:
        open_sections.pop()
    section = Section(RUN_IN, piece.title, piece.line, "", piece.spans, piece.label, list(piece.rest))
    open_sections[-1].children.append(section)
    open_sections.append(section)


def _split_run_ins(block: Block, words: Vocabulary) -> Iterable[Block | _RunIn]:
    if isinstance(block, Paragraph):
        found = _strong_run_in(block, words) or _plain_run_in(block, words)
        return [found] if found and found.label.part in CORE else [block]
    if isinstance(block, Bullets) and block.start is None and len(block.items) > 1:
        heads = [
            _strong_run_in(item[0], words) if item and isinstance(item[0], Paragraph) else None
            for item in block.items
        ]
        known = [head for head in heads if head]
        if len(known) == len(heads) and any(head.label.part in CORE for head in known):
            return [
                _RunIn(head.title, head.spans, head.label, (*head.rest, *item[1:]), head.line)
                for head, item in zip(known, block.items, strict=True)
            ]
    return [block]


def _strong_run_in(paragraph: Paragraph, words: Vocabulary) -> _RunIn | None:
    first, *rest = paragraph.spans
    if first.kind is not SpanKind.STRONG:
        return None
    title = b.text(first.spans)
    label = words.run_in(title)
    if label is None:
        return None
    remaining = _without_colon(rest)
    following = b.text(remaining)
    has_colon = (
        title.rstrip().endswith((":", "："))
        or len(remaining) != len(rest)
        or remaining[:1] != tuple(rest[:1])
    )
    if following and not has_colon and following[0].islower():
        return None  # "**Cause** analysis is a tool of …"
    blocks = (Paragraph(remaining, paragraph.line),) if remaining else ()
    return _RunIn(title.rstrip(" :："), (first,), label, blocks, paragraph.line)


def _plain_run_in(paragraph: Paragraph, words: Vocabulary) -> _RunIn | None:
    first = paragraph.spans[0]
    if first.kind is not SpanKind.TEXT:
        return None
    match = _PLAIN_RUN_IN.match(first.text)
    if match is None or not match.group(1)[0].isupper() or len(match.group(1).split()) > _MOST_PLAIN:
        return None
    label = words.run_in(match.group(1))
    if label is None or label.part not in CORE or label.rest:
        return None
    rest = (Span(SpanKind.TEXT, first.text[match.end() :]), *paragraph.spans[1:])
    return _RunIn(
        match.group(1),
        (Span(SpanKind.TEXT, match.group(1)),),
        label,
        (Paragraph(rest, paragraph.line),),
        paragraph.line,
    )


def _without_colon(spans: Sequence[Span]) -> tuple[Span, ...]:
    found = list(spans)
    while found and found[0].kind is SpanKind.BREAK:
        found.pop(0)
    if found and found[0].kind is SpanKind.TEXT:
        text = _COLON.sub("", found[0].text).lstrip()
        found[0:1] = [Span(SpanKind.TEXT, text)] if text else []
    while found and found[0].kind is SpanKind.BREAK:
        found.pop(0)
    return tuple(found)
