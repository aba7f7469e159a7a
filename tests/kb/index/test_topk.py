from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index import topk
from kb.index.topk import Postings, best, scores


@st.composite
def postings(draw):
    n_rows = draw(st.integers(1, 60))
    lists = draw(st.lists(st.sets(st.integers(0, n_rows - 1), max_size=n_rows), min_size=1, max_size=12))
    rows = [sorted(one) for one in lists]
    flat = np.array([row for one in rows for row in one], dtype=np.int32)
    weights = np.array(
        draw(st.lists(st.integers(1, 64), min_size=len(flat), max_size=len(flat))), dtype=np.float32
    ) / np.float32(8)
    start = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    bound = np.array([weights[a:b].max() if b > a else 0 for a, b in pairwise(start)], dtype=np.float32)
    return Postings(start[:-1], start[1:], flat, weights, bound, n_rows)


@st.composite
def questions(draw):
    index = draw(postings())
    terms = sorted(draw(st.sets(st.integers(0, len(index.bound) - 1), min_size=1)))
    weights = draw(st.lists(st.integers(1, 16), min_size=len(terms), max_size=len(terms)))
    return index, np.array(terms, dtype=np.int64), np.array(weights, dtype=float)


@settings(max_examples=300)
@given(questions(), st.integers(1, 20))
def test_bounded_search_finds_exactly_what_scoring_every_row_finds(question, k):
    index, terms, weights = question
    dense = scores(index, terms, weights)
    wanted = [row for row in np.argsort(-dense, kind="stable") if dense[row] > 0][:k]
    rows, values = topk._bounded(index, terms, weights, k)
    assert rows.tolist() == wanted
    assert values.tolist() == dense[wanted].tolist()


@given(questions(), st.integers(1, 20))
def test_raising_k_only_appends(question, k):
    fewer, _ = best(*question, k)
    more, _ = best(*question, k + 1)
    assert more[: len(fewer)].tolist() == fewer.tolist()


def test_k_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        best(Postings(*(np.zeros(1),) * 5, 1), np.zeros(1, np.int64), np.ones(1), 0)


def test_a_row_past_the_last_is_an_error_rather_than_a_longer_answer():
    one = np.array([1], dtype=np.int64)
    postings = Postings(one - 1, one, np.array([7]), np.ones(1), np.ones(1), 3)
    with pytest.raises(IndexError, match="row 7 of 3"):
        scores(postings, np.zeros(1, np.int64), np.ones(1))


@given(st.lists(st.integers(0, 6), max_size=400), st.integers(1, 12))
def test_the_largest_values_are_found_equal_ones_as_they_stand(numbers, k):
    values = np.array(numbers, dtype=float)
    wanted = [row for row in np.argsort(-values, kind="stable").tolist() if values[row] > 0][:k]
    assert topk.largest(values, k).tolist() == wanted
