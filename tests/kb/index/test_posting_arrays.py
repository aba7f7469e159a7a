import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index.posting_arrays import postings
from kb.index.ragged import Ragged
from kb.index.topk import scores, two_kinds

N_TERMS = 6
rows = st.lists(st.sets(st.integers(0, N_TERMS - 1)).map(sorted), min_size=1, max_size=7)


@given(rows, rows, st.sets(st.integers(0, N_TERMS - 1), min_size=1))
def test_two_kinds_of_rows_are_scored_in_one_pass(first, second, asked):
    kinds = []
    for kind in (first, second):
        ragged = Ragged.of(kind)
        kinds.append((ragged, np.arange(1, len(ragged.values) + 1, dtype=np.float32)))
    arrays = postings("x", N_TERMS, *kinds)
    alone, both = two_kinds(arrays, "x", len(first), len(second))
    terms = np.array(sorted(asked), dtype=np.int64)
    weights = np.arange(1.0, len(terms) + 1)
    dense = np.zeros((len(first) + len(second), N_TERMS))
    dense[kinds[0][0].row_of, kinds[0][0].values] = kinds[0][1]
    dense[len(first) + kinds[1][0].row_of, kinds[1][0].values] = kinds[1][1]
    wanted = dense[:, terms] @ weights
    assert scores(both, terms, weights).tolist() == wanted.tolist()
    assert scores(alone, terms, weights).tolist() == wanted[: len(first)].tolist()
    assert arrays["x_bound"].tolist() == dense[: len(first)].max(axis=0).tolist()
