"""What speaks for a candidate being right, as numbers a calibration can weigh.

Each is about the question and one candidate, in the units said; none is about the words themselves, so that what is
learned on some trees holds on others.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of one candidate for one question."""

    terms: float
    """Score of the terms alone, about [0, 3]."""
    margin: float
    """Total score above the best candidate of another article, relative to the total, in [-1, 1]."""
    name: float
    """Share of the identifiers found that speak for it, times trust, in [0, 1]."""
    message: float
    """Its best message match, in [0, 1)."""
    coverage: float
    """Share of that message found, in [0, 1]."""
    explained: float
    """Share of the question's information (idf²) that its text holds, in [0, 1]."""
    explained_specific: float
    """The same over words that are rarer in general language than in the tree, in [0, 1]."""
    foreign: float
    """Share of the question's words that general language knows and the tree does not, in [0, 1]."""
    foreign_rare: float
    """The part of those that general language uses seldom, such as names of other products, in [0, 1]."""
    unheard: float
    """Share of the question's words that neither knows, in [0, 1]."""
    typical: float
    """Mean over the words of log10 (frequency in the tree / in general language), about [-2, 4]."""
    stray_names: float
    """Codes in the question that the tree does not know, 0 when it knows one; at most 3."""
    length: float
    """log2 of (1 + words)."""
    best_word: float
    """The largest idf among the question's words that it holds, relative to the highest idf of the tree, in [0, 1]."""

    def vector(self) -> tuple[float, ...]:
        """Return the numbers in the order of the fields."""
        return astuple(self)


NAMES = tuple(field.name for field in fields(Evidence))
