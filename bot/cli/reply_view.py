"""Replies of a conversation laid out for a terminal."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.answer import Answer
from bot.cli.layout import LABEL, QUIET, TITLE, Line, columns, gap, line
from bot.cli.views import answer_view, findings_view, why_view
from bot.conversation import Kind, Reply
from bot.i18n import N_, Speaker
from kb.model import Outcome

_LEADS = {Kind.CAUSE: N_("Then perhaps this:"), Kind.NEXT: N_("Then it may be something else:")}


def reply_view(reply: Reply, say: Speaker) -> list[Line]:
    """Lay out one reply."""
    return [*_view(reply, say), gap()]


def help_view(say: Speaker) -> list[Line]:
    """Lay out what one can type."""
    rows = [
        ("/next", "/suivant", say("the next cause, or the next thing it can be")),
        ("/why", "/pourquoi", say("why this answer")),
        ("/check [HUB]", "/verifier [HUB]", say("ask the hub about the cause")),
        ("/fr  /en", "", say("speak French or English from now on")),
        ("/help", "/aide", say("this list")),
        ("/quit", "/quitter", say("leave")),
    ]
    return [
        line(say("Paste an error or ask a question; then say what came of it, or type:")),
        *columns(("", "", ""), rows)[1:],
        gap(),
    ]


def _view(reply: Reply, say: Speaker) -> list[Line]:
    answer = reply.answer
    if reply.kind is Kind.THANKS:
        return [line(say("Good to hear."))]
    if reply.kind is Kind.SPEAK:
        return [line(say("English from now on.") if say.language == "en" else say("French from now on."))]
    if answer is None:
        return [line(say("Ask something first: paste an error, or say what you see."))]
    if reply.kind is Kind.NOTHING_LEFT:
        return [line(say("That was all I know about it."), TITLE), line(wording.question_back(say, answer))]
    if reply.kind is Kind.CHECK:
        return _checked(answer, say)
    if reply.kind is Kind.WHY:
        hits = answer.hits[:1]
        reasons = [f"• {reason}" for hit in hits for reason in wording.reasons(say, hit, answer.query)]
        return [*map(line, reasons), gap(), *why_view(answer, say)] if reasons else why_view(answer, say)
    lines = []
    if reply.kind in _LEADS:
        lines, answer = [line(say(_LEADS[reply.kind]), LABEL)], replace(answer, findings=())  # told before
    lines += answer_view(answer, say, cause=reply.cause, is_talk=True)
    if answer.outcome is not Outcome.ANSWER:
        return lines
    hit = answer.hits[0]
    n_more = len(hit.entry.remedies) - reply.cause - 1
    if n_more > 0:
        more = say.plural(
            "Not it? Say so, or type /next: there is {count} more cause.",
            "Not it? Say so, or type /next: there are {count} more causes.",
            n_more,
        )
        lines.append(line(more, QUIET))
    return lines


def _checked(answer: Answer, say: Speaker) -> list[Line]:
    """What was found; below it the answer once more where a cause of it is confirmed, that one first."""
    from bot.checks.ordering import is_confirmed

    if not answer.findings:
        return [line(say("There was nothing to check."))]
    if answer.outcome is Outcome.ANSWER and is_confirmed(answer.hits[0].entry, answer.findings):
        return answer_view(answer, say, is_talk=True)
    return findings_view(answer.findings, say)
