"""Docs trees -> articles: which files, which locale each, what is still unchanged, joined across locales."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kb import locales
from kb.errors import ArticleError, TreeError
from kb.files import MOST_BYTES, Includes, decode, find_articles, read_bytes, stated_addresses
from kb.joining import join
from kb.links import Addresses
from kb.model import Article, Complaint
from kb.parsed_cache import ParsedCache, content_key
from kb.parsing import Parsed, parse_article
from kb.treefile import NAME, TreeSettings, read_settings
from kb.treelocales import (
    Fallback,
    ending_locale,
    locale_folder,
    misnamed,
    mostly_spoken,
    original_slug,
    stated_locale,
)

__all__ = ["ParsedCache", "Tree", "read_file", "read_tree"]

Progress = Callable[[str, int, int], None]
"""Told the step, what is done of it and its total."""

_PARALLEL = 400
"""Articles from which a second process earns its start-up."""
_CHUNK = 50
"""Articles handed to a process at once, and read between two reports of progress."""


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
    of_caller = locales.normalise(locale) if locale else ""
    folders = tuple(sorted({job.locale for job in jobs if job.locale}))
    fallback = Fallback(settings.locale, of_caller, folders=folders)
    if not fallback.of_tree and not fallback.of_caller:
        fallback = replace(fallback, mostly=mostly_spoken(root, [job.path for job in jobs if not job.locale]))
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
    folder = relative.rpartition("/")[0]
    beside = {f"{folder}/{one.name}" if folder else one.name for one in path.resolve().parent.iterdir()}
    job = _job(relative, *locale_folder(folder, root, siblings), beside)
    result, _ = _read_one(
        root,
        settings,
        Fallback(settings.locale, locales.normalise(locale) if locale else ""),
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
    root: Path, settings: TreeSettings, fallback: Fallback, addresses: Mapping[str, str], job: _Job
) -> tuple[Parsed | ArticleError, dict[str, str]]:
    """Read one article; what it was made from comes back as hashes."""
    includes = Includes(root, job.path)
    try:
        data = read_bytes(root, job.path)
        text = decode(data, job.path)
        locale = job.locale or stated_locale(text, fallback)
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
    prefix, ending = "", ".md"
    before, found, behind = job.path.rpartition(f"{job.slug}.")
    if found and "/" not in behind and (not before or before.endswith("/")):
        prefix, ending = before, f".{behind}"  # else the locale's folder stands in the middle of the path

    def stated(slug: str) -> str | None:
        path = f"{prefix}{slug}{ending}"
        if path in addresses:
            return addresses[path]
        return "" if addresses and (root / path).is_file() else None

    return stated


def _jobs(root: Path, settings: TreeSettings) -> list[_Job]:
    paths = list(find_articles(root, settings))
    folders = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    siblings: dict[str, set[str]] = {}
    for folder in folders:
        parts = folder.split("/")
        for depth, name in enumerate(parts):
            siblings.setdefault("/".join(parts[:depth]), set()).add(name)
    named = {folder: locale_folder(folder, root, siblings) for folder in folders}
    no_locales = misnamed(root, named, siblings, paths)
    for folder, (position, _) in named.items():
        if position >= 0 and "/".join(folder.split("/")[: position + 1]) in no_locales:
            named[folder] = (-2, "")
    beside = set(paths)
    return sorted(
        (_job(path, *named[path.rpartition("/")[0]], beside) for path in paths), key=lambda job: job.path
    )


def _job(path: str, position: int, locale: str, beside: Collection[str] = ()) -> _Job:
    parts = path.split("/")
    kept = [part for number, part in enumerate(parts) if number != position]
    slug = original_slug("/".join(kept).rpartition(".")[0])
    ending = ending_locale(path, beside)
    return (
        _Job(path, slug.rpartition(".")[0], locales.normalise(ending)) if ending else _Job(path, slug, locale)
    )


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


def _salt(settings: TreeSettings, fallback: Fallback, addresses: Mapping[str, str]) -> str:
    return repr((settings, fallback, sorted(addresses.items()), MOST_BYTES))


def _sentence(error: ArticleError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
