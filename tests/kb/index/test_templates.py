import pytest

from kb.index.templates import _longest_chain


def test_words_are_aligned_in_the_templates_order():
    assert _longest_chain([(0, [4]), (1, [2]), (2, [6])], 3) == [(0, 4), (2, 6)]


def test_the_longest_of_several_beginnings_counts():
    assert _longest_chain([(0, [0, 50]), (1, [51]), (2, [52])], 3) == [(0, 50), (1, 51), (2, 52)]


@pytest.mark.parametrize(
    "text",
    [
        "Valve 'inlet-7' did not answer within 30 seconds",
        "2026-03-02 10:14 ERROR Valve 'inlet-7' did not answer within 30 seconds\n at run (main.py:3)",
        "Valve 'inlet-7' did not answer with",
    ],
)
def test_a_message_is_found_with_values_in_noise_and_cut_inside_a_word(small, text):
    found = small.find(text)
    assert found.candidates[0].matched == "Valve '{valve}' did not answer within {count} seconds"
    assert found.candidates[0].captures.get("valve", "inlet-7") == "inlet-7"


def test_a_few_words_of_a_message_are_no_match(small):
    assert small.find("the valve").candidates[0].reasons["message"] == 0.0
