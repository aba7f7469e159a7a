"""Questions in bold, which pages of frequently asked questions use as headings, made headings.

``**Does it run on ARM?**`` with its answer below it is an entry; one such line alone is emphasis, and inside a symptom,
cause or solution it divides what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb import blocks as b
from kb.blocks import Block, Heading, Paragraph, Span, SpanKind
from kb.vocabulary import STRUCTURE, Vocabulary

_LEVEL = 6
_FEWEST = 2
"""Questions from which a page is one of questions."""
_MARK = re.compile(r"^[QF]\s?\d{0,3}\s?[:.)：]\s*", re.IGNORECASE)
_ASKS = re.compile(r"[?？]\s*$")
_ANSWER = re.compile(r"^[AR]\s?\d{0,3}\s?[:：]\s+")
_MOST_WORDS = 40


def raised(blocks: Sequence[Block], words: Vocabulary) -> Sequence[Block]:
    """Return the blocks of a document with its questions in bold as headings."""
    found = [_question(block) for block in blocks]
    if sum(question is not None for question in found) < _FEWEST:
        return blocks
    return list(_raised(blocks, found, words))


def _raised(
    blocks: Sequence[Block], questions: Sequence[Heading | None], words: Vocabulary
) -> Iterator[Block]:
    part_level = 0  # of the symptom, cause or solution that is open
    is_asked = False
    for block, question in zip(blocks, questions, strict=True):
        if isinstance(block, Heading):
            if not part_level or block.level <= part_level:
                label = words.heading(b.text(block.spans), block.anchor)
                part_level = block.level if label and label.part in STRUCTURE else 0
            is_asked = False
        elif question is not None and not part_level and isinstance(block, Paragraph):
            yield question
            is_asked = True
            rest = _trimmed(block.spans[1:])
            if rest:
                yield Paragraph(rest, block.line)
                is_asked = False
            continue
        elif is_asked and isinstance(block, Paragraph):
            yield Paragraph(_answer(block.spans), block.line)
            is_asked = False
            continue
        yield block


def _question(block: Block) -> Heading | None:
    """The question that a paragraph opens with, None where it opens with none."""
    if not isinstance(block, Paragraph) or block.spans[0].kind is not SpanKind.STRONG:
        return None
    text = b.text(block.spans[:1])
    if len(text.split()) > _MOST_WORDS or not (_ASKS.search(text) or _MARK.match(text)):
        return None
    first, *rest = block.spans[0].spans
    if first.kind is SpanKind.TEXT:
        first = Span(SpanKind.TEXT, _MARK.sub("", first.text))
    return Heading(_LEVEL, (first, *rest), block.line)


def _answer(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The words of an answer without the "A:" before them, be it in bold or not."""
    first, *rest = spans
    if first.kind is SpanKind.STRONG and rest and _ANSWER.fullmatch(f"{b.text(spans[:1]).rstrip(':：')}: "):
        first, *rest = rest
        return (Span(first.kind, first.text.lstrip(" :："), first.spans, first.target), *rest)
    if first.kind is SpanKind.TEXT:
        return (Span(SpanKind.TEXT, _ANSWER.sub("", first.text)), *rest)
    return tuple(spans)


def _trimmed(spans: Sequence[Span]) -> tuple[Span, ...]:
    """What stands behind a question in its own paragraph, from its first word on."""
    found = list(spans)
    while found and (found[0].kind is SpanKind.BREAK or not b.text(found[:1])):
        found.pop(0)
    return (
        _answer((Span(found[0].kind, found[0].text.lstrip(), found[0].spans, found[0].target), *found[1:]))
        if found
        else ()
    )
