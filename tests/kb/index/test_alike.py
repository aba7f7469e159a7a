import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.index import alike as module
from kb.index.alike import alike
from kb.index.analysis import WordTexts
from kb.index.bags import Bags
from kb.index.hashing import hash64
from kb.index.ragged import Ragged
from kb.index.spelled_arrays import spelled_arrays
from kb.index.spelling import grams
from kb.index.tfidf import NumpyTfidf

FLOOR = 0.55


@st.composite
def words(draw):
    n_pieces = draw(st.integers(1, 14))
    rows = draw(st.lists(st.sets(st.integers(0, n_pieces - 1), min_size=1), min_size=1, max_size=14))
    terms = Ragged.of([sorted(row) for row in rows])
    raw = draw(st.lists(st.integers(1, 9), min_size=len(terms.values), max_size=len(terms.values)))
    bags = Bags(np.arange(n_pieces, dtype=np.uint64), terms, np.ones(len(raw), np.float32))
    dense = np.zeros((len(rows), n_pieces))
    dense[terms.row_of, terms.values] = raw
    dense /= np.sqrt((dense**2).sum(axis=1, keepdims=True))
    return bags, dense[terms.row_of, terms.values], dense


@pytest.mark.parametrize("most_pairs", [1, 5, 2_000_000])
@given(words())
def test_every_pair_that_is_alike_is_found_and_no_other(most_pairs, case):
    bags, weights, dense = case
    before, module._MOST_PAIRS = module._MOST_PAIRS, most_pairs
    try:
        found, cosines = alike(bags, weights, FLOOR, len(dense))
    finally:
        module._MOST_PAIRS = before
    got = np.zeros((len(dense), len(dense)))
    got[found.row_of, found.values] = cosines
    wanted = dense @ dense.T
    near_floor = np.abs(wanted - FLOOR) < 1e-6
    np.testing.assert_allclose(
        np.where(near_floor, 0, got), np.where(near_floor | (wanted < FLOOR), 0, wanted), atol=1e-6
    )


def test_only_the_closest_are_kept_and_all_of_the_equally_close():
    bags = Bags(np.arange(1, dtype=np.uint64), Ragged.of([[0]] * 5), np.ones(5, np.float32))
    found, _ = alike(bags, np.ones(5), FLOOR, 2)
    assert found.lengths.tolist() == [5] * 5


def arrays_of(texts):
    spelled = WordTexts.of(texts)
    vocabulary = np.sort(spelled.hashed)
    return spelled_arrays(spelled, vocabulary, np.ones(len(texts), np.float32), NumpyTfidf())


def test_forms_of_a_word_are_near_it():
    texts = ("timeout", "timeouts", "device", "devices", "élève", "数据")
    arrays = arrays_of(texts)
    by_hash = {hash64(text): text for text in texts}
    terms = [by_hash[number] for number in np.sort(WordTexts.of(texts).hashed).tolist()]
    near = {
        terms[term]: {
            terms[one] for one in arrays["near_term"][arrays["near_start"][i] : arrays["near_start"][i + 1]]
        }
        for i, term in enumerate(arrays["spelled_term"])
    }
    assert near == {
        "timeout": {"timeout", "timeouts"},
        "timeouts": {"timeout", "timeouts"},
        "device": {"device", "devices"},
        "devices": {"device", "devices"},
        "élève": {"élève"},
        "数据": {"数据"},
    }


@given(st.sets(st.text("abcdé数𝒳", min_size=1, max_size=7), max_size=8))
def test_a_word_is_listed_under_each_of_its_pieces_of_three(texts):
    arrays = arrays_of(tuple(texts))
    spelled = [
        arrays["spelled_text"][a:b].tobytes().decode()
        for a, b in zip(arrays["spelled_offset"], arrays["spelled_offset"][1:], strict=False)
    ]
    assert spelled == sorted(texts)
    listed = {
        (number, spelled[word])
        for i, number in enumerate(arrays["gram_hash"].tolist())
        for word in arrays["gram_word"][arrays["gram_start"][i] : arrays["gram_start"][i + 1]]
    }
    assert listed == {(hash64(piece), word) for word in texts for piece in grams(word)}
