"""Files of a docs tree: which are articles, what their bytes say, what they include.

Nothing outside the tree is ever read, whatever a path or a symbolic link says.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.errors import ArticleError
from kb.frontmatter import split_front_matter
from kb.treefile import TreeSettings

MOST_BYTES = 8_000_000
"""Bytes from which a file is no article."""
_MOST_INCLUDE_BYTES = 1_000_000
_NO_ARTICLES = {
    "toc", "readme", "changelog", "license", "licence", "sources", "contributing", "code_of_conduct", "security", "index.template",
    "pull_request_template", "issue_template", "thirdpartynotices", "authors", "support", "governance", "notice",
}  # fmt: skip
_NO_FOLDERS = {
    "includes", "_includes", "include", "node_modules", "media", "_site", "snippets", "__pycache__",
}  # fmt: skip
_ENDINGS = ("md", "mdx", "markdown")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_STATED = re.compile(
    rb"^(?:canonicalurl|canonical_url|canonical|ms\.canonical)\s*:", re.IGNORECASE | re.MULTILINE
)
"""Front matter that says an address; most says none, and need not be read as YAML to know."""
_BIDI = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def find_articles(root: Path, settings: TreeSettings) -> Iterator[str]:
    """Yield the paths of articles inside a tree, with ``/``, in a fixed order."""
    real_root = os.path.realpath(root)
    seen = {real_root}
    found: list[str] = []
    for folder, folders, names in os.walk(root, followlinks=True):
        inside = Path(folder).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".")
            and name.lower() not in _NO_FOLDERS
            and _enters(Path(folder, name), real_root, seen)
        ]
        for name in sorted(names):
            path = prefix + name
            if _is_named_so(path, settings) and _is_inside(Path(folder, name), real_root):
                found.append(path)
    articles = [path for path in found if is_article(path, settings)]
    # A project whose documentation is its README has no other; beside articles it is about the files.
    yield from articles or (path for path in found if path.rpartition("/")[2].lower().startswith("readme."))


def is_article(path: str, settings: TreeSettings) -> bool:
    """Tell whether a path of a tree is an article, by its name alone."""
    stem = path.rpartition("/")[2].lower().rpartition(".")[0]
    is_about_files = stem in _NO_ARTICLES or stem.partition(".")[0] in _NO_ARTICLES
    return not is_about_files and _is_named_so(path, settings)


def _is_named_so(path: str, settings: TreeSettings) -> bool:
    """Whether a path ends as articles do and is not excluded."""
    name = path.rpartition("/")[2]
    if name.lower().rpartition(".")[2] not in _ENDINGS or name.startswith("."):
        return False
    return not any(
        fnmatch.fnmatch(path, pattern) or fnmatch.fnmatch(name, pattern) for pattern in settings.exclude
    )


def decode(data: bytes, path: str) -> str:
    """Return the text of an article's bytes: UTF-8, UTF-16 with its mark, else Windows' Western code page.

    Raises
    ------
    ArticleError
        If the bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _clean(data.decode(encoding))
            except UnicodeDecodeError as error:
                line = data[: error.start].count(b"\n") + 1
                raise ArticleError(
                    path,
                    line,
                    "the file says it is {encoding} and is not",
                    "save it as UTF-8",
                    encoding=encoding,
                ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        controls = sum(1 for byte in data[:4096] if byte < 9 or 13 < byte < 32)
        if controls:
            raise ArticleError(
                path, line, "the file is not text", "save it as UTF-8, or name it otherwise"
            ) from error
        text = data.decode("cp1252", errors="replace")
    sample = text[:4096]
    if sample.count("\0") * 20 > len(sample):
        raise ArticleError(path, 1, "the file is not text", "save it as UTF-8, or name it otherwise")
    return _clean(text)


def _clean(text: str) -> str:
    """One kind of line break; no character that hides, turns or steers what follows it."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", " ")
        .replace("\u2029", " ")
        .replace("\x0c", " ")
        .replace("\x85", " ")
    )
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    return _BIDI.sub("", text)


def stated_addresses(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the canonical addresses that articles state in their front matter, by path."""
    found: dict[str, str] = {}
    folder = str(root)
    for path in paths:
        try:
            with open(f"{folder}/{path}", "rb", buffering=0) as file:  # noqa: PTH123  five thousand times: Path costs a second
                head = file.read(4096)
        except OSError:
            continue
        if head.startswith((b"---", b"\xef\xbb\xbf---")) and _STATED.search(head):
            try:
                address = split_front_matter(decode(read_bytes(root, path), path))[0].canonical
            except ArticleError:
                continue
            if address:
                found[path] = address
    return found


def read_bytes(root: Path, path: str) -> bytes:
    """Return the bytes of an article.

    Raises
    ------
    ArticleError
        If it cannot be read or is too big.
    """
    try:
        with (root / path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ArticleError(
            path,
            1,
            "the file cannot be read: {reason}",
            "check its rights",
            reason=error.strerror or str(error),
        ) from error
    if len(data) > MOST_BYTES:
        raise ArticleError(
            path,
            1,
            "the file is bigger than {most} MB",
            "split it, or exclude it in hubmedic.toml",
            most=MOST_BYTES // 1_000_000,
        )
    return data


class Includes:
    """Reads the files an article includes, and remembers which."""

    def __init__(self, root: Path, article: str) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._folder = posixpath.dirname(article)
        self.read: dict[str, bytes | None] = {}
        """Every path that was asked for, with its bytes; None where there was nothing to read."""

    def __call__(self, target: str) -> str | None:
        """Return the text of an include without its front matter; None where it is not in the tree."""
        for path in self._candidates(target):
            data = self._data(path)
            if data is not None:
                try:
                    return split_front_matter(decode(data, path))[1].strip("\n")
                except ArticleError:
                    return None
        return None

    def _data(self, path: str) -> bytes | None:
        if path not in self.read:
            self.read[path] = self._bytes(path)
        return self.read[path]

    def _candidates(self, target: str) -> Iterator[str]:
        """The path as written; then, as a tree may be a part of a repository, its ``includes/…`` in the folders above."""
        path = self._inside(target)
        if path is not None:
            yield path
        parts = target.replace("\\", "/").split("?")[0].split("/")
        if "includes" not in parts:
            return
        tail = "/".join(parts[parts.index("includes") :])
        folder = self._folder
        while True:
            candidate = posixpath.normpath(posixpath.join(folder, tail))
            if candidate != path and not candidate.startswith("../"):
                yield candidate
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def _inside(self, target: str) -> str | None:
        bare = target.split("#")[0].split("?")[0].strip().strip("<>").replace("\\", "/")
        if not bare or "\0" in bare or re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", bare):
            return None
        joined = (
            bare[2:]
            if bare.startswith("~/")
            else bare.lstrip("/")
            if bare.startswith("/")
            else posixpath.join(self._folder, bare)
        )
        path = posixpath.normpath(joined)
        if path.startswith("../") or path in ("..", "."):
            return None
        return path

    def _bytes(self, path: str) -> bytes | None:
        full = self._root / path
        try:
            if not _within(os.path.realpath(full), self._real_root) or not full.is_file():
                return None
            with full.open("rb") as file:
                data = file.read(_MOST_INCLUDE_BYTES + 1)
        except (OSError, ValueError):
            return None
        return data if len(data) <= _MOST_INCLUDE_BYTES else None


def _enters(folder: Path, real_root: str, seen: set[str]) -> bool:
    """A linked folder is entered once and only inside the tree: a link to a folder above would never end."""
    real = os.path.realpath(folder)
    if real in seen or not _within(real, real_root):
        return False
    seen.add(real)
    return True


def _is_inside(path: Path, real_root: str) -> bool:
    """Whether a path is a file of the tree; one that cannot be looked at is told about when it is read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False  # a pipe would be waited for, for ever
    except OSError:
        pass
    # The folders on the way were looked at when they were entered: only a link can lead elsewhere.
    return not path.is_symlink() or _within(os.path.realpath(path), real_root)


def _within(real: str, real_root: str) -> bool:
    return real == real_root or real.startswith(real_root.rstrip(os.sep) + os.sep)
