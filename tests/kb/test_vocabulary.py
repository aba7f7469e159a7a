import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.vocabulary import Column, EventField, Part, languages, vocabulary

ENGLISH, FRENCH = vocabulary("en-us"), vocabulary("fr-fr")


def test_sixteen_languages_are_known():
    assert " ".join(languages()) == "en fr de es it pt nl sv pl cs ru tr ja ko zh-cn zh-tw"


@pytest.mark.parametrize("language", languages())
def test_every_language_has_words_for_everything(language):
    words = vocabulary(language)
    for part in (Part.SYMPTOM, Part.CAUSE, Part.SOLUTION, Part.RELATED, Part.EXAMPLE, Part.NEUTRAL):
        first = words._tables[0][part.value][0]
        assert words.heading(first.capitalize()).part is part
    for kind in ("note", "tip", "important", "warning", "caution"):
        assert words.alert(kind)
    assert set(words._tables[0]) >= set(vocabulary("en")._tables[0])


@pytest.mark.parametrize(
    ("title", "part", "number", "rest"),
    [
        ("Symptoms", Part.SYMPTOM, 0, ""),
        ("Cause 2", Part.CAUSE, 2, ""),
        ("Cause #2:", Part.CAUSE, 2, ""),
        ("Cause 2: The token has expired", Part.CAUSE, 2, "The token has expired"),
        ("Solution - Restart", Part.SOLUTION, 0, "Restart"),
        ("Possible Causes", Part.CAUSE, 0, ""),
        ("To fix this error", Part.SOLUTION, 0, ""),
        ("Known issues", Part.NEUTRAL, 0, ""),
        ("Next steps", Part.RELATED, 0, ""),
        ("Step 3: Go", Part.STEP, 3, "Go"),
    ],
)
def test_a_heading_is_understood_with_its_number_and_the_rest(title, part, number, rest):
    label = ENGLISH.heading(title)
    assert (label.part, label.number, label.rest) == (part, number, rest)


@pytest.mark.parametrize(
    "title",
    ["Causeway", "Problem-solving tips", "Cause and effect of rain", "Fixing the roof", "401003 Pump", ""],
)
def test_a_heading_that_only_begins_like_one_is_none(title):
    assert ENGLISH.heading(title) is None


@pytest.mark.parametrize("title", ["Symptômes", "SYMPTOMES", "Comportement observé :", "Message d’erreur"])
def test_accents_apostrophes_and_case_do_not_matter(title):
    assert FRENCH.heading(title).part is Part.SYMPTOM


def test_an_anchor_tells_the_kind_and_the_words_the_number():
    label = FRENCH.heading("Ceci ou cela 2", "cause-2")
    assert (label.part, label.number) == (Part.CAUSE, 2)


def test_the_number_of_a_repeated_anchor_is_none():
    assert FRENCH.heading("Cause", "cause-3").number == 0


@pytest.mark.parametrize("title", ["Remarks", "Note", "Notes", "Next steps"])
def test_bold_words_that_head_no_part_are_just_bold(title):
    assert ENGLISH.run_in(title) is None or ENGLISH.run_in(title).part is Part.MORE


def test_columns_and_fields_are_known_in_both_languages():
    assert [ENGLISH.column(title) for title in ("Error code", "Description", "Possible cause", "Fix")] == [
        Column.CODE, Column.DESCRIPTION, Column.CAUSE, Column.SOLUTION,
    ]  # fmt: skip
    assert [FRENCH.event_field(title) for title in ("ID d’événement", "Nom symbolique", "Texte du message")] == [
        EventField.EVENT_ID, EventField.SYMBOLIC_NAME, EventField.MESSAGE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "announces"),
    [
        ("Requests fail with one of the following error messages:", True),
        ("It always shows the following warning about a conflict.", True),
        ("Do this:", False),
        ("There was an error yesterday.", False),
    ],
)
def test_a_sentence_that_announces_a_message_is_recognised(text, announces):
    assert ENGLISH.announces_message(text) is announces


def test_a_paragraph_tells_by_its_opening():
    assert ENGLISH.lead("This error occurs because it is cold.") is Part.CAUSE
    assert FRENCH.lead("Pour résoudre cette erreur, chauffez.") is Part.SOLUTION
    assert ENGLISH.lead("Birds sing.") is None


def test_french_puts_a_blank_before_its_colon():
    assert (FRENCH.colon, ENGLISH.colon) == ("\u00a0:", ":")


@given(st.text(max_size=80), st.text("abc-12", max_size=20), st.sampled_from(languages()))
def test_what_a_heading_says_beyond_its_kind_stands_at_its_end(title, anchor, language):
    words = vocabulary(language)
    for written in (title, f"Cause 2: {title}"):
        for label in (words.heading(written, anchor), words.run_in(written)):
            assert label is None or " ".join(written.split()).endswith(label.rest)
