"""What a symptom quotes of what software prints: bullets, quotes, code blocks, inline code, bold and quoted words.

A prose bullet is no message. The sentence before decides ("fails with one of the following error messages:"), else
the shape of the text itself (:mod:`kb.printed`). Of a code block only the lines that carry an error count
(:mod:`kb.codeblocks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kb import blocks as b
from kb import codeblocks, naming, printed
from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind
from kb.codeblocks import Line
from kb.messages import parse_template
from kb.model import MessageTemplate
from kb.vocabulary import Vocabulary

_QUOTED = re.compile(
    r"“([^“”\n]{8,400})”"
    r"|«\s*([^«»\n]{8,400}?)\s*»"
    r"|\"([^\"\n]{8,400})\""
    r"|„([^„“”\n]{8,400})[“”]"
    r"|「([^「」\n]{4,400})」|『([^『』\n]{4,400})』"
    r"|(?<!\w)'([^'\n]{16,300})'(?!\w)|‘([^‘’\n]{16,300})’(?!\w)"
)
"""A quotation inside a sentence, in the marks of each language; short ones in single marks are names."""
_BETWEEN = re.compile(
    r"^[\s\-–—*]*(?:or|and|ou|et|,|oder|und|o|e|of|en|eller|och|lub|oraz|nebo|или|и|veya|ve)[\s\-–—*:.]*$",
    re.IGNORECASE,
)
"""What stands between two messages: "or", "and", a dash."""
_ELIDED = r"(?<!\b[cdjlmnstCDJLMNST])(?<!\bqu)"
"""A quote behind one of these is an apostrophe: ``d’instance 'test'``."""
_QUOTED_WORD = re.compile(
    rf"{_ELIDED}['’‘]([a-zà-ÿ]\w*)\s?['’](?!\w)"  # 'type'
    r"|(?:^|(?<=[\s(]))['’‘]([a-zà-ÿ]\w*)\s?['’]"  # 'type’ne, where a translation lost its blanks
    rf"|{_ELIDED}['’‘]([a-zà-ÿ]\w*) ['’]"  # dans’fichier1 'et
)
_MOST_WORDS = 90
"""Words from which a text is a description rather than a message."""
_MOST_BULLET_WORDS = 60
"""Words up to which a bullet below "one of the following errors:" is one."""
_MOST_PHRASE_WORDS = 40
"""Words up to which emphasised words, or a bullet with an open part, are a message."""
_MOST_NAME_WORDS = 4
"""Words up to which italics name a part that varies; more are stressed."""
_MOST = 40
"""Messages that one symptom quotes; a page with more lists errors."""
_LEAST_SAID = 4
"""Words of a title below which it says too little to be held against a message."""
_SHARED = 0.6
"""Share of a title's words that a message has to have to say the same."""


def messages_in(blocks: Sequence[Block], words: Vocabulary) -> tuple[MessageTemplate, ...]:
    """Return the messages that blocks of a symptom quote, each once, in order."""
    found: dict[str, MessageTemplate] = {}
    for text, line in _Finder(words).read(blocks, is_announced=False):
        template = parse_template(text, line)
        if template is None or naming.is_only_names(template.text):
            continue
        if printed.n_words(template.text) <= _MOST_WORDS:
            found.setdefault(template.text, template)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def opened(template: MessageTemplate) -> MessageTemplate | None:
    """Return a message with its quoted single words open (``'type'``, ``de’keyword'``), None where there are none.

    References name variable parts so where italics are missing. A keyword may stand in quotes as well, so the
    message as written is kept beside this one.
    """
    if template.names:
        return None
    text = _QUOTED_WORD.sub(lambda match: f"'{{{next(filter(None, match.groups()))}}}'", template.text)
    return parse_template(text, template.line) if text != template.text else None


def message(text: str, line: int) -> MessageTemplate | None:
    """Return a text that is known to be a message as a template, quotation marks around the whole left out."""
    template = parse_template(printed.unquoted(text), line)
    return template if template is not None and printed.n_words(template.text) <= 2 * _MOST_WORDS else None


def message_of_title(title: str, words: Vocabulary, line: int) -> tuple[MessageTemplate, ...]:
    """Return the messages that a title quotes or, behind "Error:", is."""
    texts = [next(filter(None, match.groups())) for match in _QUOTED.finditer(title)]
    texts = [text for text in texts if printed.n_words(text) > 2 or printed.tells_trouble(text)]
    if behind := words.after_prefix(title):
        texts.append(behind)
    return tuple(template for text in texts if (template := parse_template(text, line)) is not None)


def is_wording_of(title: str, message: MessageTemplate) -> bool:
    """Tell whether a title says what a message says, as titles of event articles do."""
    said = set(re.findall(r"\w{3,}", title.casefold()))
    shared = said.intersection(re.findall(r"\w{3,}", " ".join(message.pieces).casefold()))
    return len(said) >= _LEAST_SAID and len(shared) >= _SHARED * len(said)


def template_text(spans: Iterable[Span]) -> str:
    """Return running text as a message template: what is in italics is a part that varies."""
    return " ".join("".join(_opened(tuple(spans))).split())


def _opened(spans: Sequence[Span]) -> Iterator[str]:
    alone = len([span for span in spans if b.text((span,))]) == 1
    for span in spans:
        if span.kind in (SpanKind.TEXT, SpanKind.CODE):
            yield span.text
        elif span.kind is SpanKind.BREAK:
            yield " "
        elif (
            span.kind is SpanKind.EMPHASIS
            and not alone
            and printed.n_words(b.text(span.spans)) <= _MOST_NAME_WORDS
        ):
            inside = re.sub(r"[{}\\*]", "", b.text(span.spans))
            yield f"{{{inside}}}" if inside else ""
        elif span.kind is not SpanKind.IMAGE:
            yield from _opened(span.spans)


class _Finder:
    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    def read(self, blocks: Sequence[Block], *, is_announced: bool) -> Iterator[Line]:
        """Yield what looks printed by software; ``is_announced`` says that the text before announces a message."""
        announced = is_announced
        waiting: list[Line] = []  # paragraphs of a message that was wrapped by hand
        for block in blocks:
            if announced and isinstance(block, Paragraph) and self._is_message(block):
                waiting.append((template_text(block.spans), block.line))
                continue
            yield from _unwrapped(waiting)
            waiting = []
            if isinstance(block, Paragraph):
                text = b.text(block.spans)
                if not _separates(text):
                    yield from self._inside(block)
                    goes_on = is_announced and not printed.speaks_to_reader(text)
                    announced = self._words.announces_message(text) or goes_on
            elif isinstance(block, Bullets):
                yield from self._items(block, announced)
            elif isinstance(block, CodeBlock):
                yield from codeblocks.messages_of(block)
            elif isinstance(block, Quote):
                yield from self._quote(block)
            elif isinstance(block, Heading):
                announced = self._words.announces_message(b.text(block.spans))
        yield from _unwrapped(waiting)

    def _is_message(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph behind an announcement is the message, rather than prose that goes on."""
        text = b.text(paragraph.spans)
        if _separates(text) or self._words.announces_message(text) or printed.speaks_to_reader(text):
            return False
        kinds = {span.kind for span in paragraph.spans if b.text((span,))}
        return printed.n_words(text) <= _MOST_WORDS and kinds != {SpanKind.IMAGE}

    def _items(self, bullets: Bullets, announced: bool) -> Iterator[Line]:
        announced = announced and bullets.start is None  # what is numbered is steps: "Go to the shop."
        for item in bullets.items:
            if not item or not isinstance(item[0], Paragraph):
                yield from self.read(item, is_announced=announced)
                continue
            first = item[0]
            text = b.text(first.spans)
            is_short = printed.n_words(text) <= _MOST_BULLET_WORDS and not printed.speaks_to_reader(text)
            if _looks_printed(first, text) or (announced and is_short):
                yield printed.unquoted(template_text(first.spans)), first.line
            else:
                yield from self._inside(first)
            yield from self.read(item[1:], is_announced=self._words.announces_message(text))

    def _quote(self, quote: Quote) -> Iterator[Line]:
        if quote.alert:
            return
        for block in quote.blocks:
            if isinstance(block, Paragraph):
                for piece in _broken(block.spans):
                    yield printed.unquoted(template_text(piece)), block.line
            elif isinstance(block, CodeBlock):
                yield from codeblocks.messages_of(block)
            elif isinstance(block, Bullets):
                yield from self._items(block, announced=True)

    def _inside(self, paragraph: Paragraph) -> Iterator[Line]:
        """Messages inside a sentence: inline code, emphasised or quoted words."""
        before = ""
        for span in paragraph.spans:
            if span.kind is SpanKind.CODE and printed.is_code_message(span.text):
                yield span.text, paragraph.line
            elif span.kind in (SpanKind.STRONG, SpanKind.EMPHASIS):
                inside = b.text(span.spans)
                if _is_emphasised_message(inside) and self._words.reports(before):
                    yield inside, paragraph.line
            before += b.text((span,)) + " "
        sentence = template_text([span for span in paragraph.spans if span.kind is not SpanKind.CODE])
        for text in self._quotations(sentence):
            yield text, paragraph.line

    def _quotations(self, sentence: str) -> Iterator[str]:
        """Quoted words that the sentence says are printed, and those that only "or" sets apart from such."""
        was_told, end = False, 0
        for match in _QUOTED.finditer(sentence):
            text = next(filter(None, match.groups()))
            between = sentence[end : match.start()]
            goes_on = was_told and _BETWEEN.match(between.strip(" ,;")) is not None
            was_told = goes_on or self._words.reports(between) or printed.has_open_part(text)
            end = match.end()
            if was_told and (printed.n_words(text) >= (2 if printed.tells_trouble(text) else 3)):
                yield text


def _separates(text: str) -> bool:
    """Whether a paragraph only stands between two messages, or holds nothing to read."""
    return bool(_BETWEEN.match(text)) or not re.search(r"\w", text)


def _looks_printed(paragraph: Paragraph, text: str) -> bool:
    """A whole item that is code, quoted, or has an open part and few words."""
    spans = [span for span in paragraph.spans if b.text((span,))]
    if len(spans) == 1 and spans[0].kind is SpanKind.CODE:
        return printed.is_code_message(spans[0].text)
    if printed.is_quotation(text):
        return printed.n_words(text) >= 2
    is_prose = printed.speaks_to_reader(text) or printed.is_command(text)
    return printed.has_open_part(text) and printed.n_words(text) <= _MOST_PHRASE_WORDS and not is_prose


def _is_emphasised_message(text: str) -> bool:
    """Whether bold or slanted words are a message, rather than a path through menus or a stressed word."""
    is_told = printed.tells_trouble(text) or printed.has_open_part(text)
    return is_told and 3 <= printed.n_words(text) <= _MOST_PHRASE_WORDS and ">" not in text


def _unwrapped(waiting: Sequence[Line]) -> Iterator[Line]:
    """Paragraphs in a row are one message as long as they break off in the middle of a sentence."""
    joined: list[Line] = []
    for text, line in waiting:
        before = joined[-1][0] if joined else ""
        goes_on = text[:1].islower() or before.endswith(("\\", ",", "-"))
        if joined and goes_on and not printed.ends_sentence(before):
            joined[-1] = (f"{before} {text}", joined[-1][1])
        else:
            joined.append((text, line))
    for text, line in joined:
        if not printed.is_field(text):
            yield printed.unquoted(text), line


def _broken(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """A paragraph whose lines were ended on purpose holds several messages."""
    part: list[Span] = []
    for span in spans:
        if span.kind is SpanKind.BREAK:
            if part:
                yield tuple(part)
            part = []
        else:
            part.append(span)
    if part:
        yield tuple(part)
