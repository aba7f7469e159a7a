"""What a printed text looks like, told by the text alone."""

import pytest

from kb import printed


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ('"The gate is shut."', "The gate is shut."),
        ("« La porte est fermée »", "La porte est fermée"),
        ('"One" is not "two"', '"One" is not "two"'),
        ("'it's shut'", "'it's shut'"),
        ("The gate is shut.", "The gate is shut."),
    ],
)
def test_only_marks_around_the_whole_are_taken_off(text, bare):
    assert printed.unquoted(text) == bare


@pytest.mark.parametrize(
    "text", ["Gate 7 cannot be opened", "Connexion refusée", "Der Zugriff ist fehlgeschlagen"]
)
def test_code_that_tells_of_trouble_is_a_message(text):
    assert printed.is_code_message(text)


@pytest.mark.parametrize(
    "text",
    [
        "docker ps --all",
        "$ pumpctl fail",
        "GateIsShutError",
        "throw new Error();",
        "gate open now",
        "KEY=a b c",
    ],
)
def test_commands_programs_names_and_values_are_no_messages(text):
    assert not printed.is_code_message(text)


def test_a_field_tells_about_a_message_unless_its_value_is_one():
    assert printed.is_field("Event ID: 324")
    assert not printed.is_field("Reason: the gate cannot open")


def test_three_characters_without_blanks_between_count_as_a_word():
    assert printed.n_words("設備") == 1
    assert printed.n_words("設備無法連線了") == 3
    assert printed.n_words("the gate is shut") == 4
