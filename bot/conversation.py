"""A conversation about an error: what was asked, what is on the table, and what a follow-up makes of it.

Pure: a frozen :class:`Conversation` and a text in, another and a :class:`Reply` out. It holds names and numbers only, never
an article: what it talks about is asked again from the knowledge base, which costs a millisecond, so a surface can
keep it anywhere as a few lines of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.answer import Answer
from bot.followups import Intent, Understood, folded, is_in_passing, small_number, understand
from bot.question import Question
from kb.locales import language
from kb.model import Hit, Outcome

Ask = Callable[[Question], Answer]

_LEAST_SHARE = 0.1
"""Chance, once what was tried is ruled out, from which another entry is worth showing."""
_MOST_SECOND = 0.6
_SHARED = ("hub", "host", "device", "module")
"""What a paste holds that stays true of whatever entry is talked about."""
_MOST_TOGETHER = 2000
"""Characters of a question and what was added to it, asked as one."""


class Kind(StrEnum):
    """What a reply is."""

    ANSWER = "answer"
    """An answer to a question, or the same in another language or with a device filled in."""
    CAUSE = "cause"
    """The next cause of the entry on the table."""
    NEXT = "next"
    """The next entry."""
    NOTHING_LEFT = "nothing-left"
    NOTHING_YET = "nothing-yet"
    """More was wanted of an answer, and there was none: nothing was found, or nothing asked (``answer`` is None)."""
    NO_CHOICE = "no-choice"
    """A number that nothing has: ``n_offered`` says from how many one can choose."""
    MORE = "more"
    """The whole of the entry on the table."""
    WHY = "why"
    CHECK = "check"
    """The surface runs the checks for ``answer``, on ``hub``."""
    SPEAK = "speak"
    """Another language from now on; there is nothing to repeat yet."""
    THANKS = "thanks"
    WORKED = "worked"
    NOTED = "noted"
    """What was said is heard, and nothing came of it yet."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is on the table."""

    query: str = ""
    """The question talked about, redacted; empty before the first."""
    locale: str | None = None
    """The locale the person chose; None: their words decide."""
    reader: str = ""
    """The locale of the last answer."""
    entry: str = ""
    """Id of the entry being talked about; empty while there is none or several are offered."""
    cause: int = 0
    """Which of its causes, 0-based."""
    offered: tuple[str, ...] = ()
    """Ids of the entries to choose from, in the order shown."""
    tried: tuple[str, ...] = ()
    """Ids of the entries that did not help."""
    device: str = ""
    """The device the person named."""
    waits_to_check: bool = False
    """Checks were asked for and no device was known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, for a surface to lay out."""

    kind: Kind
    answer: Answer | None = None
    """With the entry on the table as its first hit."""
    cause: int = 0
    """Which cause of that entry to show, 0-based."""
    hub: str = ""
    """The hub named for a check."""
    reader: str = "en"
    """Locale to speak in."""
    n_offered: int = 0
    """From how many one can choose, where a number was none of them."""


def talk(
    state: Conversation,
    text: str,
    ask: Ask,
    asker_locale: str | None = None,
    hubs: Collection[str] = (),
) -> tuple[Conversation, Reply]:
    """Return where the conversation stands after a text, and the reply to it; ``hubs`` are the configured names.

    Raises whatever ``ask`` raises; the conversation then stands where it stood.
    """
    if (number := small_number(text)) is not None and not 0 < number <= len(state.offered):
        return _numbered(state, text, ask, asker_locale)
    if not state.query:
        said = understand(text)
        is_asked = said.intent is Intent.QUESTION
        return _asked(state, text, ask, asker_locale) if is_asked else _unasked(state, said, asker_locale)
    lacks_device = bool(state.entry or state.offered) or state.waits_to_check
    said = understand(text, n_offered=len(state.offered), lacks_device=lacks_device, hubs=hubs)
    return _TURNS[said.intent](_heard(state, said), said, text, ask, asker_locale)


def follow(
    state: Conversation, said: Understood, ask: Ask, asker_locale: str | None = None
) -> tuple[Conversation, Reply]:
    """Return the same for an intent that needed no understanding: a button, or a command such as ``/next``."""
    if not state.query:
        return _unasked(state, said, asker_locale)
    return _TURNS[said.intent](_heard(state, said), said, said.value, ask, asker_locale)


def _unasked(state: Conversation, said: Understood, asker_locale: str | None) -> tuple[Conversation, Reply]:
    """What would follow up an answer, said before anything was asked."""
    if said.intent is Intent.SPEAK:
        return replace(state, locale=said.value, reader=said.value), Reply(Kind.SPEAK, reader=said.value)
    kind = _SAID.get(said.intent, Kind.NOTHING_YET)
    return _heard(state, said), Reply(kind, reader=state.locale or said.language or asker_locale or "en")


def _numbered(
    state: Conversation, text: str, ask: Ask, asker_locale: str | None
) -> tuple[Conversation, Reply]:
    """A number that chooses nothing may still be a code that the documents know."""
    answer = ask(Question(text, state.locale, state.reader or asker_locale))
    if answer.outcome is not Outcome.NONE:
        return _asked(state, text, ask, asker_locale)
    return state, Reply(Kind.NO_CHOICE, reader=answer.reader, n_offered=len(state.offered))


def _heard(state: Conversation, said: Understood) -> Conversation:
    """The person's own words decide the language, unless they chose one."""
    if state.locale or not said.language or said.language == language(state.reader):
        return state
    return replace(state, reader=said.language)


def _asked(state: Conversation, text: str, ask: Ask, asker_locale: str | None) -> tuple[Conversation, Reply]:
    """A new question; or more about the one before, where that alone told too little.

    Words in passing that say nothing take no answer off the table: "where do I see that?" is often followed by "no luck".
    """
    answer = ask(Question(text, state.locale, state.reader or asker_locale))
    if (state.entry or state.offered) and answer.outcome is Outcome.NONE and is_in_passing(text):
        return state, _reply(Kind.ANSWER, answer)
    is_open = state.query and not state.entry
    # Of what told nothing, words in passing would choose between the entries that the new text fits equally.
    is_alone = not state.offered and answer.outcome is not Outcome.NONE
    if (
        is_open
        and not is_alone
        and answer.outcome is not Outcome.ANSWER
        and len(state.query) + len(text) < _MOST_TOGETHER
    ):
        both = ask(Question(f"{state.query}\n{text}", state.locale, answer.reader))
        if both.outcome is not Outcome.NONE and both.confidence > answer.confidence:
            answer = replace(both, redacted=answer.redacted)
    return _on_the_table(Conversation(locale=state.locale, device=state.device), answer), _reply(
        Kind.ANSWER, answer
    )


def _on_the_table(state: Conversation, answer: Answer) -> Conversation:
    is_sure = answer.outcome is Outcome.ANSWER
    hits = answer.hits
    device = hits[0].captures.get("device", "") if is_sure else ""
    return replace(
        state,
        query=answer.query,
        reader=answer.reader,
        entry=hits[0].entry.id if is_sure else "",
        cause=0,
        offered=tuple(hit.entry.id for hit in hits) if answer.outcome is Outcome.CHOICES else (),
        device=device or state.device,
        waits_to_check=False,
    )


def _question(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    if state.offered and (number := _chosen_by_words(text, _again(state, ask).hits)):
        return _choose(state, Understood(Intent.CHOOSE, str(number)), text, ask, asker)
    return _asked(state, text, ask, asker)


def _next(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    answer = _again(state, ask)
    if not (state.entry or state.offered or state.tried):
        return state, _reply(Kind.NOTHING_YET, answer)
    hit = _hit(answer, state.entry)
    if hit is not None and state.cause + 1 < len(hit.entry.remedies):
        state = replace(state, cause=state.cause + 1)
        return state, _reply(Kind.CAUSE, _focused(answer, hit, state), state.cause)
    tried = (*state.tried, *filter(None, (state.entry,)), *state.offered)
    state = replace(state, tried=tuple(dict.fromkeys(tried)), offered=(), cause=0)
    following = _following(answer, state.tried)
    if following is None:
        return replace(state, entry=""), _reply(Kind.NOTHING_LEFT, answer)
    state = replace(state, entry=following.entry.id)
    return state, _reply(Kind.NEXT, _focused(answer, following, state))


def _choose(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    answer = _again(state, ask)
    place = int(said.value) - 1
    hit = _hit(answer, state.offered[place]) if 0 <= place < len(state.offered) else None
    if hit is None:
        return state, _reply(Kind.ANSWER, answer)
    state = replace(state, entry=hit.entry.id, cause=0, offered=())
    return state, _reply(Kind.ANSWER, _focused(answer, hit, state))


def _speak(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    state = replace(state, locale=said.value, reader=said.value)
    return state, _reply(_shown_again(state), _current(state, ask), state.cause)


def _more(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    answer = _current(state, ask)
    if state.entry and answer.hits:
        return state, _reply(Kind.MORE, answer, state.cause)
    return state, _reply(_shown_again(state) if state.offered or state.tried else Kind.NOTHING_YET, answer)


def _why(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    return state, _reply(Kind.WHY, _current(state, ask), state.cause)


def _check(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    answer = _current(state, ask)
    state = replace(state, waits_to_check=not state.device)
    return state, replace(_reply(Kind.CHECK, answer, state.cause), hub=said.value)


def _device(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    """A bare name fills what was missing, unless it names an error that the documents know."""
    alone = ask(Question(text, state.locale, state.reader or asker))
    if alone.outcome is Outcome.ANSWER and alone.hits[0].reasons.get("identifier", 0.0) > 0:
        return _asked(state, text, ask, asker)
    kind = Kind.CHECK if state.waits_to_check else _shown_again(state)
    state = replace(state, device=said.value, waits_to_check=False)
    return state, _reply(kind, _current(state, ask), state.cause)


def _only_said(
    state: Conversation, said: Understood, text: str, ask: Ask, asker: str | None
) -> tuple[Conversation, Reply]:
    return state, Reply(_SAID[said.intent], reader=state.reader)


_SAID = {Intent.THANKS: Kind.THANKS, Intent.WORKED: Kind.WORKED, Intent.NOTED: Kind.NOTED}
_TURNS = {
    Intent.QUESTION: _question,
    Intent.NEXT: _next,
    Intent.CHOOSE: _choose,
    Intent.SPEAK: _speak,
    Intent.MORE: _more,
    Intent.WHY: _why,
    Intent.CHECK: _check,
    Intent.DEVICE: _device,
    **dict.fromkeys(_SAID, _only_said),
}


def _shown_again(state: Conversation) -> Kind:
    """As what the answer on the table is shown once more: where everything was tried, there is none."""
    return Kind.NOTHING_LEFT if state.tried and not state.entry else Kind.ANSWER


def _again(state: Conversation, ask: Ask) -> Answer:
    """The answer to the question on the table, in the language spoken now."""
    return ask(Question(state.query, state.locale or state.reader or None))


def _current(state: Conversation, ask: Ask) -> Answer:
    """The same with the entry on the table as its only hit."""
    answer = _again(state, ask)
    hit = _hit(answer, state.entry)
    return _focused(answer, hit, state) if hit is not None else answer


def _focused(answer: Answer, hit: Hit, state: Conversation) -> Answer:
    first = answer.candidates[0].captures if answer.candidates else {}
    captures = {name: value for name, value in first.items() if name in _SHARED} | hit.captures
    if state.device:
        captures["device"] = state.device
    confidence = hit.confidence
    if (
        state.tried
    ):  # likelier now that others are ruled out, but never sure: the right one may be none of them
        confidence = max(confidence, min(_share(hit, answer, state.tried), _MOST_SECOND))
    told = replace(hit, captures=captures, confidence=confidence)
    return replace(answer, outcome=Outcome.ANSWER, hits=(told,))


def _hit(answer: Answer, entry_id: str) -> Hit | None:
    return next((hit for hit in (*answer.hits, *answer.candidates) if hit.entry.id == entry_id), None)


def _following(answer: Answer, tried: Sequence[str]) -> Hit | None:
    """The likeliest entry that was not tried, where it is likely enough now that the others are ruled out."""
    left = [hit for hit in answer.candidates if hit.entry.id not in tried]
    best = max(left, key=lambda hit: hit.confidence, default=None)
    return best if best is not None and _share(best, answer, tried) >= _LEAST_SHARE else None


def _share(hit: Hit, answer: Answer, tried: Collection[str]) -> float:
    """The chance of an entry once those tried are ruled out: its part of what is left, which is theirs or nobody's.

    Each candidate's confidence is the chance that it is right by itself; several that are alike add up to more than one.
    """
    ruled_out = sum(one.confidence for one in answer.candidates if one.entry.id in tried)
    left = sum(one.confidence for one in answer.candidates if one.entry.id not in tried)
    return hit.confidence / max(1.0 - ruled_out, left, 1e-9)


def _chosen_by_words(text: str, hits: Sequence[Hit]) -> int:
    """The number of the one offered whose title or names the words are taken from; 0 where that is not plain."""
    said = {word for word in folded(text).split() if len(word) > 3}
    if not said or len(text) > 80:
        return 0
    # One title may say the code that all of them share: naming it chooses none.
    told = [folded(" ".join((hit.entry.title, *hit.entry.identifiers))).split() for hit in hits]
    shares = [len(said.intersection(words)) / len(said) for words in told]
    best = max(shares, default=0.0)
    return shares.index(best) + 1 if best >= 0.5 and shares.count(best) == 1 else 0


def _reply(kind: Kind, answer: Answer, cause: int = 0) -> Reply:
    return Reply(kind, answer, cause, reader=answer.reader)
