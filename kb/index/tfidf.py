"""TF-IDF in numpy, for a build in which little changed: importing scikit-learn takes longer than all the rest of it.

A build from nothing has :mod:`kb.index.fitting`, which asks scikit-learn for the same; a test holds that they agree.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from kb.index.bags import Bags

Array = np.ndarray[Any, Any]


class Tfidf(Protocol):
    """Weights of terms (Manning et al. 2008, section 6.4)."""

    def idf(self, bags: Bags) -> Array:
        """Return ``ln((1 + n) / (1 + df)) + 1`` of every term over the bags, shape (n_terms,), float32."""

    def weights(self, bags: Bags, idf: Array) -> Array:
        """Return ``(1 + ln count) · idf`` of each term of each bag, every bag of length 1, float32."""


class NumpyTfidf:
    """What scikit-learn's ``TfidfTransformer(sublinear_tf=True)`` computes, operation by operation."""

    def idf(self, bags: Bags) -> Array:
        """Return the idf of every term."""
        frequency = np.bincount(bags.terms.values, minlength=len(bags.vocabulary)).astype(np.float32)
        idf = np.full_like(frequency, bags.n_rows + 1)
        idf /= frequency + np.float32(1.0)
        np.log(idf, out=idf)
        idf += 1.0
        return idf

    def weights(self, bags: Bags, idf: Array) -> Array:
        """Return the weight of each term of each bag."""
        weights = np.log(bags.counts)
        weights += 1.0
        weights *= idf[bags.terms.values]
        return of_length_one(bags, weights)


def of_length_one(bags: Bags, weights: Array) -> Array:
    """Return weights divided by the length of their bag's vector, float32."""
    rows = bags.terms.row_of
    lengths = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=bags.n_rows))
    lengths[lengths == 0.0] = 1.0
    return np.asarray((weights / lengths[rows]).astype(np.float32))
