import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import locales
from kb.errors import KnowledgeError


@pytest.mark.parametrize(
    ("wanted", "available", "served"),
    [
        ("fr-CA", ["en-us", "fr-fr"], "fr-fr"),
        ("fr", ["en-us", "fr-fr"], "fr-fr"),
        ("fr_FR.UTF-8", ["fr"], "fr"),
        ("en-GB", ["fr-fr", "en-us"], "en-us"),
        ("en", ["en-gb", "en-us"], "en-us"),
        ("pt", ["pt-pt", "pt-br"], "pt-br"),
        ("zh-HK", ["zh-cn", "zh-tw"], "zh-tw"),
        ("zh-SG", ["zh-tw", "zh-cn"], "zh-cn"),
        ("zh-Hant", ["zh-cn", "zh-tw"], "zh-tw"),
        ("de", ["en-us", "fr-fr"], None),
        ("zh-TW", ["zh-cn"], None),
        ("", ["en-us"], None),
        (None, ["en-us"], None),
        ("not a tag!", ["en-us"], None),
        ("fr-fr", ["fr-FR"], "fr-FR"),
    ],
)
def test_the_nearest_locale_of_the_same_language_and_script_serves(wanted, available, served):
    assert locales.negotiate(wanted, available) == served


@pytest.mark.parametrize(
    ("tag", "spelled"),
    [
        ("fr_FR.UTF-8", "fr-fr"),
        ("FR-fr", "fr-fr"),
        ("zh_Hant_TW", "zh-hant-tw"),
        ("C", "en"),
        ("POSIX", "en"),
        ("es-419", "es-419"),
        ("de@euro", "de"),
    ],
)
def test_a_tag_has_one_spelling(tag, spelled):
    assert locales.normalise(tag) == spelled


@pytest.mark.parametrize("tag", ["", "x", "français", "fr-", "../fr", "en us", "fr-FR-" + "x" * 40])
def test_what_is_no_tag_is_refused_with_a_way_out(tag):
    with pytest.raises(KnowledgeError, match=r"is not a language tag; write a language"):
        locales.normalise(tag)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("The service cannot be reached because the certificate has expired", "en"),
        ("Le service est injoignable parce que le certificat a expiré", "fr"),
        ("Der Dienst ist nicht erreichbar, weil das Zertifikat abgelaufen ist", "de"),
        ("El servicio no está disponible porque el certificado ha caducado", "es"),
        ("Il servizio non è disponibile perché il certificato è scaduto", "it"),
        ("De service is niet beschikbaar omdat het certificaat verlopen is", "nl"),
        ("サービスは利用できません。証明書の有効期限が切れています", "ja"),
        ("服务不可用，因为证书已过期，请更新证书后重试", "zh-cn"),
        ("Служба недоступна, потому что срок действия сертификата истек", "ru"),
        ("0x80070005 at 10:00:00", None),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_told_by_its_commonest_words(text, spoken):
    assert locales.language_of(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "jeton expiré",
        "Jeton SAS expiré",
        "jeton expire",
        "quota dépassé",
        "hub introuvable",
        "connexion refusée",
        "certificat périmé",
        "déconnexions",
        "le device se déconnecte",
        "aide",
        "j'ai ça: IotHub 'contoso-hub' does not contain the specified device 'pump-7'",
        "Bonjour, ça marche plus :\nYou are not authorized to do this",
    ],
)
def test_two_words_of_french_are_french(text):
    assert locales.language_of_few(text) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "token expired",
        "hub not found",
        "device BLE LE offline",
        "LA region hub down",
        "the café gateway is offline",
        "résumé upload fails",
        "error at c'est-la-vie host",
        "device Müller-1 offline",
        "la conexión se perdió",
        "Verbindung abgelehnt für Gerät",
        "SAS token expires at 10:00 EST",
        "IotHub 'contoso-hub' does not contain the specified device 'pump-7'",
        "401003",
        "",
    ],
)
def test_english_names_and_other_languages_are_not(text):
    assert locales.language_of_few(text) is None


def test_a_program_says_you_and_a_person_says_i():
    assert locales.is_personal_english("why does my device drop")
    assert locales.is_personal_english("I can't connect")
    assert not locales.is_personal_english("You are not authorized. Check your network and we will retry")


@pytest.mark.parametrize("name", ["fr-fr", "pt_BR", "zh-hans", "zh-Hant-TW", "es-419", "en-GB"])
def test_a_language_with_a_region_or_script_is_the_folder_of_a_locale(name):
    assert locales.is_locale_folder(name)


@pytest.mark.parametrize("name", ["core", "no-op", "to-do", "api-v2", "it", "en", "c-sharp", "qa-us", ""])
def test_a_word_with_a_hyphen_is_not(name):
    assert not locales.is_locale_folder(name)


@given(st.text(max_size=30), st.lists(st.sampled_from(["en-us", "fr-fr", "zh-tw", "pt", "de-at"])))
def test_what_is_negotiated_is_available(wanted, available):
    assert locales.negotiate(wanted, available) in (None, *available)


@given(st.text(max_size=30))
def test_a_normalised_tag_stays_as_it_is(text):
    try:
        tag = locales.normalise(text)
    except KnowledgeError:
        return
    assert locales.normalise(tag) == tag
    assert locales.language(tag) in tag


def test_chinese_that_quotes_a_japanese_sentence_is_chinese():
    chinese = "水泵在水太热时停止，冷却后重新启动。请先检查阀门，然后再检查水位。" * 3
    assert locales.language_of(f"{chinese} ポンプが止まりました") == "zh-cn"
    assert (
        locales.language_of("ポンプが熱いときは停止し、冷えると再起動します。まず弁を確認してください。")
        == "ja"
    )
