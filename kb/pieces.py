"""A section that says symptom, cause or solution -> the pieces of a problem that stand in it.

A section may hold pieces of other kinds below it: a symptom with its causes at a deeper level, a cause whose
sub-headings have a solution each.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.blocks import Block, Heading
from kb.sections import Section
from kb.vocabulary import STRUCTURE, Part


@dataclass(slots=True)
class Piece:
    """One part of a problem."""

    part: Part
    number: int
    blocks: list[Block]
    line: int
    anchor: str = ""
    title: str = ""
    """What its heading says beyond its kind."""
    heading: str = ""
    """Its heading as it stands."""
    is_empty: bool = False
    """Whether nothing at all stands below its heading."""
    is_general: bool = False
    """Whether numbered parts of its kind stand below it: it is true of all of them."""
    is_stranger: bool = False
    """Whether its heading says no kind."""


def pieces_of(section: Section) -> list[Piece]:
    """Return a part and what stands below it, parts of other kinds as pieces of their own."""
    label = section.label
    own = Piece(
        label.part if label else Part.MORE,
        label.number if label else 0,
        list(section.blocks),
        section.line,
        section.anchor,
        label.rest if label else "",
        section.title,
        is_empty=not section.blocks and not section.children,
    )
    found = [own]
    for child in below(section):
        if child.part in STRUCTURE:
            is_same_kind = child.part is own.part
            own.is_general = own.is_general or (is_same_kind and bool(child.label and child.label.number))
            found += pieces_of(child)
        elif child.part is Part.EXAMPLE:
            found.append(Piece(Part.MORE, 0, child.content(), child.line))
        elif own.part is Part.CAUSE and any(one.part is Part.SOLUTION for one in child.children):
            own.is_general = True
            found += _cause_with_solution(child)
        elif child.content():
            found[-1].blocks += with_heading(child)
    return found


def below(section: Section) -> list[Section]:
    """Return the sections directly below, those of links to elsewhere left out."""
    return [child for child in section.children if child.part is not Part.RELATED]


def heading_of(section: Section) -> Heading:
    """Return the heading of a section as a block; what bold words head has one of the lowest level."""
    return Heading(min(section.level, 6), section.spans, section.line, section.anchor)


def with_heading(section: Section) -> list[Block]:
    """Return everything in a section, its own heading in front."""
    return [heading_of(section), *section.content()]


def _cause_with_solution(section: Section) -> list[Piece]:
    """A cause that its heading names, and the solution below it."""
    found = [Piece(Part.CAUSE, 0, list(section.blocks), section.line, section.anchor, section.title)]
    for child in below(section):
        if child.part in STRUCTURE:
            found += pieces_of(child)
        else:
            found[-1].blocks += with_heading(child)
    return found
