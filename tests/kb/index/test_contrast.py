import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kb.index.contrast import contrast

held_by_candidates = st.tuples(st.integers(2, 6), st.integers(0, 12)).flatmap(
    lambda shape: st.tuples(
        arrays(bool, shape), arrays(float, shape[1], elements=st.floats(0.5, 8.0, allow_nan=False))
    )
)


def test_what_one_alone_holds_speaks_for_it_and_what_all_hold_for_none():
    held = np.array([[True, True, False], [True, False, False]])
    assert contrast(held, np.array([5.0, 2.0, 9.0])).tolist() == [2.0 / 7.0, 0.0]


def test_the_fewer_hold_a_word_the_more_it_tells():
    held = np.array([[True, False], [True, True], [False, True], [False, True]])
    first, _, third, _ = contrast(held, np.array([1.0, 1.0])).tolist()
    assert first > third > 0.0


@given(held_by_candidates)
def test_a_contrast_is_a_share(given_held):
    told = contrast(*given_held)
    assert told.shape == (len(given_held[0]),)
    assert (told >= 0.0).all()
    assert (told <= 1.0 + 1e-9).all()


@given(held_by_candidates)
def test_candidates_that_hold_the_same_are_not_told_apart(given_held):
    held, weights = given_held
    same = np.repeat(held[:1], len(held), axis=0)
    assert not contrast(same, weights).any()


@given(held_by_candidates, st.randoms())
def test_the_order_of_candidates_changes_nothing(given_held, chance):
    held, weights = given_held
    order = list(range(len(held)))
    chance.shuffle(order)
    assert np.allclose(contrast(held[order], weights), contrast(held, weights)[order])
