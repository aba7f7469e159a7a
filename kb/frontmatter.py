"""Take the ``---`` block off the top of an article and read what it says.

markdown-it would read that block as a rule and a heading, so it is cut out before parsing.
The count of lines cut comes back too: errors then name the line an editor sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATE_FIELDS = ("ms.date", "date", "lastmod", "last-update", "updated", "last_update", "ms.lasthandoff")
_CANONICAL_FIELDS = ("canonicalurl", "canonical_url", "canonical", "ms.canonical")
_SITE_SUFFIX = re.compile(
    r"\s*[|\-–]\s*(?:Microsoft (?:Docs|Learn)|Documents? Microsoft|Adobe [\w ]+|Azure Docs)\s*$"
)
_CLOSE = re.compile(r"^(?:---|\.\.\.)\s*$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of an article says."""

    fields: dict[str, Any] = field(default_factory=dict)
    """Keys in lower case."""
    n_lines: int = 0
    """Lines the block takes, fences included."""
    error: str = ""
    """Why the block could not be read; empty when it could."""
    error_line: int = 0

    def text(self, *names: str) -> str:
        """Return the first of the fields that holds text, else an empty string."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
        return ""

    def names(self, *names: str) -> tuple[str, ...]:
        """Return the texts of list fields, each once; a single text counts as a list of one."""
        found: list[str] = []
        for name in names:
            value = self.fields.get(name)
            values: Iterable[Any] = value if isinstance(value, list) else [value]
            found.extend(
                str(one).strip() for one in values if isinstance(one, str | int) and not isinstance(one, bool)
            )
        return tuple(dict.fromkeys(one for one in found if one))

    @property
    def title(self) -> str:
        """The title without the name of the site behind it."""
        return _SITE_SUFFIX.sub("", self.text("title"))

    @property
    def canonical(self) -> str:
        """The article's address on the web, ``{locale}`` still open."""
        return self.text(*_CANONICAL_FIELDS)

    @property
    def date(self) -> str:
        """Last change as stated, ISO 8601; empty when none is or it cannot be told."""
        for name in _DATE_FIELDS:
            if found := _iso(self.fields.get(name)):
                return found
        return ""


def split_front_matter(source: str) -> tuple[FrontMatter, str]:
    """Return the head of an article and its body."""
    if not source.startswith("---"):
        return FrontMatter(), source
    lines = source.split("\n")
    if lines[0].strip() != "---":
        return FrontMatter(), source
    for number, line in enumerate(lines[1:], start=1):
        if _CLOSE.match(line):
            return _read("\n".join(lines[1:number]), number + 1), "\n".join(lines[number + 1 :])
    return FrontMatter(error="the front matter opened here is never closed", error_line=1), source


def _read(text: str, n_lines: int) -> FrontMatter:
    try:
        loaded = yaml.load(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return FrontMatter(
            {}, n_lines, f"the front matter is not YAML: {error.problem or 'it cannot be read'}", line
        )
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, AttributeError, TypeError) as error:
        return FrontMatter(
            {},
            n_lines,
            f"the front matter is not YAML: {str(error).splitlines()[0][:120] if str(error) else 'it cannot be read'}",
            1,
        )
    if loaded is None:
        return FrontMatter({}, n_lines)
    if not isinstance(loaded, dict):
        return FrontMatter({}, n_lines, "the front matter holds no fields", 1)
    return FrontMatter({str(name).lower(): value for name, value in loaded.items()}, n_lines)


def _iso(value: Any) -> str:
    """Microsoft writes 11/06/2020, month first, in every locale; everybody else ISO."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return ""
    text = value.strip()
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%m-%d-%Y", "%B %d, %Y", "%m/%d/%y"):
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text, form).date().isoformat()
        except ValueError:
            continue
    return ""
