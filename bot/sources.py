"""Where the knowledge comes from: an index folder, docs trees, or the articles that come with hubmedic.

Docs trees are indexed into the user's cache folder the first time they are asked, and again when a file of theirs, or
the code that reads them, has changed; a listing of names, sizes and times tells. Several processes may want that at
once: one builds, the others wait and find it done.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import kb
from kb.errors import IndexUnusable, TreeError

if TYPE_CHECKING:
    from kb.search import KnowledgeBase

Progress = Callable[[str, int, int], None]

PACKAGE = Path(kb.__file__).parent
PACKAGED_ARTICLES = PACKAGE / "articles"
_MANIFEST = "manifest.json"
_STAMP = "stamp"
_READ = (".md", ".markdown", ".toml")
_WORDINGS = "wordings"
_LONGEST_BUILD_S = 1800


@dataclass(frozen=True, slots=True)
class Source:
    """What ``HUBMEDIC_KB`` names."""

    index: Path | None = None
    """An index folder that is served as it is."""
    trees: tuple[Path, ...] = ()
    """Docs trees, indexed when needed."""


def read_source(setting: str | None) -> Source:
    """Return what a setting names; None and the empty text name the packaged articles.

    Raises
    ------
    TreeError
        If a folder is missing, or an index is named among several folders.
    """
    paths = [Path(part).expanduser() for part in (setting or "").split(os.pathsep) if part.strip()]
    if not paths:
        return Source(trees=(PACKAGED_ARTICLES,))
    for path in paths:
        if not path.is_dir():
            raise TreeError(
                "no folder {folder}",
                "set HUBMEDIC_KB to an index folder or to folders of Markdown, or unset it for the packaged articles",
                folder=str(path),
            )
    if len(paths) == 1 and _is_index(paths[0]):
        return Source(paths[0])
    for path in paths:
        if _is_index(path):
            raise TreeError(
                "{folder} is an index, and an index is served alone",
                "name its docs tree instead, or that folder alone",
                folder=str(path),
            )
    return Source(trees=tuple(paths))


def open_source(
    source: Source, cache: Path, *, aliases: Path | None = None, progress: Progress | None = None
) -> KnowledgeBase:
    """Open what a source names, after indexing its trees where that has to be done.

    Raises
    ------
    IndexUnusable
        If an index folder cannot be used, or none can be kept.
    TreeError
        If the trees hold no article.
    """
    from kb.search import KnowledgeBase  # numpy: help and errors do without

    if source.index is not None:
        return KnowledgeBase.open(source.index)
    folder = cache / "indexes" / _name(source.trees)
    stamp = stamp_of(source.trees, aliases)
    if _stamp_in(folder) != stamp:
        return _built(source.trees, folder, stamp, aliases, progress)
    try:
        return KnowledgeBase.open(folder)
    except IndexUnusable:  # damaged in the cache: nothing a person has to hear of
        (folder / _STAMP).unlink(missing_ok=True)
        return _built(source.trees, folder, stamp, aliases, progress)


def stamp_of(trees: Sequence[Path], aliases: Path | None = None) -> str:
    """Return what changes whenever a rebuild is due: names, sizes and times of all that is read."""
    digest = hashlib.blake2b(digest_size=16)
    listed = [one for tree in trees for one in sorted(_listing(tree, set()))]
    for path, size, modified in (*_code(), *listed, *_wordings(trees)):
        digest.update(f"{path}\0{size}\0{modified}\n".encode(errors="surrogateescape"))
    if aliases is not None and aliases.exists():
        digest.update(aliases.read_bytes())
    return digest.hexdigest()


def _built(
    trees: Sequence[Path], folder: Path, stamp: str, aliases: Path | None, progress: Progress | None
) -> KnowledgeBase:
    from kb.index.build import build  # scikit-learn: only where an index is built
    from kb.search import KnowledgeBase

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if _stamp_in(folder) != stamp:
                build(trees, folder, aliases=aliases, progress=progress)
                (folder / _STAMP).write_text(stamp, encoding="utf-8")
    except OSError as error:
        raise IndexUnusable(
            "the index cannot be kept in {folder} ({reason})",
            "make room there, or build one elsewhere with hubmedic kb build and set HUBMEDIC_KB to it",
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return KnowledgeBase.open(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: SQLite's, which works alike on every system and ends with the process."""
    import sqlite3

    lock = sqlite3.connect(folder / "lock", timeout=_LONGEST_BUILD_S, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    finally:
        lock.close()


def _name(trees: Sequence[Path]) -> str:
    paths = "\n".join(str(tree.resolve()) for tree in trees)
    return hashlib.blake2b(paths.encode(errors="surrogateescape"), digest_size=8).hexdigest()


def _stamp_in(folder: Path) -> str:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return ""


def _is_index(folder: Path) -> bool:
    return (folder / _MANIFEST).is_file()


def _code() -> list[tuple[str, int, int]]:
    """The code and data that read articles."""
    return _files_in(PACKAGE, (".py", ".toml", ".txt")) + _files_in(PACKAGE / "index", (".py",))


def _wordings(trees: Sequence[Path]) -> list[tuple[str, int, int]]:
    """The accepted wordings that trees bring along; the packaged ones speak for the codes of any tree."""
    folders = dict.fromkeys([*trees, PACKAGED_ARTICLES])
    return [
        one
        for folder in folders
        if (folder / _WORDINGS).is_dir()
        for one in _files_in(folder / _WORDINGS, (".jsonl",))
    ]


def _files_in(folder: Path, endings: tuple[str, ...]) -> list[tuple[str, int, int]]:
    return sorted(
        (entry.path, stat.st_size, stat.st_mtime_ns)
        for entry in os.scandir(folder)
        if entry.name.endswith(endings)
        for stat in (entry.stat(),)
    )


def _listing(folder: Path | str, seen: set[str]) -> Iterator[tuple[str, int, int]]:
    """Files that may be read from a tree; linked folders once, so that a circle ends."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    if entry.is_symlink():
                        real = os.path.realpath(entry.path)
                        if real in seen:
                            continue
                        seen.add(real)
                    yield from _listing(entry.path, seen)
                elif entry.name.lower().endswith(_READ):
                    stat = entry.stat()
                    yield entry.path, stat.st_size, stat.st_mtime_ns
    except OSError:
        return
