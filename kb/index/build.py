"""Docs trees -> an index folder.

Everything that can be learned from the documents is learned here, once, so that a question needs numpy alone. What hangs on
one entry only is kept for the next build (:mod:`kb.index.analysis`); what hangs on all of them is computed each time.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import TreeError
from kb.index import store
from kb.index.analysis import Analysis, Text, analyse, keys_of, placeholders_of, renewed
from kb.index.families import FamilyForms
from kb.index.family_arrays import family_arrays, form_arrays
from kb.index.general_arrays import general_arrays, languages_of
from kb.index.holding_arrays import holding_arrays
from kb.index.kept import Kept, read_kept, shaped_by, write_kept
from kb.index.message_arrays import message_arrays
from kb.index.name_arrays import group_arrays, name_arrays
from kb.index.ragged import Ragged
from kb.index.spelled_arrays import spelled_arrays
from kb.index.term_arrays import term_arrays
from kb.index.tfidf import NumpyTfidf, Tfidf
from kb.index.wordings import read_wordings, wordings_of
from kb.library import ParsedCache, read_tree
from kb.model import Article, Complaint, Entry
from kb.thesaurus import read_thesaurus

Array = np.ndarray[Any, Any]
Progress = Callable[[str, int, int], None]
"""Told the step, what is done of it and its total."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and wrote."""

    n_articles: int
    n_entries: int
    """One for each locale an entry exists in."""
    n_groups: int
    """Translations counted once."""
    n_parsed: int
    """Articles read anew; the others were unchanged since the last build."""
    n_left_out: int
    seconds: float
    complaints: tuple[Complaint, ...]


def build(
    trees: Sequence[Path],
    out: Path,
    *,
    locale: str | None = None,
    aliases: Path | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read docs trees and write their index, swapped in at once when it is whole.

    Parameters
    ----------
    trees : sequence of Path
        Folders of Markdown; entries of the same slug and anchor in several locales are one.
    out : Path
        The index folder; an older index in it keeps serving until the new one is whole.
    locale : str, optional
        Locale of articles that say none.
    aliases : Path, optional
        Accepted wordings, see :mod:`kb.aliases`.
    progress : callable, optional
        Called with (step, done, total).

    Raises
    ------
    TreeError
        If no article at all could be read.
    """
    started = time.perf_counter()
    step = progress or (lambda _what, _done, _total: None)
    with _without_collector():
        articles, complaints, n_parsed = _read(trees, out, locale, progress)
        entries = [entry for article in articles for entry in article.entries]
        if not entries:
            raise TreeError(
                "no article was found in {trees}",
                "name a folder that holds Markdown files (.md)",
                trees=", ".join(map(str, trees)),
            )
        n_groups = _write(entries, len(articles), read_texts(entries, trees, aliases), out, step)
    step("writing", 4, 4)
    return BuildReport(
        n_articles=len(articles),
        n_entries=len(entries),
        n_groups=n_groups,
        n_parsed=n_parsed,
        n_left_out=sum(1 for complaint in complaints if complaint.kind == "error"),
        seconds=time.perf_counter() - started,
        complaints=tuple(complaints),
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the garbage collector: a tree is half a million objects that all live, and it would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(
    trees: Sequence[Path], out: Path, locale: str | None, progress: Progress | None
) -> tuple[list[Article], list[Complaint], int]:
    articles: list[Article] = []
    complaints: list[Complaint] = []
    n_parsed = 0
    for tree in trees:
        cache = ParsedCache(out / "parsed")
        read = read_tree(tree, locale=locale, cache=cache, progress=progress)
        articles.extend(read.articles)
        complaints.extend(read.complaints)
        n_parsed += cache.n_missed
    return articles, complaints, n_parsed


def read_texts(entries: Sequence[Entry], trees: Sequence[Path], aliases: Path | None) -> list[Text]:
    """Return entries with the wordings accepted for them."""
    wordings = wordings_of(entries, read_wordings(trees, aliases))
    return [Text(entry, own) for entry, own in zip(entries, wordings, strict=True)]


def _write(
    entries: Sequence[Entry], n_articles: int, texts: Sequence[Text], out: Path, step: Progress
) -> int:
    """Write the index of entries and make it the current one; return how many groups they are."""
    version = shaped_by()
    kept = read_kept(out, version)
    thesaurus = read_thesaurus()
    step("words", 0, 4)
    forms = kept.forms if kept else form_arrays(thesaurus)
    analysis, source = _analysis(entries, texts, kept, FamilyForms(forms))
    spoken = languages_of([entry.locale for entry in entries])
    languages = ",".join(spoken)
    general = kept.general if kept and kept.languages == languages else general_arrays(spoken)
    arrays = index_arrays(entries, analysis, _tfidf(source), len(thesaurus), step) | forms | general
    n_groups = int(arrays["entry_group"].max()) + 1
    step("writing", 3, 4)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="draft-") as draft:
        manifest = store.write(
            Path(draft),
            arrays,
            store.entry_lines(entries, out, kept.generation if kept else "", source),
            fingerprint=blake2b(analysis.keys.tobytes(), digest_size=16).hexdigest(),
            locales=tuple(dict.fromkeys(entry.locale for entry in entries)),
            counts={"articles": n_articles, "entries": len(entries), "groups": n_groups},
        )
        store.publish(Path(draft), manifest, out)
    write_kept(out, Kept(manifest.generation, analysis, forms, general, languages), version)
    return n_groups


def _analysis(
    entries: Sequence[Entry], texts: Sequence[Text], kept: Kept | None, forms: FamilyForms
) -> tuple[Analysis, Array]:
    """Return the analysis of entries, and for each the row it had in the build before, -1 where it is new."""
    placeholders = placeholders_of(entries)
    keys = keys_of(texts, "\0".join(sorted(placeholders)))
    known = {key: row for row, key in enumerate(kept.analysis.keys.tolist())} if kept else {}
    source = np.array([known.get(key, -1) for key in keys.tolist()], dtype=np.int64)
    is_new = source < 0
    new = np.flatnonzero(is_new)
    fresh = analyse([texts[number] for number in new.tolist()], keys[new], forms, placeholders)
    if kept is None or is_new.all():
        return fresh, source
    rows = np.where(is_new, np.cumsum(is_new) - 1 + len(kept.analysis.keys), source)
    return renewed(kept.analysis, fresh, keys, rows), source


def _tfidf(source: Array) -> Tfidf:
    """Return what weighs terms: scikit-learn, but for a build of which most was kept."""
    if 2 * np.count_nonzero(source >= 0) > len(source):
        return NumpyTfidf()
    from kb.index.fitting import ScikitTfidf  # two seconds on a cold machine

    return ScikitTfidf()


def index_arrays(
    entries: Sequence[Entry], analysis: Analysis, tfidf: Tfidf, n_families: int, step: Progress
) -> dict[str, Array]:
    """Return the arrays of an index that hang on all of its entries."""
    arrays = group_arrays(entries)
    arrays |= term_arrays(entries, analysis, tfidf)
    arrays |= spelled_arrays(analysis.spelled, arrays["word_hash"], arrays["word_idf"], tfidf)
    step("messages", 1, 4)
    arrays |= message_arrays(analysis, tfidf)
    arrays |= name_arrays(entries, analysis, arrays["entry_group"])
    step("families", 2, 4)
    arrays |= family_arrays(analysis, arrays["entry_group"], n_families)
    terms = Ragged(arrays.pop("entry_term_start"), arrays.pop("entry_term"))
    families = Ragged(arrays.pop("group_family_start"), arrays.pop("group_family"))
    return arrays | holding_arrays(terms, families, arrays["entry_group"], len(arrays["word_idf"]))
