import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tokens import fold, words


def test_accents_and_case_fold():
    assert words("Échec à l'Œuvre") == words("echec a l'oeuvre")


def test_a_french_elision_falls_away():
    assert words("l'appareil n’est qu'un") == ["appareil", "est", "un"]


def test_compounds_count_whole_and_in_parts():
    assert words("DeviceNotFound") == ["devicenotfound", "device", "not", "found"]
    assert words("device_not_found") == words("DeviceNotFound")


def test_numbers_of_two_digits_and_long_data_are_left_out():
    assert words("12 401003 " + "a" * 60) == ["401003"]


def test_unspaced_scripts_are_read_in_pairs():
    assert words("エラー発生") == ["エラ", "ラー", "ー発", "発生"]


@given(st.text(max_size=200))
def test_every_word_is_folded_and_not_empty(text):
    assert all(word and fold(word) == word for word in words(text))


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_texts_apart_have_the_words_of_both(first, second):
    assert words(f"{first}\n{second}") == words(first) + words(second)


@pytest.mark.parametrize(
    "printed",
    [
        "rc=5",
        "state 5",
        "return code 5",
        "CONNACK 0x05",
        "erreur 5",
        "MQTT error code: 5",
        "code retour (5)",
        "0x5",
    ],
)
def test_a_short_number_that_a_word_calls_a_code_is_one_term_whatever_the_word(printed):
    assert "=5" in words(printed)


def test_the_sign_of_a_return_code_is_kept():
    assert words("rc=-2")[-1] == "=-2"
    assert words("rc=2")[-1] == "=2"


def test_a_short_number_that_nothing_calls_a_code_is_left_out():
    assert words("again in 5 seconds, decode 5") == ["again", "in", "seconds", "decode"]
