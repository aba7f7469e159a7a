"""Accepted wordings: which belong to which entry of the trees at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb import locales
from kb.aliases import Alias, read_aliases
from kb.model import Entry

PACKAGED_ARTICLES = Path(__file__).parents[1] / "articles"
_WORDINGS = "wordings/*.jsonl"
"""Accepted wordings that a docs tree brings along."""


def read_wordings(trees: Sequence[Path], aliases: Path | None) -> list[Alias]:
    """Return those of the trees, those a curator accepted, and the packaged ones: how people ask for a known code is known."""
    folders = dict.fromkeys([*(tree.resolve() for tree in trees), PACKAGED_ARTICLES.resolve()])
    wordings = [
        alias for folder in folders for path in sorted(folder.glob(_WORDINGS)) for alias in read_aliases(path)
    ]
    if aliases is not None and aliases.exists():
        wordings += read_aliases(aliases)
    return wordings


def wordings_of(entries: Sequence[Entry], wordings: Sequence[Alias]) -> list[list[str]]:
    """Return the accepted wordings of each entry, each with the translation of its own language where there is one.

    A wording of an entry that is not here speaks for the entries of the code its name holds: what is accepted for
    ``403002-iothubquotaexceeded#daily-quota`` says 403002 in any tree that documents it.
    """
    # In order: where two languages are equally likely, every build must settle on the same one.
    spoken = sorted({locales.language(entry.locale) for entry in entries})
    known = {entry.id for entry in entries}
    named = {name for entry in entries for name in entry.identifiers}
    by_name: dict[str, list[tuple[str, str | None]]] = {}
    for alias in wordings:
        name = alias.entry if alias.entry in known else alias.code
        if name in known or name in named:
            by_name.setdefault(name, []).append((alias.wording, locales.language_of(alias.wording, spoken)))
    if not by_name:
        return [[] for _ in entries]
    return [
        [
            wording
            for name in (entry.id, *entry.identifiers)
            for wording, language in by_name.get(name, ())
            if language in (None, locales.language(entry.locale))
        ]
        for entry in entries
    ]
