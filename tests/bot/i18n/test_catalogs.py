"""Every sentence a person reads is in both catalogs, whole and with its values; French is French."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.i18n import DOMAIN, LANGUAGES, Speaker, catalogs, language_of, speaker, stamp
from bot.i18n.extracting import Sentence, sentences
from kb.errors import IndexUnusable

SAME_IN_FRENCH = 0.12
"""Share of sentences that may read alike in both: names, commands, one word."""


@pytest.fixture(scope="module")
def found() -> list[Sentence]:
    return catalogs.collected()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_holds_exactly_the_sentences_of_the_code_each_translated(language, found):
    catalog = catalogs.updated(language, found)
    assert list(catalogs.complaints(catalog)) == []
    assert catalogs.source_of(language).read_bytes() == catalogs.written(catalog), (
        "run: python -m bot.i18n.catalogs"
    )


def test_the_french_catalog_really_translates(found):
    catalog = catalogs.read_catalog("fr")
    same = [message.id for message in catalog if message.id and message.id == message.string]
    assert len(same) < SAME_IN_FRENCH * len(catalog), same


def test_templates_of_errors_and_complaints_are_found(found):
    texts = {one.text for one in found}
    assert "no index in {folder}" in texts  # kb/index/store.py, an error's message
    assert (
        "build it again with: hubmedic kb build TREE --out {folder}" in texts
    )  # its hint, by way of a constant
    assert "{variable} must be between 0 and 65535" in texts  # bot/settings.py


def test_every_way_of_marking_a_sentence_is_seen(tmp_path):
    source = tmp_path / "module.py"
    source.write_text(
        "class Wrong(Exception):\n"
        "    def __init__(self, message, hint='', **values): ...\n"
        "class Worse(Wrong): ...\n"
        "@dataclass\nclass Fact:\n    source: str\n    lag: str\n"
        "NEXT = 'do this'\n"
        "def f(say, c):\n"
        "    message = 'assigned' if c else 'otherwise'\n"
        "    say('said'); say.plural('one', 'many', 2); N_('marked')\n"
        "    raise Worse('went wrong', NEXT, place=Fact('no sentence', 'late'))\n",
        encoding="utf-8",
    )
    assert {one.text for one in sentences([source])} == {
        "said", "one", "marked", "assigned", "otherwise", "went wrong", "do this", "late",
    }  # fmt: skip


def test_complaints_name_what_a_translation_lacks():
    text = 'msgid "in {folder}"\nmsgstr "dans {dossier}"\n\nmsgid "not yet"\nmsgstr ""\n'
    catalog = read_po(io.BytesIO(text.encode()), locale="fr", domain=DOMAIN)
    told = list(catalogs.complaints(catalog))
    assert any("{dossier}" in one for one in told)
    assert any("not translated" in one for one in told)


def test_a_sentence_is_said_with_its_values():
    assert speaker("en")("no folder {folder}", folder="x") == "no folder x"
    assert speaker("fr-CA")("no folder {folder}", folder="x") == "le dossier x n’existe pas"


def test_plurals_follow_each_language():
    one, many = "… and {count} more, rarer", "… and {count} more, rarer ones"
    assert [speaker("en").plural(one, many, n) for n in (1, 2)] == [
        "… and 1 more, rarer",
        "… and 2 more, rarer ones",
    ]
    assert [speaker("fr").plural(one, many, n) for n in (1, 2)] == [
        "… et 1 autre, plus rare",
        "… et 2 autres, plus rares",
    ]


def test_an_error_of_the_documents_is_told_in_french():
    told = speaker("fr").error(IndexUnusable("no index in {folder}", folder="docs"))
    assert told == ("il n’y a pas d’index dans docs", "")


def test_dates_durations_and_lists_are_written_as_the_language_does():
    say = Speaker("fr", speaker("fr")._catalog)
    values = {
        "a": datetime(2026, 1, 5, 10, 0, tzinfo=UTC),
        "b": timedelta(minutes=3),
        "c": ("x", "y"),
        "d": date(2026, 1, 5),
    }
    assert say("{a} {b} {c} {d}", **values) == "5 janv. 2026, 10:00:00 UTC 3 minutes x et y 5 janv. 2026"


def test_numbers_have_the_languages_separators():
    assert speaker("en").number(1234.5) == "1,234.5"
    assert speaker("fr").number(1234.5) == "1\u202f234,5"


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-CA", "fr"), ("fr_FR", "fr"), ("de-de", "en"), (None, "en"), ("", "en")]
)
def test_a_locale_the_interface_does_not_speak_gets_english(locale, language):
    assert language_of(locale) == language


def test_a_compiled_catalog_ends_with_what_it_was_made_of():
    source = Path(catalogs.source_of("fr")).read_bytes()
    assert catalogs.compile_catalog(source, "fr").endswith(stamp(source))
    assert stamp(source) != stamp(source + b"\n")
