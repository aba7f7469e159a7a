"""Docs trees -> articles: which files, which locale each, what is still unchanged, joined across locales."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb import locales
from kb.errors import ArticleError, KnowledgeError, TreeError
from kb.files import MOST_BYTES, Includes, decode, find_articles, read_bytes, stated_addresses
from kb.frontmatter import FrontMatter, split_front_matter
from kb.joining import join
from kb.links import Addresses
from kb.model import Article, Complaint
from kb.parsed_cache import ParsedCache, content_key
from kb.parsing import Parsed, parse_article
from kb.treefile import NAME, TreeSettings, read_settings

__all__ = ["ParsedCache", "Tree", "read_file", "read_tree"]

Progress = Callable[[str, int, int], None]

_PARALLEL = 400
"""Articles from which a second process earns its start-up."""
_CHUNK = 50
_NAMED_HEADS = {
    "articles",
    "docs",
    "doc",
    "help",
    "content",
    "i18n",
    "locale",
    "locales",
    "lang",
    "languages",
    "translations",
    "l10n",
}
_WORDS = {
    "it",
    "no",
    "is",
    "to",
    "as",
    "so",
    "my",
    "be",
    "am",
    "or",
    "os",
    "id",
    "ht",
    "io",
    "li",
    "se",
    "ia",
    "ba",
    "ms",
}
"""Codes of languages that more often are a word, an abbreviation or a product when a folder is called so."""
_DEFAULT_LOCALE = "en-us"


@dataclass(frozen=True, slots=True)
class Tree:
    """A docs tree, read."""

    root: Path
    name: str
    articles: tuple[Article, ...]
    """In the order of their paths."""
    complaints: tuple[Complaint, ...]
    """What was left out (``kind`` "error") and what was noticed, in the order of paths and lines."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One article to read."""

    path: str
    slug: str
    locale: str
    """Empty where only the article can tell."""


def read_tree(
    root: Path,
    *,
    locale: str | None = None,
    cache: ParsedCache | None = None,
    progress: Progress | None = None,
) -> Tree:
    """Read every article of a tree.

    Parameters
    ----------
    root : Path
        The tree's folder; a ``hubmedic.toml`` in it is obeyed.
    locale : str, optional
        Locale of articles that say none.
    cache : ParsedCache, optional
        Articles of the last time: only what changed is read again.
    progress : callable, optional
        Called with (step, done, total).

    Raises
    ------
    TreeError
        If the folder is not there or its settings cannot be used. A bad article is a complaint, never an error.
    """
    if not root.is_dir():
        raise TreeError(
            "{root} is not a folder", "name a folder that holds Markdown files (.md)", root=str(root)
        )
    settings = read_settings(root)
    jobs = _jobs(root, settings)
    fallback = settings.locale, locales.normalise(locale) if locale else ""
    addresses = {} if settings.base_url else stated_addresses(root, (job.path for job in jobs))
    read = partial(_read_one, root, settings, fallback, addresses)
    kept: dict[str, Parsed] = {}
    if cache is not None:
        cache.open(root, _salt(settings, fallback, addresses))
        kept = {job.path: found for job in jobs if (found := cache.find(job.path)) is not None}
    missing = [job for job in jobs if job.path not in kept]
    results: dict[str, tuple[Parsed | ArticleError, dict[str, str]]] = {}
    for number, (job, result) in enumerate(zip(missing, _map(read, missing), strict=True), start=1):
        results[job.path] = result
        if progress is not None and (number % _CHUNK == 0 or number == len(missing)):
            progress("articles", len(kept) + number, len(jobs))
    parsed: list[Parsed] = []
    complaints: list[Complaint] = []
    for job in jobs:
        if job.path in kept:
            parsed.append(kept[job.path])
            continue
        fresh, hashes = results[job.path]
        if isinstance(fresh, ArticleError):
            complaints.append(
                Complaint(fresh.path, fresh.line, _sentence(fresh), dict(fresh.values), "error")
            )
        else:
            parsed.append(fresh)
            if cache is not None:
                cache.add(job.path, hashes, fresh)
    if cache is not None:
        cache.close()
    articles = join(parsed)
    complaints += [complaint for article in articles for complaint in article.complaints]
    complaints.sort(key=lambda complaint: (complaint.path, complaint.line))
    return Tree(root, settings.name or root.resolve().name, articles, tuple(complaints))


def read_file(path: Path, *, locale: str | None = None) -> Article:
    """Read one article alone, as its tree would read it.

    Raises
    ------
    ArticleError
        If it cannot be read.
    """
    root = _root_of(path)
    settings = read_settings(root)
    relative = path.resolve().relative_to(root.resolve()).as_posix()
    siblings = {"": {one.name for one in root.iterdir() if one.is_dir()}}
    job = _job(relative, *_locale_folder(relative.rpartition("/")[0], root, siblings))
    result, _ = _read_one(
        root,
        settings,
        (settings.locale, locales.normalise(locale) if locale else ""),
        stated_addresses(root, [relative]),
        job,
    )
    if isinstance(result, ArticleError):
        raise result
    return join([result])[0]


def _map(
    read: Callable[[_Job], tuple[Parsed | ArticleError, dict[str, str]]], jobs: Sequence[_Job]
) -> Iterable[tuple[Parsed | ArticleError, dict[str, str]]]:
    workers = min(os.cpu_count() or 1, 8)
    if len(jobs) < _PARALLEL or workers < 2:
        yield from map(read, jobs)
        return
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(read, jobs, chunksize=_CHUNK)


def _read_one(
    root: Path, settings: TreeSettings, fallback: tuple[str, str], addresses: Mapping[str, str], job: _Job
) -> tuple[Parsed | ArticleError, dict[str, str]]:
    """Read one article; what it was made from comes back as hashes."""
    includes = Includes(root, job.path)
    try:
        data = read_bytes(root, job.path)
        text = decode(data, job.path)
        locale = job.locale or _stated_locale(text, fallback)
        stated = _stated_by(root, job, addresses)
        parsed = parse_article(
            text,
            path=job.path,
            slug=job.slug,
            locale=locale,
            include=includes,
            addresses=lambda front: Addresses(
                job.slug, locale, base_url=settings.base_url, canonical=front.canonical, canonical_of=stated
            ),
        )
    except ArticleError as error:
        return error, {}
    except Exception as error:  # a fault of ours in one article must not take the others away
        reason = f"{type(error).__name__}: {error}"[:200]
        return ArticleError(
            job.path, 1, "hubmedic could not read this article: {reason}", "report it", reason=reason
        ), {}
    made_from = {job.path: content_key(data)}
    made_from |= {path: content_key(read) for path, read in includes.read.items()}
    return parsed, made_from


def _stated_by(root: Path, job: _Job, addresses: Mapping[str, str]) -> Callable[[str], str | None]:
    """What another article of the tree states as its address: empty where it states none, None where there is no such article."""
    prefix, ending = job.path.rpartition(".")[0][: -len(job.slug)], ".md"
    if not job.path.startswith(f"{prefix}{job.slug}"):  # the locale's folder stands in the middle of the path
        prefix = ""

    def stated(slug: str) -> str | None:
        path = f"{prefix}{slug}{ending}"
        if path in addresses:
            return addresses[path]
        return "" if addresses and (root / path).is_file() else None

    return stated


def _stated_locale(text: str, fallback: tuple[str, str]) -> str:
    """What ``hubmedic.toml`` says, else the article, else the caller, else the words themselves."""
    of_tree, of_caller = fallback
    if of_tree:
        return of_tree
    front, body = split_front_matter(text)
    if stated := _front_locale(front):
        return stated
    return of_caller or locales.language_of(body[:20_000]) or _DEFAULT_LOCALE


def _front_locale(front: FrontMatter) -> str:
    for name in ("ms.contentlocale", "locale", "lang", "language"):
        if stated := front.text(name):
            try:
                return locales.normalise(stated)
            except KnowledgeError:
                continue
    return ""


def _jobs(root: Path, settings: TreeSettings) -> list[_Job]:
    paths = list(find_articles(root, settings))
    folders = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    siblings: dict[str, set[str]] = {}
    for folder in folders:
        parts = folder.split("/")
        for depth, name in enumerate(parts):
            siblings.setdefault("/".join(parts[:depth]), set()).add(name)
    named = {folder: _locale_folder(folder, root, siblings) for folder in folders}
    return sorted((_job(path, *named[path.rpartition("/")[0]]) for path in paths), key=lambda job: job.path)


def _locale_folder(folder: str, root: Path, siblings: Mapping[str, set[str]]) -> tuple[int, str]:
    """Return which part of a folder's path is its locale (-1: the tree's own folder, -2: none) and which locale it is.

    ``fr-fr`` counts anywhere, the nearest to the article first. Two letters may be a word (``it``, ``no``): they count
    at the top of the tree, below a folder such as ``docs``, or beside another locale.
    """
    parts = folder.split("/") if folder else []
    for position in range(len(parts) - 1, -1, -1):
        if locales.is_locale_folder(parts[position]):
            return position, locales.normalise(parts[position])
    for position in range(len(parts) - 1, -1, -1):
        if locales.is_language_folder(parts[position]) and _stands_for_language(parts, position, siblings):
            return position, parts[position]
    name = root.resolve().name
    return (-1, locales.normalise(name)) if locales.is_locale_folder(name) else (-2, "")


def _stands_for_language(parts: Sequence[str], position: int, siblings: Mapping[str, set[str]]) -> bool:
    beside = siblings.get("/".join(parts[:position]), set()) - {parts[position]}
    if any(locales.is_language_folder(name) or locales.is_locale_folder(name) for name in beside):
        return True
    return parts[position] not in _WORDS and (position == 0 or parts[position - 1].lower() in _NAMED_HEADS)


def _job(path: str, position: int, locale: str) -> _Job:
    parts = path.split("/")
    kept = [part for number, part in enumerate(parts) if number != position]
    return _Job(path, "/".join(kept).rpartition(".")[0], locale)


def _root_of(path: Path) -> Path:
    """The tree that a file alone is previewed in: where hubmedic.toml stands, else what holds its locale's folder."""
    folder = path.resolve().parent
    for parent in (folder, *folder.parents):
        if (parent / NAME).is_file():
            return parent
    for parent in (folder, *folder.parents):
        if locales.is_locale_folder(parent.name):
            return parent.parent
    return folder


def _salt(settings: TreeSettings, fallback: tuple[str, str], addresses: Mapping[str, str]) -> str:
    return repr((settings, fallback, sorted(addresses.items()), MOST_BYTES))


def _sentence(error: ArticleError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
