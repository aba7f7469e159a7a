from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.index.groups import SIBLING_WEIGHT, TRANSLATION_WEIGHT, Groups


class Arrays(dict):
    manifest = SimpleNamespace(locales=("en-us", "fr-fr"))


def groups(entry_group, entry_locale=None, named=()):
    return Groups(
        Arrays(
            name_start=np.arange(len(named) + 1),
            name_group=np.array(named, dtype=np.int32),
            entry_group=np.array(entry_group, dtype=np.int32),
            entry_locale=np.array(entry_locale or [0] * len(entry_group), dtype=np.int16),
            group_slug=np.zeros(max(entry_group) + 1, dtype=np.int32),
        )
    )


@st.composite
def scored(draw):
    members = draw(st.lists(st.integers(1, 4), min_size=1, max_size=8))
    entry_group = draw(st.permutations([group for group, n in enumerate(members) for _ in range(n)]))
    return entry_group, draw(
        st.lists(st.integers(0, 40), min_size=len(entry_group), max_size=len(entry_group))
    )


@given(scored())
def test_a_group_scores_its_best_translation_and_a_part_of_the_others(case):
    entry_group, values = case
    found = groups(entry_group)
    of = [[v for g, v in zip(entry_group, values, strict=True) if g == group] for group in range(len(found))]
    array = np.array(values, dtype=float)
    assert found.best(array).tolist() == [max(one) for one in of]
    wanted = [max(one) + TRANSLATION_WEIGHT * (sum(one) - max(one)) for one in of]
    np.testing.assert_allclose(found.scores(array), wanted)


def test_the_entry_of_the_wanted_locale_serves_else_the_first():
    found = groups([0, 1, 0], [0, 0, 1])
    assert [found.in_locale(0, tag) for tag in (None, "fr-CA", "fr-CA", "en", "de")] == [0, 2, 2, 0, 0]
    assert found.in_locale(1, "fr") == 1


def test_an_article_whose_entries_each_bear_a_code_is_a_list_of_errors():
    assert groups([0, 1, 2], named=[0, 1, 2]).listed.all()
    assert not groups([0, 1, 2], named=[0, 1]).listed.any()


def test_an_article_of_which_two_entries_fit_gains():
    article = groups([0, 1, 2])
    assert article.with_siblings(np.array([1.0, 0.4, 0.0])).tolist() == pytest.approx(
        [1.0 + SIBLING_WEIGHT * 0.4, 0.4 + SIBLING_WEIGHT, SIBLING_WEIGHT]
    )


def test_a_list_of_errors_gains_nothing_from_its_other_errors():
    listed = groups([0, 1, 2], named=[0, 1, 2])
    assert listed.with_siblings(np.array([1.0, 0.4, 0.0])).tolist() == [1.0, 0.4, 0.0]
