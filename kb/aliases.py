"""Accepted wordings: questions a curator took for another way to ask for an entry.

One JSON object a line, ``{"entry": "<slug>#<anchor>", "wording": "…"}``, so that a change is one reviewable line. Read when an
index is built: an accepted wording becomes a text of the entry, nothing else changes its weight.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from kb.errors import LabelsError

_CODE = re.compile(r"\d{3}[\dx]{3}(?![\dx])")
"""Six digits, or three and ``xxx``: shorter numbers mean other things elsewhere."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One accepted wording of an entry."""

    entry: str
    """Id of the entry: ``"<slug>#<anchor>"``."""
    wording: str

    @property
    def code(self) -> str:
        """The code in the entry's name: its anchor, else what its slug begins with; empty where there is none."""
        slug, _, anchor = self.entry.rpartition("#")
        match = _CODE.match(anchor) or _CODE.match(slug.rpartition("/")[2])
        return match.group() if match else ""


def read_aliases(path: Path) -> tuple[Alias, ...]:
    """Return the accepted wordings of a file, in order.

    Raises
    ------
    LabelsError
        If a line is not such an object; names file and line.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            found.append(Alias(str(fields["entry"]), str(fields["wording"])))
        except (ValueError, KeyError, TypeError) as error:
            raise LabelsError(
                "{path}:{line}: not an accepted wording",
                'write one object a line: {{"entry": "<slug>#<anchor>", "wording": "…"}}',
                path=str(path),
                line=number,
            ) from error
    return tuple(found)


def add_alias(path: Path, alias: Alias) -> bool:
    """Append a wording to the file, return False where it stands there already."""
    known = read_aliases(path) if path.exists() else ()
    if alias in known:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"entry": alias.entry, "wording": alias.wording}, ensure_ascii=False) + "\n")
    return True
