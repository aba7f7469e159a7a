"""Articles of a tree seen together: index pages give way to the articles they list, translations get one name.

A row that only names an error ("C2001 | newline in string literal") and whose error has an article of its own in
the same locale is no entry: it would be a rival of the answer. Its wording of the message joins the article's own.
An entry whose translation has no anchor in common with it is recognised by its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from kb import naming
from kb.entries import WHOLE
from kb.identifiers import key
from kb.links import resolve
from kb.model import Article, Entry, MessageTemplate
from kb.parsing import Parsed
from kb.vocabulary import vocabulary

_ALIKE = 0.88
"""How like two long anchors are where one was reworded."""
_LEAST_SPELLING = 16
"""Letters from which an anchor is long enough to be told by its spelling."""
_COMMON = 3
"""Articles of a locale from which a title that they share is nobody's own."""


def join(parsed: Iterable[Parsed]) -> tuple[Article, ...]:
    """Return the articles of a tree with their entries settled."""
    found = list(parsed)
    owners = _owners(found)
    _add_rows(owners, found)
    donated: dict[tuple[str, str, str], list[MessageTemplate]] = {}
    articles: list[Article] = []
    for one in found:
        articles.append(_without_listed(one, owners, donated))
    articles = [_with_messages(article, donated) if donated else article for article in articles]
    named = {(one.article.locale, one.article.slug): one.named for one in found}
    return tuple(_titled(_aligned(articles, named)))


Owner = tuple[str, str, str]
"""Locale, slug and anchor of an entry."""


def _owners(found: Sequence[Parsed]) -> dict[tuple[str, str], Owner]:
    """The entry that an error's name, or an article's slug, belongs to in each locale."""
    owners: dict[tuple[str, str], Owner] = {}
    for one in found:
        article = one.article
        whole = next(
            (entry for entry in article.entries if entry.anchor == WHOLE and entry.anchor not in one.rows),
            None,
        )
        if whole is None:
            continue
        owner = (article.locale, article.slug, whole.anchor)
        owners.setdefault((article.locale, f"/{article.slug}"), owner)
        for name in whole.identifiers:
            owners.setdefault((article.locale, key(name)), owner)
    return owners


def _add_rows(owners: dict[tuple[str, str], Owner], found: Sequence[Parsed]) -> None:
    """An error that only index pages list belongs to one of them: the one whose range it is in ("C5200 through C5399")."""
    for one in sorted(found, key=lambda one: not naming.is_range(one.article.title)):
        article = one.article
        for entry in article.entries:
            if entry.anchor in one.rows:
                for name in entry.identifiers:
                    owners.setdefault(
                        (article.locale, key(name)), (article.locale, article.slug, entry.anchor)
                    )


def _without_listed(
    one: Parsed,
    owners: dict[tuple[str, str], Owner],
    donated: dict[tuple[str, str, str], list[MessageTemplate]],
) -> Article:
    if not one.rows:
        return one.article
    article = one.article
    kept: list[Entry] = []
    for entry in article.entries:
        owner = (
            _owner(entry, one.rows.get(entry.anchor), article, owners) if entry.anchor in one.rows else None
        )
        if owner is None:
            kept.append(entry)
        else:
            donated.setdefault(owner, []).extend(entry.messages)
    return replace(article, entries=tuple(kept)) if len(kept) < len(article.entries) else article


def _owner(
    entry: Entry, target: str | None, article: Article, owners: dict[tuple[str, str], Owner]
) -> Owner | None:
    linked = resolve(article.slug, target.partition("#")[0], article.locale) if target else None
    if linked is not None and (owner := owners.get((article.locale, f"/{linked}"))) is not None:
        return owner
    for name in entry.identifiers:
        owner = owners.get((article.locale, key(name)))
        if owner is not None and owner[1] != article.slug:
            return owner
    return None


def _with_messages(article: Article, donated: dict[tuple[str, str, str], list[MessageTemplate]]) -> Article:
    if not any((article.locale, article.slug, entry.anchor) in donated for entry in article.entries):
        return article
    entries: list[Entry] = []
    for entry in article.entries:
        extra = donated.get((article.locale, article.slug, entry.anchor), ())
        known = {message.text for message in entry.messages}
        fresh = {message.text: replace(message, line=0) for message in extra if message.text not in known}
        entries.append(replace(entry, messages=(*entry.messages, *fresh.values())) if fresh else entry)
    is_same = all(one is other for one, other in zip(entries, article.entries, strict=True))
    return article if is_same else replace(article, entries=tuple(entries))


def _titled(articles: Sequence[Article]) -> list[Article]:
    """Titles that several articles have ("Steps", "Configuration") name nothing alone: the article's stands before them."""
    counts = Counter(
        (article.locale, title.casefold())
        for article in articles
        for title in {entry.title for entry in article.entries if entry.title != article.title}
    )
    common = {place for place, count in counts.items() if count >= _COMMON}
    if not common:
        return list(articles)
    found: list[Article] = []
    for article in articles:
        entries = tuple(
            replace(entry, title=f"{article.title}{vocabulary(article.locale).colon} {entry.title}")
            if (article.locale, entry.title.casefold()) in common and entry.title != article.title
            else entry
            for entry in article.entries
        )
        found.append(replace(article, entries=entries) if entries != article.entries else article)
    return found


def _aligned(articles: Sequence[Article], named: Mapping[tuple[str, str], Sequence[str]]) -> list[Article]:
    """Give entries of a translation the anchors of the original where it is plain that they are the same."""
    by_slug: dict[str, list[Article]] = {}
    for article in articles:
        by_slug.setdefault(article.slug, []).append(article)
    renamed: dict[tuple[str, str], Article] = {}
    for versions in by_slug.values():
        if len(versions) > 1:
            original = next((one for one in versions if one.locale.startswith("en")), versions[0])
            for article in versions:
                if article is not original:
                    name = (article.locale, article.slug)
                    renamed[name] = _like(article, original, set(named.get(name, ())))
    return [renamed.get((article.locale, article.slug), article) for article in articles]


def _like(article: Article, original: Article, written: set[str]) -> Article:
    ours = [entry.anchor for entry in article.entries]
    theirs = [entry.anchor for entry in original.entries]
    if ours == theirs:
        return article
    names = list(ours)
    _by_place(names, article, original, written)
    _by_spelling(names, theirs)
    if names == ours:
        return article
    entries = (replace(entry, anchor=name) for entry, name in zip(article.entries, names, strict=True))
    return replace(article, entries=tuple(entries))


def _by_place(names: list[str], article: Article, original: Article, written: set[str]) -> None:
    """Between entries known to be the same, as many others in a row are the same too.

    An anchor that the translator wrote and the original does not have is another section, never this one.
    """
    theirs = [entry.anchor for entry in original.entries]
    for tag, begin, end, from_, to in SequenceMatcher(
        None, list(names), theirs, autojunk=False
    ).get_opcodes():
        if tag != "replace" or end - begin != to - from_:
            continue
        for mine, its in zip(range(begin, end), range(from_, to), strict=True):
            is_free = names[mine] not in written and names[mine] not in theirs and theirs[its] not in names
            if is_free and _alike(article.entries[mine], original.entries[its]):
                names[mine] = theirs[its]


def _by_spelling(names: list[str], theirs: Sequence[str]) -> None:
    """A heading of the original that was reworded since: ``stops-after-about-a-minute`` is ``stops-after-a-minute``."""
    free = [anchor for anchor in theirs if anchor not in names]
    for position, name in enumerate(names):
        if name in theirs or len(name) < _LEAST_SPELLING:
            continue
        close = sorted(((_likeness(name, anchor), anchor) for anchor in free), reverse=True)[:2]
        if close and close[0][0] >= _ALIKE and (len(close) == 1 or close[0][0] > close[1][0]):
            names[position] = close[0][1]
            free.remove(close[0][1])


def _likeness(one: str, other: str) -> float:
    """How much of two anchors is the same, in [0, 1]; 0 where their lengths already rule it out."""
    shorter, longer = sorted((len(one), len(other)))
    return (
        SequenceMatcher(None, one, other, autojunk=False).ratio()
        if shorter >= _ALIKE * longer * 0.75
        else 0.0
    )


def _alike(one: Entry, other: Entry) -> bool:
    """Two entries in one place are one when they have the same parts and do not name different errors."""
    mine, its = {key(name) for name in one.identifiers}, {key(name) for name in other.identifiers}
    return one.parts == other.parts and (not mine or not its or bool(mine & its))
