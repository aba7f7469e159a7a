import numpy as np
import pytest

from kb.index.groups import Groups
from kb.index.holding_arrays import holding_arrays
from kb.index.holdings import Holdings
from kb.index.ragged import Ragged
from kb.index.store import Store
from kb.index.words import Words


@pytest.fixture(scope="module")
def store(small_index):
    return Store(small_index)


def _groups_with_word(store, word):
    words = Words(store)
    vector = words.vector([word])
    groups = range(len(Groups(store)))
    held = Holdings(store).words(vector, groups)
    return {group for group in groups if held[group].any()}


def test_a_word_of_either_translation_is_held_by_the_group(store):
    english, french = _groups_with_word(store, "valve"), _groups_with_word(store, "vanne")
    assert english
    assert english & french


def test_a_word_that_no_text_has_is_held_by_none(store):
    assert _groups_with_word(store, "xylophone") == set()


def test_families_stand_behind_the_words():
    arrays = holding_arrays(Ragged.of([[0, 2], [1]]), Ragged.of([[3], []]), np.array([0, 1]), 4)
    assert arrays["held"].tolist() == [0, 2, 4 + 3, 1]
    assert arrays["held_start"].tolist() == [0, 3, 4]


def test_what_two_translations_share_is_listed_once():
    arrays = holding_arrays(Ragged.of([[0, 2], [2, 5]]), Ragged.of([[]]), np.array([0, 0]), 6)
    assert arrays["held"].tolist() == [0, 2, 5]
