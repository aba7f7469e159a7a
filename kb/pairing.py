"""A problem's parts -> cases: which cause goes with which symptom, and which solution with which cause.

``Symptom 2`` goes with ``Cause 2`` and ``Solution 2``; a symptom without number shares all causes; a solution stands
for every cause before it that has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.blocks import Block, Paragraph, Span, SpanKind
from kb.pieces import Piece
from kb.problems import Problem
from kb.vocabulary import Part


@dataclass(slots=True)
class Pair:
    """One cause and what mends it."""

    cause: list[Block]
    solution: list[Block]


@dataclass(slots=True)
class Case:
    """One symptom with what is told about it."""

    symptom: list[Block]
    pairs: list[Pair]
    more: list[Block] = field(default_factory=list)
    number: int = 0
    """Of the symptom; 0 where the problem has one."""
    title: str = ""
    """Heading of the symptom where it has a number."""
    anchor: str = ""
    line: int = 0


def pair(problem: Problem) -> list[Case]:
    """Return the cases of a problem, one for each numbered symptom, else one."""
    symptoms = [piece for piece in problem.pieces if piece.part is Part.SYMPTOM]
    causes = [piece for piece in problem.pieces if piece.part in (Part.CAUSE, Part.REMARKS)]
    solutions = [piece for piece in problem.pieces if piece.part is Part.SOLUTION]
    details = _blocks(piece for piece in problem.pieces if piece.part is Part.DETAILS)
    more = _blocks(piece for piece in problem.pieces if piece.part is Part.MORE)
    has_symptom = any(piece.blocks for piece in symptoms) or bool(details)
    # What stands above the symptoms introduces the article; without symptoms it is what is known of them.
    symptom_preface = details if has_symptom else [*problem.preface, *details]
    more = [*problem.preface, *more] if has_symptom else more
    numbers = sorted({piece.number for piece in symptoms if piece.number})
    if len(numbers) < 2:
        symptom = [*symptom_preface, *_blocks(symptoms)]
        pairs = _pairs(_in_order(problem, causes, solutions))
        return [Case(symptom, pairs, more, anchor=problem.anchor, line=problem.line)]
    cases: list[Case] = []
    shared = [piece for piece in symptoms if piece.number == 0]
    for number in numbers:
        own = [piece for piece in symptoms if piece.number == number]
        chosen = [*_of(number, causes, numbers), *_of(number, solutions, numbers)]
        cases.append(
            Case(
                [*symptom_preface, *_blocks(shared), *_blocks(own)],
                _pairs(_in_order(problem, chosen, ())),
                more,
                number,
                own[0].heading,
                own[0].anchor,
                own[0].line,
            )
        )
    return cases


def _of(number: int, pieces: Sequence[Piece], numbers: Sequence[int]) -> list[Piece]:
    """Parts of one number with those true of all; all of them where none has the number."""
    own = [piece for piece in pieces if piece.number == number]
    general = [piece for piece in pieces if piece.number not in numbers]
    return [*general, *own] if own or general else list(pieces)


def _in_order(problem: Problem, first: Iterable[Piece], second: Iterable[Piece]) -> list[Piece]:
    chosen = {id(piece) for piece in (*first, *second)}
    return [piece for piece in problem.pieces if id(piece) in chosen]


def _pairs(pieces: Sequence[Piece]) -> list[Pair]:
    """Pair causes and solutions by number where both have them, else by where they stand."""
    causes = [piece for piece in pieces if piece.part is not Part.SOLUTION and _is_told(piece)]
    solutions = [piece for piece in pieces if piece.part is Part.SOLUTION and _is_told(piece)]
    if not causes:
        numbered = [piece for piece in solutions if piece.number]
        if len(numbered) > 1 and len(numbered) == len(solutions):
            return [Pair([], _shown(piece)) for piece in solutions]
        return [Pair([], _blocks(solutions))] if solutions else []
    general = [piece for piece in causes if piece.is_general]
    single = [piece for piece in causes if not piece.is_general] or general
    preface = _blocks(general) if single is not general else []
    if len(single) > 1 and {piece.number for piece in single if piece.number} & {
        piece.number for piece in solutions if piece.number
    }:
        pairs = _by_number(single, solutions)
    else:
        pairs = _by_place(single, solutions, pieces)
    pairs[0].cause = [*preface, *pairs[0].cause]
    return pairs


def _by_number(causes: Sequence[Piece], solutions: Sequence[Piece]) -> list[Pair]:
    shared = _blocks(piece for piece in solutions if not piece.number)
    found: list[Pair] = []
    for cause in causes:
        own = _blocks(piece for piece in solutions if piece.number and piece.number == cause.number)
        found.append(Pair(_shown(cause), own or shared))
    numbers = {cause.number for cause in causes}
    left = [piece for piece in solutions if piece.number and piece.number not in numbers]
    if left:
        found[-1].solution = [*found[-1].solution, *_blocks(left)]
    if shared and any(pair.solution is not shared for pair in found):
        found[0].solution = [*shared, *found[0].solution] if found[0].solution is not shared else shared
    return found


def _by_place(causes: Sequence[Piece], solutions: Sequence[Piece], pieces: Sequence[Piece]) -> list[Pair]:
    """A solution is for the causes before it that have none; without such it adds to the last ones."""
    wanted = {id(piece) for piece in (*causes, *solutions)}
    found: list[Pair] = []
    open_pairs: list[Pair] = []
    last: list[Pair] = []
    early: list[Block] = []
    for piece in pieces:
        if id(piece) not in wanted:
            continue
        if piece.part is not Part.SOLUTION:
            fresh = Pair(_shown(piece), [])
            found.append(fresh)
            open_pairs.append(fresh)
        elif open_pairs:
            for one in open_pairs:
                one.solution = _shown(piece)
            last, open_pairs = open_pairs, []
        elif last:
            for one in last:
                one.solution = [*one.solution, *_shown(piece)]
        else:
            early += _shown(piece)
    for one in open_pairs:
        one.solution = early
    if early and not open_pairs:
        found[0].solution = [*early, *found[0].solution]
    if len(found) > 1 and not any(one.solution for one in found):
        return [Pair([block for one in found for block in one.cause], [])]
    return found


def _is_told(piece: Piece) -> bool:
    return bool(piece.blocks or piece.title)


def _shown(piece: Piece) -> list[Block]:
    """A part's blocks, under what its heading says beyond its kind."""
    if not piece.title:
        return list(piece.blocks)
    title = Paragraph((Span(SpanKind.STRONG, spans=(Span(SpanKind.TEXT, piece.title),)),), piece.line)
    return [title, *piece.blocks]


def _blocks(pieces: Iterable[Piece]) -> list[Block]:
    return [block for piece in pieces for block in _shown(piece)]
