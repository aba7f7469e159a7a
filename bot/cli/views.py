"""Answers laid out for a terminal: pure functions from values to lines.

Text of documents and pastes passes :func:`~bot.printable.printable` on its way in, so nothing in it can steer the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot import wording
from bot.answer import Answer, Finding, Status
from bot.cli.layout import (
    LABEL,
    QUIET,
    TITLE,
    Line,
    as_it_stands,
    columns,
    gap,
    indented,
    line,
    markdown,
    styled,
)
from bot.i18n import Speaker
from bot.symptoms import news
from kb.model import Entry, Hit, Outcome, Remedy

_LONG_SYMPTOM = 12
"""Lines of a symptom above which only its beginning is shown."""


def answer_view(
    answer: Answer,
    say: Speaker,
    *,
    cause: int | None = None,
    why: bool = False,
    is_talk: bool = False,
    is_whole: bool = False,
) -> list[Line]:
    """Lay out an answer.

    ``cause`` shows that cause of the entry alone (0-based) rather than all of them; ``is_talk`` says how to go on;
    ``is_whole`` leaves nothing out, not even what was pasted.
    """
    lines: list[Line] = []
    if any(finding.status is Status.CONFIRMED for finding in answer.findings):
        from bot.cli.check_view import confirmed_lines

        lines += [*confirmed_lines(answer.findings, say), gap()]
    if answer.outcome is Outcome.ANSWER:
        lines += hit_view(answer.hits[0], answer, say, cause=cause, is_whole=is_whole)
    elif answer.outcome is Outcome.CHOICES:
        lines += choices_view(answer.hits, say, answer.reader, is_talk=is_talk)
    else:
        lines += [line(say("I don't know this one."), TITLE), line(wording.question_back(say, answer))]
    if answer.findings:
        lines += [gap(), *findings_view(answer.findings, say)]
    if why:
        lines += [gap(), *why_view(answer, say)]
    return lines


def hit_view(
    hit: Hit, answer: Answer, say: Speaker, *, cause: int | None = None, is_whole: bool = False
) -> list[Line]:
    """Lay out one entry with what spoke for it."""
    because = ", ".join(wording.reasons(say, hit, answer.query))
    sure = wording.sureness(say, hit.confidence)
    lines = [
        line(wording.filled(wording.heading(hit), hit.captures), TITLE),
        line(say("{sure}, by {reasons}", sure=sure, reasons=because) if because else sure, QUIET),
    ]
    if note := wording.locale_note(say, hit, answer.reader):
        lines.append(line(note, "italic"))
    symptom = None if is_whole else news(hit.entry.symptom, hit, answer.query)
    return lines + entry_view(
        hit.entry, say, captures=hit.captures, cause=cause, is_whole=is_whole, symptom=symptom
    )


def entry_view(
    entry: Entry,
    say: Speaker,
    *,
    captures: dict[str, str] | None = None,
    cause: int | None = None,
    is_whole: bool = False,
    symptom: str | None = None,
) -> list[Line]:
    """Lay out what an entry tells: symptom, causes with their solutions, where it stands.

    ``symptom`` is what of it is shown, where that is not all.
    """
    held = captures or {}
    lines: list[Line] = []
    if symptom is None:
        symptom = entry.symptom
    if symptom:
        text, n_more = (symptom, 0) if is_whole else _beginning(symptom)
        lines += _section(say("Symptom"), text, held)
        if n_more:
            more = say.plural(
                "… and {count} more line: hubmedic kb show {entry}",
                "… and {count} more lines: hubmedic kb show {entry}",
                n_more,
                entry=entry.id,
            )
            lines += indented([line(more, QUIET)])
    lines += remedies_view(entry.remedies, say, held, cause)
    if entry.more and (is_whole or not entry.remedies):
        lines += _section(say("More"), entry.more, held)
    return [*lines, gap(), source_line(entry, say)]


def source_line(entry: Entry, say: Speaker) -> Line:
    """Lay out where an entry stands."""
    return as_it_stands(styled((say("Source") + " ", LABEL), (entry.url or entry.path, "")))


def choices_view(hits: Iterable[Hit], say: Speaker, reader: str, *, is_talk: bool = False) -> list[Line]:
    """Lay out two or three entries to choose from."""
    lines = [line(say("Several things fit. Which one is it?"), TITLE)]
    for number, hit in enumerate(hits, 1):
        below = [line(wording.first_line(hit.entry.symptom or hit.entry.cause or hit.entry.solution))]
        below.append(line(wording.locale_note(say, hit, reader), "italic"))
        if not is_talk:
            below.append(as_it_stands(line(f"hubmedic kb show {hit.entry.id}", QUIET)))
        title = wording.filled(wording.heading(hit), hit.captures)
        lines += [gap(), replace(line(title, TITLE), first=f"{number}. ", rest="   ")]
        lines += indented((one for one in below if one.text.plain), 3)
    if is_talk:
        lines += [gap(), line(say("Type its number, or say more about what you see."))]
    return lines


def findings_view(findings: Iterable[Finding], say: Speaker) -> list[Line]:
    """Lay out what the checks say: verdict, fact, source, time and lag of each."""
    from bot.checks.telling import heading
    from bot.cli.check_view import finding_lines

    told = tuple(findings)
    return [line(say(heading(told)), LABEL), *indented(finding_lines(told, say))]


def why_view(answer: Answer, say: Speaker) -> list[Line]:
    """Lay out how the candidates compare: name, message and words of each, and what that makes."""
    rows = [
        (
            f"{hit.confidence:.0%}",
            *(
                f"{value:.2f}" if value else "·"
                for value in map(hit.reasons.get, ("identifier", "message", "terms"))
            ),
            hit.entry.id,
        )
        for hit in answer.candidates[:5]
    ]
    header = (say("Sure"), say("Name"), say("Message"), say("Words"), say("Entry"))
    return [line(say("Why: what each candidate has of your text"), LABEL), *columns(header, rows)]


def remedies_view(
    remedies: Sequence[Remedy], say: Speaker, captures: dict[str, str] | None = None, cause: int | None = None
) -> Iterator[Line]:
    """Lay out causes with what mends them; several that share a solution stand above it together."""
    captures = captures or {}
    if cause is not None and len(remedies) > 1:
        label = say("Cause {number} of {count}", number=cause + 1, count=len(remedies))
        yield from _section(label, remedies[cause].cause, captures)
        yield from _section(say("Solution"), remedies[cause].solution, captures)
        return
    groups = wording.together(remedies)
    n_causes = sum(len(causes) for causes, _ in groups)
    number = 0
    for causes, solution in groups:
        for text in causes:
            number += 1
            label = say("Cause") if n_causes < 2 else say("Cause {number}", number=number)
            yield from _section(label, text, captures)
        is_one_of_several = len(groups) > 1 and causes
        label = say("Solution for cause {number}", number=number) if is_one_of_several else say("Solution")
        yield from _section(label, solution, captures)


def _section(label: str, text: str, captures: dict[str, str]) -> list[Line]:
    if not text.strip():
        return []
    return [gap(), line(label, LABEL), *indented(markdown(wording.filled(text, captures)))]


def _beginning(text: str) -> tuple[str, int]:
    """A text's first lines, and how many lines were left out."""
    lines = text.split("\n")
    if len(lines) <= _LONG_SYMPTOM:
        return text, 0
    kept = lines[: _LONG_SYMPTOM - 2]
    if sum(one.lstrip().startswith("```") for one in kept) % 2:
        kept.append("```")
    return "\n".join(kept), sum(1 for one in lines[_LONG_SYMPTOM - 2 :] if one.strip())
