from hypothesis import given
from hypothesis import strategies as st

from kb.index.build import family_forms
from kb.index.families import LONGEST, FamilyForms, families_in, lengths_mask, lengths_of, listed_forms
from kb.thesaurus import Family

FAMILIES = (
    Family("slow", {"en": ("slow down", "throttled", "too many requests"), "fr": ("ralentir",)}),
    Family("down", {"en": ("down", "goes down"), "fr": ("en panne",)}),
    Family("many", {"en": ("many",), "fr": ("beaucoup",)}),
)
WORDS = ("slow", "slows", "down", "goes", "too", "many", "requests", "throttled", "panne", "en", "other")


def forms():
    arrays = family_forms(FAMILIES)
    return FamilyForms(
        *(arrays[f"form_{part}"] for part in ("hash", "start", "family")),
        arrays["first_hash"],
        arrays["first_lengths"],
        ["en", "fr"],
    )


def test_a_longer_form_hides_the_shorter_ones_inside_it():
    assert forms().find(["it", "told", "me", "to", "slow", "down"], ["en"]).tolist() == [0]
    assert forms().find(["too", "many", "requests", "and", "it", "goes", "down"], ["en"]).tolist() == [0, 1]


def test_every_language_is_heard():
    assert forms().find(["il", "est", "en", "panne"]).tolist() == [1]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_asking_finds_what_building_found(text):
    listed = listed_forms(FAMILIES)
    found = forms()
    for language in ("en", "fr"):
        assert found.find(text, [language]).tolist() == sorted(families_in(text, listed[language], language))


@given(st.sets(st.integers(1, LONGEST)))
def test_lengths_come_back_from_their_mask_longest_first(lengths):
    assert lengths_of(lengths_mask(lengths)) == tuple(sorted(lengths, reverse=True))
