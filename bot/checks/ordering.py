"""Put what the checks found to use in an answer: the entry and the cause that are confirmed come first.

Which entries a fault speaks for is data (``catalogue.toml``): ids of our own articles, and words that entries of any
tree are recognised by. A fault that is ruled out only ever moves an entry behind likelier ones, never out of sight: one
good look does not refute what comes and goes. Whatever moves, confidences go down the list: a hit that a finding raises
is at least as sure as those it passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answer import Answer, Finding, Status
from bot.checks.catalogue import catalogue, fold
from bot.checks.check import TEXT, TOKEN
from kb import identifiers
from kb.model import Entry, Hit, Outcome, Remedy

Fetch = Callable[[str], Entry | None]
"""Returns the entry of an id in the answer's locale; None where the tree has none of that id."""

_BY_NAME, _BY_WORDS = 2, 1
_SHARED = ("hub", "host", "device", "module")
"""What a paste holds that stays true of whatever entry is the answer."""
_SOME_MESSAGE = 0.2
"""Score of a message from which an answer was not found by words alone."""
_CONFIRMED = 0.9
"""Least confidence of an entry that a confirmed fault names."""
_RULED_OUT = 0.3
"""What is left of the confidence of one that is ruled out now: what comes and goes may have been there before."""


def with_findings(
    answer: Answer, findings: Sequence[Finding], fetch: Fetch = lambda entry_id: None
) -> Answer:
    """Return the answer with the findings, its entries and their causes in the order these suggest.

    An entry that a confirmed fault names is the answer where there was none or several to choose from, also when the
    search had not come upon it: ``fetch`` then gets it. Where one entry is shown and another cause of its error is the one
    that is confirmed, that one is shown; another error never takes the place of a sure answer, unless what tells of it
    is all that was asked, or tells it exactly where the answer was found by words alone.
    """
    told = tuple(findings)
    if not any(finding.status is not Status.CANNOT_TELL for finding in told):
        return replace(answer, findings=told)
    if answer.outcome is Outcome.ANSWER and not any(_decides(finding, answer.hits[0]) for finding in told):
        return _of_the_same_error(answer, told, fetch)
    candidates = order_hits(answer.candidates or answer.hits, told)
    lead = _lead(_about(told, answer.hits), candidates, fetch)
    if lead is None:
        hits = order_hits(answer.hits, told)
        best = (hits or candidates)[:1]
        confidence = best[0].confidence if best else answer.confidence
        return replace(answer, confidence=confidence, hits=hits, candidates=candidates, findings=told)
    return replace(
        answer,
        outcome=Outcome.ANSWER,
        confidence=lead.confidence,
        hits=(lead,),
        candidates=(lead, *(hit for hit in candidates if hit.entry.id != lead.entry.id)),
        findings=told,
    )


def order_hits(hits: Sequence[Hit], findings: Sequence[Finding]) -> tuple[Hit, ...]:
    """Return the hits, confirmed ones first, those ruled out behind likelier ones; the causes inside each likewise."""
    top = max((hit.confidence for hit in hits), default=0.0)
    placed = []
    for hit in hits:
        standing = _standing(hit.entry, findings)
        share = _RULED_OUT if standing < 0 else 1.0
        confidence = top if standing > 0 else hit.confidence * share
        placed.append((max(standing, 0), _with_causes(replace(hit, confidence=confidence), findings)))
    placed.sort(key=lambda pair: (-pair[0], -pair[1].confidence))
    return tuple(hit for _, hit in placed)


def confirmed_by(entry: Entry, findings: Sequence[Finding]) -> Finding | None:
    """Return the confirmed finding that speaks for an entry; None where none does."""
    scored = [
        (_speaks(finding, entry), finding) for finding in findings if finding.status is Status.CONFIRMED
    ]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def is_confirmed(entry: Entry, findings: Sequence[Finding]) -> bool:
    """Whether a confirmed finding speaks for an entry, or for one of its causes where it tells several apart."""
    return confirmed_by(entry, findings) is not None or (
        len(entry.remedies) > 1 and any(_cause_standing(remedy, findings) > 0 for remedy in entry.remedies)
    )


def _of_the_same_error(answer: Answer, findings: tuple[Finding, ...], fetch: Fetch) -> Answer:
    """A sure answer stays, unless another cause of its error is the one that is confirmed."""
    shown = _with_causes(answer.hits[0], findings)
    others = [_with_causes(hit, findings) for hit in answer.candidates if hit.entry.id != shown.entry.id]
    causes = [finding for finding in findings if not _is_symptom(finding)]
    if not is_confirmed(shown.entry, findings):
        of_its_error = catalogue().faults_for(shown.entry.identifiers)
        # What says that another error hides behind the name is about this one as well.
        about = [cause for cause in causes if cause.check in of_its_error or cause.values.get("really")]
        better = next(
            (hit for hit in others if _is_same_error(hit, shown) and _standing(hit.entry, causes) > 0),
            _lead(about, others, fetch),
        )
        if better is not None:
            others = [shown, *(hit for hit in others if hit.entry.id != better.entry.id)]
            shown = replace(better, confidence=max(shown.confidence, better.confidence))
    else:
        shown = replace(shown, confidence=max(shown.confidence, _CONFIRMED))
    return replace(
        answer,
        confidence=shown.confidence,
        hits=(shown,),
        candidates=(shown, *others) if answer.candidates else (),
        findings=findings,
    )


def _about(findings: Sequence[Finding], hits: Sequence[Hit]) -> list[Finding]:
    """The findings that can be why the errors in question came about: what the paste says of itself, and of what a hub
    says the faults that those errors are looked at for; all of them where no such error is known.
    """
    faults = catalogue().faults_for(name for hit in hits for name in hit.entry.identifiers)
    return [one for one in findings if not faults or one.check in faults or one.source in (TEXT, TOKEN)]


def _lead(findings: Sequence[Finding], candidates: Sequence[Hit], fetch: Fetch) -> Hit | None:
    """The entry that a confirmed fault names; of several faults the one that says most."""
    top = max((hit.confidence for hit in candidates), default=0.0)
    book = list(catalogue().speaks)
    confirmed = [one for one in findings if one.status is Status.CONFIRMED and one.check in book]
    for finding in sorted(confirmed, key=lambda one: book.index(one.check)):
        hit = next((hit for hit in candidates if _speaks(finding, hit.entry) == _BY_NAME), None)
        if hit is None:
            entry = next(filter(None, map(fetch, _named(finding))), None)
            hit = Hit(entry, 0.0, dict.fromkeys(("identifier", "message", "terms"), 0.0)) if entry else None
        if hit is not None:
            held = candidates[0].captures if candidates else {}
            shared = {name: value for name, value in held.items() if name in _SHARED}
            device = finding.values.get("device")
            told = {"device": device} if isinstance(device, str) else {}
            raised = replace(
                hit, confidence=max(hit.confidence, top, _CONFIRMED), captures=told | shared | hit.captures
            )
            return _with_causes(raised, findings)
    return None


def _decides(finding: Finding, shown: Hit) -> bool:
    """A confirmed finding says more than a sure answer does."""
    said = catalogue().speaks.get(finding.check)
    if said is None or finding.status is not Status.CONFIRMED:
        return False
    is_by_words = not shown.reasons.get("identifier") and shown.reasons.get("message", 0.0) < _SOME_MESSAGE
    return bool(finding.values.get("is_all")) or (is_by_words and said.is_exact(finding.values))


def _is_symptom(finding: Finding) -> bool:
    """The fault is how the trouble shows, and says nothing of why."""
    said = catalogue().speaks.get(finding.check)
    return said is not None and said.is_symptom


def _named(finding: Finding) -> Iterator[str]:
    """Ids of the entries that a finding is about, first the likeliest."""
    yield from catalogue().speaks[finding.check].entries_for(finding.values)


def _standing(entry: Entry, findings: Sequence[Finding]) -> int:
    """Above 0: a fault that is there speaks for the entry; below 0: one that is ruled out, and no other."""
    confirmed = max((_speaks(f, entry) for f in findings if f.status is Status.CONFIRMED), default=0)
    if confirmed:
        return confirmed
    return -max((_speaks(f, entry) for f in findings if f.status is Status.RULED_OUT), default=0)


def _speaks(finding: Finding, entry: Entry) -> int:
    """How surely an entry is about a fault: named in the catalogue, or by the words of its anchor and title."""
    really = str(finding.values.get("really", ""))
    if really and identifiers.key(really) in {identifiers.key(name) for name in entry.identifiers}:
        return _BY_NAME
    said = catalogue().speaks.get(finding.check)
    if said is None:
        return 0
    if entry.id in said.entries_for(finding.values):
        return _BY_NAME
    about = f"{entry.anchor.replace('-', ' ')} {entry.title}"
    return _BY_WORDS if _holds(about, said.words_for(finding.values)) else 0


def _with_causes(hit: Hit, findings: Sequence[Finding]) -> Hit:
    remedies = hit.entry.remedies
    if len(remedies) < 2:
        return hit
    ordered = tuple(sorted(remedies, key=lambda remedy: -_cause_standing(remedy, findings)))
    return hit if ordered == remedies else replace(hit, entry=replace(hit.entry, remedies=ordered))


def _cause_standing(remedy: Remedy, findings: Sequence[Finding]) -> int:
    book = catalogue().speaks
    standing = 0
    for finding in findings:
        said = book.get(finding.check)
        if (
            said is None
            or finding.status is Status.CANNOT_TELL
            or not _holds(remedy.cause, said.words_for(finding.values))
        ):
            continue
        if finding.status is Status.CONFIRMED:
            return 1
        standing = -1
    return standing


def _is_same_error(one: Hit, other: Hit) -> bool:
    names = {identifiers.key(name) for name in other.entry.identifiers}
    return one.entry.slug == other.entry.slug or any(
        identifiers.key(n) in names for n in one.entry.identifiers
    )


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return bool(words) and bool(_pattern(words).search(fold(text)))


@lru_cache(maxsize=128)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + ")")
