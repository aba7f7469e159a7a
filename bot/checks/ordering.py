"""Put what the checks found to use in an answer: the entry and the cause that are confirmed come first.

Which entries a fault speaks for is data (``catalogue.toml``): ids of our own articles, and words that entries of any
tree are recognised by. A fault that is ruled out only ever moves an entry behind others, never out of sight: one good
look does not refute what comes and goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answer import Answer, Finding, Status
from bot.checks.catalogue import catalogue, fold
from kb import identifiers
from kb.model import Entry, Hit, Outcome, Remedy

_BY_NAME, _BY_WORDS = 2, 1


def with_findings(answer: Answer, findings: Sequence[Finding]) -> Answer:
    """Return the answer with the findings, its entries and their causes in the order these suggest.

    Where one entry is shown and another of the same error is the one that is confirmed, that one is shown.
    """
    told = tuple(findings)
    if not answer.hits:
        return replace(answer, findings=told)
    hits = order_hits(answer.hits, told)
    candidates = order_hits(answer.candidates, told) if answer.candidates else ()
    if answer.outcome is Outcome.ANSWER and not _standing(hits[0].entry, told) > 0:
        better = next(
            (hit for hit in candidates if _is_same_error(hit, hits[0]) and _standing(hit.entry, told) > 0),
            None,
        )
        hits = (better,) if better is not None else hits
    return replace(answer, hits=hits, candidates=candidates, findings=told)


def order_hits(hits: Sequence[Hit], findings: Sequence[Finding]) -> tuple[Hit, ...]:
    """Return the hits, confirmed ones first, those ruled out last; the causes inside each likewise."""
    ordered = sorted(hits, key=lambda hit: -_standing(hit.entry, findings))
    return tuple(_with_causes(hit, findings) for hit in ordered)


def confirmed_by(entry: Entry, findings: Sequence[Finding]) -> Finding | None:
    """Return the confirmed finding that speaks for an entry; None where none does."""
    scored = [
        (_speaks(finding, entry), finding) for finding in findings if finding.status is Status.CONFIRMED
    ]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


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
    if entry.id in said.entries:
        return _BY_NAME
    about = f"{entry.anchor.replace('-', ' ')} {entry.title}"
    return _BY_WORDS if _holds(about, said.words) else 0


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
        if said is None or finding.status is Status.CANNOT_TELL or not _holds(remedy.cause, said.words):
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
