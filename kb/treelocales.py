"""Which locale an article of a tree is in: its folder says it, its file's name, its head, its neighbours, its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb import locales
from kb.errors import ArticleError, KnowledgeError
from kb.files import decode, read_bytes
from kb.frontmatter import FrontMatter, split_front_matter

_NAMED_HEADS = {
    "articles", "docs", "doc", "help", "content", "i18n", "locale", "locales", "lang", "languages", "translations",
    "l10n",
}  # fmt: skip
_WORDS = {
    "it", "no", "is", "to", "as", "so", "my", "be", "am", "or", "os", "id", "ht", "io", "li", "se", "ia", "ba", "ms",
}  # fmt: skip
"""Codes of languages that more often are a word, an abbreviation or a product when a folder is called so."""
_DEFAULT_LOCALE = "en-us"
_SAMPLE = 20_000
"""Characters of an article that its language is told from."""
_VOTERS = 40
"""Articles that tell which language a tree is mostly written in."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Where the locale of an article comes from when no folder says it."""

    of_tree: str = ""
    """What ``hubmedic.toml`` says."""
    of_caller: str = ""
    mostly: str = ""
    """Language of most articles of the tree that say none."""
    folders: tuple[str, ...] = ()
    """Locales that folders of the tree name."""


def locale_folder(folder: str, root: Path, siblings: Mapping[str, set[str]]) -> tuple[int, str]:
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


def misnamed(
    root: Path, named: Mapping[str, tuple[int, str]], siblings: Mapping[str, set[str]], paths: Sequence[str]
) -> set[str]:
    """Folders of two letters that no other locale stands beside and whose articles are written as the rest of the tree is.

    ``br`` may hold Breton, or what there is to say about backup and restore.
    """
    alone: dict[str, list[str]] = {}
    rest: list[str] = []
    for path in paths:
        folder = path.rpartition("/")[0]
        position = named[folder][0]
        parts = folder.split("/")
        if position < 0:
            rest.append(path)
        elif locales.is_language_folder(parts[position]):
            beside = siblings.get("/".join(parts[:position]), set()) - {parts[position]}
            if not any(locales.is_language_folder(one) or locales.is_locale_folder(one) for one in beside):
                alone.setdefault("/".join(parts[: position + 1]), []).append(path)
    if not alone or not rest:
        return set()
    mostly = mostly_spoken(root, rest)
    return {
        folder
        for folder, inside in alone.items()
        if mostly
        and locales.language(mostly) != folder.rpartition("/")[2]
        and mostly_spoken(root, inside) == mostly
    }


_SITE_OF_TRANSLATIONS = re.compile(
    r"^((?:.*/)?)i18n/docusaurus-plugin-content-(docs|pages|blog)(?:-([\w-]+))?/(.*)$"
)


def original_slug(slug: str) -> str:
    """The slug of an article where its original stands: Docusaurus keeps translations in a tree of their own.

    ``i18n/fr/docusaurus-plugin-content-docs/current/valves.md`` is the French ``docs/valves.md``.
    """
    match = _SITE_OF_TRANSLATIONS.match(slug)
    if match is None:
        return slug
    before, kind, instance, rest = match.groups()
    home = {"docs": "docs", "pages": "src/pages", "blog": "blog"}[kind]
    if kind != "docs":
        return f"{before}{instance or home}/{rest}"
    version, _, inside = rest.partition("/")
    if version == "current":
        return f"{before}{instance or home}/{inside}"
    versions = f"{instance}_versioned_docs" if instance else "versioned_docs"
    return f"{before}{versions}/{rest}"


def ending_locale(path: str, beside: Collection[str]) -> str:
    """The locale that a file's name ends with: ``guide.fr-fr.md``, or ``guide.fr.md`` beside ``guide.md`` or ``guide.en.md``."""
    whole, _, ending = path.rpartition(".")
    stem, _, tag = whole.rpartition(".")
    if not stem or stem.endswith("/"):
        return ""
    if locales.is_locale_folder(tag):
        return tag
    if not locales.is_language_folder(tag):
        return ""
    others = (f"{stem}.{ending}", *(f"{stem}.{one}.{ending}" for one in locales.CANDIDATES if one != tag))
    return tag if any(other in beside for other in others) else ""


def stated_locale(text: str, fallback: Fallback) -> str:
    """What ``hubmedic.toml`` says, else the article, else the caller, else the words themselves."""
    if fallback.of_tree:
        return fallback.of_tree
    front, body = split_front_matter(text)
    if stated := _front_locale(front) or fallback.of_caller:
        return stated
    spoken = _spoken(body, fallback.mostly)
    alike = [folder for folder in fallback.folders if locales.language(folder) == spoken]
    return alike[0] if len(alike) == 1 else spoken  # English beside a folder en-us is en-us


def _spoken(body: str, mostly: str) -> str:
    """The language of an article's words; against that of its tree, both halves of it must say so."""
    found = locales.language_of(body[:_SAMPLE])
    if not mostly or found == mostly:
        return found or mostly or _DEFAULT_LOCALE
    half = min(len(body), _SAMPLE) // 2
    halves = {locales.language_of(body[:half]), locales.language_of(body[half : 2 * half])}
    return found if found and halves == {found} else mostly


def mostly_spoken(root: Path, paths: Sequence[str]) -> str:
    """The language that most articles without a stated locale are written in, empty where none can be told.

    A page of commands or of a few words may look like any language; its neighbours say which it is.
    """
    votes: Counter[str] = Counter()
    for path in paths[:: max(1, len(paths) // _VOTERS)]:
        try:
            front, body = split_front_matter(decode(read_bytes(root, path), path))
        except (ArticleError, OSError):
            continue
        if not _front_locale(front) and (spoken := locales.language_of(body[:_SAMPLE])):
            votes[spoken] += 1
    return votes.most_common(1)[0][0] if votes else ""


def _front_locale(front: FrontMatter) -> str:
    for name in ("ms.contentlocale", "locale", "lang", "language"):
        if stated := front.text(name):
            try:
                return locales.normalise(stated)
            except KnowledgeError:
                continue
    return ""
