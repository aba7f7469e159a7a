"""TF-IDF as scikit-learn fits it: the only door to it, and to scipy's matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from kb.index.bags import Bags

Array = np.ndarray[Any, Any]


class ScikitTfidf:
    """Weights of terms by :class:`sklearn.feature_extraction.text.TfidfTransformer`."""

    def idf(self, bags: Bags) -> Array:
        """Return the idf of every term."""
        if not len(bags.vocabulary):  # texts without a word: scikit-learn refuses them
            return np.zeros(0, dtype=np.float32)
        fitted = TfidfTransformer(sublinear_tf=True).fit(_matrix(bags))
        return np.asarray(fitted.idf_, dtype=np.float32)

    def weights(self, bags: Bags, idf: Array) -> Array:
        """Return the weight of each term of each bag."""
        if not len(bags.vocabulary):
            return np.zeros(0, dtype=np.float32)
        transformer = TfidfTransformer(sublinear_tf=True)
        transformer.idf_ = idf
        return np.asarray(transformer.transform(_matrix(bags)).data, dtype=np.float32)


def _matrix(bags: Bags) -> Any:
    return sparse.csr_matrix(
        (bags.counts, bags.terms.values, bags.terms.start), shape=(bags.n_rows, len(bags.vocabulary))
    )
