"""What a user would take instead, each behind the same two calls: ``save`` once, ``rank`` often.

Every peer gets the same texts (an entry in one locale, whole) and its library's own defaults, unless said.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

Ranked = list[tuple[int, float]]


class Peer(Protocol):
    """A retriever over texts."""

    name: str

    def save(self, texts: Sequence[str], folder: Path) -> None:
        """Index the texts into a folder."""

    def load(self, folder: Path) -> None:
        """Open what was saved, as a new process would."""

    def rank(self, question: str, k: int) -> Ranked:
        """Return (text number, score), best first."""


def _best(scores: np.ndarray[Any, Any], k: int) -> Ranked:
    k = min(k, len(scores))
    top = np.argpartition(-scores, k - 1)[:k]
    top = top[np.argsort(-scores[top], kind="stable")]
    return [(int(row), float(scores[row])) for row in top if scores[row] > 0]


class ScikitLearn:
    """Plain ``TfidfVectorizer`` and a dot product; several vectorizers are added."""

    def __init__(self, name: str, *options: dict[str, Any]) -> None:
        self.name = name
        self._options = options
        self._parts: list[tuple[Any, Any]] = []

    def save(self, texts: Sequence[str], folder: Path) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        parts = []
        for options in self._options:
            vectorizer = TfidfVectorizer(**options)
            parts.append((vectorizer, vectorizer.fit_transform(texts).T.tocsr()))
        (folder / "sklearn.pickle").write_bytes(pickle.dumps(parts))

    def load(self, folder: Path) -> None:
        self._parts = pickle.loads((folder / "sklearn.pickle").read_bytes())

    def rank(self, question: str, k: int) -> Ranked:
        total: Any = 0
        for vectorizer, matrix in self._parts:
            total = total + (vectorizer.transform([question]) @ matrix).toarray().ravel()
        return _best(total, k)


class Bm25s:
    """bm25s (Lù 2024) with its own tokenizer, on numpy or numba."""

    def __init__(self, backend: str) -> None:
        self.name = f"bm25s {backend}"
        self._backend = backend
        self._index: Any = None

    def save(self, texts: Sequence[str], folder: Path) -> None:
        import bm25s

        index = bm25s.BM25(backend=self._backend)
        index.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)
        index.save(str(folder / "bm25s"))

    def load(self, folder: Path) -> None:
        import bm25s

        self._index = bm25s.BM25.load(str(folder / "bm25s"), mmap=True)
        self._index.backend = self._backend

    def rank(self, question: str, k: int) -> Ranked:
        import bm25s

        tokens = bm25s.tokenize([question], show_progress=False, return_ids=False)
        if not tokens[0]:
            return []
        rows, scores = self._index.retrieve(
            tokens, k=min(k, self._index.scores["num_docs"]), show_progress=False, n_threads=0
        )
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if score > 0]


class Fts5:
    """SQLite's full-text search: the question's words joined with OR, ranked by its BM25."""

    name = "SQLite FTS5"

    def __init__(self) -> None:
        self._db: sqlite3.Connection | None = None

    def save(self, texts: Sequence[str], folder: Path) -> None:
        db = sqlite3.connect(folder / "fts5.db")
        db.execute("create virtual table entry using fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        db.executemany("insert into entry(rowid, text) values (?, ?)", enumerate(texts))
        db.commit()
        db.close()

    def load(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "fts5.db")

    def rank(self, question: str, k: int) -> Ranked:
        from kb.tokens import words

        assert self._db is not None
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(question)))
        if not match:
            return []
        rows = self._db.execute(
            "select rowid, -rank from entry where entry match ? order by rank limit ?", (match, k)
        )
        return [(int(row), float(score)) for row, score in rows]


class Tantivy:
    """tantivy, the search engine library behind Quickwit."""

    name = "tantivy"

    def __init__(self) -> None:
        self._index: Any = None
        self._searcher: Any = None

    def save(self, texts: Sequence[str], folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", stored=True)
        builder.add_text_field("text")
        (folder / "tantivy").mkdir()
        index = tantivy.Index(builder.build(), path=str(folder / "tantivy"))
        writer = index.writer()
        for row, text in enumerate(texts):
            writer.add_document(tantivy.Document(row=row, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def load(self, folder: Path) -> None:
        import tantivy

        self._index = tantivy.Index.open(str(folder / "tantivy"))
        self._searcher = self._index.searcher()

    def rank(self, question: str, k: int) -> Ranked:
        from kb.tokens import words

        text = " ".join(dict.fromkeys(words(question)))
        if not text:
            return []
        query = self._index.parse_query(text, ["text"])
        found = self._searcher.search(query, k).hits
        return [(int(self._searcher.doc(address)["row"][0]), float(score)) for score, address in found]


class RapidFuzz:
    """rapidfuzz's ``token_set_ratio`` against every text."""

    name = "rapidfuzz"

    def __init__(self) -> None:
        self._texts: list[str] = []

    def save(self, texts: Sequence[str], folder: Path) -> None:
        (folder / "texts.pickle").write_bytes(pickle.dumps(list(texts)))

    def load(self, folder: Path) -> None:
        from rapidfuzz.utils import default_process

        self._texts = [default_process(text) for text in pickle.loads((folder / "texts.pickle").read_bytes())]

    def rank(self, question: str, k: int) -> Ranked:
        from rapidfuzz import fuzz, process
        from rapidfuzz.utils import default_process

        scores = process.cdist(
            [default_process(question)], self._texts, scorer=fuzz.token_set_ratio, workers=1
        )[0]
        return _best(np.asarray(scores, dtype=float), k)


WORDS = {"ngram_range": (1, 2)}
CHARS = {"analyzer": "char_wb", "ngram_range": (3, 5)}


def quality_peers() -> list[Peer]:
    """The peers whose answers are compared."""
    return [
        ScikitLearn("TF-IDF words 1-2", WORDS),
        ScikitLearn("TF-IDF char_wb 3-5", CHARS),
        ScikitLearn("their sum", WORDS, CHARS),
        Bm25s("numpy"),
        Fts5(),
        Tantivy(),
        RapidFuzz(),
    ]


def speed_peers() -> list[Peer]:
    """The peers whose time is compared."""
    return [ScikitLearn("scikit-learn words 1-2", WORDS), Bm25s("numpy"), Bm25s("numba"), Fts5(), Tantivy()]
