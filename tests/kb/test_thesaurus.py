import re
from collections import Counter

import pytest

from kb.index.families import LONGEST
from kb.stems import stem
from kb.thesaurus import Family, read_thesaurus
from kb.tokens import words

FAMILIES = read_thesaurus()
LANGUAGES = ("en", "fr")
STOP_WORDS = {
    "en": frozenset(
        words(
            "a an the this that these those and or of to in on at by for with from as into is are was were be been am "
            "i me my we us our you your he him his she her they them their it its do does did have has had can could "
            "will would shall should may might must so if then than"
        )
    ),
    "fr": frozenset(
        words(
            "le la les l un une des de du d au aux à et ou en dans par pour avec sur ce cet cette ces c se s me m te t "
            "je tu il elle on nous vous ils elles mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs y qui "
            "que qu est sont être ont ai as avoir fait faire si"
        )
    ),
}


def stems(form: str, language: str) -> str:
    """Return a form as the index looks it up."""
    return " ".join(stem(word, language) for word in words(form))


def forms() -> list[tuple[str, str, str]]:
    """Return every form as (family, language, form)."""
    return [
        (f.name, language, form) for f in FAMILIES for language, listed in f.forms.items() for form in listed
    ]


def test_names_are_unique_lower_case_words_joined_by_hyphens():
    names = [family.name for family in FAMILIES]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_speaks_both_languages(language):
    assert [family.name for family in FAMILIES if not family.forms.get(language)] == []


def test_every_family_has_another_wording_to_offer():
    assert [
        family.name for family in FAMILIES if len({form for one in family.forms.values() for form in one}) < 3
    ] == []


def test_no_form_is_in_more_than_two_families():
    owners: dict[tuple[str, str], set[str]] = {}
    for family, language, form in forms():
        owners.setdefault((language, stems(form, language)), set()).add(family)
    assert {key: families for key, families in owners.items() if len(families) > 2} == {}


def test_no_family_lists_one_form_twice():
    times = Counter((family, language, stems(form, language)) for family, language, form in forms())
    assert [key for key, count in times.items() if count > 1] == []


def test_no_form_is_made_of_stop_words_alone():
    assert [one for one in forms() if all(word in STOP_WORDS[one[1]] for word in words(one[2]))] == []


def test_no_form_is_longer_than_the_index_looks_up():
    assert [one for one in forms() if not 1 <= len(words(one[2])) <= LONGEST] == []


def test_forms_are_written_as_one_would_read_them():
    assert [one for one in forms() if one[2] != one[2].strip().lower() or "  " in one[2]] == []


def test_french_is_written_with_its_accents():
    bare = {"acces", "cle", "defaut", "desactive", "echec", "proprietaire", "reseau", "reponse", "requete"}
    assert [one for one in forms() if one[1] == "fr" and bare & set(one[2].split())] == []


@pytest.mark.parametrize(
    ("said", "documented", "language"),
    [
        ("it tells me to slow down", "requests are throttled", "en"),
        ("the partner was never set up", "the party is not registered", "en"),
        ("somebody switched it off", "the port is disabled", "en"),
        ("doesn't know my device", "unrecognized device", "en"),
        ("ça rame depuis ce matin", "performances lentes", "fr"),
        ("le capteur décroche toutes les heures", "déconnexion périodique", "fr"),
        ("mdp refusé", "mot de passe rejeté", "fr"),
    ],
)
def test_a_question_in_plain_words_shares_a_family_with_the_document(said, documented, language):
    assert families_of(said, language) & families_of(documented, language)


def test_a_family_joins_the_languages():
    assert families_of("la file est pleine", "fr") & families_of("the queue is full", "en")


def test_a_text_of_toml_becomes_families():
    assert read_thesaurus('[slow]\nen = ["slow", "takes ages"]\nfr = ["lent"]') == (
        Family("slow", {"en": ("slow", "takes ages"), "fr": ("lent",)}),
    )


def families_of(text: str, language: str) -> set[str]:
    """Return the families whose forms a text holds, the longer hiding the shorter left aside."""
    said = f" {' '.join(stem(word, language) for word in words(text))} "
    return {
        family
        for family, spoken, form in forms()
        if spoken == language and f" {stems(form, spoken)} " in said
    }
