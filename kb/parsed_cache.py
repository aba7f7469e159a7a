"""Articles kept from the last build, so that of five thousand only the changed one is read again.

    folder/<tree>.jsonl      a line an article: what it was made from, and what was made

JSON and no pickle: an index folder may come from a stranger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from kb.model import Article, Complaint, Link, entry_of
from kb.parsing import Parsed

_READERS = (
    "blocks", "codeblocks", "components", "dialect", "entries", "fences", "files", "footnotes", "frontmatter", "htmlblocks",
    "identifiers", "library", "links", "locales", "markdown", "messages", "model", "naming", "outputs",
    "pairing", "parsed_cache", "parsing", "pieces", "printed", "problems", "prose", "questions", "rendering", "sections", "sites",
    "tables", "titles", "treefile", "treelocales", "vocabulary", "wikilinks",
)  # fmt: skip
"""Modules of kb that an article's reading hangs on; a test holds that none is missing."""


def content_key(data: bytes | None) -> str:
    """Return what stands for a file's bytes; a file that is not there has a key too."""
    return "" if data is None else hashlib.blake2b(data, digest_size=12).hexdigest()


class ParsedCache:
    """A folder of parsed articles, one file a tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_missed = 0
        """Articles that had to be read anew since the cache was made."""
        self._root = Path()
        self._salt = ""
        self._old: dict[str, tuple[dict[str, str], str, int]] = {}
        self._kept: dict[str, str] = {}
        self._is_changed = False
        self._keys: dict[str, str] = {}

    def open(self, root: Path, salt: str) -> None:
        """Load what is known of a tree; ``salt`` is everything else the parsing hangs on."""
        self._root = root
        self._salt = content_key(f"{_code_version()}\0{salt}".encode())
        self._old, self._kept, self._keys, self._is_changed = {}, {}, {}, False
        try:
            with self._path.open(encoding="utf-8") as file:
                head = json.loads(file.readline())
                if head != {"salt": self._salt}:
                    self._is_changed = True
                    return
                for line in file:
                    end = line.index("}") + 1
                    path, made_from = json.loads(f"{line[:end]}]")
                    self._old[path] = (made_from, line, end)
        except (OSError, ValueError, TypeError):
            self._old, self._is_changed = {}, True

    def find(self, path: str) -> Parsed | None:
        """Return the article of a path where it and all it includes are unchanged."""
        known = self._old.get(path)
        if known is not None and all(self._key(name) == key for name, key in known[0].items()):
            try:
                parsed = _decode(json.loads(known[1][known[2] + 1 : -2]))
            except (ValueError, TypeError, KeyError, IndexError):
                parsed = None
            if parsed is not None:
                self._kept[path] = known[1]
                return parsed
        self.n_missed += 1
        return None

    def add(self, path: str, made_from: Mapping[str, str], parsed: Parsed) -> None:
        """Keep an article that was read anew."""
        self._is_changed = True
        self._kept[path] = (
            json.dumps([path, made_from, _encode(parsed)], ensure_ascii=False, separators=(",", ":")) + "\n"
        )

    def close(self) -> None:
        """Write what is known of the tree now, in one step; without a folder to write to, nothing is kept."""
        if not self._is_changed and self._kept.keys() == self._old.keys():
            return
        draft = self._path.with_suffix(".draft")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                file.write(json.dumps({"salt": self._salt}) + "\n")
                for path in sorted(self._kept):
                    file.write(self._kept[path])
            draft.replace(self._path)
        except OSError:
            return

    @property
    def _path(self) -> Path:
        return self.folder / f"{content_key(str(self._root.resolve()).encode())}.jsonl"

    def _key(self, name: str) -> str:
        if name not in self._keys:
            try:
                with open(f"{self._root}/{name}", "rb", buffering=0) as file:  # noqa: PTH123  Path is a third of the time
                    data: bytes | None = file.read()
            except (OSError, ValueError):
                data = None
            self._keys[name] = content_key(data)
        return self._keys[name]


@lru_cache(maxsize=1)
def _code_version() -> str:
    """Hash over the code that reads: an article parsed by other code is parsed again."""
    found = hashlib.blake2b(digest_size=12)
    package = resources.files("kb")
    for name in (*(f"{reader}.py" for reader in _READERS), "headings.toml"):
        found.update(package.joinpath(name).read_bytes())
    return found.hexdigest()


def _encode(parsed: Parsed) -> dict[str, Any]:
    return {"article": asdict(parsed.article), "rows": parsed.rows, "named": parsed.named}


def _decode(fields: dict[str, Any]) -> Parsed:
    article = fields["article"]
    return Parsed(
        Article(
            **{
                **article,
                "entries": tuple(entry_of(one) for one in article["entries"]),
                "anchors": tuple(article["anchors"]),
                "links": tuple(Link(**one) for one in article["links"]),
                "complaints": tuple(Complaint(**one) for one in article["complaints"]),
            }
        ),
        fields["rows"],
        tuple(fields["named"]),
    )
