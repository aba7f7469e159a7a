from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index.ragged import starts
from kb.index.segments import Segments


@given(st.lists(st.one_of(st.integers(1, 4), st.integers(1, 30)), min_size=1, max_size=20), st.randoms())
def test_the_largest_of_each_stretch_is_found_short_or_long(lengths, chance):
    values = np.array([chance.randint(0, 99) for _ in range(sum(lengths))], dtype=float)
    start = starts(lengths)
    wanted = [values[a:b].max() for a, b in pairwise(start)]
    assert Segments(start).largest(values).tolist() == wanted
