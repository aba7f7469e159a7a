"""What somebody says after an answer, in two languages, with and without accents; what is a question stays one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.followups import Intent, asks_for_help, understand

NEXT = [
    "didn't help", "Didn't help.", "didnt help", "dindt help", "that did not help", "ça n'a pas marché", "ça marche pas mieux",
    "marche pas mieux", "next", "suivant", "still the same error", "Toujours la même erreur !", "ok merci mais ça n'a pas marché",
    "no luck unfortunately", "Non, toujours pareil", "tried that already", "j'ai déjà essayé ça", "cela n'a rien changé",
    "désolé, ça ne marche pas", "not fixed :(", "Hmm, no change", "ça ne fonctionne toujours pas", "that wasn't it", "pas ça",
    "does not work either", "it still fails", "le problème persiste", "n'a pas marché non plus", "Nope", "what else?",
    "autre chose ?", "still not working for me", "ca n'a pas marcher", "thanks but still broken",
]  # fmt: skip
THANKS = [
    "merci",
    "Thanks!",
    "thank you so much",
    "ok thanks",
    "parfait, merci beaucoup",
    "ok merci",
]
WORKED = ["ça marche", "it works now", "super ça remarche", "merci, ça marche", "great, that worked"]
NOTED = ["ok", "got it", "thanks, I'll try", "super, je teste", "d'accord", "je vais essayer"]
MORE = [
    "plus de détails", "Plus de details svp", "more details", "more detials", "tell me more", "Details?", "dis-m'en plus", "can you tell me more?",
    "peux-tu m'en dire plus ?", "show everything", "affiche tout", "le lien ?", "what does that mean?", "je ne comprends pas", "la suite",
]  # fmt: skip
WHY = ["why?", "Pourquoi ?", "pourquoi cette réponse", "how do you know that?"]
CHECK = [
    "run the checks",
    "lance les vérifications",
    "lance les verifs stp",
    "check the hub",
    "tu peux vérifier ?",
]
SPEAK = {
    "en français": "fr", "en francais svp": "fr", "in English": "en", "in english please": "en", "en anglais": "en",
    "answer in French": "fr", "auf deutsch": "de", "réponds en anglais": "en", "la même chose en anglais": "en",
}  # fmt: skip
QUESTIONS = [
    "details of the failed operation", "more messages than the quota allows", "plus de messages depuis hier", "link down", "source address unreachable",
    "my device drops every hour", "401003", "IoTHubUnauthorized", "it doesn't work with MQTT over websockets since yesterday",
    "pourquoi mes appareils tombent toutes les heures", "ça ne marche pas depuis la mise à jour du firmware de la passerelle",
    "comment vérifier le quota du hub", "error 500", "same error on another device: 429001", "device not found", "no connection",
    "not authorized", "timeout", "pas de réseau", "rien n'arrive dans mon hub", "next hop unreachable", "quota", "no messages",
    "Still no telemetry from the device", "not connected", "check the certificate chain", "vérifie le certificat",
    "didn't help\nIotHub 'x' does not contain the specified device 'y'", 'next: {"errorCode":404001}', "com.microsoft:timeout",
]  # fmt: skip


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (text, intent)
        for intent, texts in (
            (Intent.NEXT, NEXT),
            (Intent.THANKS, THANKS),
            (Intent.WORKED, WORKED),
            (Intent.NOTED, NOTED),
            (Intent.MORE, MORE),
            (Intent.WHY, WHY),
            (Intent.CHECK, CHECK),
        )
        for text in texts
    ],
)
def test_a_follow_up_is_understood_with_and_without_accents(text, intent):
    assert understand(text).intent is intent
    assert understand(without_accents(text).upper()).intent is intent


@pytest.mark.parametrize(("text", "tag"), SPEAK.items())
def test_another_language_is_asked_for(text, tag):
    said = understand(text)
    assert (said.intent, said.value) == (Intent.SPEAK, tag)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1"), ("2.", "2"), ("#1", "1"), ("the second one", "2"), ("la deuxième", "2"), ("option 2", "2"), ("plutôt la première", "1"),
     ("number two please", "2"), ("c'est la 3e", "3"), ("7", "7")],
)  # fmt: skip
def test_one_of_several_is_chosen(text, number):
    said = understand(text, n_offered=3)
    assert (said.intent, said.value) == (Intent.CHOOSE, number)


def test_a_number_chooses_only_where_something_is_offered():
    assert understand("2").intent is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "pump-7",
        "device pump-7",
        "c'est pump-7",
        "pump_7.",
        "the device is sensor12",
        "l'appareil est plc.42",
        "PUMP-700",
    ],
)
def test_a_bare_device_name_is_one(text):
    said = understand(text, lacks_device=True)
    assert said.intent is Intent.DEVICE
    assert said.value in text


@pytest.mark.parametrize(
    "text",
    ["com.microsoft:device-container-throttled", "0x800706BA", "SSO_ERROR_SECRET_VALIDATE_FAILED", "404104"],
)
def test_the_name_of_an_error_is_no_device(text):
    assert understand(text, lacks_device=True).intent is Intent.QUESTION


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize(
    "state", [{}, {"n_offered": 3, "lacks_device": True}], ids=["after an answer", "in the middle"]
)
def test_a_question_of_its_own_is_never_a_follow_up(text, state):
    assert understand(text, **state).intent is Intent.QUESTION


def test_a_hub_is_named_for_a_check():
    assert understand("check the hub plant").value == "plant"
    assert understand("vérifie le hub plant").value == "plant"
    assert understand("check Lab", hubs=["lab"]).value == "Lab"
    assert understand("check lab").intent is Intent.QUESTION


def test_words_tell_their_language():
    assert understand("ça n'a pas marché").language == "fr"
    assert understand("didn't help").language == "en"


@given(st.text(max_size=300), st.integers(0, 3), st.booleans())
def test_any_text_is_understood_somehow(text, n_offered, lacks_device):
    assert understand(text, n_offered=n_offered, lacks_device=lacks_device).intent in Intent


@given(st.text(min_size=71, max_size=300))
def test_a_long_text_is_a_question(text):
    if len(text.strip()) > 70:
        assert understand(text, n_offered=3, lacks_device=True).intent is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "I rebooted it and it came back",
        "we renewed the token but same error",
        "done, still not working",
        "j'ai redémarré et ça recommence",
        "c'est fait mais toujours rien",
        "on a changé la clé, ça ne marche toujours pas",
    ],
)
def test_what_was_done_in_vain_asks_for_the_next_cause(text):
    assert understand(text).intent is Intent.NEXT


@pytest.mark.parametrize(
    "text", ["my device connects but it doesn't work", "j'ai un appareil mais ça ne marche pas"]
)
def test_a_trouble_that_ends_like_a_follow_up_is_a_question(text):
    assert understand(text).intent is Intent.QUESTION


@pytest.mark.parametrize("word", ["next", "ok"])
def test_a_word_of_both_languages_changes_none(word):
    assert understand(word).language is None


@pytest.mark.parametrize("text", ["merci quand même", "thanks anyway", "merci d'avance"])
def test_thanks_with_a_word_more_are_thanks(text):
    assert understand(text).intent is Intent.THANKS


@pytest.mark.parametrize(
    "text", ["help", "Aide !", "aide-moi", "?", "Hello!", "hey", "Bonsoir", "what can you do?"]
)
def test_a_greeting_alone_asks_for_help(text):
    assert asks_for_help(text)


@pytest.mark.parametrize(
    "text", ["help, 401003", "bonjour, mon appareil ne répond plus", "hi " * 90, "", "!"]
)
def test_a_greeting_with_a_question_is_a_question(text):
    assert not asks_for_help(text)
