from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index.bags import Bags
from kb.index.fitting import ScikitTfidf
from kb.index.tfidf import NumpyTfidf

texts = st.lists(st.lists(st.sampled_from("abcdefghijkl"), max_size=20).map(Counter), min_size=1, max_size=12)


@given(texts)
def test_numpy_weighs_what_scikit_learn_weighs(rows):
    bags = Bags.of(rows)
    if not len(bags.vocabulary):  # scikit-learn refuses a matrix without columns
        return
    ours, theirs = NumpyTfidf(), ScikitTfidf()
    idf = theirs.idf(bags)
    np.testing.assert_array_max_ulp(ours.idf(bags), idf, 2)
    np.testing.assert_array_max_ulp(ours.weights(bags, idf), theirs.weights(bags, idf), 2)


def test_a_bag_without_terms_weighs_nothing():
    bags = Bags.of([{"a": 1}, {}])
    assert NumpyTfidf().weights(bags, NumpyTfidf().idf(bags)).tolist() == [1.0]
