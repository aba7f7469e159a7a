"""The tree of sections -> problems: which parts belong together, wherever their headings stand.

## 401003              ### Cannot build         ## Fault messages …     | Error | Solution |
### Symptoms           **Symptom** …            ## Explanation          | 400001 … | … |
#### Symptom 2         **Cause** …              ## User Action
### Cause
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kb import blocks as b
from kb.blocks import Block, Bullets, CodeBlock, SpanKind, Table
from kb.pieces import Piece, below, heading_of, pieces_of, with_heading
from kb.sections import RUN_IN, Section
from kb.tables import Row, read_event, read_rows
from kb.vocabulary import CORE, STRUCTURE, Part, Vocabulary

_SHORT = 60
"""Words up to which what stands before sub-headings only leads to them."""
_WORTH = 20
"""Words from which running text that no problem owns is worth an entry."""
_LONG = 600
"""Words from which a section is too long for one answer, and each of its sub-sections is one."""
UNNAMED = (Part.NEUTRAL, Part.MORE, Part.EXAMPLE)
"""Parts whose headings name nothing that anybody asks for: "Summary", "More information"."""
_STEP = re.compile(r"^(?:\d+[.)]\s|[a-z][.)]\s)")


@dataclass(slots=True)
class Problem:
    """What one or several entries are made of."""

    title: str
    anchor: str
    line: int
    is_article: bool
    """Whether it is the whole article rather than a section of it."""
    pieces: list[Piece] = field(default_factory=list)
    preface: list[Block] = field(default_factory=list)
    """What stands between its heading and its first part."""
    rows: tuple[Row, ...] = ()
    """Errors of the tables in it, one an entry."""
    fragment: str = ""
    """Where a link into the page ends when that is not ``anchor``."""
    strangers: list[tuple[int, str]] = field(default_factory=list)
    """Line and title of headings among its parts that say no kind."""
    is_plain: bool = False
    """Whether it has no symptom, cause or solution of its own making: running text."""

    def has(self, *parts: Part) -> bool:
        """Whether a part of one of these kinds is in it."""
        return any(piece.part in parts for piece in self.pieces)


def problems(article: Section, words: Vocabulary, *, is_one_error: bool) -> list[Problem]:
    """Return the problems of an article, in its order.

    ``is_one_error`` says that the title names the error the whole article is about: it is then never split where no
    part of it says symptom, cause or solution.
    """
    return list(_Collector(words, is_one_error).gather(article, is_article=True))


class _Collector:
    def __init__(self, words: Vocabulary, is_one_error: bool) -> None:
        self._words = words
        self._is_one_error = is_one_error

    def gather(self, section: Section, *, is_article: bool = False) -> Iterator[Problem]:
        """Yield the problems of a section and of those below it."""
        if section.is_problem:
            yield from self._grouped(section, is_article)
        elif any(child.holds_problem for child in below(section)):
            yield from self._mixed(section, is_article)
        else:
            yield from self._plain(section, is_article)

    def _grouped(self, section: Section, is_article: bool) -> Iterator[Problem]:
        """Symptoms, causes and solutions stand directly below: one problem, or several in a row."""
        current = self._begun(section, is_article=is_article)
        later: list[Section] = []
        for position, child in enumerate(section.children):
            part = child.part
            if part is Part.RELATED:
                continue
            if part in STRUCTURE or part is Part.DETAILS:
                if _restarts(current, child, section.children):
                    yield _settled(current)
                    current = Problem(section.title, section.anchor, child.line, False, fragment=child.anchor)
                self._add(current, child)
            elif part in (Part.EXAMPLE, Part.MORE):
                current.pieces.append(Piece(Part.MORE, 0, _titled(child), child.line))
            elif child.holds_problem:
                if _is_cause_of(current, child):
                    self._add_cause(current, child)
                else:
                    later.append(child)
            elif _opens_problem(current, child, section.children[position + 1 :], self._words):
                if current.pieces or current.rows:
                    yield _settled(current)
                current = self._begun(child)
                for inner in below(child):
                    current.preface += with_heading(inner)
            else:
                self._add_other(current, child)
        yield _settled(current)
        for child in later:
            yield from self.gather(child)

    def _begun(self, section: Section, *, is_article: bool = False) -> Problem:
        """A problem that a heading titles, with what stands directly below it."""
        problem = Problem(section.title, section.anchor, section.line, is_article)
        problem.rows, problem.preface = self._split_rows(section.blocks)
        return problem

    def _add(self, problem: Problem, section: Section) -> None:
        """Add a symptom, cause or solution with all that stands below it."""
        for piece in pieces_of(section):
            rows, rest = self._split_rows(piece.blocks)
            problem.rows += rows
            # A table of codes that is all there is becomes entries of its own; beside text it stays part of it.
            piece.blocks = rest if rows and b.n_words(rest) < _SHORT else piece.blocks
            problem.pieces.append(piece)

    def _add_other(self, problem: Problem, section: Section) -> None:
        """Add a section whose heading says no kind: steps of the solution before it, else more about the problem."""
        rows, rest = self._split_rows(section.content())
        problem.rows += rows
        if rest and _continues_solution(problem, rest):
            problem.pieces[-1].blocks += [heading_of(section), *rest]
        elif rest:
            problem.pieces.append(
                Piece(Part.MORE, 0, [heading_of(section), *rest], section.line, is_stranger=True)
            )
            if section.part is None and problem.has(*CORE):
                problem.strangers.append((section.line, section.title))

    def _add_cause(self, problem: Problem, section: Section) -> None:
        """Add a heading that says no kind, with cause and solution below it: one of the causes of the symptom before."""
        cause = Piece(Part.CAUSE, 0, list(section.blocks), section.line, section.anchor, section.title)
        problem.pieces.append(cause)
        for child in below(section):
            if child.part not in STRUCTURE:
                problem.pieces[-1].blocks += with_heading(child)
                continue
            for piece in pieces_of(child):
                if piece.part in (Part.CAUSE, Part.REMARKS) and _is_of(problem.pieces[-1], section):
                    problem.pieces[-1].blocks += piece.blocks
                else:
                    problem.pieces.append(piece)

    def _mixed(self, section: Section, is_article: bool) -> Iterator[Problem]:
        """Problems stand further below; text beside them is an entry where it says enough."""
        rows, rest = self._split_rows(section.blocks)
        if rows or (b.n_words(rest) > _SHORT and not is_article):
            yield Problem(
                section.title, section.anchor, section.line, is_article, [], rest, rows, is_plain=True
            )
        for child in below(section):
            yield from self.gather(child)

    def _plain(self, section: Section, is_article: bool) -> Iterator[Problem]:
        """Nothing below says symptom, cause or solution: one entry, or one for each sub-section."""
        children = [child for child in below(section) if _is_worth(child)]
        table_children = [
            child for child in section.walk() if any(read_rows(t, self._words) for t in _tables(child.blocks))
        ]
        if table_children and (len(children) > 0 or section not in table_children):
            yield from self._tabled(section, is_article)
            return
        if self._is_split(section, children, is_article) or _is_wrapped(children):
            asides = [child for child in below(section) if _is_aside(child)]
            children = [child for child in children if child not in asides]
            around = [*section.blocks, *(block for child in asides for block in with_heading(child))]
            own_rows, own = self._split_rows(around)
            if own_rows or (_says_enough(own) and not leads_elsewhere(own)):
                yield Problem(
                    section.title, section.anchor, section.line, is_article, [], own, own_rows, is_plain=True
                )
            for child in children:
                yield from self._plain(child, is_article=False)
            return
        rows, rest = self._split_rows(section.content())
        if rows or (rest and not leads_elsewhere(rest)):
            yield Problem(
                section.title, section.anchor, section.line, is_article, [], rest, rows, is_plain=True
            )

    def _tabled(self, section: Section, is_article: bool) -> Iterator[Problem]:
        """A page of tables of errors: each section with its rows, each sub-section on its own."""
        rows, rest = self._split_rows(section.blocks)
        if rows or (not is_article and _is_worth(section) and rest):
            yield Problem(
                section.title, section.anchor, section.line, is_article, [], rest, rows, is_plain=True
            )
        for child in below(section):
            if any(read_rows(table, self._words) for one in child.walk() for table in _tables(one.blocks)):
                yield from self._tabled(child, is_article=False)
            else:
                yield from self._plain(child, is_article=False)

    def _is_split(self, section: Section, children: Sequence[Section], is_article: bool) -> bool:
        if len(children) < 2 or (is_article and self._is_one_error):
            return False
        if any(
            child.part is Part.STEP or _STEP.match(child.title) or child.level == RUN_IN for child in children
        ):
            return False
        n_words = sum(b.n_words(child.content()) for child in children)
        if n_words <= _LONG and all(_says_no_name(child) for child in children):
            return False
        if is_article or section.part is Part.NEUTRAL:
            return True
        return n_words > _LONG

    def _split_rows(self, blocks: Sequence[Block]) -> tuple[tuple[Row, ...], list[Block]]:
        rows: tuple[Row, ...] = ()
        rest: list[Block] = []
        for block in blocks:
            found = read_rows(block, self._words) if isinstance(block, Table) else ()
            rows += found
            if not found:
                rest.append(block)
        return rows, rest


def _titled(section: Section) -> list[Block]:
    content = section.content()
    return (
        [heading_of(section), *content]
        if content and section.level != RUN_IN and section.part is Part.MORE
        else content
    )


def _tables(blocks: Sequence[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _is_worth(section: Section) -> bool:
    content = section.content()
    if not content or leads_elsewhere(content):
        return False
    return section.part is not Part.NEUTRAL or b.n_words(content) >= _WORTH


def leads_elsewhere(blocks: Sequence[Block]) -> bool:
    """Whether blocks are little but links: a table of contents answers nothing."""
    if any(isinstance(block, CodeBlock | Table) for block in b.walk(blocks)):
        return False
    linked = sum(
        len(b.text(span.spans).split())
        for block in b.walk(blocks)
        for run in b.runs(block)
        for span in b.spans_in(run)
        if span.kind is SpanKind.LINK
    )
    n_words = b.n_words(blocks)
    return linked * 2 >= n_words and n_words - linked < 2 * _SHORT


def _says_no_name(section: Section) -> bool:
    """Whether a heading such as "Summary" or "More information" only divides what stands under the title above it."""
    return section.part in UNNAMED and not section.children


def _is_wrapped(children: Sequence[Section]) -> bool:
    """Whether all that is told stands under one heading such as "Instructions", and is too long for one answer."""
    return (
        len(children) == 1
        and children[0].part is Part.NEUTRAL
        and bool(children[0].children)
        and b.n_words(children[0].content()) > _LONG
    )


def _is_aside(section: Section) -> bool:
    """Whether a section says a few words of the whole page: "Affected versions", "Prerequisites"."""
    return _says_no_name(section) and bool(section.blocks) and b.n_words(section.blocks) < _SHORT


def _says_enough(blocks: Sequence[Block]) -> bool:
    return b.n_words(blocks) >= _WORTH or any(isinstance(block, CodeBlock | Table) for block in blocks)


def _restarts(current: Problem, child: Section, siblings: Sequence[Section]) -> bool:
    """A symptom behind a cause or solution begins the next problem, unless numbers say what belongs together."""
    if child.part is Part.DETAILS:
        return current.has(Part.DETAILS) and current.has(*STRUCTURE)
    if child.part is not Part.SYMPTOM or not current.has(Part.CAUSE, Part.SOLUTION):
        return False
    numbers = [one.label.number for one in siblings if one.label and one.part is Part.SYMPTOM]
    return not all(numbers) or len(set(numbers)) != len(numbers)


def _opens_problem(current: Problem, child: Section, following: Sequence[Section], words: Vocabulary) -> bool:
    """A heading without a kind titles the parts that stand behind it at its own level."""
    after = following[0].part if following else None
    if child.part is Part.NEUTRAL or (after not in STRUCTURE and after is not Part.DETAILS):
        return False
    if any(read_event(table, words) for table in _tables(child.blocks)):
        return True
    if not current.has(*STRUCTURE):
        # "Likely environment" before the one symptom of an article titles nothing; before the first of several it does.
        return not (current.is_article and after is Part.SYMPTOM) or _comes_again(after, following)
    return after in (Part.SYMPTOM, Part.DETAILS) or (
        current.has(Part.SOLUTION) and after is not Part.SOLUTION
    )


def _comes_again(part: Part | None, sections: Sequence[Section]) -> bool:
    """Whether a part that stands first stands behind a heading of no kind once more."""
    behind = (after.part for before, after in pairwise(sections) if before.part is None)
    return part in behind


def _continues_solution(current: Problem, blocks: Sequence[Block]) -> bool:
    """Steps under a heading of their own, right behind "User action", are what is to be done."""
    return (
        bool(current.pieces)
        and current.pieces[-1].part is Part.SOLUTION
        and any(isinstance(block, Bullets) and block.start is not None for block in blocks)
    )


def _settled(problem: Problem) -> Problem:
    """What stands behind symptom and cause under headings of its own is what to do, where no heading says so."""
    if not problem.has(Part.SYMPTOM) or problem.has(Part.SOLUTION):
        return problem
    last = max(number for number, piece in enumerate(problem.pieces) if piece.part in STRUCTURE)
    for piece in problem.pieces[last + 1 :]:
        if piece.is_stranger and not leads_elsewhere(piece.blocks):
            piece.part = Part.SOLUTION
    return problem


def _is_cause_of(current: Problem, child: Section) -> bool:
    """Whether a problem without a symptom of its own, behind a symptom without cause, is a cause of that one."""
    waits = current.has(Part.SYMPTOM) and not current.has(Part.CAUSE, Part.SOLUTION)
    has_symptom = any(one.part is Part.SYMPTOM for one in child.children)
    return waits and child.is_problem and not has_symptom


def _is_of(piece: Piece, section: Section) -> bool:
    """Whether a piece is the cause that a section's heading names."""
    return piece.part is Part.CAUSE and piece.title == section.title
