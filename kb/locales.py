"""Locales of documents and people: one spelling, the nearest that exists, the language of a text.

The only door to babel inside kb. A locale is a BCP 47 tag in lower case, as folders of a docs tree are named: ``"fr-fr"``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from kb.errors import KnowledgeError

_TAG = re.compile(
    r"^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*$"
)
_FOLDER = re.compile(r"^([a-z]{2,3})[-_](?:[A-Za-z]{4}(?:[-_][A-Za-z]{2})?|[A-Za-z]{2}|\d{3})$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh-cn", "\u4e00", "\u9fff"),
    ("ru", "\u0400", "\u04ff"),
)
_SAMPLE_WORDS = 400
"""Words of a text that its language is told from."""
_LEAST_WORDS = 5
_LEAST_DIFFERENT = 2
"""Different function words that a text must hold of its language."""
_LEAST_SHARE = 0.08
"""Share of a text that function words make up at least: of prose they are a third and more, of a table of names next to none."""
_NOT_PROSE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|\]\([^)\n]*\)|https?://\S+|<[^<>\n]*>", re.DOTALL)
"""Code, addresses and tags have no language."""
_FEW_WORDS = 60
"""Words of a text for which there has to be one sign of a language."""
_ELISION = re.compile(
    r"(?<![^\W\d_])(?:[cdjlmnst]|qu|lorsqu|puisqu)['’](?=[aeiouyhàâéèêëîïôœù])", re.IGNORECASE
)
_ACCENTED = re.compile(r"[éèêëàâçùûîïôœ]")
_NOT_FRENCH = re.compile(r"[áíóúñãõäöüßåøæłśżźćńęąčřšžőűığ¿¡]")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EVERYDAY_FRENCH = _set_of(
    "le les du des une aux ne pas dans avec sans pour sur notre votre quand comment pourquoi quoi que quel quelle ça ca cela "
    "bonjour bonsoir salut merci svp aide aider erreur erreurs jeton jetons appareil appareils capteur capteurs certificat "
    "certificats connexion connexions deconnexion deconnexions connecter connecte deconnecte reconnecte introuvable depasse "
    "depassement expiree perime perimee refusee rejete rejetee bloque bloquee cle cles mot passe reseau panne marche horloge "
    "passerelle abonnement debit echec echoue echouent inconnu inconnue coupure coupe perdu perdus perdue envoi envoyer recoit "
    "recoivent fichier dossier serveur redemarre redemarrer tombe tombent rien toujours jamais depuis trop hier matin"
)
"""Words of somebody who writes French, accents left out, that no English text holds in lower case."""
_ENGLISH_ALL_OVER = _set_of(
    "the is are was not does has have with from this that of to and for in at it be been fails failed cannot"
)
_PERSONAL_ENGLISH = _set_of(
    "i im ive my mine me myself why how whats who hi hello hey thanks thx anybody anyone somebody someone everybody everyone guys "
    "dont doesnt cant wont isnt didnt gets got keeps seems tells stuff weird suddenly yesterday tomorrow morning trying wanna "
    "colleague colleagues boss customer"
)
"""English that people write and programs don't print, "you" and "your" being printed all the time."""
CANDIDATES = ("en", "fr", "de", "es", "it", "pt", "nl", "sv", "pl", "cs", "tr")
"""Languages in Latin letters that a text without a declared locale may be in."""


def normalise(tag: str) -> str:
    """Return the one spelling of a locale: ``"fr_FR.UTF-8"`` and ``"FR-fr"`` are ``"fr-fr"``.

    Raises
    ------
    KnowledgeError
        If it is no language tag.
    """
    text = re.split(r"[.@]", tag.strip(), maxsplit=1)[0].replace("_", "-").lower()
    if text in ("c", "posix"):
        return "en"
    if not _TAG.match(text):
        raise KnowledgeError(
            'locale "{tag}" is not a language tag',
            "write a language and, where it matters, a region: fr, fr-CA, zh-TW",
            tag=tag[:40],
        )
    return text


def language(tag: str) -> str:
    """Return the language of a locale: ``"fr"`` of ``"fr-ca"``; a malformed tag gives what stands before its first mark."""
    return re.split(r"[-_.@]", tag.strip().lower(), maxsplit=1)[0]


def negotiate(wanted: str | None, available: Sequence[str]) -> str | None:
    """Return the available locale that serves a wanted one best, None where no one of its language (and script) exists.

    ``fr-CA`` is served by ``fr-fr``, ``pt`` by ``pt-br``, ``zh-HK`` by ``zh-tw`` and never by ``zh-cn``.
    """
    if not wanted:
        return None
    try:
        tag = normalise(wanted)
    except KnowledgeError:
        return None
    by_tag = {_safe(one): one for one in available}
    if tag in by_tag:
        return by_tag[tag]
    spoken, script, _ = _parts(tag)
    alike = [one for one in by_tag if (parts := _parts(one))[0] == spoken and parts[1] == script]
    if not alike:
        return None
    home = _parts(spoken)[2]
    alike.sort(key=lambda one: (one != spoken, _parts(one)[2] != home, list(by_tag).index(one)))
    return by_tag[alike[0]]


def is_locale_folder(name: str) -> bool:
    """Tell whether a folder's name can only be a locale: a language and a region or script (``fr-fr``, ``pt_BR``)."""
    return bool(_FOLDER.match(name)) and language(name.replace("_", "-")) in _languages() and _is_tag(name)


def is_language_folder(name: str) -> bool:
    """Tell whether a folder's name may be a language: two letters that are one, ``it`` and ``is`` included."""
    return len(name) == 2 and name.isascii() and name.islower() and name in _languages()


def language_of(text: str, candidates: Collection[str] = CANDIDATES) -> str | None:
    """Return the language a text is written in, None where too few words tell.

    Scripts tell first; among languages in Latin letters the one wins whose most frequent words (articles,
    prepositions: a text cannot be written without) make up the most of the text, as counted by ``wordfreq``.
    """
    for tag, first, last in _SCRIPTS:
        found = sum(1 for char in text[:4_000] if first <= char <= last)
        if found <= (3 if tag in ("ja", "ko") else 8) or found * 5 <= len(text[:4_000].split()):
            continue
        # A Chinese text may quote a Japanese sentence; a Japanese one holds kana all over.
        n_han = sum(1 for char in text[:4_000] if "\u4e00" <= char <= "\u9fff")
        if tag != "ja" or found * 4 >= n_han:
            return tag
    text = _NOT_PROSE.sub(" ", text)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)[:_SAMPLE_WORDS]]
    if len(words) < _LEAST_WORDS:
        return None
    scores = {one: _share(words, _function_words(one)) for one in candidates}
    best = max(scores, key=lambda one: scores[one])
    if len(set(words) & _function_words(best)) < _LEAST_DIFFERENT:
        return None
    return best if scores[best] >= _LEAST_SHARE else None


def language_of_few(text: str) -> str | None:
    """Return the language that a few words give away beside whatever error they stand in, None where they don't.

    Two words are too few for frequencies, "jeton expiré" is French all the same: its letters, its elisions and the words of
    everyday trouble tell. Beside English it takes two such signs, since English texts quote a French word here and there.
    """
    sample = _NOT_PROSE.sub(" ", text[:20_000])
    if _NOT_FRENCH.search(sample.lower()):
        return None
    words = _WORD.findall(sample)[:_SAMPLE_WORDS]
    signs = len(set(_ELISION.findall(sample)))
    for word in {word.split("'")[-1].split("’")[-1] for word in words if not word.isupper()}:
        lowered = word.lower()
        signs += bool(_ACCENTED.search(lowered)) or without_accents(lowered) in _EVERYDAY_FRENCH
    n_english = sum(word.lower() in _ENGLISH_ALL_OVER for word in words)
    return "fr" if signs >= (2 if n_english else 1) and signs * _FEW_WORDS >= len(words) else None


def is_personal_english(text: str) -> bool:
    """Tell whether a person wrote some of an English text, rather than a program all of it."""
    return any(
        word.lower().replace("'", "").replace("’", "") in _PERSONAL_ENGLISH for word in _WORD.findall(text)
    )


def without_accents(word: str) -> str:
    """Return a word with its accents left out."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.replace("œ", "oe"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _share(words: Sequence[str], common: frozenset[str]) -> float:
    return sum(1 for word in words if word in common) / len(words)


@lru_cache(maxsize=64)
def _function_words(tongue: str) -> frozenset[str]:
    """The hundred most frequent words of a language that no other candidate leans on more."""
    import wordfreq  # loads its lists on first use: only a text without a declared locale pays for it

    found = []
    for word in wordfreq.top_n_list(tongue, 160):
        own = wordfreq.zipf_frequency(word, tongue)
        elsewhere = max(
            (wordfreq.zipf_frequency(word, one) for one in CANDIDATES if one != tongue), default=0.0
        )
        if word.isalpha() and own >= elsewhere - 0.3:
            found.append(word)
    return frozenset(found[:100])


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    known = {language(str(tag)) for tag in get_global("likely_subtags")}
    return frozenset(tag for tag in known if len(tag) in (2, 3))


def _is_tag(name: str) -> bool:
    try:
        Locale.parse(name.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return False  # "no-op" and "to-do" look like locales and are none
    return True


@lru_cache(maxsize=1024)
def _parts(tag: str) -> tuple[str, str, str]:
    """Language, script and region of a tag, the likely ones where it says none."""
    pieces = tag.split("-")
    spoken = pieces[0]
    script = next((piece for piece in pieces[1:] if len(piece) == 4 and piece.isalpha()), "")
    region = next(
        (piece for piece in pieces[1:] if len(piece) == 2 or (len(piece) == 3 and piece.isdigit())), ""
    )
    likely = get_global("likely_subtags")
    full = ""
    if not script and region:
        full = likely.get(f"{spoken}_{region.upper()}", "") or likely.get(f"und_{region.upper()}", "")
        if full and language(full) != spoken:
            full = ""
    full = (
        full or likely.get(f"{spoken}_{script.title()}" if script else spoken, "") or likely.get(spoken, "")
    )
    guessed = full.lower().split("_")
    script = script or (guessed[1] if len(guessed) > 1 else "")
    region = region or (guessed[2] if len(guessed) > 2 else "")
    return spoken, script, region


def _safe(tag: str) -> str:
    try:
        return normalise(tag)
    except KnowledgeError:
        return tag.lower()
