"""Translate what site generators add to Markdown into Markdown that :mod:`kb.dialect` knows, line by line.

MkDocs indents what belongs to ``!!! note``, ``??? tip`` and ``=== "Tab"``; Hugo writes ``{{< note >}}`` around it, Jekyll and
GitBook ``{% hint %}``, Docusaurus and VuePress ``:::tip``, MDX sites ``<Note>``. All of them mean the alert that
``> [!NOTE]`` is, or mean nothing to a reader of an answer. What stands in code is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kb import components
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
_INDENTED = re.compile(
    r'^([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+(?:([A-Za-z]+)((?:[ \t]+[\w-]+)*)(?=[ \t]*"|[ \t]*$))?[ \t]*(?:"(.*?)"?)?[ \t]*$'
)
_ON_ONE_LINE = re.compile(r'^([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z]+):?[ \t]+([^"].*)$')
"""What MkDocs itself would not take for an alert, and authors write all the same: ``!!! tip Open it slowly.``"""
_TAB = re.compile(r'^([ \t]*)===[!+]?[ \t]+"([^"]*)"[ \t]*$')
_CLIP = re.compile(r"^[ \t]*(?:-{1,3}8<-{1,3}|;-{1,3}8<-{1,3}).*$")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([\w./-]+)((?:[^{}]|\{(?!\{)|\}(?!\}))*?)[%>]\}\}", re.DOTALL)
_TARGET = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"\s>%]+)\"?\s*[>%]\}\}")
_LIQUID = re.compile(r"\{%-?\s*(\w+)([^%]*(?:%(?!\})[^%]*)*)%\}")
_CONTAINER = re.compile(
    r"^([ \t]*)(:{3,})[ \t]*([A-Za-z]+)(?:[ \t]+\[?([^\]{}\n]*?)\]?)?[ \t]*(?:\{[^}]*\})?[ \t]*$"
)
_IMPORT = re.compile(
    r"^(?:import\s(?:.*\sfrom\s+)?['\"][^'\"]+['\"];?|export\s+(?:const|let|default|function|\{).*)\s*$"
)
_LONG_IMPORT = re.compile(
    r"^(?:import\s+(?:\w+,\s*)?\{[^}]*|export\s+(?:const|let|default|function)\b.*[({\[])$"
)
_JSX_COMMENT = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_JSX_BLANK = re.compile(r"""\{["'`]\s*["'`]\}""")
_VARIABLE = re.compile(r"\{\{\{[ \t]*\.?(?:[\w-]+\.)*([\w-]+)[ \t]*\}\}\}")
_ATTRIBUTE = re.compile(r"""\b(type|title)=["']?([^"'{}>]+)""")
_COMPONENTS = frozenset({
    "Tabs", "TabItem", "Tab", "TabPanel", "TabPanels", "TabList", "CodeGroup", "CodeTabs", "Steps", "Step", "Accordion",
    "AccordionGroup", "AccordionItem", "Card", "CardGroup", "Cards", "Columns", "Column", "Details", "Expandable", "Frame",
    "Layout", "Collapse", "Collapser", "CollapserGroup",
})  # fmt: skip
"""Components that also stand in files which say of themselves that they are no more than Markdown."""
_LONGEST = 30
"""Lines that a shortcode may run over."""
_LONGEST_CODE = 200
"""Lines that an import or export may run over."""

Names = frozenset[str] | None
"""Names that are components; None where every name with a capital is one."""


def translate(
    lines: Sequence[str], numbers: Sequence[int], *, is_jsx: bool = False
) -> tuple[list[str], list[int]]:
    """Return the lines of a document without what only its site understands, each with the line of its file."""
    if not _MARKS.search("\n".join(lines)):
        return list(lines), list(numbers)
    numbered = [(line.rstrip("\r"), number) for line, number in zip(lines, numbers, strict=True)]
    if is_jsx or _imports(numbered):
        names = None
    else:
        names = _COMPONENTS | components.named_in([line for line, _ in _outside(numbered)])
    found = _read(numbered, names)
    return [line for line, _ in found], [number for _, number in found]


def _imports(lines: Sequence[Line]) -> bool:
    """Whether a component is imported outside code: Docusaurus reads ``.md`` as MDX too."""
    return any(
        line.startswith("import ") and (_IMPORT.match(line) or _LONG_IMPORT.match(line))
        for line, _ in _outside(lines)
    )


def _outside(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that stand in no block of code."""
    position = 0
    while position < len(lines):
        if end := _code_end(lines, position):
            position = end
            continue
        yield lines[position]
        position += 1


def _read(lines: Sequence[Line], names: Names) -> list[Line]:
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
            kind = match.group(2) or "note"
            found += _alert(_kind(kind), match.group(4) or "", inside, number, names, match.group(1))
        elif (match := _ON_ONE_LINE.match(line)) and match.group(2).lower() in _KINDS:
            end = _indented_end(lines, position, len(match.group(1).expandtabs(4)))
            inside = [
                (match.group(3), number),
                *_dedented(lines[position + 1 : end], len(match.group(1).expandtabs(4)) + 4),
            ]
            found += _alert(_kind(match.group(2)), "", inside, number, names, match.group(1))
        elif match := _TAB.match(line):
            indent = match.group(1)
            end = _indented_end(lines, position, len(indent.expandtabs(4)))
            inside = _dedented(lines[position + 1 : end], len(indent.expandtabs(4)) + 4)
            found += [("", number), (f"{indent}**{match.group(2)}**", number), ("", number)]
            found += [(indent + text if text else "", one) for text, one in _read(inside, names)]
        elif (match := _CONTAINER.match(line)) and (end := _container_end(lines, position, match)):
            inside = list(lines[position + 1 : end - 1])
            found += _alert(
                _kind(match.group(3)), match.group(4) or "", inside, number, names, match.group(1)
            )
        else:
            end = _tagged(lines, position, names, found)
        position = end
    return found


def _tagged(lines: Sequence[Line], position: int, names: Names, found: list[Line]) -> int:
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
                    found.extend(_alert(_kind(name), told.get("title", ""), inside, number, names, indent))
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
    if names is None and (end := _module_end(lines, position)):
        return end
    line, end = _whole(line, lines, position, names)
    if tags := components.alone(line):
        return _component(lines, position, end, line, tags, names, found)
    line = _VARIABLE.sub(r"\1", line)
    if names is None:
        line = _JSX_BLANK.sub(" ", _JSX_COMMENT.sub("", line)) if "{" in line else line
    if "<" in line:
        line = components.without(line, lambda name: _is_component(name, names))
    found.append((line, number))
    return end


def _is_component(name: str, names: Names) -> bool:
    """In MDX every name with a capital is one; all in capitals it is a placeholder of somebody in a hurry."""
    return name[0].isupper() and not name.isupper() if names is None else name in names


def _module_end(lines: Sequence[Line], position: int) -> int:
    """Return the position behind an import or export that begins here, 0 where none does."""
    text = lines[position][0]
    if _IMPORT.match(text) and text.count("{") == text.count("}"):
        return position + 1
    if not _LONG_IMPORT.match(text):
        return 0
    depth, end = 0, position
    while end < len(lines) and end - position < _LONGEST_CODE:
        depth += sum(lines[end][0].count(one) for one in "{([") - sum(
            lines[end][0].count(one) for one in "})]"
        )
        end += 1
        if depth <= 0:
            return end
    return position + 1


def _whole(text: str, lines: Sequence[Line], position: int, names: Names) -> tuple[str, int]:
    """A line with the tag or comment that goes on in the lines below it, and the position behind them."""
    stripped = text.lstrip()
    if names is None and stripped.startswith("{/*"):
        stop = _closing(lines, position, lambda line: "*/}" in line)
        return (" ".join(line for line, _ in lines[position:stop]), stop) if stop else (text, position + 1)
    if not stripped.startswith("<") or not components.is_unfinished(text):
        return text, position + 1
    whole, end = text.rstrip(), position + 1
    while end < len(lines) and end - position < _LONGEST and lines[end][0].strip():
        whole += " " + lines[end][0].strip()
        end += 1
        if not components.is_unfinished(whole):
            return whole, end
    return text, position + 1


def _component(
    lines: Sequence[Line],
    position: int,
    end: int,
    line: str,
    tags: Sequence[components.Tag],
    names: Names,
    found: list[Line],
) -> int:
    """Read a line of tags alone: ``<Note>`` opens an alert, ``<TabItem label="Linux">`` a part with a title."""
    tag, number = tags[0], lines[position][1]
    is_open = len(tags) == 1 and not (tag.is_closing or tag.is_empty)
    stop = _closing(lines, end, lambda text: text.strip() == f"</{tag.name}>") if is_open else 0
    if not any(
        _is_component(one.name, names)
        or (one.name[0].isupper() and one.name.lower() in _KINDS and (stop or one.is_closing))
        for one in tags
    ):
        # A placeholder, <NAMESPACE>, or XML; of HTML only what no browser understands is taken off.
        found.append((components.without(line, lambda _: False), number))
        return end
    told = tag.told
    kind = next(
        (told[one] for one in ("type", "kind", "variant") if told.get(one, "").lower() in _KINDS), tag.name
    )
    if stop and kind.lower() in _KINDS and tag.name[0].isupper():
        found.extend(_alert(_kind(kind), told.get("title", ""), lines[end : stop - 1], number, names, ""))
        return stop
    for one in tags:
        title = "" if one.is_closing else one.title
        found.extend([("", number), (f"**{title}**" if title else "", number), ("", number)])
    return end


def _alert(
    kind: str, title: str, inside: Sequence[Line], number: int, names: Names, indent: str
) -> list[Line]:
    """``> [!NOTE]`` with what belongs to it, behind a blank line so that no paragraph before swallows it."""
    told = _read(_common(inside), names)
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
