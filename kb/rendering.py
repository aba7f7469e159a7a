"""Blocks -> clean Markdown that any reader of CommonMark understands: no docfx, no images, no HTML.

Sub-headings become bold lines (an answer is read in a chat, where headings shout), alerts become quotes that open
with a bold word, and what stood as text never turns into marks: it is escaped where it could.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kb import blocks as b
from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind, Table

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|[`*]|\](?=[(\[:])|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|(?<=!)(?=\[)|~~"
)
_LINE_START = re.compile(
    r"^(\s*)(#{1,6}(?=\s|$)|[+-](?=\s|$)|>|={2,}\s*$|-{2,}\s*$|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE
)
_TICKS = re.compile(r"`+")
_FENCES = re.compile(r"^\s*(`{3,})", re.MULTILINE)


class Renderer:
    """Writes blocks as Markdown for one article."""

    def __init__(
        self,
        alert_words: Callable[[str], str] = str.capitalize,
        colon: str = ":",
        address: Callable[[str], str | None] = lambda target: target if "://" in target else None,
    ) -> None:
        self._alert_word = alert_words
        """What ``[!NOTE]`` says in the article's language."""
        self._colon = colon
        self._address = address
        """Absolute address of a link's target, None where there is none: the link is then its text."""

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Return blocks as Markdown, a blank line between two; empty where nothing is left."""
        return "\n\n".join(text for block in blocks if (text := self._block(block)))

    def inline(self, spans: Iterable[Span]) -> str:
        """Return running text as Markdown on one line, breaks kept as hard breaks."""
        return self._spans(_joined(spans)).strip()

    def _block(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            return _guard(self.inline(block.spans))
        if isinstance(block, Heading):
            title = self.inline(block.spans).replace("**", "")
            return f"**{title}**" if title else ""
        if isinstance(block, CodeBlock):
            return _fenced(block)
        if isinstance(block, Quote):
            return self._quote(block)
        if isinstance(block, Bullets):
            return self._bullets(block)
        return self._table(block)

    def _quote(self, quote: Quote) -> str:
        inside = self._inside_quote(quote)
        return "\n".join(f"> {line}" if line else ">" for line in inside.split("\n")) if inside else ""

    def _inside_quote(self, quote: Quote) -> str:
        """An alert inside a quote needs no second mark."""
        pieces = (
            self._inside_quote(block) if isinstance(block, Quote) and block.alert else self._block(block)
            for block in quote.blocks
        )
        inside = "\n\n".join(piece for piece in pieces if piece)
        if not inside or not quote.alert:
            return inside
        word = f"**{self._alert_word(quote.alert)}{self._colon}**"
        return f"{word} {inside}" if isinstance(quote.blocks[0], Paragraph) else f"{word}\n\n{inside}"

    def _bullets(self, bullets: Bullets) -> str:
        items: list[str] = []
        number = bullets.start
        for item in bullets.items:
            inside = self._tight(item) if bullets.is_tight else self.blocks(item)
            if not inside:
                continue
            marker = "-" if number is None else f"{number}."
            number = None if number is None else number + 1
            indent = " " * (len(marker) + 1)
            first, *rest = inside.split("\n")
            items.append(
                "\n".join([f"{marker} {first}", *(f"{indent}{line}" if line else "" for line in rest)])
            )
        return ("\n" if bullets.is_tight else "\n\n").join(items)

    def _tight(self, item: Sequence[Block]) -> str:
        """A tight item's paragraph and nested list stand without a blank line; code and tables need theirs."""
        text = ""
        for position, block in enumerate(item):
            piece = self._block(block)
            if piece:
                close = isinstance(block, Bullets) and position and isinstance(item[position - 1], Paragraph)
                text += ("\n" if close else "\n\n") * bool(text) + piece
        return text

    def _table(self, table: Table) -> str:
        kept = [
            column
            for column in range(len(table.header))
            if b.text(table.header[column]) or any(b.text(row[column]) for row in table.rows)
        ]
        if not kept:
            return ""
        rows = [table.header, *table.rows]
        cells = [[self._cell(row[column]) for column in kept] for row in rows]
        written = [f"| {' | '.join(row)} |" for row in cells]
        return "\n".join([written[0], "|" + " --- |" * len(kept), *written[1:]])

    def _cell(self, spans: Iterable[Span]) -> str:
        return self.inline(spans).replace("  \n", " ").replace("\n", " ").replace("|", "\\|")

    def _spans(self, spans: Sequence[Span]) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        if span.kind is SpanKind.TEXT:
            return _SPECIAL.sub(lambda match: "\\" + match.group(), span.text)
        if span.kind is SpanKind.CODE:
            return _code(span.text)
        if span.kind is SpanKind.BREAK:
            return "  \n"
        if span.kind is SpanKind.IMAGE:
            return ""
        inside = self._spans(_joined(span.spans))
        if span.kind is SpanKind.LINK:
            return self._link(span, inside)
        mark = "**" if span.kind is SpanKind.STRONG else "*"
        return _marked(inside, mark)

    def _link(self, span: Span, inside: str) -> str:
        address = self._address(span.target)
        label = inside.strip()
        if not label or address is None:
            return inside
        if label == address or b.text(span.spans) == address:
            return f"<{address}>"
        return f"[{label}]({_target(address)})"


def _marked(inside: str, mark: str) -> str:
    """Marks hug their text, or CommonMark reads them as stars: blanks go outside, empty marks away."""
    text = inside.strip()
    if not text or "\n" in text:
        return inside
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    if text.startswith("*") or text.endswith("*"):
        return f"{before}{text}{after}"
    return f"{before}{mark}{text}{mark}{after}"


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Two neighbours of one kind are one: ``**a****b**`` would not be strong."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last is not None and last.kind is span.kind:
            if span.kind is SpanKind.TEXT or (span.kind is SpanKind.CODE and not span.text.strip()):
                found[-1] = Span(span.kind, last.text + span.text)
                continue
            if span.kind in (SpanKind.STRONG, SpanKind.EMPHASIS):
                found[-1] = Span(span.kind, spans=last.spans + span.spans)
                continue
        found.append(span)
    return found


def _code(text: str) -> str:
    if not text.strip():
        return text
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _fenced(block: CodeBlock) -> str:
    text = "\n".join(line.rstrip() for line in block.text.split("\n")).strip("\n")
    if not text.strip():
        return ""
    longest = max((len(run) for run in _FENCES.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{block.language}\n{text}\n{fence}"


def _target(address: str) -> str:
    return f"<{address}>" if any(char in address for char in " ()<>") else address


def _guard(text: str) -> str:
    """A line of text that would read as a list, quote or heading is escaped."""
    return _LINE_START.sub(lambda match: f"{match.group(1)}{_escaped_start(match.group(2))}", text)


def _escaped_start(mark: str) -> str:
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
