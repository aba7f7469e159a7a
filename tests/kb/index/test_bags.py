from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index.bags import Bags
from kb.index.hashing import hash64
from kb.index.ragged import starts

texts = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6).map(Counter), max_size=6)


def contents(bags):
    return [
        dict(zip(bags.vocabulary[bags.terms.values[a:b]].tolist(), bags.counts[a:b].tolist(), strict=True))
        for a, b in zip(bags.terms.start, bags.terms.start[1:], strict=False)
    ]


def hashed(rows):
    return [{hash64(term): float(count) for term, count in row.items()} for row in rows]


@given(texts)
def test_a_bag_holds_what_was_counted_by_ascending_terms(rows):
    bags = Bags.of(rows)
    assert contents(bags) == hashed(rows)
    assert all(
        (np.diff(bags.terms.values[a:b]) > 0).all()
        for a, b in zip(bags.terms.start, bags.terms.start[1:], strict=False)
    )


@given(texts, texts, st.data())
def test_bags_put_together_are_those_made_at_once(old, new, data):
    n_rows = len(old) + len(new)
    rows = data.draw(st.lists(st.integers(0, n_rows - 1), max_size=10)) if n_rows else []
    together = Bags.of(old).with_new(Bags.of(new), np.array(rows, dtype=np.int64))
    at_once = Bags.of([[*old, *new][number] for number in rows])
    assert contents(together) == contents(at_once)
    assert together.vocabulary.tolist() == at_once.vocabulary.tolist()
    assert together.terms.values.tolist() == at_once.terms.values.tolist()


@given(texts, st.data())
def test_neighbouring_bags_are_summed(rows, data):
    lengths = []
    while sum(lengths) < len(rows):
        lengths.append(data.draw(st.integers(1, len(rows) - sum(lengths))))
    start = starts(lengths)
    wanted = [sum(rows[a:b], Counter()) for a, b in pairwise(start)]
    assert contents(Bags.of(rows).summed(start, np.ones(len(rows)))) == hashed(wanted)


def test_a_row_that_counts_half_adds_half():
    bags = Bags.of([{"valve": 2.0}, {"valve": 4.0, "pump": 1.0}])
    assert contents(bags.summed(starts([2]), np.array([1.0, 0.5]))) == hashed([{"valve": 4.0, "pump": 0.5}])
