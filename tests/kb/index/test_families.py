from hypothesis import given
from hypothesis import strategies as st

from kb.index.families import LONGEST, FamilyForms, lengths_mask, lengths_of
from kb.index.family_arrays import form_arrays
from kb.stems import stem
from kb.thesaurus import Family
from kb.tokens import words

FAMILIES = (
    Family("slow", {"en": ("slow down", "throttled", "too many requests"), "fr": ("ralentir",)}),
    Family("down", {"en": ("down", "goes down"), "fr": ("en panne",)}),
    Family("many", {"en": ("many",), "fr": ("beaucoup",)}),
)
WORDS = ("slow", "slows", "down", "goes", "too", "many", "requests", "throttled", "panne", "en", "other")


def forms():
    return FamilyForms(form_arrays(FAMILIES))


def plainly(text, language):
    """What the rule says: at each word the longest form that begins there, then on behind it."""
    listed = {
        tuple(stem(word, language) for word in words(form)): number
        for number, family in enumerate(FAMILIES)
        for form in family.forms[language]
    }
    stems = [stem(word, language) for word in text]
    found, at = set(), 0
    while at < len(stems):
        lengths = [
            n for n in range(LONGEST, 0, -1) if tuple(stems[at : at + n]) in listed and at + n <= len(stems)
        ]
        if lengths:
            found.add(listed[tuple(stems[at : at + lengths[0]])])
        at += lengths[0] if lengths else 1
    return sorted(found)


def test_a_longer_form_hides_the_shorter_ones_inside_it():
    assert forms().find(["it", "told", "me", "to", "slow", "down"], ["en"]).tolist() == [0]
    assert forms().find(["too", "many", "requests", "and", "it", "goes", "down"], ["en"]).tolist() == [0, 1]


def test_every_language_is_heard():
    assert forms().find(["il", "est", "en", "panne"]).tolist() == [1]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["en", "fr"]))
def test_the_longest_form_at_each_word_counts(text, language):
    assert forms().find(text, [language]).tolist() == plainly(text, language)


@given(st.sets(st.integers(1, LONGEST)))
def test_lengths_come_back_from_their_mask_longest_first(lengths):
    assert lengths_of(lengths_mask(lengths)) == tuple(sorted(lengths, reverse=True))
