"""Answers as Slack messages: pure functions from a reply to blocks.

title: code and name
how sure, by what                          small print
symptom · cause · numbered steps           rich text, commands as blocks to copy; long steps folded
source, findings
buttons, thumbs
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import replies, wording
from bot.answer import Answer, Finding, Status
from bot.conversation import Kind, Reply
from bot.i18n import Speaker
from bot.slack import blocks as b
from bot.slack.findings import confirmed_elements, finding_elements
from bot.slack.refs import Action, Ref
from bot.slack.rich import Element, cut, link, markdown, piece, section
from bot.symptoms import news
from kb.model import Entry, Hit, Outcome

SHOWN = 3_600
"""Characters of an entry's text shown at once; the rest is a button away."""
_SYMPTOM = 700
_CAUSE = 1_400
_SOURCE_TITLE = 200
_FINDINGS = 2_400
_OTHER = {"fr": ("en", "English"), "en": ("fr", "Français")}


@dataclass(frozen=True, slots=True)
class Offers:
    """What a card may offer besides the answer."""

    may_check: bool = False
    """Live checks are configured, and somebody here may run them."""
    has_humans: bool = False
    """Somebody is named to be called."""
    is_private: bool = False
    """Only the asker sees it: it can be shared, and there are no thumbs yet."""
    languages: tuple[str, ...] = ("en", "fr")
    """Languages articles exist in."""


def card(reply: Reply, say: Speaker, ref: Ref, offers: Offers, notes: Sequence[str] = ()) -> b.Message:
    """Return the message of a reply; ``notes`` are lines of small print, such as that only a part was read."""
    answer = reply.answer
    if answer is None:
        return sentence(replies.only_said(say, reply))
    if reply.kind in replies.IN_VAIN:
        title = say(replies.IN_VAIN[reply.kind])
        return _nothing(say, ref, offers, title, wording.question_back(say, answer), notes)
    if reply.kind is Kind.WHY:
        return why_card(answer, say)
    if answer.outcome is Outcome.NONE or not answer.hits:
        return _nothing(
            say,
            ref,
            offers,
            say("I don't know this one."),
            wording.question_back(say, answer),
            notes,
            answer.findings,
        )
    if answer.outcome is Outcome.CHOICES:
        return _choices(answer, say, ref, offers, notes)
    return _answer(reply, answer, answer.hits[0], say, ref, offers, notes)


def sentence(*lines: str) -> b.Message:
    """Return a message of a few lines."""
    return b.Message(b.fallback(*lines), tuple(b.paragraph(line) for line in lines if line))


def why_card(answer: Answer, say: Speaker) -> b.Message:
    """Return why the first hit was found, and how the candidates compare."""
    compared = say("What each candidate has of your text")
    elements: list[Element] = []
    if answer.outcome is Outcome.ANSWER and answer.hits:
        title = say("Why this answer")
        items = [section([piece(one)]) for one in wording.reasons(say, answer.hits[0], answer.query)]
        elements.append(_label(title))
        if items:
            elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
        elements.append(_label(compared))
    else:
        is_none = answer.outcome is Outcome.NONE
        title = say("Nothing that I know fits well enough; this comes nearest:") if is_none else compared
        elements.append(_label(title))
    rows = [section(_compared(hit, say)) for hit in answer.candidates[:5]]
    if rows:
        elements.append({"type": "rich_text_list", "style": "ordered", "elements": rows})
    elif answer.outcome is not Outcome.ANSWER:
        return sentence(say("Nothing that I know comes anywhere near."))
    kept = cut(elements, b.MOST_CHARACTERS - 500)
    return b.Message(b.fallback(title), (b.rich(kept.elements),))


def entry_elements(
    entry: Entry, say: Speaker, captures: dict[str, str], cause: int | None = None
) -> list[Element]:
    """Return everything an entry tells, of all of its causes or of one."""
    causes = range(len(entry.remedies)) if cause is None else (cause,)
    remedies = [element for number in causes for element in _remedy(entry, say, captures, number)]
    return [*_symptom(entry, say, captures), *remedies, *_more(entry, say, captures)]


def source_element(entry: Entry, say: Speaker) -> Element:
    """Return where an entry stands."""
    label = piece(say("Source") + "  ", style="bold")
    title = b.shortened(entry.article_title or entry.title, _SOURCE_TITLE)
    if not entry.url:
        return section([label, piece(entry.path or "-")])
    return section([label, link(entry.url, title)])


def _answer(
    reply: Reply, answer: Answer, hit: Hit, say: Speaker, ref: Ref, offers: Offers, notes: Sequence[str]
) -> b.Message:
    entry = replace(hit.entry, symptom=news(hit.entry.symptom, hit, answer.query))
    made: list[b.Block] = []
    if reply.kind in replies.LEADS:
        made.append(b.paragraph(say(replies.LEADS[reply.kind]), style="italic"))
    if reply.kind is Kind.MORE:  # what the checks found was told before: its room is the article's
        answer = replace(answer, findings=())
        everything = entry_elements(hit.entry, say, hit.captures)
        if _shown(entry, say, hit.captures, reply.cause)[0] == everything:
            page = b.rich([source_element(entry, say)])
            told = sentence(say(replies.SEEN_ALL))
            return b.Message(told.text, (*told.blocks, page))
        whole = cut(everything, SHOWN + _FINDINGS + _FINDINGS // 2)
        shown, is_whole = list(whole.elements), whole.is_whole
    else:
        shown, is_whole = _shown(entry, say, hit.captures, reply.cause)
    if any(finding.status is Status.CONFIRMED for finding in answer.findings):
        made.append(b.rich(cut(confirmed_elements(answer.findings, say), _FINDINGS // 2).elements))
    made += [b.header(wording.heading(hit)), b.context(*_small_print(hit, answer, say), *notes)]
    made.append(b.rich([*shown, source_element(entry, say)]))
    if answer.findings:
        made.append(b.rich(cut(finding_elements(answer.findings, say), _FINDINGS).elements))
    made.append(b.actions(_buttons(reply, answer, entry, say, ref, offers, is_whole=is_whole)))
    if not offers.is_private:
        made.append(b.thumbs(Action.VOTE, say("Helped"), say("Did not help"), ref.to_text()))
    first = wording.first_line(_at(entry, reply.cause)[0] or entry.symptom)
    text = b.fallback(wording.heading(hit), first, wording.first_line(_at(entry, reply.cause)[1]))
    return b.Message(text, tuple(made))


def _choices(answer: Answer, say: Speaker, ref: Ref, offers: Offers, notes: Sequence[str]) -> b.Message:
    title = say("Several things fit. Which one is it?")
    items = []
    buttons = []
    for number, hit in enumerate(answer.hits, 1):
        entry = hit.entry
        told = wording.first_line(entry.symptom or entry.cause or entry.solution)
        pieces = [piece(b.shortened(wording.heading(hit), 300), style="bold")]
        if told:
            pieces.append(piece(f"\n{told}"))
        items.append(section(pieces))
        label = f"{number}. {wording.heading(hit)}"
        buttons.append(b.button(label, f"{Action.CHOOSE}-{number}", ref.saying(str(number)).to_text()))
    made: list[b.Block] = [b.paragraph(title, style="bold")]
    if notes:
        made.append(b.context(*notes))
    made.append(b.rich([{"type": "rich_text_list", "style": "ordered", "elements": items}]))
    if answer.findings:
        made.append(b.rich(cut(finding_elements(answer.findings, say), _FINDINGS).elements))
    made.append(b.actions(buttons))
    if more := [*_language(answer, say, ref, offers), *_human(say, ref, offers), *_share(say, ref, offers)]:
        made.append(b.actions(more))
    lines = [f"{number}. {wording.heading(hit)}" for number, hit in enumerate(answer.hits, 1)]
    return b.Message(b.fallback(title, *lines), tuple(made))


def _nothing(
    say: Speaker,
    ref: Ref,
    offers: Offers,
    title: str,
    question: str,
    notes: Sequence[str],
    findings: Sequence[Finding] = (),
) -> b.Message:
    made: list[b.Block] = [b.paragraph(title, style="bold"), b.paragraph(question)]
    if findings:
        made.append(b.rich(cut(finding_elements(findings, say), _FINDINGS).elements))
    if notes:
        made.append(b.context(*notes))
    if buttons := _human(say, ref, offers):
        made.append(b.actions(buttons))
    return b.Message(b.fallback(title, question), tuple(made))


def _shown(entry: Entry, say: Speaker, captures: dict[str, str], cause: int) -> tuple[list[Element], bool]:
    """The beginning of an entry, and whether that is all: the steps get what symptom and cause leave."""
    symptom = cut(_symptom(entry, say, captures), _SYMPTOM)
    text, solution = _at(entry, cause)
    why = cut(_part(_cause_label(entry, say, cause), text, captures), _CAUSE)
    steps = cut(_part(say("Solution"), solution, captures), SHOWN - symptom.n_characters - why.n_characters)
    shown = [*symptom.elements, *why.elements, *steps.elements]
    is_whole = symptom.is_whole and why.is_whole and steps.is_whole
    if not entry.remedies:
        more = cut(_more(entry, say, captures), SHOWN - symptom.n_characters)
        shown += more.elements
        is_whole = is_whole and more.is_whole
    elif entry.more:
        is_whole = False
    return shown, is_whole


def _symptom(entry: Entry, say: Speaker, captures: dict[str, str]) -> list[Element]:
    return _part(say("Symptom"), entry.symptom, captures)


def _remedy(entry: Entry, say: Speaker, captures: dict[str, str], cause: int) -> list[Element]:
    text, solution = _at(entry, cause)
    return [
        *_part(_cause_label(entry, say, cause), text, captures),
        *_part(say("Solution"), solution, captures),
    ]


def _more(entry: Entry, say: Speaker, captures: dict[str, str]) -> list[Element]:
    return _part(say("More"), entry.more, captures)


def _part(label: str, text: str, captures: dict[str, str]) -> list[Element]:
    if not text.strip():
        return []
    return [_label(label), *markdown(wording.filled(text, captures))]


def _label(words: str) -> Element:
    return section([piece(f"\n{words}", style="bold")])


def _cause_label(entry: Entry, say: Speaker, cause: int) -> str:
    if len(entry.remedies) < 2:
        return say("Cause")
    return say("Cause {number} of {count}", number=cause + 1, count=len(entry.remedies))


def _at(entry: Entry, cause: int) -> tuple[str, str]:
    """A cause and its solution."""
    if not entry.remedies:
        return "", ""
    remedy = entry.remedies[min(cause, len(entry.remedies) - 1)]
    return remedy.cause, remedy.solution


def _small_print(hit: Hit, answer: Answer, say: Speaker) -> list[str]:
    because = "; ".join(wording.reasons(say, hit, answer.query))
    sure = wording.sureness(say, hit.confidence)
    lines = [say("{sure}, by {reasons}", sure=sure, reasons=b.shortened(because, 600)) if because else sure]
    if note := wording.locale_note(say, hit, answer.reader):
        lines.append(note)
    return lines


def _buttons(
    reply: Reply, answer: Answer, entry: Entry, say: Speaker, ref: Ref, offers: Offers, *, is_whole: bool
) -> list[Element]:
    has_cause = reply.cause + 1 < len(entry.remedies)
    next_one = say("Next cause") if has_cause else say("Not this?")
    found = [] if is_whole else [b.button(say("Show everything"), Action.WHOLE, ref.to_text())]
    found.append(b.button(next_one, Action.NEXT, ref.to_text()))
    found += _language(answer, say, ref, offers)
    found.append(b.button(say("Why this?"), Action.WHY, ref.to_text()))
    if offers.may_check:
        ask = b.confirmation(
            say("Run live checks?"),
            say("I read what the hub says about this device, and change nothing. Only you see the result."),
            say("Run them"),
            say("Cancel"),
        )
        found.append(b.button(say("Run live checks"), Action.CHECK, ref.to_text(), confirm=ask))
    return [*found, *_human(say, ref, offers), *_share(say, ref, offers)]


def _language(answer: Answer, say: Speaker, ref: Ref, offers: Offers) -> list[Element]:
    locale, label = _OTHER[say.language]
    if locale not in offers.languages:
        return []
    return [b.button(label, Action.SPEAK, ref.saying(locale).to_text())]


def _human(say: Speaker, ref: Ref, offers: Offers) -> list[Element]:
    return [b.button(say("Get a human"), Action.HUMAN, ref.to_text())] if offers.has_humans else []


def _share(say: Speaker, ref: Ref, offers: Offers) -> list[Element]:
    return (
        [b.button(say("Share here"), Action.SHARE, ref.to_text(), style="primary")]
        if offers.is_private
        else []
    )


def _compared(hit: Hit, say: Speaker) -> list[Element]:
    named = (
        (say("name"), hit.reasons.get("identifier", 0.0)),
        (say("message"), hit.reasons.get("message", 0.0)),
        (say("words"), hit.reasons.get("terms", 0.0)),
    )
    figures = ", ".join(f"{name} {value:.2f}" for name, value in named if value)
    told = f": {wording.sureness(say, hit.confidence)}" + (f" ({figures})" if figures else "")
    return [piece(b.shortened(wording.heading(hit), 200), style="bold"), piece(told)]
