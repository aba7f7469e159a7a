"""Translate what documentation sites add to Markdown into plain Markdown, line for line.

Microsoft Learn (docfx) writes ``::: zone``, ``[!INCLUDE]``, ``#tab/``; Adobe Experience League writes ``+++``,
``[!UICONTROL]``, ``{{snippet}}``. Every line that comes out knows the line of the file it stands on, whatever was
read in between, so that a complaint names the line an editor shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kb import footnotes, htmlblocks, sites, wikilinks
from kb.fences import Fence, opened_by

Include = Callable[[str], str | None]
"""Returns the text of an included file without its front matter, None where it may not or cannot be read."""

_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_TICKS = re.compile(r"(`+)(?:(?!`).|\n)*?(?<!`)\1(?!`)")
_INCLUDE = re.compile(
    r"\[!INCLUDE[ \t]*(?:-?markdown)?[ \t]*\[[^\]\n]*\][ \t]*\(([^)\n]*)\)[ \t]*\]", re.IGNORECASE
)
_ZONE_END = re.compile(
    r"^\s*:::\s*(?:(zone|moniker|row|column|image)-?end(?:::)?|(row|column)-end:::)\s*$", re.IGNORECASE
)
_ZONE = re.compile(r"^\s*:::+\s*(zone|moniker|row|column)\b", re.IGNORECASE)
_IMAGE = re.compile(r":::\s*image\b.*?:::(?!\s*image)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"^\s*(?:>\s*)*:::")
_NO_LOC = re.compile(r""":::no-loc\s+text=(?:"([^"]*)"|'([^']*)')\s*:::""", re.IGNORECASE)
_TAB = re.compile(r"^\s{0,3}#{1,6}\s+(?:<a\s[^>]*>\s*</a>\s*)?\[([^\]]+)\]\(#tab/[^)]*\)\s*$", re.IGNORECASE)
_TIGHT_HEADING = re.compile(r"^ {0,3}#{2,6}[^\W\d_]")
_RULE = re.compile(r"^\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s*$")
_LEAGUE_TAB = re.compile(r"^\s*>\s*\[!TAB\s+([^\]]+)\]\s*$", re.IGNORECASE)
_MARKER = re.compile(
    r"^\s*(?:>\s*)?\[!(?:BEGINTABS|ENDTABS|div\b[^\]]*|VIDEO\b[^\]]*|TAGS|BEGINSHADEBOX[^\]]*|ENDSHADEBOX|CONTEXTUALHELP)\]"
    r"(?:\([^)]*\))?\s*$",
    re.IGNORECASE,
)
_WORDING = re.compile(r"\[!(?:UICONTROL|DNL)\s+([^\]]*)\](?!\()", re.IGNORECASE)
_BADGE = re.compile(r"\[!BADGE\s+([^\]]*)\](?:\{[^}\n]*\})?", re.IGNORECASE)
_CODE_LINK = re.compile(r"\[!code-[\w-]*\s*\[[^\]\n]*\]\([^)\n]*\)\s*\]", re.IGNORECASE)
_SNIPPET = re.compile(r"^\s*\{\{\s*([^{}]+?)\s*\}\}\s*$")
_FOLD = re.compile(r"^\s*\+\+\+\s*(.*?)\s*$")
_HTML_HEADING = re.compile(r"^\s*<h([1-6])\b([^>]*)>(.*?)</h\1>\s*$", re.IGNORECASE)
_ATTRIBUTE_LINE = re.compile(r"^\s*\{(?::\s*(?:[.#\w]|$)|\s*[.#][\w-])[^{}\n]*\}\s*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{(?::[ \t]*[.#\w]|[ \t]*[.#][\w-])[^{}\n]*\}[ \t]*$")
"""What kramdown and MkDocs write behind a heading: ``{: #valves }``, ``{ .wide }``."""
_ID = re.compile(r"#([^\s{}.#]+)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]")
_SUMMARY = re.compile(
    r"^\s*(?:<details\b[^>]*>)?\s*<summary\b[^>]*>\s*(?:<(?:b|strong|h\d)>)?([^<>*]+?)(?:</(?:b|strong|h\d)>)?\s*</summary>\s*$",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_TABLE_OPEN = re.compile(r"^\s*<table\b", re.IGNORECASE)
_STRAY_DASH = re.compile(r"^\s*-\|.*\|\s*$")
_TABLE_RULE = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_PRE_OPEN = re.compile(r"^\s*<pre\b", re.IGNORECASE)
_LONGEST_COMMENT = 2_000
"""Lines after which a comment counts as never closed."""


@dataclass(slots=True)
class Plain:
    """Plain Markdown and what was noticed on the way."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """For each line, the line of the file it stands on, 1-based."""
    includes: list[tuple[str, int]] = field(default_factory=list)
    """Paths of includes that could not be read, with their line."""
    complaints: list[tuple[int, str, dict[str, object]]] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The plain Markdown."""
        return "\n".join(self.lines)

    def add(self, line: str, number: int) -> None:
        """Append a line."""
        self.lines.append(line)
        self.numbers.append(number)


def translate(
    source: str, first_line: int = 1, include: Include | None = None, *, is_jsx: bool = False
) -> Plain:
    """Return the plain Markdown of a document's body; ``first_line`` is where the body starts in its file.

    ``is_jsx`` says that the file is MDX, in which ``<Name>`` is a component rather than a placeholder.
    """
    plain = Plain()
    lines = source.split("\n")  # str.splitlines also breaks at U+2028 and form feeds, and line numbers drift
    numbers = [first_line + number for number in range(len(lines))]
    _Translation(plain, include).run(*sites.translate(*footnotes.translate(lines, numbers), is_jsx=is_jsx))
    return plain


class _Translation:
    def __init__(self, plain: Plain, include: Include | None, depth: int = 0) -> None:
        self._plain = plain
        self._include = include
        self._depth = depth
        self._zones: list[tuple[str, int]] = []
        self._fold_line = 0
        self._in_tabs = False

    def run(self, lines: Sequence[str], numbers: Sequence[int]) -> None:
        """Translate lines, block by block."""
        position = 0
        while position < len(lines):
            line = lines[position].rstrip("\r")
            if fence := opened_by(line):
                position = self._fenced(lines, numbers, position, fence)
            elif _TABLE_OPEN.match(line):
                position = self._html(lines, numbers, position, "</table>", htmlblocks.table_lines)
            elif _PRE_OPEN.match(line):
                position = self._html(lines, numbers, position, "</pre>", htmlblocks.code_lines)
            elif "<!--" in line and "<!--" in _without_code(line):
                position = self._comment(lines, numbers, position)
            else:
                following = lines[position + 1] if position + 1 < len(lines) else ""
                if _STRAY_DASH.match(line) and _TABLE_RULE.match(following):
                    self._complain(
                        numbers[position], "the dash before the first | keeps this from being a table"
                    )
                    line = line.replace("-", " ", 1)
                self._line(line, numbers[position])
                position += 1
        for kind, number in self._zones:
            self._complain(number, "::: {kind} is opened here and never closed", kind=kind)
        if self._fold_line:
            self._complain(self._fold_line, "+++ is opened here and never closed")

    def _complain(self, number: int, message: str, **values: object) -> None:
        self._plain.complaints.append((number, message, values))

    def _fenced(self, lines: Sequence[str], numbers: Sequence[int], position: int, fence: Fence) -> int:
        """Copy a code block as it stands, up to its closing fence."""
        start = position
        self._plain.add(lines[start].rstrip("\r"), numbers[start])
        for position in range(start + 1, len(lines)):
            line = lines[position].rstrip("\r")
            if fence.is_quoted and not line.lstrip().startswith(">"):
                return position
            self._plain.add(line, numbers[position])
            if fence.is_closed_by(line):
                return position + 1
        self._complain(numbers[start], "the code block opened here is never closed")
        return len(lines)

    def _html(
        self,
        lines: Sequence[str],
        numbers: Sequence[int],
        position: int,
        closing: str,
        convert: Callable[[str], list[str]],
    ) -> int:
        """Convert an HTML block that runs to its closing tag."""
        end = position
        while end < len(lines) and closing not in lines[end].lower():
            end += 1
        if end == len(lines):
            self._line(lines[position].rstrip("\r"), numbers[position])
            return position + 1
        self._plain.add("", numbers[position])
        text = _IMAGE.sub("", _WORDING.sub(r"\1", "\n".join(lines[position : end + 1])))
        for line in convert(text):
            self._plain.add(line, numbers[position])
        self._plain.add("", numbers[end])
        return end + 1

    def _comment(self, lines: Sequence[str], numbers: Sequence[int], position: int) -> int:
        """Leave out a comment, which may run over many lines."""
        text = lines[position].rstrip("\r")
        end = position
        while _opens_comment(text) and end + 1 < len(lines) and end - position < _LONGEST_COMMENT:
            end += 1
            text += "\n" + lines[end].rstrip("\r")
        if _opens_comment(text):
            self._complain(numbers[position], "the comment opened here is never closed")
            text, end = lines[position].rstrip("\r"), position
        self._line(_COMMENT.sub("", text).replace("\n", " "), numbers[position])
        return end + 1

    def _line(self, line: str, number: int) -> None:
        line = wikilinks.mended(line)
        if "[!" in line:
            line = self._bracketed(line, number)
        if ":::" in line:
            translated = self._directive(line, number)
            if translated is None:
                return
            line = translated
        if _TIGHT_HEADING.match(line):
            self._complain(number, "a heading needs a blank after its #")
        if match := _TAB.match(line):
            self._in_tabs = True
            self._alone(f"**{match.group(1).strip()}**", number)
        elif match := _LEAGUE_TAB.match(line):
            self._alone(f"**{match.group(1).strip()}**", number)
        elif _ATTRIBUTE_LINE.match(line):
            self._attributes(line, number)
        elif _MARKER.match(line):
            self._plain.add("", number)
        elif self._in_tabs and _RULE.match(line):
            self._in_tabs = False
            self._alone("", number)
        elif match := _HTML_HEADING.match(line):
            self._alone(f"{'#' * int(match.group(1))} {_anchor_of(match.group(2))}{match.group(3)}", number)
        elif "<summary" in line and (match := _SUMMARY.match(line)):
            self._alone(f"**{match.group(1).strip()}**", number)
        elif line.lstrip().startswith("+++") and (match := _FOLD.match(line)):
            self._fold(match.group(1), number)
        elif "{{" in line and (match := _SNIPPET.match(line)):
            self._complain(
                number,
                "snippet {name} cannot be read: snippets are not part of the tree",
                name=match.group(1),
            )
            self._plain.add("", number)
        elif line.endswith("}") and (_HEADING.match(line) or "{:" in line):
            self._plain.add(_without_attributes(line), number)
        else:
            self._plain.add(line, number)

    def _attributes(self, line: str, number: int) -> None:
        """``{: #valves }`` names the heading above it, ``{:toc}`` makes a table of contents of the list above it."""
        before = self._plain.lines[-1] if self._plain.lines else ""
        if _HEADING.match(before) and (name := _ID.search(line)) and "{#" not in before:
            self._plain.lines[-1] = f"{before} {{#{name.group(1)}}}"
        elif line.strip().startswith("{:toc") and _LIST_ITEM.match(before):
            self._plain.lines[-1] = ""
        self._plain.add("", number)

    def _alone(self, line: str, number: int) -> None:
        """Add a line that is a block of its own."""
        self._plain.add("", number)
        self._plain.add(line, number)
        self._plain.add("", number)

    def _fold(self, title: str, number: int) -> None:
        """``+++ title`` opens a part that readers unfold, ``+++`` closes it."""
        if title and not title.startswith("+"):
            self._fold_line = number
            self._alone(f"**{title}**", number)
        else:
            self._fold_line = 0
            self._plain.add("", number)

    def _directive(self, line: str, number: int) -> str | None:
        """Take ``:::`` directives off a line; None where nothing is left of it."""
        line = _NO_LOC.sub(lambda match: match.group(1) or match.group(2) or "", line)
        line = _IMAGE.sub("", line)
        if not _DIRECTIVE.match(line):
            return line
        if end := _ZONE_END.match(line):
            kind = (end.group(1) or end.group(2)).lower()
            if self._zones and self._zones[-1][0] == kind:
                self._zones.pop()
            elif kind in ("zone", "moniker"):
                self._complain(number, "::: {kind}-end closes nothing", kind=kind)
        elif (start := _ZONE.match(line)) and not line.rstrip().endswith(("column:::", "row:::")):
            self._zones.append((start.group(1).lower(), number))
        self._plain.add("", number)
        return None

    def _bracketed(self, line: str, number: int) -> str:
        """Translate ``[!…]`` inside a line: wordings, badges, includes."""
        line = _WORDING.sub(r"\1", line)
        line = _BADGE.sub(r"\1", line)
        line = _CODE_LINK.sub("", line)
        match = _INCLUDE.search(line)
        if match is None:
            return line
        is_alone = match.group().strip() == line.strip()
        if not is_alone:
            return _INCLUDE.sub(lambda found: self._phrase(found.group(1), number), line)
        text = self._read(match.group(1), number)
        if text is None:
            return ""
        inner = _Translation(self._plain, None, self._depth + 1)
        indent = line[: len(line) - len(line.lstrip())]
        body = (
            [indent + one for one in text.split("\n")]
            if indent.strip(" ") == "" and len(indent) > 3
            else text.split("\n")
        )
        self._plain.add("", number)
        inner.run(body, [number] * len(body))
        return ""

    def _phrase(self, path: str, number: int) -> str:
        """A few words read in place, on one line."""
        text = self._read(path, number)
        return " ".join(_COMMENT.sub("", text).split()) if text is not None else ""

    def _read(self, path: str, number: int) -> str | None:
        text = self._include(path.split("?")[0].strip()) if self._include else None
        if text is None:
            self._plain.includes.append((path, number))
        return text


def _without_attributes(line: str) -> str:
    """A line without the attributes at its end; of a heading's the name stays."""
    match = _ATTRIBUTES.search(line)
    if match is None:
        return line
    name = _ID.search(match.group()) if _HEADING.match(line) else None
    return line[: match.start()] + (f" {{#{name.group(1)}}}" if name else "")


def _opens_comment(text: str) -> bool:
    bare = _without_code(text)
    start = bare.rfind("<!--")
    return start >= 0 and "-->" not in bare[start:]


def _without_code(text: str) -> str:
    """Inline code blotted out, so that what stands in it is not taken for markup."""
    return _TICKS.sub(lambda match: "\0" * len(match.group()), text) if "`" in text else text


def _anchor_of(attributes: str) -> str:
    match = re.search(r"""\bid\s*=\s*["']?([^"'\s>]+)""", attributes, re.IGNORECASE)
    return f'<a name="{match.group(1)}"></a>' if match else ""
