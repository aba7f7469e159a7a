"""The problems of an article -> its entries: names, messages, Markdown and addresses, one entry a case or a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb import blocks as b
from kb import identifiers, naming, outputs, prose, titles
from kb.blocks import Block, Paragraph, Quote, Table
from kb.frontmatter import FrontMatter
from kb.links import Addresses
from kb.model import Complaint, Entry, MessageTemplate, Remedy
from kb.pairing import Case, Pair, pair
from kb.problems import UNNAMED, Problem, leads_elsewhere, problems
from kb.rendering import Renderer
from kb.sections import Section, slug
from kb.tables import Event, Row, event_blocks, message_lines, read_event
from kb.vocabulary import CORE, Part, Vocabulary

WHOLE = "1"
"""Anchor of the entry that is the whole article: the same in every locale, whatever its heading."""

_MESSAGE_WORDS = 45
"""Words up to which the first paragraph of a reference page is taken for the message itself."""
_SAYS = 4
"""Words from which a heading says what is seen rather than only naming it."""
_INDEX_ROWS = 3
"""Rows from which a page is an index: what its title and keywords name are its rows, not the page."""


class EntryMaker:
    """Makes the entries of one article."""

    def __init__(
        self,
        path: str,
        article_slug: str,
        locale: str,
        front: FrontMatter,
        words: Vocabulary,
        addresses: Addresses,
    ) -> None:
        self.entries: list[Entry] = []
        self.complaints: list[Complaint] = []
        self.rows: dict[str, str] = {}
        """Anchor of each entry that is a row which only names an error, and where its name leads."""
        self._path = path
        self._slug = article_slug
        self._locale = locale
        self._front = front
        self._words = words
        self._addresses = addresses
        self._render = Renderer(words.alert, words.colon, addresses.of)
        self._title = ""
        self._names: tuple[str, ...] = ()
        self._taken: set[str] = set()

    def make(self, article: Section) -> None:
        """Add the entries of an article."""
        self._title = article.title
        self._names = naming.of_article(article.title, self._front)
        is_one_error = bool(naming.in_heading(article.title)) and not naming.is_range(article.title)
        found = problems(article, self._words, is_one_error=is_one_error)
        if sum(len(problem.rows) for problem in found) >= _INDEX_ROWS and not is_one_error:
            self._names = self._front.names("identifiers")
        merged = _merge_rows(found)
        for problem in found:
            self._entries_of(problem, merged.get(id(problem), ()))
        self.entries = titles.told_apart(self.entries, article, self._words.colon)

    def _entries_of(self, problem: Problem, merged: Sequence[Row]) -> None:
        # A whole article answers to its own names; a section to those of its heading, else to the article's.
        names = () if problem.is_article else naming.in_heading(problem.title)
        cases = self._cases(problem, bool(names))
        if problem.rows:
            self._row_entries(problem, cases)
        for case in cases:
            if not (case.symptom or case.pairs or case.more):
                continue
            if problem.rows and not _is_more_than_a_lead(case):
                continue
            if not case.pairs and leads_elsewhere(case.symptom or case.more):
                continue
            self._entry(problem, case, names, merged)
            self._check(problem, case)

    def _cases(self, problem: Problem, has_names: bool) -> list[Case]:
        """Pair the parts of a problem; running text is told apart by how its paragraphs open."""
        if not problem.is_plain:
            cases = pair(problem)
            for case in cases:
                prose.split_remarks(case, self._words)
            if (
                problem.is_article
                and self._names
                and not problem.has(Part.SYMPTOM, Part.CAUSE, Part.REMARKS, Part.DETAILS)
            ):
                self._tell_preface(problem, cases[0])
            return cases
        if not problem.preface:
            return []
        is_error = has_names or bool(problem.rows) or (problem.is_article and bool(self._names))
        if not is_error and not any(
            isinstance(block, Table) and read_event(block, self._words) for block in problem.preface
        ):
            return [Case([], [Pair([], problem.preface)], anchor=problem.anchor, line=problem.line)]
        case = prose.tell(problem.preface, self._words, opens_with_message=self._opens(problem))
        if self._is_explained(problem, case):
            case = Case([], [Pair(case.symptom, [])], case.more)
        case.anchor, case.line = problem.anchor, problem.line
        return [case]

    def _is_explained(self, problem: Problem, case: Case) -> bool:
        """Whether a heading says what is seen, and the text below it, which quotes nothing, why."""
        if problem.is_article or problem.rows or case.pairs or len(problem.title.split()) < _SAYS:
            return False
        return not any(isinstance(block, Table) for block in case.symptom) and not outputs.messages_in(
            case.symptom, self._words
        )

    def _tell_preface(self, problem: Problem, case: Case) -> None:
        """Text above the one heading that says what to do holds both what is seen and why."""
        told = prose.tell(problem.preface, self._words, opens_with_message=self._opens(problem))
        solutions = case.pairs or [Pair([], [])]
        case.symptom = told.symptom
        case.more = [*told.more, *case.more]
        for one in told.pairs:
            solutions[0] = Pair([*one.cause, *solutions[0].cause], [*one.solution, *solutions[0].solution])
        case.pairs = solutions

    def _opens(self, problem: Problem) -> bool:
        first = problem.preface[0] if problem.preface else None
        if isinstance(first, Quote):
            return not first.alert
        return problem.is_article and isinstance(first, Paragraph) and self._is_message(first)

    def _is_message(self, paragraph: Paragraph) -> bool:
        """The first paragraph of an article on one error is its message unless it speaks to the reader."""
        text = b.text(paragraph.spans)
        return (
            bool(self._names)
            and len(text.split()) <= _MESSAGE_WORDS
            and self._words.lead(text) is None
            and not text.endswith((":", "："))
            and not any(identifiers.key(name) in identifiers.key(text) for name in self._names)
        )

    def _entry(self, problem: Problem, case: Case, names: Sequence[str], merged: Sequence[Row]) -> None:
        symptom, event = self._symptom(case.symptom)
        own = names or (() if event and not problem.is_article else self._names)
        texts = [self._render.blocks(symptom)]
        messages = self._messages(problem, case, event)
        for row in merged:
            texts.insert(0, self._row_text(row))
            messages += self._row_messages(row)
        title = self._title_of(problem)
        is_whole = problem.is_article and not case.number
        anchor = case.anchor or problem.anchor or str(len(self.entries) + 1)
        self._add(
            anchor=WHOLE if is_whole else anchor,
            fragment="" if is_whole else problem.fragment or anchor,
            title=f"{title}{self._words.colon} {case.title}" if case.number else title,
            names=[
                *(event.identifiers if event else ()),
                *own,
                *naming.in_lists(case.symptom),
                *(name for row in merged for name in row.identifiers),
            ],
            messages=messages,
            symptom="\n\n".join(dict.fromkeys(text for text in texts if text)),
            remedies=[
                Remedy(self._render.blocks(one.cause), self._render.blocks(one.solution))
                for one in case.pairs
            ],
            more=self._render.blocks(case.more),
            line=case.line or problem.line,
        )

    def _title_of(self, problem: Problem) -> str:
        """Return a title that tells what the entry is about also where its heading is "Summary"."""
        title = problem.title or self._title
        label = None if problem.is_article or title == self._title else self._words.heading(title)
        if label is None or label.part not in UNNAMED or label.rest:
            return title
        return f"{self._title}{self._words.colon} {title}"

    def _symptom(self, blocks: Iterable[Block]) -> tuple[list[Block], Event | None]:
        """A symptom with its event table written out."""
        found: list[Block] = []
        event: Event | None = None
        for block in blocks:
            read = read_event(block, self._words) if isinstance(block, Table) else None
            if read is None:
                found.append(block)
            else:
                event = event or read
                found += event_blocks(read, self._words.colon)
        return found, event

    def _messages(self, problem: Problem, case: Case, event: Event | None) -> list[MessageTemplate]:
        found: list[MessageTemplate] = []
        if event and event.message:
            whole = outputs.message(" ".join(message_lines(event.message)), event.line)
            found += [whole] if whole else []
            if whole and outputs.is_wording_of(problem.title, whole):
                title = outputs.message(problem.title, problem.line)
                found += [title] if title else []
        first = case.symptom[0] if case.symptom else None
        if problem.is_article and isinstance(first, Paragraph) and self._is_message(first):
            told = outputs.message(outputs.template_text(first.spans), first.line)
            found += [told] if told else []
        found += outputs.messages_in(case.symptom, self._words)
        if first is not None and problem.is_article and self._names and not event:
            # A reference of errors prints the message first and may name what varies by quotes alone.
            found += _opened(one for one in found if one.line == first.line)
        found += outputs.message_of_title(problem.title or self._title, self._words, problem.line)
        return found

    def _row_entries(self, problem: Problem, cases: Sequence[Case]) -> None:
        """One entry for each row of an error table; a row without its own way out gets what the section says."""
        pairs = [one for case in cases for one in case.pairs if one.solution]
        shared = [Remedy(self._render.blocks(one.cause), self._render.blocks(one.solution)) for one in pairs]
        for row in problem.rows:
            title = b.text(row.code) or b.text(row.message)
            cause, solution = self._render.inline(row.cause), self._render.inline(row.solution)
            remedies = [Remedy(cause, solution)]
            if not row.tells and shared:
                both = "\n\n".join(part for part in (solution, shared[0].solution) if part)
                remedies = [Remedy(cause or shared[0].cause, both), *shared[1:]]
            name = identifiers.key(row.identifiers[0]) if row.identifiers else slug(title)[:80]
            anchor = self._add(
                anchor=name or str(len(self.entries) + 1),
                fragment="" if problem.is_article else problem.anchor,
                title=title,
                names=row.identifiers,
                messages=self._row_messages(row),
                symptom=self._row_text(row),
                remedies=remedies,
                more="",
                line=row.line,
            )
            if not row.tells:
                self.rows[anchor] = row.target

    def _row_text(self, row: Row) -> str:
        message = self._render.inline(row.message)
        parts = [f"> {message}" if message and row.code else message, self._render.inline(row.description)]
        return "\n\n".join(part for part in parts if part)

    def _row_messages(self, row: Row) -> list[MessageTemplate]:
        whole = outputs.message(outputs.template_text(row.message), row.line) if row.message else None
        found = [whole, *_opened([whole])] if whole else []
        if row.description:
            found += outputs.messages_in([Paragraph(row.description, row.line)], self._words)
        return found

    def _add(
        self,
        *,
        anchor: str,
        fragment: str,
        title: str,
        names: Iterable[str],
        messages: Iterable[MessageTemplate],
        symptom: str,
        remedies: Sequence[Remedy],
        more: str,
        line: int,
    ) -> str:
        """Add an entry and return its anchor, which no other entry of the article has."""
        name, number = anchor, 1
        while name in self._taken:
            number += 1
            name = f"{anchor}-{number}"
        self._taken.add(name)
        self.entries.append(
            Entry(
                slug=self._slug,
                anchor=name,
                locale=self._locale,
                path=self._path,
                title=title or self._title,
                article_title=self._title,
                identifiers=naming.unique(names),
                messages=tuple({template.text: template for template in messages}.values()),
                symptom=symptom,
                remedies=tuple(dict.fromkeys(one for one in remedies if one.cause or one.solution)),
                more=more,
                url=self._addresses.section(fragment),
                line=max(1, line),
                date=self._front.date,
            )
        )
        return name

    def _check(self, problem: Problem, case: Case) -> None:
        """Notice what a problem lacks that has some of the three parts by name."""
        entry = self.entries[-1]
        if problem.is_plain or not problem.has(Part.SYMPTOM, Part.CAUSE):
            return
        for piece in problem.pieces:
            if piece.is_empty:
                self._complain(piece.line, "nothing stands below this heading")
        for line, title in problem.strangers:
            self._complain(
                line,
                'heading "{title}" stands among symptoms, causes and solutions and is none of them',
                title=title,
            )
        empty = {piece.part for piece in problem.pieces if piece.is_empty}
        for part in CORE:
            if part.value not in entry.parts and part not in empty:
                self._complain(entry.line, "no {part} is given for this problem", part=part.value)

    def _complain(self, line: int, message: str, **values: object) -> None:
        fresh = Complaint(self._path, max(1, line), message, values)
        if fresh not in self.complaints:
            self.complaints.append(fresh)


def _merge_rows(found: Sequence[Problem]) -> dict[int, list[Row]]:
    """Take rows whose error has a section of its own in the article out of their table; by the section's identity."""
    by_name: dict[str, Problem] = {}
    by_anchor: dict[str, Problem] = {}
    for problem in found:
        if problem.is_article or problem.rows:
            continue
        by_anchor.setdefault(problem.anchor, problem)
        for name in naming.declared(problem.title):
            by_name.setdefault(identifiers.key(name), problem)
    merged: dict[int, list[Row]] = {}
    for problem in found:
        kept: list[Row] = []
        for row in problem.rows:
            target = row.sends_to
            keys = [identifiers.key(name) for name in row.identifiers]
            detail = by_anchor.get(target[1:]) if target.startswith("#") else None
            detail = detail or next((by_name[key] for key in keys if key in by_name), None)
            if detail is None:
                kept.append(row)
            else:
                merged.setdefault(id(detail), []).append(row)
        problem.rows = tuple(kept)
    return merged


def _opened(messages: Iterable[MessageTemplate]) -> list[MessageTemplate]:
    return [template for message in messages if (template := outputs.opened(message)) is not None]


def _is_more_than_a_lead(case: Case) -> bool:
    """Whether text beside a table of errors says more than that the table follows."""
    told = [*case.symptom, *(block for one in case.pairs for block in (*one.cause, *one.solution))]
    return any(one.solution for one in case.pairs) and b.n_words(told) > 60
