import pytest

from kb.model import Outcome


def evidence(knowledge, text):
    found = knowledge.evidence(text)
    assert found is not None
    return found[0]


def test_a_product_that_the_entry_never_names_speaks_against_it(packaged):
    ours = evidence(packaged, "504 gateway timeout")
    theirs = evidence(packaged, "504 gateway timeout from our wordpress behind haproxy")
    assert ours.elsewhere == 0.0
    assert theirs.elsewhere == pytest.approx(2 / 3)


def test_a_product_that_the_entry_speaks_of_does_not_speak_against_it(packaged):
    assert evidence(packaged, "PubSubClient rc=-2 mosquitto_pub").elsewhere < 0.67


def test_what_the_tree_is_about_weighs_more_than_what_any_software_says(packaged):
    assert (
        evidence(packaged, "my hub refuses the device").subject
        > evidence(packaged, "error in the list").subject
    )


def test_words_of_everyday_language_say_nothing(packaged):
    assert not evidence(packaged, "merci").says_something
    assert evidence(packaged, "throttled").says_something


@pytest.mark.parametrize("text", ["merci", "hello", "ça marche pas", "what is this"])
def test_small_talk_gets_no_answer_though_an_article_holds_its_words(packaged, text):
    assert packaged.find(text).outcome is Outcome.NONE


@pytest.mark.parametrize(
    "text",
    [
        "504 Gateway Time-out nginx/1.24.0",
        "SharePoint answers 429, we are throttled",
        "pip install: SSL CERTIFICATE_VERIFY_FAILED pypi",
        'org.postgresql.util.PSQLException: FATAL: password authentication failed for user "app"',
    ],
)
def test_another_products_error_is_not_answered(packaged, text):
    assert packaged.find(text).outcome is not Outcome.ANSWER


@pytest.mark.parametrize("text", ["504 Gateway Time-out nginx", "HiveMQ Connection refused not authorized"])
def test_a_product_that_only_accepted_wordings_mention_is_another_product(packaged, text):
    assert packaged.find(text).outcome is Outcome.NONE
