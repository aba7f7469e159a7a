"""Source -> blocks with line numbers: the only door to markdown-it-py.

HTML is read as part of the running text: tags that format are taken at their word, tags that nobody knows
(``<host name>``) are what they look like, a placeholder. The dialects of documentation sites are translated
before, see :mod:`kb.dialect`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind, Table

_DEEPEST = 100
"""Quotes and lists in each other; markdown-it leaves out what stands deeper without a word."""
_PARSER = (
    MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    .enable("table")
    .enable("strikethrough")
    .disable("html_block")
)

_TAG = re.compile(r"^<\s*(/?)\s*([a-zA-Z][a-zA-Z0-9-]*)\b[^>]*?(/?)\s*>$", re.DOTALL)
_NAME = re.compile(r"""\b(?:name|id)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"^\{(?:[:.#][^{}\n]*|[^{}\n]*=[^{}\n]*)\}")
_HEADING_ID = re.compile(r"\s*\{#\s*([^\s{}]+)[^{}]*\}\s*$")
_ALERT = re.compile(r"^\s*\[!([A-Za-z]+)\]\s*")
_SOFT_BREAK = re.compile(r"(.?)[ \t]*\n[ \t]*(.?)")
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_STRONG_TAGS = {"b", "strong"}
_EMPHASIS_TAGS = {"i", "em", "var", "cite", "dfn"}
_CODE_TAGS = {"code", "kbd", "samp", "tt"}
_BREAK_TAGS = {"br", "p", "div", "li", "tr", "details", "summary", "section", "hr", "dt", "dd", "ul", "ol"}
_PLAIN_TAGS = {
    "a", "abbr", "article", "aside", "audio", "big", "blockquote", "body", "button", "caption",
    "center", "col", "colgroup", "del", "dl", "fieldset", "figcaption", "figure", "font", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "iframe", "img", "input",
    "ins", "label", "legend", "link", "main", "map", "mark", "nav", "nobr", "noscript", "object",
    "option", "pre", "picture", "q", "s", "script", "select", "small", "source", "span", "strike",
    "style", "sub", "sup", "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time",
    "title", "track", "u", "video", "wbr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A document as blocks, and the names that links into it can end with."""

    blocks: tuple[Block, ...]
    anchors: tuple[tuple[str, int], ...]
    """Names given by ``<a name>`` and ``<a id>`` outside headings, with their line."""


def parse(source: str, lines: Sequence[int] | None = None) -> Document:
    """Read Markdown; ``lines`` says which line of the file each line of the source is, 1-based.

    Raises
    ------
    RecursionError
        If quotes and lists stand too deep in each other.
    """
    tokens = _PARSER.parse(source)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise RecursionError("nested too deep")
    reader = _Reader(tokens, lines)
    blocks = reader.blocks(len(reader.tokens))
    return Document(tuple(blocks), tuple(reader.anchors))


class _Reader:
    def __init__(self, tokens: list[Token], lines: Sequence[int] | None) -> None:
        self.tokens = tokens
        self.anchors: list[tuple[str, int]] = []
        self._lines = lines
        self._position = 0

    def blocks(self, end: int) -> list[Block]:
        found: list[Block] = []
        while self._position < end:
            token = self.tokens[self._position]
            if token.type.endswith("_close"):
                break
            block = self._block(token)
            if block is not None:
                found.append(block)
        return found

    def _block(self, token: Token) -> Block | None:
        line = self._line(token)
        self._position += 1
        if token.type == "heading_open":
            return self._heading(token, line)
        if token.type == "paragraph_open":
            spans = self._inline(line)
            return _alerted(Paragraph(spans, line)) if spans else None
        if token.type in ("fence", "code_block"):
            return self._code(token, line)
        if token.type == "blockquote_open":
            return self._quote(line)
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return self._list(token, line)
        if token.type == "table_open":
            return self._table(line)
        return None  # a rule, or something markdown-it may add one day

    def _code(self, token: Token, line: int) -> CodeBlock:
        info = token.info.strip().split()
        language = re.split(r"[^\w+#-]", info[0].lstrip(".{").rstrip("}"))[0].lower() if info else ""
        text = token.content.rstrip("\n")
        start = (token.map[0] if token.map else 0) + (token.type == "fence")
        numbers = tuple(self._number(start + offset) for offset in range(text.count("\n") + 1))
        return CodeBlock(text, language, line, numbers)

    def _heading(self, token: Token, line: int) -> Heading:
        before = len(self.anchors)
        spans = self._inline(line)
        anchor = self.anchors[before][0] if len(self.anchors) > before else ""
        if spans and spans[-1].kind is SpanKind.TEXT and (match := _HEADING_ID.search(spans[-1].text)):
            anchor = match.group(1)
            spans = (*spans[:-1], Span(SpanKind.TEXT, spans[-1].text[: match.start()]))
        return Heading(int(token.tag[1]), spans, line, anchor)

    def _quote(self, line: int) -> Block | None:
        blocks = self.blocks(len(self.tokens))
        self._position += 1
        first = blocks[0] if blocks else None
        if isinstance(first, Quote) and first.alert and first.line == line:
            return Quote((*first.blocks, *blocks[1:]), line, first.alert)
        return Quote(tuple(blocks), line) if blocks else None

    def _list(self, token: Token, line: int) -> Block:
        items: list[tuple[Block, ...]] = []
        is_tight = True
        while self.tokens[self._position].type == "list_item_open":
            self._position += 1
            inside = self.tokens[self._position]
            is_tight = is_tight and not (inside.type == "paragraph_open" and not inside.hidden)
            items.append(tuple(self.blocks(len(self.tokens))))
            self._position += 1
        self._position += 1
        start = None
        if token.type == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
        return Bullets(tuple(items), line, start, is_tight)

    def _table(self, line: int) -> Block:
        rows: list[tuple[tuple[Span, ...], ...]] = []
        lines: list[int] = []
        row: list[tuple[Span, ...]] = []
        while self.tokens[self._position].type != "table_close":
            token = self.tokens[self._position]
            self._position += 1
            if token.type == "tr_open":
                row = []
                lines.append(self._line(token))
            elif token.type in ("th_open", "td_open"):
                row.append(self._inline(lines[-1]))
            elif token.type == "tr_close":
                rows.append(tuple(row))
        self._position += 1
        header, *body = rows
        width = len(header)
        filled = tuple((*cells[:width], *(() for _ in range(width - len(cells)))) for cells in body)
        return Table(header, filled, line, tuple(lines[1:]))

    def _inline(self, line: int) -> tuple[Span, ...]:
        """Read the inline token at the position and step over it and its closing token."""
        token = self.tokens[self._position]
        if token.type != "inline":
            return ()
        self._position += 2
        return _trimmed(_Inline(token.children or [], self.anchors, line).read())

    def _line(self, token: Token) -> int:
        return self._number(token.map[0] if token.map else 0)

    def _number(self, number: int) -> int:
        if self._lines is None:
            return number + 1
        return self._lines[min(number, len(self._lines) - 1)] if self._lines else 1


def _alerted(paragraph: Paragraph) -> Block:
    """A paragraph that opens with ``[!NOTE]`` is an alert, in a quote or not."""
    first = paragraph.spans[0]
    match = _ALERT.match(first.text) if first.kind is SpanKind.TEXT else None
    if match is None:
        return paragraph
    rest = _trimmed((Span(SpanKind.TEXT, first.text[match.end() :]), *paragraph.spans[1:]))
    return Quote((Paragraph(rest, paragraph.line),) if rest else (), paragraph.line, match.group(1).lower())


class _Inline:
    """Reads the inline tokens of one running text."""

    def __init__(self, tokens: Sequence[Token], anchors: list[tuple[str, int]], line: int) -> None:
        self._tokens = tokens
        self._anchors = anchors
        self._line = line

    def read(self) -> tuple[Span, ...]:
        stack: list[tuple[str, SpanKind | None, str, list[Span]]] = [("", None, "", [])]
        for token in self._tokens:
            kind = token.type
            if kind == "text":
                self._text(stack[-1][3], token.content)
            elif kind == "softbreak":
                stack[-1][3].append(Span(SpanKind.TEXT, "\n"))
            elif kind == "hardbreak":
                stack[-1][3].append(Span(SpanKind.BREAK))
            elif kind == "code_inline":
                stack[-1][3].append(Span(SpanKind.CODE, " ".join(token.content.split("\n"))))
            elif kind == "image":
                alt = " ".join(child.content for child in token.children or [] if child.content)
                stack[-1][3].append(Span(SpanKind.IMAGE, alt, target=str(token.attrs.get("src", ""))))
            elif kind in ("strong_open", "em_open", "link_open"):
                span_kind = {"strong_open": SpanKind.STRONG, "em_open": SpanKind.EMPHASIS}.get(
                    kind, SpanKind.LINK
                )
                stack.append((kind[:-5], span_kind, str(token.attrs.get("href", "")), []))
            elif kind in ("strong_close", "em_close", "link_close"):
                self._close(stack, kind[:-6])
            elif kind == "html_inline":
                self._tag(stack, token.content)
        while len(stack) > 1:
            self._close(stack, stack[-1][0])
        return _flowing(stack[0][3])

    def _text(self, spans: list[Span], content: str) -> None:
        if spans and spans[-1].kind in (SpanKind.LINK, SpanKind.IMAGE, SpanKind.CODE, SpanKind.STRONG):
            content = _ATTRIBUTES.sub("", content)  # {target="_blank"} after a link
        if content:
            spans.append(Span(SpanKind.TEXT, content))

    def _close(self, stack: list[tuple[str, SpanKind | None, str, list[Span]]], name: str) -> None:
        if all(frame[0] != name for frame in stack[1:]):
            return
        while True:
            opened, kind, target, inside = stack.pop()
            if kind is SpanKind.CODE:
                words = "".join(span.text for span in inside)
                stack[-1][3].append(Span(SpanKind.CODE, " ".join(words.split("\n"))))
            elif kind is None:
                stack[-1][3].extend(inside)
            elif inside or kind is SpanKind.LINK:
                stack[-1][3].append(Span(kind, spans=_flowing(inside), target=target))
            if opened == name:
                return

    def _tag(self, stack: list[tuple[str, SpanKind | None, str, list[Span]]], content: str) -> None:
        match = _TAG.match(content)
        if match is None:  # a comment or a processing instruction
            return
        closing, name, closed = match.group(1), match.group(2).lower(), match.group(3)
        if not closing and (named := _NAME.search(content)) and name in ("a", "span", "div", "p", "br"):
            self._anchors.append((html.unescape(named.group(1)), self._line))
        if name in _BREAK_TAGS:
            if stack[-1][3] and not (closing and name != "p"):
                stack[-1][3].append(Span(SpanKind.BREAK))
        elif name in _STRONG_TAGS | _EMPHASIS_TAGS | _CODE_TAGS:
            if closing:
                self._close(stack, f"<{name}>")
            elif not closed:
                stack.append((f"<{name}>", _kind_of_tag(name), "", []))
        elif name == "a":
            self._link_tag(stack, content, bool(closing), bool(closed))
        elif name == "sup" and not closing:
            stack[-1][3].append(Span(SpanKind.TEXT, "^"))
        elif name not in _PLAIN_TAGS:
            stack[-1][3].append(Span(SpanKind.TEXT, content))

    def _link_tag(
        self,
        stack: list[tuple[str, SpanKind | None, str, list[Span]]],
        content: str,
        is_closing: bool,
        is_empty: bool,
    ) -> None:
        target = re.search(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", content, re.IGNORECASE)
        if is_closing:
            self._close(stack, "<a>")
        elif target and not is_empty:
            stack.append(("<a>", SpanKind.LINK, html.unescape(next(filter(None, target.groups()), "")), []))


def _kind_of_tag(name: str) -> SpanKind:
    if name in _STRONG_TAGS:
        return SpanKind.STRONG
    return SpanKind.EMPHASIS if name in _EMPHASIS_TAGS else SpanKind.CODE


def _flowing(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring texts become one; a line that ends where the column did flows on, without a blank in Chinese."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if span.kind is SpanKind.TEXT and last is not None and last.kind is SpanKind.TEXT:
            found[-1] = Span(SpanKind.TEXT, last.text + span.text)
            continue
        if span.kind is SpanKind.BREAK and last is not None and last.kind is SpanKind.TEXT:
            found[-1] = Span(SpanKind.TEXT, last.text.rstrip(" \t\n"))
        elif span.kind is SpanKind.TEXT and last is not None and last.kind is SpanKind.BREAK:
            span = Span(SpanKind.TEXT, span.text.lstrip(" \t\n"))
        found.append(span)
    return tuple(
        Span(SpanKind.TEXT, _SOFT_BREAK.sub(_flow, span.text)) if span.kind is SpanKind.TEXT else span
        for span in found
    )


def _flow(match: re.Match[str]) -> str:
    before, after = match.group(1), match.group(2)
    glue = "" if before and after and _UNSPACED.match(before) and _UNSPACED.match(after) else " "
    return f"{before}{glue}{after}"


def _trimmed(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Without blanks and breaks at either end; empty when only those were there."""
    found = list(spans)
    while found and (
        found[0].kind is SpanKind.BREAK or (found[0].kind is SpanKind.TEXT and not found[0].text.strip())
    ):
        found.pop(0)
    while found and (
        found[-1].kind is SpanKind.BREAK or (found[-1].kind is SpanKind.TEXT and not found[-1].text.strip())
    ):
        found.pop()
    if found and found[0].kind is SpanKind.TEXT:
        found[0] = Span(SpanKind.TEXT, found[0].text.lstrip())
    if found and found[-1].kind is SpanKind.TEXT:
        found[-1] = Span(SpanKind.TEXT, found[-1].text.rstrip())
    return tuple(found)
