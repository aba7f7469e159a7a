"""Markdown of an article as Slack's rich text: lists stay lists, commands stay blocks that can be copied.

Text in rich text is inert: whatever it holds, it pings nobody, links nowhere and breaks nothing. Addresses become links
only where an article says so, and only those of the web.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.printable import printable
from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind, Table, text
from kb.markdown import parse

Element = dict[str, Any]

_DEEPEST = 6
"""Slack indents lists up to eight times."""
_LONGEST_LINK = 2000
_STYLES = {SpanKind.CODE: "code", SpanKind.STRONG: "bold", SpanKind.EMPHASIS: "italic"}


@dataclass(frozen=True, slots=True)
class Cut:
    """Elements that fit, and whether some did not."""

    elements: tuple[Element, ...]
    n_characters: int
    is_whole: bool


def markdown(source: str) -> list[Element]:
    """Return the elements of a text in Markdown, one or more a block."""
    try:
        blocks = parse(printable(source)).blocks
    except RecursionError:
        return [section([piece(printable(source))])]
    return _blocks(blocks)


def cut(elements: Iterable[Element], most: int) -> Cut:
    """Return the first elements that hold at most that many characters; the one that crosses is shortened."""
    kept: list[Element] = []
    left = most
    for element in elements:
        size = n_characters(element)
        if size > left:
            if short := _shortened(element, left):
                kept.append(short)
                left -= n_characters(short)
            return Cut(tuple(kept), most - left, False)
        kept.append(element)
        left -= size
    return Cut(tuple(kept), most - left, True)


def piece(content: str, *, style: str = "") -> Element:
    """Return a piece of running text; ``style`` is ``bold``, ``italic`` or ``code``."""
    element: Element = {"type": "text", "text": content}
    if style:
        element["style"] = {style: True}
    return element


def link(url: str, words: str = "") -> Element:
    """Return a link; text where the address is none of the web."""
    if (
        not url.startswith(("https://", "http://"))
        or len(url) > _LONGEST_LINK
        or any(c in url for c in " <>|\n")
    ):
        return piece(words or url or "-")
    return {"type": "link", "url": url, "text": words} if words else {"type": "link", "url": url}


def section(pieces: Sequence[Element]) -> Element:
    """Return a paragraph."""
    return {"type": "rich_text_section", "elements": list(pieces)}


def preformatted(code: str) -> Element:
    """Return a block of code, to be copied as it stands."""
    return {"type": "rich_text_preformatted", "elements": [piece(code or " ")]}


def n_characters(element: Element) -> int:
    """Return how much of Slack's allowance an element takes: its texts and addresses."""
    own = len(element.get("text", "")) + len(element.get("url", ""))
    return own + sum(n_characters(inner) for inner in element.get("elements", ()))


def _blocks(blocks: Iterable[Block], indent: int = 0) -> list[Element]:
    found: list[Element] = []
    for block in blocks:
        found += _block(block, indent)
    return found


def _block(block: Block, indent: int) -> list[Element]:
    if isinstance(block, Paragraph):
        return _paragraph(block.spans)
    if isinstance(block, Heading):
        return [section([piece(_one_line(block.spans), style="bold")])]
    if isinstance(block, CodeBlock):
        return [preformatted(block.text)]
    if isinstance(block, Quote):
        return [_quoted(element) for element in _blocks(block.blocks, indent)]
    if isinstance(block, Bullets):
        return _list(block, indent)
    return _table(block)


def _paragraph(spans: Iterable[Span]) -> list[Element]:
    pieces = list(_pieces(spans))
    return [section(pieces)] if pieces else []


def _pieces(spans: Iterable[Span], style: tuple[str, ...] = ()) -> Iterable[Element]:
    for span in spans:
        if span.kind is SpanKind.BREAK:
            yield piece("\n")
        elif span.kind is SpanKind.LINK:
            yield link(span.target, text(span.spans) or span.target)
        elif span.kind in (SpanKind.TEXT, SpanKind.CODE):
            own = (*style, "code") if span.kind is SpanKind.CODE else style
            if span.text:
                yield _styled(span.text, own)
        elif span.kind in _STYLES:
            yield from _pieces(span.spans, (*style, _STYLES[span.kind]))


def _styled(content: str, style: Sequence[str]) -> Element:
    element = piece(content)
    if style:
        element["style"] = dict.fromkeys(style, True)
    return element


def _quoted(element: Element) -> Element:
    """A paragraph becomes a quote; lists and code stand as they are, Slack quotes neither."""
    if element["type"] == "rich_text_section":
        return {"type": "rich_text_quote", "elements": element["elements"]}
    return element


def _list(bullets: Bullets, indent: int) -> list[Element]:
    """Items in runs: what an item holds besides its first paragraph stands between two runs, numbers go on after it."""
    style = "bullet" if bullets.start is None else "ordered"
    found: list[Element] = []
    run: list[Element] = []
    first = number = bullets.start or 1

    def close() -> None:
        nonlocal run, first
        if run:
            element: Element = {"type": "rich_text_list", "style": style, "elements": run}
            if indent:
                element["indent"] = min(indent, _DEEPEST)
            if style == "ordered" and first > 1:
                element["offset"] = first - 1
            found.append(element)
        run = []

    for item in bullets.items:
        if not run:
            first = number
        lead, rest = (item[0], item[1:]) if item and isinstance(item[0], Paragraph) else (None, item)
        pieces = list(_pieces(lead.spans)) if isinstance(lead, Paragraph) else []
        run.append(section(pieces or [piece(" ")]))
        number += 1
        if rest:
            close()
            found += _blocks(rest, indent + 1)
    close()
    return found


def _table(table: Table) -> list[Element]:
    """A row a bullet, each cell with its column's name: readable on a phone too."""
    header = [_one_line(cell) for cell in table.header]
    items: list[Element] = []
    for row in table.rows:
        pieces: list[Element] = []
        for name, cell in zip(header, row, strict=False):
            content = list(_pieces(cell))
            if not content:
                continue
            if pieces:
                pieces.append(piece(" · "))
            if name:
                pieces.append(piece(f"{name}: ", style="bold"))
            pieces += content
        if pieces:
            items.append(section(pieces))
    return [{"type": "rich_text_list", "style": "bullet", "elements": items}] if items else []


def _one_line(spans: Iterable[Span]) -> str:
    return text(spans) or " "


def _shortened(element: Element, left: int) -> Element | None:
    """The part of an element that fits; None where too little would be left of it to be worth showing."""
    if left < 2:
        return None
    if element["type"] == "text":
        return element | {"text": element["text"][: left - 1].rstrip() + "…"}
    if "elements" not in element:
        return None
    inside = cut(element["elements"], left)
    return element | {"elements": list(inside.elements)} if inside.elements else None
