"""What is wrong in a docs tree, as ``path:line: sentence``: for its authors, before a reader stumbles over it.

Beside what reading an article notices (fences never closed, includes that are not there, a symptom without
solution), a tree is looked at as a whole: translations, codes that two articles claim, links and anchors.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from kb.entries import WHOLE
from kb.identifiers import key
from kb.library import Tree, read_tree
from kb.links import resolve
from kb.locales import negotiate, without_accents
from kb.model import Article, Complaint, Entry

_SCHEME = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)")
_CODE = re.compile(r"(?:0[xX])?[A-Za-z]{0,6}-?\d{3,}[0-9A-Fa-fx]*")
_NO_LETTERS = re.compile(r"[\W_]+")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,7}$")
_STATUS = re.compile(r"[1-5]\d\d")
"""An HTTP status belongs to no article alone."""
_MOST_NAMED = 5
"""Sections named in one complaint; of more, their number is told."""


def lint_tree(root: Path, *, locale: str | None = None) -> tuple[Complaint, ...]:
    """Return everything that is wrong in a tree, in the order of paths and lines.

    Raises
    ------
    TreeError
        If there is no tree, or its settings cannot be used.
    """
    tree = read_tree(root, locale=locale)
    found = [*tree.complaints, *_translations(tree), *_duplicates(tree), *_links(tree), *_empty(tree)]
    unique = {(one.path, one.line, str(one)): one for one in found}
    return tuple(unique[place] for place in sorted(unique))


def _empty(tree: Tree) -> Iterator[Complaint]:
    """Articles that answer nothing at all and are no index of others."""
    for article in tree.articles:
        if not article.entries and not article.links:
            yield Complaint(article.path, 1, "nothing in this article answers a question")


def _translations(tree: Tree) -> Iterator[Complaint]:
    """Articles and entries that exist in one locale only, and translations older than their original."""
    locales = sorted({article.locale for article in tree.articles})
    if len(locales) < 2:
        return
    original_locale = _original_locale(tree.articles, locales)
    by_slug: dict[str, dict[str, Article]] = {}
    answered: dict[str, set[str]] = {}
    for article in tree.articles:
        by_slug.setdefault(article.slug, {})[article.locale] = article
        names = (key(name) for entry in article.entries for name in entry.identifiers)
        answered.setdefault(article.locale, set()).update(names)
    counts = Counter(locale for versions in by_slug.values() for locale in versions)
    partial = [locale for locale in locales if counts[locale] * 2 < len(by_slug)]
    yield from _partial(tree.articles, partial, len(by_slug))
    for versions in by_slug.values():
        original = versions.get(original_locale) or next(iter(versions.values()))
        missing = [
            locale for locale in locales if locale not in partial and not negotiate(locale, list(versions))
        ]
        if missing:
            yield Complaint(
                original.path,
                1,
                "there is no version of this article in {locales}",
                {"locales": ", ".join(missing)},
            )
        for article in versions.values():
            if article is not original:
                yield from _compared(original, article, answered)


def _partial(articles: Sequence[Article], locales: Iterable[str], n_slugs: int) -> Iterator[Complaint]:
    """Locales that lack more than they have: that is told once, not an article at a time."""
    for locale in locales:
        own = [article for article in articles if article.locale == locale]
        yield Complaint(
            own[0].path,
            1,
            "{count} of {total} articles have a version in {locale}",
            {"count": len(own), "total": n_slugs, "locale": locale},
        )


def _original_locale(articles: Iterable[Article], locales: Sequence[str]) -> str:
    """English where the tree has it, else the locale of most articles."""
    english = [locale for locale in locales if locale.split("-")[0] == "en"]
    counts = {
        locale: sum(1 for article in articles if article.locale == locale) for locale in english or locales
    }
    return max(counts, key=lambda locale: counts[locale])


def _compared(original: Article, article: Article, answered: Mapping[str, set[str]]) -> Iterator[Complaint]:
    if article.date and original.date and article.date < original.date:
        yield Complaint(
            article.path,
            1,
            "this translation is of {date}, its original {path} of {changed}",
            {"date": article.date, "path": original.path, "changed": original.date},
        )
    for one, other in ((original, article), (article, original)):
        anchors = {entry.anchor for entry in other.entries}
        lacking = [
            entry
            for entry in one.entries
            if entry.anchor not in anchors
            and entry.anchor != WHOLE
            # An error that has moved to an article of its own there is not missing.
            and not any(key(name) in answered[other.locale] for name in entry.identifiers)
        ]
        if not lacking or not other.entries:
            continue
        named = ", ".join(f"#{entry.anchor}" for entry in lacking[:_MOST_NAMED])
        if len(lacking) > _MOST_NAMED:
            message = "{count} entries, {anchors} among them, have no counterpart in {path}"
        else:
            message = (
                "{anchors} has no counterpart in {path}"
                if len(lacking) == 1
                else "{anchors} have no counterpart in {path}"
            )
        values = {"count": len(lacking), "anchors": named, "path": other.path}
        yield Complaint(
            one.path,
            lacking[0].line,
            message,
            {name: value for name, value in values.items() if f"{{{name}}}" in message},
        )


def _duplicates(tree: Tree) -> Iterator[Complaint]:
    """Codes that two articles of a locale claim: a question that names one has two answers."""
    first: dict[tuple[str, str], Entry] = {}
    for article in tree.articles:
        for entry in article.entries:
            claimed: dict[str, list[str]] = {}
            for name in entry.identifiers:
                owner = first.setdefault((entry.locale, key(name)), entry)
                if owner.path != entry.path and _CODE.fullmatch(name) and not _STATUS.fullmatch(name):
                    claimed.setdefault(f"{owner.path}:{owner.line}", []).append(name)
            for place, names in claimed.items():
                yield Complaint(
                    entry.path,
                    entry.line,
                    "{codes} is answered in {place} too",
                    {"codes": ", ".join(names), "place": place},
                )


def _links(tree: Tree) -> Iterator[Complaint]:
    """Links inside the tree that lead to no file, or to no section of one."""
    by_slug = {(article.locale, article.slug): article for article in tree.articles}
    anchors = {article.path: _names_of(article) for article in tree.articles}
    is_partial = {
        article.path
        for article in tree.articles
        if any("include" in one.message for one in article.complaints)
    }
    for article in tree.articles:
        for link in article.links:
            target = link.target.strip()
            if not target or _SCHEME.match(target) or target.startswith(("/", "~", "{", "<")):
                continue
            path, _, fragment = target.partition("#")
            path = path.split("?")[0]
            if path:
                there = _article(article, path, by_slug)
                if there is None:
                    if _is_dead(tree.root, article.path, path):
                        yield Complaint(
                            article.path,
                            link.line,
                            'link "{link}" leads to no file of this tree',
                            {"link": target},
                        )
                    continue
            else:
                there = article
            if fragment and not fragment.startswith("tab/") and there.path not in is_partial:
                name = _loose(unquote(fragment))
                if name not in anchors[there.path]:
                    yield Complaint(
                        article.path,
                        link.line,
                        'link "{link}" leads to no section of {path}',
                        {"link": target, "path": there.path},
                    )


def _article(article: Article, path: str, by_slug: Mapping[tuple[str, str], Article]) -> Article | None:
    """The article a path leads to; a tree may be a part of its repository, whose folders above it the path still names."""
    slug = resolve(article.slug, path, article.locale)
    if slug is not None and (article.locale, slug) in by_slug:
        return by_slug[(article.locale, slug)]
    inside = "/".join(part for part in path.split("/") if part not in ("..", "."))
    whole = resolve("", inside, article.locale)
    if not path.startswith("..") or whole is None:
        return None
    parts = whole.split("/")
    tails = ("/".join(parts[start:]) for start in range(len(parts) - 1))
    return next(
        (by_slug[(article.locale, tail)] for tail in tails if (article.locale, tail) in by_slug), None
    )


def _names_of(article: Article) -> set[str]:
    return {_loose(anchor) for anchor in article.anchors}


def _loose(anchor: str) -> str:
    """A section's name as every site makes it of a heading: "TLS/SSL" is tlsssl here and tls-ssl there, é may be e."""
    return _NO_LETTERS.sub("", without_accents(anchor.casefold()))


def _is_dead(root: Path, article: str, path: str) -> bool:
    """Whether a relative path inside the tree leads to nothing; of what stands outside, nothing can be said."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(article), unquote(path).replace("\\", "/")))
    if joined.startswith(("../", "/")) or joined == ".." or not _FILE.search(joined):
        return False  # what names no file is the address of a page, and its site says where that stands
    try:
        return not (root / joined).exists()
    except (OSError, ValueError):
        return True
