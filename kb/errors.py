"""What can go wrong with documents and their index.

    KnowledgeError
    ├── ArticleError       one article cannot be read: path and line
    ├── TreeError          a docs tree cannot be read at all
    ├── IndexUnusable      an index folder is missing, damaged or of another format
    ├── LabelsError        a file of labelled questions is not one
    └── UnknownEntry       no entry, article or locale of that name

A message is a template with named values, so that a surface can say it in the reader's language:
``message`` and ``hint`` are the English templates (and the keys of the catalogs), ``values`` fills them.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something about the documents that the person who runs hubmedic can mend."""

    code = "knowledge"

    def __init__(self, message: str, hint: str = "", **values: object) -> None:
        self.message = message
        """Where and what, with ``{named}`` values."""
        self.hint = hint
        """What to do next, with ``{named}`` values; may be empty."""
        self.values = values
        super().__init__(message)

    def __str__(self) -> str:
        text = self.message.format(**self.values)
        return f"{text}; {self.hint.format(**self.values)}" if self.hint else text


class ArticleError(KnowledgeError):
    """One article that cannot be read; the rest of its tree still serves."""

    code = "article"

    def __init__(self, path: str, line: int, message: str, hint: str = "", **values: object) -> None:
        super().__init__(message, hint, **values)
        self.path = path
        self.line = line
        """1-based, as an editor counts."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {super().__str__()}"


class TreeError(KnowledgeError):
    """A docs tree that is not there or holds no article."""

    code = "tree"


class IndexUnusable(KnowledgeError):
    """An index folder that is missing, damaged or written by another version."""

    code = "index"


class LabelsError(KnowledgeError):
    """A file of labelled questions with a line that is not one."""

    code = "labels"


class UnknownEntry(KnowledgeError):
    """Nothing of that name is in the knowledge base."""

    code = "unknown-entry"
