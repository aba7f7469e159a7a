"""The core: a question in, an answer out. No Slack, no argv, no environment, no clock but the one it is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answer import Answer
from bot.errors import NothingAsked, TextUnreadable
from bot.names import names_in
from bot.question import Question
from bot.records import without_records
from bot.redaction import redact, unmarked
from kb.locales import is_personal_english, language, language_of_few, negotiate, normalise
from kb.model import Found, Hit

if TYPE_CHECKING:
    from kb.search import KnowledgeBase

MOST_CHARACTERS = 200_000
"""Longest text taken as one question; a log beyond it is for ``hubmedic triage``."""
ENGLISH = "en"


class Assistant:
    """Answers questions from one knowledge base; any number of threads may share it."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        *,
        refine: Callable[[Answer, str], Answer] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``refine`` looks at an answer and the text as it was pasted, secrets and all, and lets none of them out."""
        self.knowledge = knowledge
        self._refine = refine
        self._clock = clock

    def answer(self, question: Question) -> Answer:
        """Return what the knowledge base has to say, in the person's language.

        Raises
        ------
        NothingAsked
            If the text is empty.
        TextUnreadable
            If the text is longer than one question can be.
        KnowledgeError
            If the locale chosen is no language tag.
        """
        started = self._clock()
        reader = normalise(question.locale or question.asker_locale or ENGLISH)
        if len(question.text) > MOST_CHARACTERS:
            raise TextUnreadable(
                "this is too long for one question: {count} characters of {most} at most",
                "hubmedic triage FILE reads a log of any size; or paste the lines around the error",
                count=len(question.text),
                most=MOST_CHARACTERS,
            )
        if not question.text.strip():
            raise NothingAsked("nothing was asked", "paste the error's text, or ask in your own words")
        redacted = redact(question.text)
        found = self._find(redacted.text, reader, question.limit)
        spoken = (
            None
            if question.locale
            else self._spoken(found.language, unmarked(redacted.text), language(reader))
        )
        if spoken is not None and spoken != language(reader):
            reader = spoken
            found = self._find(redacted.text, reader, question.limit)
        names = names_in(redacted.text)
        answer = Answer(
            query=redacted.text,
            locale=self.served(reader),
            outcome=found.outcome,
            confidence=found.confidence,
            hits=_named(found.hits, names),
            redacted=redacted.kinds,
            candidates=_named(found.candidates, names),
            reader=reader,
        )
        if self._refine is not None:
            answer = self._refine(answer, question.text)
        return replace(answer, elapsed_ms=(self._clock() - started) * 1000)

    def served(self, reader: str) -> str:
        """Return the locale of the articles that serves a reader: theirs, else English, else what there is."""
        available = self.knowledge.locales
        return negotiate(reader, available) or negotiate(ENGLISH, available) or available[0]

    def _spoken(self, found: str | None, text: str, usual: str) -> str | None:
        """The language of a person's own words, None where all of it may be what a program printed.

        Somebody who usually speaks another language than English and pastes "check your network" has said nothing in English;
        nor has a log in whatever language.
        """
        text = without_records(text)
        if not text.strip():
            return None
        if found is not None and found != ENGLISH:
            return found
        few = language_of_few(text)
        if few is not None and negotiate(few, self.knowledge.locales) is not None:
            return few if found is None or not is_personal_english(text) else found
        return found if usual == ENGLISH or is_personal_english(text) else None

    def _find(self, text: str, reader: str, limit: int) -> Found:
        """Look for the text; what was taken out of it is no word of it."""
        return self.knowledge.find(unmarked(text), locale=self.served(reader), limit=limit)


def _named(hits: tuple[Hit, ...], names: dict[str, str]) -> tuple[Hit, ...]:
    """The hits with what the paste says elsewhere than in the message that matched, which has the better word for it."""
    return tuple(replace(hit, captures=names | hit.captures) for hit in hits) if names else hits
