"""What every surface says about an answer, in sentences: how sure, why, what was taken out, what would help.

Pure functions over values and a :class:`~bot.i18n.Speaker`; a terminal and Slack only lay them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answer import Answer
from bot.i18n import N_, Speaker
from kb.identifiers import candidates, key
from kb.locales import language
from kb.model import Hit, Remedy
from kb.tokens import fold

_SURENESS = (
    (0.9, N_("very likely")),
    (0.7, N_("likely")),
    (0.4, N_("possible")),
    (0.0, N_("unsure")),
)
_SECRETS = {
    "shared-access-key": N_("a shared access key"),
    "signature": N_("the signature of a SAS token"),
    "identifiable-key": N_("an Azure key"),
    "symmetric-key": N_("a device or account key"),
    "base64-key": N_("what looks like a key"),
    "hex-key": N_("what looks like a key"),
    "connection-string": N_("a connection string"),
    "private-key": N_("a private key"),
    "slack-token": N_("a Slack token"),
    "jwt": N_("an access token"),
    "token": N_("an access token"),
    "authorization": N_("an authorization header"),
    "client-secret": N_("a client secret"),
    "api-key": N_("an API key"),
    "aws-key": N_("an AWS key"),
    "github-token": N_("a GitHub token"),
    "gitlab-token": N_("a GitLab token"),
    "google-key": N_("a Google key"),
    "password": N_("a password"),
}
_MARK = re.compile(r"^\s*(?:[>*+-]|\d+[.)])\s+")
_LEAST_REASON = 0.05
_MOST_WORDS = 5
_NO_REASON = frozenset({"tracking", "time", "hash", "path", "url"})
"""Open parts whose values tell two pastes apart and nothing else."""
_SECRET_FIELD = re.compile(r"([A-Za-z]\w{0,48})[\"'\\]{0,6}\s{0,4}[=:\s]\s{0,4}[\"'\\]{0,6}\[redacted:")
_SAFE_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_WORD = re.compile(r"\w+")
_EVERYDAY_WORDS = (
    "when with that this have does from after they your what which then than into some will just only very always never there "
    "their again while because been being would could should avec dans pour sans mais plus quand cette tous toutes tout toute "
    "leur nous vous elle elles sont comme aussi alors apres avant encore toujours jamais depuis cela celui celle"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
_PLACEHOLDER = re.compile(r"\{([a-z]{2,16})\}")


def sureness(say: Speaker, confidence: float) -> str:
    """Return a confidence in words, with the number it stands for."""
    words = next(words for least, words in _SURENESS if confidence >= least)
    return say("{words} ({percent} %)", words=say(words), percent=min(round(confidence * 100), 99))


def heading(hit: Hit) -> str:
    """Return the error's code and name with what the entry is about: ``"401003 IoTHubUnauthorized: …"``."""
    entry = hit.entry
    names = [name for name in entry.identifiers[:2] if key(name) not in key(entry.title)]
    if not names:
        return entry.title
    return f"{' '.join(names)}: {entry.title}"


def reasons(say: Speaker, hit: Hit, query: str) -> Iterator[str]:
    """Yield why the entry was found, a sentence each, strongest evidence first."""
    if hit.matched:
        yield say("the message “{message}”", message=hit.matched)
        held = {name: value for name, value in hit.captures.items() if name not in _NO_REASON}
        if held:
            yield say("with {values}", values=", ".join(f"{name} = {value}" for name, value in held.items()))
    names: tuple[str, ...] = ()
    if hit.reasons.get("identifier", 0.0) > _LEAST_REASON and (names := named_in(query, hit)):
        yield say("the name {names}", names=", ".join(names))
    words = _telling_words(hit, query, names)
    if words and (not hit.matched or hit.reasons.get("terms", 0.0) > _LEAST_REASON):
        yield say("the words {words}", words=", ".join(words[:_MOST_WORDS]))


def _telling_words(hit: Hit, query: str, names: Sequence[str]) -> list[str]:
    """The words that say more than the message and the names already do, each once, none a field whose value was secret."""
    told = fold(" ".join((hit.matched, *names, *hit.captures.values())))
    secret = {fold(field) for field in _SECRET_FIELD.findall(query)}
    words: list[str] = []
    for word in hit.terms:
        is_new = word not in told and word not in secret and _tells(word, query)
        if is_new and not any(word in other or other in word for other in words):
            words.append(word)
    written = {
        fold(word): word if word.isupper() else word.lower() for word in reversed(_WORD.findall(query))
    }
    codes = [_code(word[1:], query) for word in words if word.startswith("=")]
    in_codes = {fold(part) for code in codes for part in _WORD.findall(code)}
    others = [word for word in words if not word.startswith("=") and word not in in_codes]
    return codes + [written.get(word, word) for word in others]


def _code(number: str, query: str) -> str:
    """A return code as the question writes it: ``rc=5``."""
    found = re.search(rf"\b\w{{1,24}}\s?[=:]?\s?{re.escape(number)}\b", query)
    return found.group() if found else number


def _tells(word: str, query: str) -> bool:
    """A word of one or two letters, or one that every text has, is no reason; DPS, written in capitals, is."""
    if word in _EVERYDAY:
        return False
    return len(word) > 3 or not word.isalpha() or word.upper() in query


def named_in(query: str, hit: Hit) -> tuple[str, ...]:
    """Return the entry's identifiers that the question names."""
    held = {candidate.key for candidate in candidates(query)}
    return tuple(name for name in hit.entry.identifiers if key(name) in held)


def secrets_taken(say: Speaker, kinds: Sequence[str]) -> str:
    """Return the warning about secrets that were pasted; empty where there were none."""
    if not kinds:
        return ""
    names = ", ".join(dict.fromkeys(say(_SECRETS.get(kind, N_("a secret"))) for kind in kinds))
    return say(
        "I took out {secrets} before reading on. Whoever saw this paste has it: renew it now and revoke the old one.",
        secrets=names,
    )


def locale_note(say: Speaker, hit: Hit, reader: str) -> str:
    """Return a line for an article that exists in another language only; empty where there is nothing to say."""
    spoken = language(hit.entry.locale)
    if spoken == language(reader):
        return ""
    from bot.i18n.values import language_name

    return say("This article exists in {language} only.", language=language_name(spoken, say.language))


def question_back(say: Speaker, answer: Answer) -> str:
    """Return the one question whose answer would help most where nothing was found."""
    words = answer.query.split()
    if any(character.isdigit() for word in words for character in word) and len(words) > 12:
        return say("Which product prints this, and what was it doing at that moment?")
    if len(words) <= 2:
        return say("What exactly is printed? Paste the whole message, with its code.")
    return say("Is there an error message or a code? Paste it word for word, with the lines around it.")


def first_line(markdown: str) -> str:
    """Return the first sentence of a text without its Markdown marks, prose before printed messages."""
    lines = [one for one in markdown.splitlines() if one.strip() and not one.lstrip().startswith("```")]
    prose = (one for one in lines if not _MARK.match(one))
    text = _MARK.sub("", next(prose, lines[0] if lines else "")).replace("`", "").replace("**", "").strip()
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"


def filled(markdown: str, captures: dict[str, str]) -> str:
    """Return the text with ``{hub}`` and the like replaced by what the paste held.

    Only values that mean nothing to a shell: a command is copied as it stands.
    """

    def value(match: re.Match[str]) -> str:
        held = captures.get(match.group(1), "")
        return held if _SAFE_VALUE.fullmatch(held) else match.group()

    return _PLACEHOLDER.sub(value, markdown) if captures else markdown


def together(remedies: Sequence[Remedy]) -> list[tuple[list[str], str]]:
    """Return causes with their solution, causes that share one listed together, in order."""
    groups: list[tuple[list[str], str]] = []
    for remedy in remedies:
        if groups and groups[-1][1] == remedy.solution:
            groups[-1][0].append(remedy.cause)
        else:
            groups.append(([remedy.cause], remedy.solution))
    return [([cause for cause in causes if cause], solution) for causes, solution in groups]
