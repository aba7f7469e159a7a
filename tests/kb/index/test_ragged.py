import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index.ragged import Ragged, firsts, order_of

lists = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=8)


def rows_of(ragged):
    return [ragged.values[a:b].tolist() for a, b in zip(ragged.start, ragged.start[1:], strict=False)]


@given(lists, st.data())
def test_rows_are_taken_in_the_order_asked_for(rows, data):
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=9)) if rows else []
    taken = Ragged.of(rows).take(np.array(wanted, dtype=np.int64))
    assert rows_of(taken) == [rows[number] for number in wanted]


@given(lists, lists)
def test_rows_are_put_behind_others(rows, more):
    assert rows_of(Ragged.of(rows).then(Ragged.of(more))) == rows + more


@given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**62))))
def test_whole_numbers_are_sorted_and_equal_ones_stay_in_order(numbers):
    keys = np.array(numbers, dtype=np.int64)
    assert order_of(keys).tolist() == np.argsort(keys, kind="stable").tolist()


def test_each_different_value_begins_once():
    assert firsts(np.array([1, 1, 4, 5, 5])).tolist() == [0, 2, 3]
    assert firsts(np.zeros(0)).tolist() == []


@given(lists, st.randoms())
def test_rows_keep_the_values_asked_for(rows, chance):
    ragged = Ragged.of(rows)
    kept = np.array([chance.random() < 0.5 for _ in ragged.values], dtype=bool)
    marked = iter(kept.tolist())
    assert rows_of(ragged.where(kept)) == [[value for value in row if next(marked)] for row in rows]


@given(lists, st.data())
def test_rows_of_one_owner_are_merged_each_value_once(rows, data):
    owner = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))), np.int64)
    wanted = [
        sorted(
            {value for row, one in zip(rows, owner.tolist(), strict=True) if one == number for value in row}
        )
        for number in range(4)
    ]
    assert rows_of(Ragged.of(rows).merged(owner, 4)) == wanted
