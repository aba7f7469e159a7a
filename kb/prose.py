"""Running text about an error, told apart where no heading does: what is seen, why, what to do.

Authors keep that order and say so as they go: "You might see …", "This error occurs because …", "To resolve this
error, …". The openings are data, ``symptom_leads`` and its like in ``headings.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb import blocks as b
from kb.blocks import Block, Bullets, CodeBlock, Paragraph, Quote, Span, SpanKind, Table
from kb.pairing import Case, Pair
from kb.vocabulary import Part, Vocabulary

_SENTENCE = re.compile(r"(?<=[.!?。])\s*(?<!\b[A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)(?<!p\.\sex\.)(?=\S)")


def tell(blocks: Sequence[Block], words: Vocabulary, *, opens_with_message: bool) -> Case:
    """Return running text as a case; code and what leads to it, outside a solution, is more than the answer."""
    told: dict[Part, list[Block]] = {
        part: [] for part in (Part.SYMPTOM, Part.CAUSE, Part.SOLUTION, Part.MORE)
    }
    part = Part.SYMPTOM
    split = [piece for block in blocks for piece in _by_sentence(block, words)]
    leads = [words.lead(b.text(block.spans)) if isinstance(block, Paragraph) else None for block in split]
    has_leads = Part.CAUSE in leads or Part.SOLUTION in leads
    for position, block in enumerate(split):
        lead = leads[position]
        before = split[position - 1] if position else None
        if lead is Part.SOLUTION or (
            lead is Part.CAUSE and (part is not Part.SOLUTION or not told[Part.SOLUTION])
        ):
            part = lead
        elif (
            part is Part.SYMPTOM
            and before is not None
            and not _belongs(block, before)
            and (opens_with_message or not (has_leads or isinstance(before, Table)))
        ):
            part = Part.CAUSE
        if isinstance(block, CodeBlock) and part is Part.CAUSE:
            part = Part.MORE
            if told[Part.CAUSE] and isinstance(told[Part.CAUSE][-1], Paragraph):
                told[Part.MORE].append(told[Part.CAUSE].pop())
        told[part].append(block)
    pairs = [Pair(told[Part.CAUSE], told[Part.SOLUTION])] if told[Part.CAUSE] or told[Part.SOLUTION] else []
    return Case(told[Part.SYMPTOM], pairs, told[Part.MORE])


def split_remarks(case: Case, words: Vocabulary) -> None:
    """Give a case without solution the one that its remarks end in: "To fix this, …"."""
    if len(case.pairs) != 1 or case.pairs[0].solution:
        return
    cause = [piece for block in case.pairs[0].cause for piece in _by_sentence(block, words)]
    for position, block in enumerate(cause):
        if position and isinstance(block, Paragraph) and words.lead(b.text(block.spans)) is Part.SOLUTION:
            case.pairs[0] = Pair(cause[:position], cause[position:])
            return


def _belongs(block: Block, before: Block) -> bool:
    """A list, quote or code behind a colon belongs to the sentence before it."""
    return (
        isinstance(block, Bullets | Quote | CodeBlock)
        and isinstance(before, Paragraph)
        and b.text(before.spans).endswith((":", "："))
    )


def _by_sentence(block: Block, words: Vocabulary) -> Iterator[Block]:
    """Split a paragraph where a sentence in it opens the cause or says what the solution is for."""
    if not isinstance(block, Paragraph):
        yield block
        return
    part: list[Span] = []
    for span in block.spans:
        if span.kind is not SpanKind.TEXT:
            part.append(span)
            continue
        begin = 0
        for boundary in _SENTENCE.finditer(span.text):
            at = boundary.end()
            opens = words.lead(span.text[at:]) if part or span.text[begin:at].strip() else None
            if opens is Part.CAUSE or (opens is Part.SOLUTION and words.opens_purpose(span.text[at:])):
                part.append(Span(SpanKind.TEXT, span.text[begin:at].rstrip()))
                yield Paragraph(tuple(part), block.line)
                part, begin = [], at
        part.append(Span(SpanKind.TEXT, span.text[begin:]))
    if part:
        yield Paragraph(tuple(part), block.line)
