"""Translate what site generators add to Markdown into Markdown that :mod:`kb.dialect` knows, line by line.

MkDocs indents what belongs to ``!!! note``, ``??? tip`` and ``=== "Tab"``; Hugo writes ``{{< note >}}`` around it, Jekyll and
GitBook ``{% hint %}``, Docusaurus and VuePress ``:::tip``, MDX sites ``<Note>``. All of them mean the alert that
``> [!NOTE]`` is, or mean nothing to a reader of an answer. What stands in code is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kb.fences import opened_by

Line = tuple[str, int]
"""A line and the line of the file it stands on."""

_MARKS = re.compile(r"!!!|\?\?\?|===|--8<--|\{\{|\{%|:::|<[A-Z/]|^(?:import|export)\s|\{/\*", re.MULTILINE)
"""What a document must hold to be worth a second look."""
_KINDS = {
    "note": "note", "info": "info", "information": "info", "tip": "tip", "hint": "tip", "important": "important",
    "warning": "warning", "warn": "warning", "caution": "caution", "danger": "danger", "error": "error",
    "attention": "attention", "success": "success", "admonition": "note", "notice": "note", "alert": "note",
    "callout": "note", "message": "note", "abstract": "note", "summary": "note", "question": "note", "failure": "error",
    "bug": "error", "example": "note", "quote": "note", "primary": "note", "secondary": "note",
}  # fmt: skip
_INDENTED = re.compile(r'^([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z]+)[\w -]*(?:"([^"]*)")?[ \t]*$')
_TAB = re.compile(r'^([ \t]*)===[!+]?[ \t]+"([^"]*)"[ \t]*$')
_CLIP = re.compile(r"^[ \t]*(?:-{1,3}8<-{1,3}|;-{1,3}8<-{1,3}).*$")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([\w./-]+)((?:[^{}]|\{(?!\{)|\}(?!\}))*?)[%>]\}\}", re.DOTALL)
_TARGET = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"\s>%]+)\"?\s*[>%]\}\}")
_LIQUID = re.compile(r"\{%-?\s*(\w+)([^%]*(?:%(?!\})[^%]*)*)%\}")
_CONTAINER = re.compile(
    r"^([ \t]*)(:{3,})[ \t]*([A-Za-z]+)(?:[ \t]+\[?([^\]{}\n]*?)\]?)?[ \t]*(?:\{[^}]*\})?[ \t]*$"
)
_TAG = re.compile(r"^[ \t]*<(/?)([A-Z]\w*)((?:\s[^<>]*?(?:\{[^}]*\}[^<>]*?)*)?)(/?)>[ \t]*$")
_COMPONENT = re.compile(
    r"</?[A-Z][a-z]\w*(?:\s+[\w-]+(?:=(?:\"[^\"]*\"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}))?)*\s*/?>"
)
_BRACED = re.compile(r"(<[A-Za-z][^<>{}]*?)\s[\w-]+=\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_IMPORT = re.compile(
    r"^(?:import\s(?:.*\sfrom\s+)?['\"][^'\"]+['\"];?|export\s+(?:const|let|default|function|\{).*)\s*$"
)
_JSX_COMMENT = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""\b(type|kind|style|variant|color|title|label|name|summary|question)=["']?\{?["']?([^"'{}>]+)"""
)
_COMPONENTS = {
    "Tabs", "TabItem", "Tab", "TabPanel", "TabPanels", "TabList", "CodeGroup", "CodeTabs", "Steps", "Step", "Accordion",
    "AccordionGroup", "AccordionItem", "Card", "CardGroup", "Cards", "Columns", "Column", "Details", "Expandable", "Frame",
    "Layout", "Collapse", "Collapser", "CollapserGroup",
}  # fmt: skip
"""Components that also stand in files which say of themselves that they are no more than Markdown."""
_LONGEST = 30
"""Lines that a shortcode may run over."""


def translate(
    lines: Sequence[str], numbers: Sequence[int], *, is_jsx: bool = False
) -> tuple[list[str], list[int]]:
    """Return the lines of a document without what only its site understands, each with the line of its file."""
    if not _MARKS.search("\n".join(lines)):
        return list(lines), list(numbers)
    numbered = [(line.rstrip("\r"), number) for line, number in zip(lines, numbers, strict=True)]
    found = _read(numbered, is_jsx or _imports(numbered))
    return [line for line, _ in found], [number for _, number in found]


def _imports(lines: Sequence[Line]) -> bool:
    """Whether a component is imported outside code: Docusaurus reads ``.md`` as MDX too."""
    position = 0
    while position < len(lines):
        if end := _code_end(lines, position):
            position = end
            continue
        if lines[position][0].startswith("import ") and _IMPORT.match(lines[position][0]):
            return True
        position += 1
    return False


def _read(lines: Sequence[Line], is_jsx: bool) -> list[Line]:
    found: list[Line] = []
    position = 0
    while position < len(lines):
        line, number = lines[position]
        end = _code_end(lines, position)
        if end:
            found += lines[position:end]
        elif match := _INDENTED.match(line):
            end = _indented_end(lines, position, len(match.group(1).expandtabs(4)))
            inside = _dedented(lines[position + 1 : end], len(match.group(1).expandtabs(4)) + 4)
            found += _alert(
                _kind(match.group(2)), match.group(3) or "", inside, number, is_jsx, match.group(1)
            )
        elif match := _TAB.match(line):
            indent = match.group(1)
            end = _indented_end(lines, position, len(indent.expandtabs(4)))
            inside = _dedented(lines[position + 1 : end], len(indent.expandtabs(4)) + 4)
            found += [("", number), (f"{indent}**{match.group(2)}**", number), ("", number)]
            found += [(indent + text if text else "", one) for text, one in _read(inside, is_jsx)]
        elif (match := _CONTAINER.match(line)) and (end := _container_end(lines, position, match)):
            inside = list(lines[position + 1 : end - 1])
            found += _alert(
                _kind(match.group(3)), match.group(4) or "", inside, number, is_jsx, match.group(1)
            )
        else:
            end = _tagged(lines, position, is_jsx, found)
        position = end
    return found


def _tagged(lines: Sequence[Line], position: int, is_jsx: bool, found: list[Line]) -> int:
    """Read a line that may hold shortcodes, Liquid or components; return the position behind what was read."""
    line, number = lines[position]
    if "{{<" in line or "{{%" in line:
        whole, end = _joined(lines, position)
        match = _SHORTCODE.match(whole.strip())
        if match and match.group() == whole.strip() and not match.group(1):
            code = match.group(2)
            kind = code.lower()
            if kind in _KINDS:
                stop = _closing(lines, end, lambda text: _closes_shortcode(text, code))
                if stop:
                    told = dict(_ATTRIBUTE.findall(match.group(3)))
                    stated = told.get("type") or (match.group(3).split() or [kind])[0].strip("\"'")
                    name = stated if stated.lower() in _KINDS else kind
                    indent = line[: len(line) - len(line.lstrip())]
                    before = _SHORTCODE.sub("", lines[stop - 1][0])
                    inside = [*lines[end : stop - 1], (before, lines[stop - 1][1])]
                    found.extend(_alert(_kind(name), told.get("title", ""), inside, number, is_jsx, indent))
                    return stop
            if heading := dict(_ATTRIBUTE.findall(match.group(3))).get("title", ""):
                found.extend([("", number), (f"**{heading.strip()}**", number), ("", number)])
                return end
        found.append((_SHORTCODE.sub("", _TARGET.sub(r"\1", whole)), number))
        return end
    if "{%" in line:
        if "highlight" in line and (match := _LIQUID.match(line.strip())):
            found.append(
                (
                    f"```{match.group(2).split()[0]}"
                    if match.group(1) == "highlight" and match.group(2).split()
                    else "```",
                    number,
                )
            )
            return position + 1
        line = _LIQUID.sub("", line)
    elif _CLIP.match(line):
        line = ""
    elif match := _TAG.match(line):
        return _component(lines, position, match, is_jsx, found)
    if is_jsx:
        line = "" if _IMPORT.match(line) else _outside_code(line, _without_components)
    elif "={" in line:
        line = _outside_code(line, lambda text: _BRACED.sub(r"\1", text))
    found.append((line, number))
    return position + 1


def _component(
    lines: Sequence[Line], position: int, match: re.Match[str], is_jsx: bool, found: list[Line]
) -> int:
    """Read a line that is one component: ``<Note>`` opens an alert, ``<TabItem label="Linux">`` a part with a title."""
    closing, name, attributes, closed = match.groups()
    number = lines[position][1]
    told = dict(_ATTRIBUTE.findall(attributes))
    stop = (
        0 if closing or closed else _closing(lines, position + 1, lambda text: text.strip() == f"</{name}>")
    )
    if not (is_jsx or name in _COMPONENTS or (name.lower() in _KINDS and (stop or closing))):
        found.append(lines[position])  # a placeholder, <NAMESPACE>, or XML
        return position + 1
    kind = next(
        (told[one] for one in ("type", "kind", "variant") if told.get(one, "").lower() in _KINDS), name
    )
    if stop and kind.lower() in _KINDS:
        found.extend(
            _alert(_kind(kind), told.get("title", ""), lines[position + 1 : stop - 1], number, is_jsx, "")
        )
        return stop
    title = told.get("title") or told.get("label") or told.get("question") or told.get("summary") or ""
    found.extend(
        [("", number), (f"**{title.strip()}**" if title and not closing else "", number), ("", number)]
    )
    return position + 1


def _alert(
    kind: str, title: str, inside: Sequence[Line], number: int, is_jsx: bool, indent: str
) -> list[Line]:
    """``> [!NOTE]`` with what belongs to it, behind a blank line so that no paragraph before swallows it."""
    told = _read(_common(inside), is_jsx)
    while told and not told[-1][0].strip():
        told.pop()
    while told and not told[0][0].strip():
        told.pop(0)
    head = [(f"**{title.strip()}**", number), ("", number)] if title.strip() else []
    quoted = [(f"{indent}> {text}" if text else f"{indent}>", one) for text, one in (*head, *told)]
    return (
        [("", number), (f"{indent}> [!{kind.upper()}]", number), *quoted, ("", quoted[-1][1])]
        if quoted
        else []
    )


def _kind(word: str) -> str:
    return _KINDS.get(word.lower(), "note")


def _code_end(lines: Sequence[Line], position: int) -> int:
    """Return the position behind a fenced code block that opens here, 0 where none does."""
    fence = opened_by(lines[position][0])
    return (_closing(lines, position + 1, fence.is_closed_by) or len(lines)) if fence else 0


def _closing(lines: Sequence[Line], start: int, closes: Callable[[str], bool]) -> int:
    """Return the position behind the first line that closes, 0 where none does."""
    return next((one + 1 for one in range(start, len(lines)) if closes(lines[one][0])), 0)


def _closes_shortcode(text: str, name: str) -> bool:
    return any(match.group(1) and match.group(2) == name for match in _SHORTCODE.finditer(text))


def _container_end(lines: Sequence[Line], position: int, match: re.Match[str]) -> int:
    """Return the position behind the ``:::`` that closes an alert, 0 where this opens none."""
    if match.group(3).lower() not in _KINDS:
        return 0
    return _closing(lines, position + 1, lambda text: text.strip() == match.group(2))


def _indented_end(lines: Sequence[Line], position: int, indent: int) -> int:
    """Return the position behind the lines that stand deeper than their head, blank lines among them."""
    end = position + 1
    for one in range(position + 1, len(lines)):
        text = lines[one][0].expandtabs(4)
        if not text.strip():
            continue
        if len(text) - len(text.lstrip()) < indent + 4:
            break
        end = one + 1
    return end


def _dedented(lines: Sequence[Line], width: int) -> list[Line]:
    return [(text.expandtabs(4)[width:] if text.strip() else "", number) for text, number in lines]


def _common(lines: Sequence[Line]) -> list[Line]:
    """Lines without the blanks that all of them begin with."""
    widths = [len(text) - len(text.lstrip(" ")) for text, _ in lines if text.strip()]
    width = min(widths, default=0)
    return [(text[width:] if text.strip() else "", number) for text, number in lines]


def _joined(lines: Sequence[Line], position: int) -> tuple[str, int]:
    """A shortcode that runs over several lines as one line, and the position behind it."""
    whole, end = lines[position][0], position + 1
    while (
        whole.count("{{<") + whole.count("{{%") > whole.count(">}}") + whole.count("%}}")
        and end < len(lines)
        and end - position < _LONGEST
    ):
        whole += " " + lines[end][0].strip()
        end += 1
    is_open = whole.count("{{<") + whole.count("{{%") > whole.count(">}}") + whole.count("%}}")
    return (lines[position][0], position + 1) if is_open else (whole, end)


def _without_components(text: str) -> str:
    return _COMPONENT.sub("", _BRACED.sub(r"\1", _JSX_COMMENT.sub("", text)))


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    """Change a line where it is no inline code."""
    pieces = re.split(r"(`+[^`]*`+)", line)
    return "".join(piece if piece.startswith("`") else change(piece) for piece in pieces)
