"""What of a symptom is news to somebody who pasted it: the words around the message, not the message once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.followups import folded
from kb.blocks import Block, Bullets, CodeBlock, Paragraph, Quote, Span, SpanKind, plain
from kb.markdown import parse
from kb.model import Hit
from kb.rendering import Renderer

_LEAST_WORDS = 3
_MARKS = " \t.,;:!?'\"’«»()"


def news(symptom: str, hit: Hit, query: str) -> str:
    """Return the symptom, in Markdown, without what was pasted; empty where it is nothing else."""
    said = f" {folded(query)} "
    blocks = parse(symptom).blocks
    # Where one message matched, which the answer names, the entry's other messages are no news either.
    kept = list(_kept(blocks, said, knows_all=bool(hit.matched)))
    return symptom if kept == list(blocks) else Renderer().blocks(kept)


def _kept(blocks: Sequence[Block], said: str, *, knows_all: bool) -> Iterator[Block]:
    """The blocks that tell something new; what only leads up to others goes with them."""
    leading: Block | None = None
    for block in blocks:
        rest = _rest(block, said, knows_all)
        if rest is not None and leading is not None:
            yield leading
        leading = None
        if rest is not None and isinstance(rest, Paragraph) and plain([rest]).rstrip().endswith(":"):
            leading = rest
        elif rest is not None:
            yield rest


def _rest(block: Block, said: str, knows_all: bool) -> Block | None:
    if isinstance(block, Bullets):
        items = tuple(item for item in block.items if not _is_old(item, said, knows_all))
        if len(items) == len(block.items):
            return block
        return Bullets(items, block.line, block.start, block.is_tight) if items else None
    return None if _is_old((block,), said, knows_all) else block


def _is_old(blocks: Sequence[Block], said: str, knows_all: bool) -> bool:
    if knows_all and blocks and all(map(_is_printed, blocks)):
        return True
    words = folded(plain(blocks))
    return len(words.split()) >= _LEAST_WORDS and f" {words} " in said


def _is_printed(block: Block) -> bool:
    """Text that a program printed: code, a quote, a line of nothing but code."""
    if isinstance(block, Quote):
        first = block.blocks[0] if block.blocks else None
        opens_bold = (
            isinstance(first, Paragraph) and first.spans[:1] and first.spans[0].kind is SpanKind.STRONG
        )
        return not block.alert and not opens_bold  # "**Note:** …" is what an alert has become
    return isinstance(block, CodeBlock) or (isinstance(block, Paragraph) and _is_code(block.spans))


def _is_code(spans: Sequence[Span]) -> bool:
    held = [span for span in spans if span.kind is not SpanKind.TEXT or span.text.strip(_MARKS)]
    return bool(held) and all(
        span.kind is SpanKind.CODE or (bool(span.spans) and _is_code(span.spans)) for span in held
    )
