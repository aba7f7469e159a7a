"""Replies of a conversation laid out for a terminal."""

from __future__ import annotations

from dataclasses import replace

from bot import replies, wording
from bot.answer import Answer
from bot.cli.layout import LABEL, QUIET, TITLE, Line, columns, gap, line
from bot.cli.views import answer_view, findings_view, source_line, why_view
from bot.conversation import Kind, Reply
from bot.i18n import Speaker
from kb.model import Outcome


def reply_view(reply: Reply, say: Speaker) -> list[Line]:
    """Lay out one reply."""
    return [*_view(reply, say), gap()]


def help_view(say: Speaker) -> list[Line]:
    """Lay out what one can type."""
    rows = [
        ("/next", "/suivant", say("the next cause, or the next thing it can be")),
        ("/more", "/plus", say("all that I have on it, with the page it stands on")),
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
    if answer is None:
        return [line(replies.only_said(say, reply))]
    if reply.kind in replies.IN_VAIN:
        return [line(say(replies.IN_VAIN[reply.kind]), TITLE), line(wording.question_back(say, answer))]
    if reply.kind is Kind.CHECK:
        return _checked(answer, say)
    if reply.kind is Kind.WHY:
        return _why(answer, say)
    lead = [line(say(replies.LEADS[reply.kind]), LABEL)] if reply.kind in replies.LEADS else []
    if reply.kind is Kind.MORE:
        return _more(answer, reply.cause, lead, say)
    lines = lead
    if lead:
        answer = replace(answer, findings=())  # told before
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


def _why(answer: Answer, say: Speaker) -> list[Line]:
    if answer.outcome is Outcome.NONE:
        lead = say("Nothing that I know fits well enough; this comes nearest:")
        return (
            [line(lead), gap(), *why_view(answer, say)]
            if answer.candidates
            else [line(say("Nothing that I know comes anywhere near."))]
        )
    hits = answer.hits if answer.outcome is Outcome.ANSWER else ()
    reasons = [f"• {reason}" for hit in hits for reason in wording.reasons(say, hit, answer.query)]
    return [*map(line, reasons), gap(), *why_view(answer, say)] if reasons else why_view(answer, say)


def _more(answer: Answer, cause: int, lead: list[Line], say: Speaker) -> list[Line]:
    """The whole of an answer; its page alone where nothing of it was left out."""
    whole = answer_view(answer, say, is_whole=True)
    shown = {one.text.plain for one in answer_view(answer, say, cause=cause)}
    if all(one.text.plain in shown for one in whole):
        return [line(say(replies.SEEN_ALL)), source_line(answer.hits[0].entry, say)]
    return [*lead, *whole]


def _checked(answer: Answer, say: Speaker) -> list[Line]:
    """What was found; below it the answer once more where a cause of it is confirmed, that one first."""
    from bot.checks.ordering import is_confirmed

    if not answer.findings:
        return [line(say("There was nothing to check."))]
    if answer.outcome is Outcome.ANSWER and is_confirmed(answer.hits[0].entry, answer.findings):
        return answer_view(answer, say, is_talk=True)
    return findings_view(answer.findings, say)
