"""Docs trees -> an index folder: the only door to scikit-learn.

Everything that can be learned from the documents is learned here, once, so that a question needs numpy alone.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.preprocessing import normalize

from kb import calibration, locales, messages
from kb.aliases import Alias, read_aliases
from kb.errors import TreeError
from kb.evidence import Evidence
from kb.identifiers import key
from kb.index import families, spelling, store
from kb.index.hashing import hashes
from kb.index.words import pairs
from kb.library import ParsedCache, read_tree
from kb.model import Article, Complaint, Entry
from kb.practice import practise
from kb.search import KnowledgeBase
from kb.thesaurus import Family, read_thesaurus
from kb.tokens import fold, words

Array = np.ndarray[Any, Any]
Progress = Callable[[str, int, int], None]

_ALIKE = 0.55
"""Cosine over letter pieces from which two words of the tree count as forms of one."""
_MOST_ALIKE = 12
PACKAGED_ARTICLES = Path(__file__).parents[1] / "articles"
_WORDINGS = "wordings/*.jsonl"
"""Accepted wordings that a docs tree brings along."""
_USED_AS_NAME = 5
_QUOTED_WORD = re.compile(r"['\"‘’“”«»]\s?([^\W\d_]+\d?)\s?['\"‘’“”«»]")
_RAREST_BIN = 560
"""Words down to Zipf frequency 3.4, some twenty thousand a language, count as general language."""


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
    articles: list[Article] = []
    complaints: list[Complaint] = []
    n_parsed = 0
    for tree in trees:
        cache = ParsedCache(out / "parsed")
        read = read_tree(tree, locale=locale, cache=cache, progress=progress)
        articles.extend(read.articles)
        complaints.extend(read.complaints)
        n_parsed += cache.n_missed
    entries = [entry for article in articles for entry in article.entries]
    if not entries:
        raise TreeError(
            "no article was found in {trees}",
            "name a folder that holds Markdown files (.md)",
            trees=", ".join(map(str, trees)),
        )
    wordings = _accepted_wordings(trees, aliases)
    step = progress or (lambda _what, _done, _total: None)
    arrays = index_arrays(entries, wordings, progress=step)
    out.mkdir(parents=True, exist_ok=True)
    tree_locales = tuple(dict.fromkeys(entry.locale for entry in entries))
    n_groups = int(arrays["entry_group"].max()) + 1
    with tempfile.TemporaryDirectory(dir=out, prefix="draft-") as draft:
        manifest = store.write(
            Path(draft),
            arrays,
            entries,
            fingerprint=_fingerprint(entries),
            locales=tree_locales,
            counts={"articles": len(articles), "entries": len(entries), "groups": n_groups},
        )
        step("calibration", 3, 4)
        constants = calibration.measure(
            _unanswerable(KnowledgeBase.open(Path(draft)), entries, arrays["group_slug"])
        )
        store.publish(Path(draft), manifest, constants, out)
    step("calibration", 4, 4)
    return BuildReport(
        n_articles=len(articles),
        n_entries=len(entries),
        n_groups=n_groups,
        n_parsed=n_parsed,
        n_left_out=sum(1 for complaint in complaints if complaint.kind == "error"),
        seconds=time.perf_counter() - started,
        complaints=tuple(complaints),
    )


def _accepted_wordings(trees: Sequence[Path], aliases: Path | None) -> list[Alias]:
    """Those of the trees, those a curator accepted, and the packaged ones: how people ask for a known code is known."""
    folders = dict.fromkeys([*(tree.resolve() for tree in trees), PACKAGED_ARTICLES.resolve()])
    wordings = [
        alias for folder in folders for path in sorted(folder.glob(_WORDINGS)) for alias in read_aliases(path)
    ]
    if aliases is not None and aliases.exists():
        wordings += read_aliases(aliases)
    return wordings


def index_arrays(
    entries: Sequence[Entry], wordings: Sequence[Alias], *, progress: Progress
) -> dict[str, Array]:
    """Return the arrays of an index over entries."""
    progress("words", 0, 4)
    numbers = {
        identity: number for number, identity in enumerate(dict.fromkeys(entry.id for entry in entries))
    }
    entry_group = np.array([numbers[entry.id] for entry in entries], dtype=np.int32)
    slugs = {slug: number for number, slug in enumerate(dict.fromkeys(entry.slug for entry in entries))}
    entry_locales = list(dict.fromkeys(entry.locale for entry in entries))
    arrays: dict[str, Array] = {
        "entry_group": entry_group,
        "entry_locale": np.array([entry_locales.index(entry.locale) for entry in entries], dtype=np.int16),
        "group_slug": _first_by_group(entry_group, [slugs[entry.slug] for entry in entries]),
    }
    accepted = _accepted(entries, wordings)
    sections = [
        [*_sections(entry), *accepted[number]] or [entry.slug] for number, entry in enumerate(entries)
    ]
    arrays |= _words(entries, sections)
    progress("messages", 1, 4)
    arrays |= _messages(entries)
    arrays |= _names(entries, entry_group)
    progress("families", 2, 4)
    languages = list(dict.fromkeys(locales.language(name) for name in entry_locales))
    arrays |= _families(entries, sections, entry_group, read_thesaurus())
    arrays |= _general([*languages, *(one for one in ("en", "fr") if one not in languages)])
    return arrays


def _unanswerable(knowledge: KnowledgeBase, entries: Sequence[Entry], group_slug: Array) -> list[Evidence]:
    """What questions look like whose answer is not in the tree: made from its entries, asked without their article."""
    entry_group = [knowledge.group(entry.id) for entry in entries]
    found = (
        knowledge.evidence(question.text, frozenset([int(group_slug[entry_group[question.entry]])]))
        for question in practise(entries, read_thesaurus())
    )
    return [one[0] for one in found if one is not None]


def _words(entries: Sequence[Entry], sections: Sequence[Sequence[str]]) -> dict[str, Array]:
    """Entries whole, and their sections, as rows; terms are words and pairs of words."""
    counter = CountVectorizer(analyzer=_terms, dtype=np.float32)
    counts = counter.fit_transform([part for parts in sections for part in parts])
    section_start = np.cumsum([0, *map(len, sections)]).astype(np.int64)
    owner = np.repeat(np.arange(len(entries)), np.diff(section_start))
    gather = sparse.csr_matrix((np.ones(len(owner), np.float32), (owner, np.arange(len(owner)))))
    weigh = TfidfTransformer(sublinear_tf=True)
    # idf is counted over whole entries: a word in every section of one entry is still rare.
    whole = weigh.fit_transform(gather @ counts)
    parts = weigh.transform(counts)
    names = counter.get_feature_names_out()
    hashed = hashes(names)
    order = np.argsort(hashed)
    arrays = {
        "section_start": section_start,
        "word_hash": hashed[order],
        "word_idf": weigh.idf_[order].astype(np.float32),
    }
    arrays |= _postings("word", whole[:, order], parts[:, order])
    article_names = [(entry.slug, entry.locale) for entry in entries]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(article_names))}
    entry_article = np.array([numbers[name] for name in article_names], dtype=np.int32)
    # An article's vector is the sum of its entries': its cosine needs their scores and this length alone.
    by_article = sparse.csr_matrix(
        (np.ones(len(entries), np.float32), (entry_article, np.arange(len(entries))))
    )
    lengths = np.sqrt(np.asarray((by_article @ whole).power(2).sum(axis=1)).ravel())
    arrays |= {"entry_article": entry_article, "article_length": np.maximum(lengths, 1e-6).astype(np.float32)}
    forward = sparse.csr_matrix(whole[:, order])
    forward.sort_indices()
    arrays |= {
        "entry_term_start": forward.indptr.astype(np.int64),
        "entry_term": forward.indices.astype(np.int32),
    }
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    alone = [i for i, name in enumerate(names) if " " not in name]
    return arrays | _spelling([names[i] for i in alone], rank[alone], arrays["word_idf"])


def _accepted(entries: Sequence[Entry], wordings: Sequence[Alias]) -> list[list[str]]:
    """The accepted wordings of each entry, each with the translation of its own language where there is one.

    A wording of an entry that is not here speaks for the entries of the code its name holds: what is accepted for
    ``403002-iothubquotaexceeded#daily-quota`` says 403002 in any tree that documents it.
    """
    spoken = sorted(
        {locales.language(entry.locale) for entry in entries}
    )  # in order: a tie must fall alike every time
    known = {entry.id for entry in entries}
    named = {name for entry in entries for name in entry.identifiers}
    by_name: dict[str, list[tuple[str, str | None]]] = {}
    for alias in wordings:
        name = alias.entry if alias.entry in known else alias.code
        if name in known or name in named:
            by_name.setdefault(name, []).append((alias.wording, locales.language_of(alias.wording, spoken)))
    return [
        [
            wording
            for name in (entry.id, *entry.identifiers)
            for wording, language in by_name.get(name, ())
            if language in (None, locales.language(entry.locale))
        ]
        for entry in entries
    ]


def _sections(entry: Entry) -> list[str]:
    """The parts of an entry that are read as rows of their own, the title and what people paste with the symptom."""
    symptom = "\n".join(
        [entry.title, " ".join(entry.identifiers), entry.symptom, *(m.text for m in entry.messages)]
    )
    if entry.article_title not in entry.title:
        symptom = f"{entry.article_title}\n{symptom}"
    return [part for part in (symptom, entry.cause, entry.solution, entry.more) if part.strip()]


def _terms(text: str) -> list[str]:
    found = words(messages.mask(text))
    return found + pairs(found)


def _spelling(spelled: Sequence[str], terms: Array, idf: Array) -> dict[str, Array]:
    """Words and their letter pieces; for each, the words of the tree that are forms of it."""
    usable = [
        (word, int(term))
        for word, term in zip(spelled, terms, strict=True)
        if len(word) > 2 and not word.isdigit()
    ]
    texts = [word for word, _ in usable]
    own = np.array([term for _, term in usable], dtype=np.int32)
    encoded = [word.encode() for word in texts]
    term_spelled = np.full(len(idf), -1, dtype=np.int32)
    term_spelled[own] = np.arange(len(own))
    pieces = [spelling.grams(word) for word in texts]
    names = sorted({piece for grams in pieces for piece in grams})
    column = {piece: number for number, piece in enumerate(names)}
    by_piece: list[list[int]] = [[] for _ in names]
    for number, grams in enumerate(pieces):
        for piece in grams:
            by_piece[column[piece]].append(number)
    hashed = hashes(names)
    order = np.argsort(hashed)
    near = _neighbours(texts)
    return {
        "spelled_term": own,
        "spelled_text": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "spelled_offset": np.cumsum([0, *map(len, encoded)]).astype(np.int64),
        "term_spelled": term_spelled,
        "gram_hash": hashed[order],
        "gram_start": np.cumsum([0, *(len(by_piece[i]) for i in order)]).astype(np.int64),
        "gram_word": _flat(by_piece[i] for i in order),
        "near_start": near.indptr.astype(np.int64),
        "near_term": own[near.indices],
        "near_weight": near.data.astype(np.float32) * idf[own[near.indices]],
    }


def _neighbours(texts: Sequence[str]) -> Any:
    """Cosine between words over their letter pieces (3 to 5), the closest of each kept, shape (n_words, n_words)."""
    if not texts:
        return sparse.csr_matrix((0, 0), dtype=np.float32)
    pieces = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
    ).fit_transform(texts)
    found = []
    for begin in range(0, len(texts), 2048):  # in blocks: the whole product of 40,000 words is 10 GB
        block = (pieces[begin : begin + 2048] @ pieces.T).tocsr()
        block.data[block.data < _ALIKE] = 0
        block.eliminate_zeros()
        found.append(_closest(block))
    return sparse.vstack(found).tocsr()


def _closest(block: Any) -> Any:
    for row in range(block.shape[0]):
        begin, end = block.indptr[row], block.indptr[row + 1]
        if end - begin > _MOST_ALIKE:
            data = block.data[begin:end]
            floor = np.partition(data, len(data) - _MOST_ALIKE)[len(data) - _MOST_ALIKE]
            data[data < floor] = 0
    block.eliminate_zeros()
    return block


def _messages(entries: Sequence[Entry]) -> dict[str, Array]:
    """Templates as words with their weights, and their postings."""
    owner: list[int] = []
    number: list[int] = []
    texts: list[list[str]] = []
    placeholders = _placeholders(entries)
    for entry_number, entry in enumerate(entries):
        for message_number, template in enumerate(entry.messages):
            literal = words(
                _QUOTED_WORD.sub(lambda found: _unless(found, placeholders), " … ".join(template.pieces))
            )
            if literal:
                owner.append(entry_number)
                number.append(message_number)
                texts.append(literal)
    arrays: dict[str, Array] = {
        "message_entry": np.array(owner, dtype=np.int32),
        "message_number": np.array(number, dtype=np.int32),
    }
    if not texts:
        matrix, names, idf = (
            sparse.csr_matrix((0, 0), dtype=np.float32),
            np.zeros(0, dtype=object),
            np.zeros(0),
        )
    else:
        vectorizer = TfidfVectorizer(analyzer=lambda text: text, norm=None, binary=True, dtype=np.float32)
        matrix = vectorizer.fit_transform(texts)
        names, idf = vectorizer.get_feature_names_out(), vectorizer.idf_
    hashed = hashes(names.tolist())
    order = np.argsort(hashed)
    column = {name: position for position, name in enumerate(names[order])}
    sorted_idf = idf[order]
    mass = np.array([sum(sorted_idf[column[word]] for word in text) for text in texts], dtype=np.float32)
    if len(texts):
        # A row's score is then coverage · sqrt(information): what is aligned first.
        matrix = (
            sparse.diags(1.0 / np.sqrt(np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1e-6))) @ matrix
        )
    return (
        arrays
        | {
            "message_word_hash": hashed[order],
            "message_word_idf": sorted_idf.astype(np.float32),
            "message_word_text": np.frombuffer("\n".join(names[order]).encode(), dtype=np.uint8),
            "message_mass": mass,
            "message_start": np.cumsum([0, *map(len, texts)]).astype(np.int64),
            "message_words": _flat([column[word] for word in text] for text in texts),
        }
        | {
            f"message_post_{part.removeprefix('x_')}": array
            for part, array in _postings("x", sparse.csr_matrix(matrix)[:, order]).items()
        }
    )


def _placeholders(entries: Sequence[Entry]) -> frozenset[str]:
    """Words that this tree uses as names of open parts: where its templates quote them unmarked, they stand for values too."""
    used = Counter(
        fold(name.rstrip("_0123456789"))
        for entry in entries
        for template in entry.messages
        for name in set(template.names)
    )
    return frozenset(name for name, count in used.items() if name and count >= _USED_AS_NAME)


def _unless(found: re.Match[str], placeholders: frozenset[str]) -> str:
    return " " if fold(found.group(1).rstrip("0123456789")) in placeholders else found.group()


def _names(entries: Sequence[Entry], entry_group: Array) -> dict[str, Array]:
    """Identifiers and the groups they name."""
    owners: dict[str, set[int]] = {}
    for entry, group in zip(entries, entry_group.tolist(), strict=True):
        for identifier in entry.identifiers:
            if folded := key(identifier):
                owners.setdefault(folded, set()).add(group)
    names = list(owners)
    hashed = hashes(names)
    order = np.argsort(hashed)
    groups = [sorted(owners[names[i]]) for i in order]
    n_groups = int(entry_group.max()) + 1
    return {
        "name_hash": hashed[order],
        "name_start": np.cumsum([0, *map(len, groups)]).astype(np.int64),
        "name_group": _flat(groups),
        "name_idf": np.log((n_groups + 1.0) / np.array([len(one) for one in groups] or [1])).astype(
            np.float32
        )[: len(groups)],
    }


def _families(
    entries: Sequence[Entry],
    sections: Sequence[Sequence[str]],
    entry_group: Array,
    thesaurus: Sequence[Family],
) -> dict[str, Array]:
    """Forms of the families; each group's and each section's families by weight."""
    listed = families.listed_forms(thesaurus)
    n_groups = int(entry_group.max()) + 1
    by_group: list[set[int]] = [set() for _ in range(n_groups)]
    by_section: list[set[int]] = []
    for entry, parts, group in zip(entries, sections, entry_group.tolist(), strict=True):
        language = locales.language(entry.locale)
        forms = listed.get(language, {})
        for part in parts:
            found = families.families_in(words(part), forms, language)
            by_section.append(found)
            by_group[group] |= found
    groups = _membership(by_group, len(thesaurus))
    idf = np.log((n_groups + 1.0) / (np.asarray(groups.sum(axis=0)).ravel() + 1.0)).astype(np.float32)
    return (
        family_forms(thesaurus)
        | {"family_idf": idf}
        | _postings(
            "family",
            normalize(groups @ sparse.diags(idf)),
            normalize(_membership(by_section, len(thesaurus)) @ sparse.diags(idf)),
        )
    )


def _membership(held: Sequence[set[int]], n_columns: int) -> Any:
    """A (n_rows, n_columns) matrix with a one for each member of each row's set."""
    lengths = [len(one) for one in held]
    columns = _flat(sorted(one) for one in held)
    rows = np.repeat(np.arange(len(held)), lengths)
    return sparse.csr_matrix(
        (np.ones(len(columns), np.float32), (rows, columns)), shape=(len(held), n_columns)
    )


def family_forms(thesaurus: Sequence[Family]) -> dict[str, Array]:
    """Return the arrays that find families in a question."""
    listed = families.listed_forms(thesaurus)
    forms = {
        families.form_key(language, stems): found
        for language, by_first in listed.items()
        for candidates in by_first.values()
        for stems, found in candidates
    }
    firsts = {
        families.form_key(language, (first,)): families.lengths_mask(len(stems) for stems, _ in candidates)
        for language, by_first in listed.items()
        for first, candidates in by_first.items()
    }
    hashed_firsts = hashes(list(firsts))
    by_hash = np.argsort(hashed_firsts)
    names = list(forms)
    hashed = hashes(names)
    order = np.argsort(hashed)
    owners = [sorted(forms[names[i]]) for i in order]
    return {
        "form_hash": hashed[order],
        "form_start": np.cumsum([0, *map(len, owners)]).astype(np.int64),
        "form_family": _flat(owners),
        "first_hash": hashed_firsts[by_hash],
        "first_lengths": np.array(list(firsts.values()), dtype=np.uint8)[by_hash],
        "family_languages": np.frombuffer(",".join(listed).encode(), dtype=np.uint8),
    }


def _general(languages: Sequence[str]) -> dict[str, Array]:
    """The common words of each language with their Zipf frequency, times 25 in a byte."""
    import wordfreq

    available = [language for language in languages if language in wordfreq.available_languages()]
    table: dict[str, list[int]] = {}
    for number, language in enumerate(available):
        for bin_number, common in enumerate(wordfreq.get_frequency_list(language)):
            if bin_number > _RAREST_BIN:
                break
            # wordfreq keeps words in bins of a centibel: bin n holds frequency 10 ** (-n / 100), Zipf 9 - n / 100.
            value = round((9.0 - bin_number / 100.0) * 25)
            for word in common:
                for folded in words(word)[:1]:
                    row = table.setdefault(folded, [0] * len(available))
                    row[number] = max(row[number], value)
    hashed = hashes(list(table))
    order = np.argsort(hashed)
    zipf = np.array(list(table.values()), dtype=np.uint8).reshape(len(table), len(available))[order]
    return {
        "general_hash": hashed[order],
        "general_zipf": zipf,
        "general_languages": np.frombuffer(",".join(available).encode(), dtype=np.uint8),
    }


def _postings(prefix: str, *kinds: Any) -> dict[str, Array]:
    """Return (n_rows, n_terms) matrices as postings by term: those of a term side by side, rows counted on from kind to kind."""
    columns = [sparse.csc_matrix(matrix) for matrix in kinds]
    for one in columns:
        one.sort_indices()
    lengths = np.stack([np.diff(one.indptr) for one in columns], axis=1)
    start = np.append(0, np.cumsum(lengths.ravel())).astype(np.int64)
    rows = np.empty(start[-1], dtype=np.int32)
    weights = np.empty(start[-1], dtype=np.float32)
    n_rows = 0
    for number, one in enumerate(columns):
        # Where each of its postings goes: as many places on as those of the other kinds before it.
        places = np.repeat(start[number : -1 : len(kinds)] - one.indptr[:-1], lengths[:, number]) + np.arange(
            one.nnz
        )
        rows[places] = one.indices + n_rows
        weights[places] = one.data
        n_rows += one.shape[0]
    bound = np.zeros(len(lengths), dtype=np.float32)
    filled = lengths[:, 0] > 0
    if filled.any():
        bound[filled] = np.maximum.reduceat(columns[0].data, columns[0].indptr[:-1][filled])
    return {
        f"{prefix}_start": start,
        f"{prefix}_row": rows,
        f"{prefix}_weight": weights,
        f"{prefix}_bound": bound,
    }


def _first_by_group(entry_group: Array, values: Sequence[int]) -> Array:
    first: dict[int, int] = {}
    for group, value in zip(entry_group.tolist(), values, strict=True):
        first.setdefault(group, value)
    return np.array([first[group] for group in range(len(first))], dtype=np.int32)


def _flat(lists: Iterable[Iterable[int]]) -> Array:
    return np.array([value for one in lists for value in one], dtype=np.int32)


def _fingerprint(entries: Sequence[Entry]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for entry in entries:
        digest.update(repr(entry).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
