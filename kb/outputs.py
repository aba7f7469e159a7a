"""What a symptom quotes of what software prints: bullets, quotes, code blocks, inline code, bold and quoted words.

A prose bullet is no message. The sentence before decides ("fails with one of the following error messages:"), else
the shape: open parts, quotation marks from end to end, a capital and no word of address. Of a log block only the
lines that carry an error count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from kb import blocks as b
from kb import naming
from kb.blocks import Block, Bullets, CodeBlock, Heading, Paragraph, Quote, Span, SpanKind
from kb.messages import parse_template
from kb.model import MessageTemplate
from kb.vocabulary import Vocabulary

_OUTPUT_LANGUAGES = {
    "",
    "output",
    "text",
    "txt",
    "log",
    "logs",
    "console",
    "none",
    "plaintext",
    "error",
    "syslog",
    "input",
}
_PROGRAM = re.compile(
    r"[{};]\s*$|^\s*(?:using|import|from|def|class|public|private|static|var|const|let|#include|SELECT|<\?xml|</?\w+[ >])"
)
_COMMAND = re.compile(
    r"^\s*(?:[$>#]\s|(?:sudo|docker|az|systemctl|journalctl|iotedge|npm|pip3?|python3?|dotnet|java|kubectl|curl|wget|git|cd|ls|cat|echo|export|"
    r"set|net|netsh|sc|ping|nslookup|openssl|mosquitto_\w+|telnet|nano|vi|chmod|chown|rm|cp|mv|mkdir|apt(?:-get)?|yum|snap|ip|ifconfig|"
    r"gacutil|btstask|ssomanage|ssoconfig|regsvcs|msiexec|cl|link|nmake|editbin|dumpbin|lib)\s)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"error|fail|exception|denied|refused|invalid|cannot|can't|could ?n[o']t|unable|not found|timed? ?out|warn|fatal|panic|abort|expired|unauthorized|forbidden|"
    r"reject|missing|unsupported|unknown|not |erreur|échec|echou|échou|impossible|introuvable|refus|expir|fehler|fehlgeschlagen|ungültig|errore|erro\b|fallo|"
    r"失败|错误|失敗|錯誤|エラー|오류|ошибк|błąd|chyba|fel\b|hata|fout",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"[\w.]{2,30}:(?:\s|$)")
"""``warn: …`` begins a line of a log, it goes on from none."""
_LOG_LEVEL = re.compile(r"(?:^|[\s\[<(:])(?:INF|INFO|DBG|DEBUG|TRACE|VERBOSE|NOTICE)(?:[\s\]>):]|$)")
_OPEN_PART = re.compile(r"\\?\*|\{[^{}\n]{0,40}\}|%\d|%[sdx]\b|<[A-Za-z][^<>\n]{0,40}>|\b[xX]{4,}\b")
_QUOTED = re.compile(
    r"“([^“”\n]{8,400})”|«\s*([^«»\n]{8,400}?)\s*»|\"([^\"\n]{8,400})\"|„([^„“”\n]{8,400})[“”]|「([^「」\n]{4,400})」|『([^『』\n]{4,400})』|(?<!\w)'([^'\n]{16,300})'(?!\w)|‘([^‘’\n]{16,300})’(?!\w)"
)
_WHOLE_QUOTED = re.compile(r"^\s*[\"“«„「'‘]\s*(.+?)\s*[\"”»“」'’][.,]?\s*$", re.DOTALL)
_BETWEEN = re.compile(
    r"^[\s\-–—*]*(?:or|and|ou|et|,|oder|und|o|e|of|en|eller|och|lub|oraz|nebo|или|и|veya|ve)[\s\-–—*:.]*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^(?:you|your|if|when|this|these|the following|for more|note|in this|to |after|before|see |vous|votre|si |quand|lorsque|cette?|ces|pour|après|avant|consultez|"
    r"wenn|sie |dies|um |nach|cuando|si usted|para |quando|se |per |als |om |als u)\b",
    re.IGNORECASE,
)
_FIELD_LINE = re.compile(r"^[\w .'’-]{2,40}\s?[:：=]\s*[\w .:,'’()/\\<>{}$-]{0,42}$")
_MESSAGE_FIELDS = (
    "message",
    "error",
    "errormessage",
    "error_message",
    "exceptionmessage",
    "detail",
    "details",
    "description",
    "reason",
    "title",
    "error_description",
)
_ELIDED = r"(?<!\b[cdjlmnstCDJLMNST])(?<!\bqu)"
"""A quote behind one of these is an apostrophe: ``d’instance 'test'``."""
_QUOTED_WORD = re.compile(
    rf"{_ELIDED}['’‘]([a-zà-ÿ]\w*)\s?['’](?!\w)"  # 'type'
    r"|(?:^|(?<=[\s(]))['’‘]([a-zà-ÿ]\w*)\s?['’]"  # 'type’ne, where a translation lost its blanks
    rf"|{_ELIDED}['’‘]([a-zà-ÿ]\w*) ['’]"  # dans’fichier1 'et
)
_END = re.compile(r"[.!?;:)\"”»'’]\s*$")
_MOST_WORDS = 90
_MOST = 40


def messages_in(
    blocks: Sequence[Block], words: Vocabulary, *, all_announced: bool = False
) -> tuple[MessageTemplate, ...]:
    """Return the messages that blocks of a symptom quote, each once, in order."""
    found: dict[str, MessageTemplate] = {}
    for text, line in _Finder(words).read(blocks, all_announced):
        template = parse_template(text, line)
        if template is None or _n_words(template.text) > _MOST_WORDS or naming.is_only_names(template.text):
            continue
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
    template = parse_template(_unquoted(text), line)
    return template if template is not None and _n_words(template.text) <= 2 * _MOST_WORDS else None


def message_of_title(title: str, words: Vocabulary, line: int) -> tuple[MessageTemplate, ...]:
    """Return the messages that a title quotes or, behind "Error:", is."""
    texts = [next(filter(None, match.groups())) for match in _QUOTED.finditer(title)]
    texts = [text for text in texts if _n_words(text) > 2 or _TROUBLE.search(text)]
    if behind := words.after_prefix(title):
        texts.append(behind)
    return tuple(template for text in texts if (template := parse_template(text, line)) is not None)


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
        elif span.kind is SpanKind.EMPHASIS and not alone and _n_words(b.text(span.spans)) <= 4:
            inside = re.sub(r"[{}\\*]", "", b.text(span.spans))
            yield f"{{{inside}}}" if inside else ""
        elif span.kind is not SpanKind.IMAGE:
            yield from _opened(span.spans)


def is_wording_of(title: str, message: MessageTemplate) -> bool:
    """Tell whether a title says what a message says, as titles of event articles do."""
    said, printed = (
        set(re.findall(r"\w{3,}", text.casefold())) for text in (title, " ".join(message.pieces))
    )
    return len(said) >= 4 and len(said & printed) * 5 >= len(said) * 3


class _Finder:
    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    def read(self, blocks: Sequence[Block], is_announced: bool) -> Iterator[tuple[str, int]]:
        """Yield (text, line) of what looks printed by software."""
        announced = is_announced
        waiting: list[tuple[str, int]] = []  # paragraphs of a message that was wrapped by hand
        for block in blocks:
            if isinstance(block, Paragraph):
                text = b.text(block.spans)
                if _BETWEEN.match(text) or not re.search(r"\w", text):
                    yield from _unwrapped(waiting)
                    waiting = []
                    continue
                if announced and self._is_message(block, text):
                    waiting.append((template_text(block.spans), block.line))
                    continue
                yield from _unwrapped(waiting)
                waiting = []
                yield from self._inside(block)
                announced = self._announces(text) or (is_announced and not _ADDRESS.match(text))
                continue
            yield from _unwrapped(waiting)
            waiting = []
            if isinstance(block, Bullets):
                yield from self._items(block, announced)
            elif isinstance(block, CodeBlock):
                yield from _code_lines(block)
            elif isinstance(block, Quote):
                yield from self._quote(block)
            elif isinstance(block, Heading):
                announced = self._words.announces_message(b.text(block.spans))
        yield from _unwrapped(waiting)

    def _announces(self, text: str) -> bool:
        return self._words.announces_message(text)

    def _is_message(self, paragraph: Paragraph, text: str) -> bool:
        if self._announces(text) or _ADDRESS.match(text) or _n_words(text) > _MOST_WORDS:
            return False
        kinds = {span.kind for span in paragraph.spans if b.text((span,))}
        return kinds != {SpanKind.IMAGE}

    def _items(self, bullets: Bullets, announced: bool) -> Iterator[tuple[str, int]]:
        announced = (
            announced and bullets.start is None
        )  # what is numbered is steps, "Go to the shop." is no message
        for item in bullets.items:
            if not item or not isinstance(item[0], Paragraph):
                yield from self.read(item, announced)
                continue
            first = item[0]
            text = b.text(first.spans)
            rest = list(item[1:])
            if _looks_printed(first, text) or (
                announced and _n_words(text) <= 60 and not _ADDRESS.match(text)
            ):
                yield _unquoted(template_text(first.spans)), first.line
            else:
                yield from self._inside(first)
            yield from self.read(rest, self._announces(text))

    def _quote(self, quote: Quote) -> Iterator[tuple[str, int]]:
        if quote.alert:
            return
        for block in quote.blocks:
            if isinstance(block, Paragraph):
                for piece in _broken(block.spans):
                    yield _unquoted(template_text(piece)), block.line
            elif isinstance(block, CodeBlock):
                yield from _code_lines(block)
            elif isinstance(block, Bullets):
                yield from self._items(block, announced=True)

    def _inside(self, paragraph: Paragraph) -> Iterator[tuple[str, int]]:
        """Messages inside a sentence: inline code, emphasised or quoted words."""
        before = ""
        for span in paragraph.spans:
            if span.kind is SpanKind.CODE and _code_is_message(span.text):
                yield span.text, paragraph.line
            elif span.kind in (SpanKind.STRONG, SpanKind.EMPHASIS):
                inside = b.text(span.spans)
                is_told = _TROUBLE.search(inside) or _OPEN_PART.search(inside)
                if (
                    3 <= _n_words(inside) <= 40
                    and ">" not in inside
                    and is_told
                    and self._words.reports(before)
                ):
                    yield inside, paragraph.line
            before += b.text((span,)) + " "
        sentence = template_text([span for span in paragraph.spans if span.kind is not SpanKind.CODE])
        was_told, end = False, 0
        for match in _QUOTED.finditer(sentence):
            text = next(filter(None, match.groups()))
            between = sentence[end : match.start()]
            goes_on = was_told and _BETWEEN.match(between.strip(" ,;")) is not None
            was_told = goes_on or self._words.reports(between) or bool(_OPEN_PART.search(text))
            end = match.end()
            if was_told and (_n_words(text) >= 3 or (_n_words(text) == 2 and _TROUBLE.search(text))):
                yield text, paragraph.line


def _looks_printed(paragraph: Paragraph, text: str) -> bool:
    """A whole item that is code, quoted, or has an open part and few words."""
    spans = [span for span in paragraph.spans if b.text((span,))]
    if len(spans) == 1 and spans[0].kind is SpanKind.CODE:
        return _code_is_message(spans[0].text)
    if _WHOLE_QUOTED.match(text) and text.count('"') in (0, 2):
        return _n_words(text) >= 2
    return (
        bool(_OPEN_PART.search(text))
        and _n_words(text) <= 40
        and not _ADDRESS.match(text)
        and not _COMMAND.match(text)
    )


def _code_is_message(text: str) -> bool:
    if _n_words(text) < 2 or _COMMAND.match(text) or " --" in text or _PROGRAM.search(text):
        return False
    if _TROUBLE.search(text) and _n_words(text) >= 2:
        return True
    return _n_words(text) >= 3 and text[:1].isupper() and "=" not in text.split()[0]


def _code_lines(block: CodeBlock) -> Iterator[tuple[str, int]]:
    """Lines of a code block that carry an error; a short block that is no program counts whole."""
    lines = [(line.strip(), number) for line, number in zip(block.text.split("\n"), block.lines, strict=True)]
    lines = [(line, number) for line, number in lines if line]
    if block.language not in _OUTPUT_LANGUAGES:
        if block.language in ("json", "xml", "http", "yaml"):
            yield from _field_values(block)
        return
    if not lines:
        return
    values = list(_field_values(block))
    yield from values
    programs = sum(1 for line, _ in lines if _PROGRAM.search(line) and not _TROUBLE.search(line))
    if programs * 2 > len(lines) or (values and len(lines) < 3 and lines[0][0].startswith(("{", "["))):
        return
    wrapped = _rejoined(lines)
    for line, number in wrapped:
        if _COMMAND.match(line) or _LOG_LEVEL.search(line):
            continue
        is_all = len(wrapped) == 1
        if (_TROUBLE.search(line) or (is_all and _n_words(line) > 1)) and not _is_field(line):
            yield line, number


def _rejoined(lines: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lines that a web page wrapped are put together again: the one before ends in the middle of a sentence."""
    found: list[tuple[str, int]] = []
    for line, number in lines:
        if (
            found
            and line[:1].islower()
            and not _LABELLED.match(line)
            and not _END.search(found[-1][0])
            and len(found[-1][0]) > 40
        ):
            found[-1] = (f"{found[-1][0]} {line}", found[-1][1])
        else:
            found.append((line, number))
    return found


def _field_values(block: CodeBlock) -> Iterator[tuple[str, int]]:
    """The texts of message fields of JSON, also where the JSON is cut short."""
    for match in re.finditer(r'\\?"(\w+)\\?"\s*:\s*"((?:[^"\\]|\\.)*)"', block.text):
        if match.group(1).lower().replace("-", "") in _MESSAGE_FIELDS:
            try:
                value = json.loads(f'"{match.group(2)}"')
            except ValueError:
                value = match.group(2)
            line = block.lines[block.text.count("\n", 0, match.start())]
            if _n_words(value) > 1:
                yield value, line


def _unwrapped(waiting: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Paragraphs in a row are one message as long as they break off in the middle of a sentence."""
    joined: list[tuple[str, int]] = []
    for text, line in waiting:
        if (
            joined
            and not _END.search(joined[-1][0])
            and (text[:1].islower() or joined[-1][0].endswith(("\\", ",", "-")))
        ):
            joined[-1] = (f"{joined[-1][0]} {text}", joined[-1][1])
        else:
            joined.append((text, line))
    for text, line in joined:
        if not _is_field(text):
            yield _unquoted(text), line


def _is_field(text: str) -> bool:
    """ "Event ID: 324" tells about a message and is none."""
    value = re.split(r"[:：=]", text, maxsplit=1)[-1]
    return bool(_FIELD_LINE.match(text)) and (_n_words(value) < 3 or not _TROUBLE.search(value))


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


def _unquoted(text: str) -> str:
    match = _WHOLE_QUOTED.match(text)
    if (
        match
        and not re.search(r"[\"“”«»]", match.group(1))
        and not (text.strip()[0] in "'‘" and re.search(r"['‘’]", match.group(1)))
    ):
        return match.group(1)
    return text


def _n_words(text: str) -> int:
    dense = sum(1 for char in text if "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af")
    return len(text.split()) + dense // 3
