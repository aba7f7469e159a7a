"""The text of an article -> its entries: the one place where reading, grouping and pairing meet.

front matter · dialect · Markdown · sections · problems · cases · entries
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kb import blocks as b
from kb import dialect, identifiers, markdown, naming, outputs, telling
from kb.blocks import Block, Heading, Paragraph, Quote, SpanKind, Table
from kb.errors import ArticleError
from kb.frontmatter import FrontMatter, split_front_matter
from kb.links import Addresses
from kb.locales import language
from kb.model import Article, Complaint, Entry, Link, MessageTemplate, Remedy
from kb.pairing import Case, Pair, pair
from kb.problems import Problem, problems
from kb.rendering import Renderer
from kb.sections import Section, outline, slug
from kb.tables import Event, Row, event_blocks, message_lines, read_event
from kb.vocabulary import vocabulary

WHOLE = "1"
"""Anchor of the entry that is the whole article: the same in every locale, whatever its heading."""

_MESSAGE_WORDS = 45


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article, and which of its entries are rows of a table that only name an error."""

    article: Article
    rows: dict[str, str] = field(default_factory=dict)
    """Anchor of each such entry, and where its name leads (empty where it is no link)."""


def parse_article(
    text: str,
    *,
    path: str,
    slug: str,
    locale: str,
    include: dialect.Include | None = None,
    addresses: Callable[[FrontMatter], Addresses] | None = None,
) -> Parsed:
    """Read the source of an article.

    Raises
    ------
    ArticleError
        If it cannot be read at all.
    """
    front, body = split_front_matter(text)
    plain = dialect.translate(body, front.n_lines + 1, include)
    try:
        document = markdown.parse(plain.source, plain.numbers)
    except RecursionError as error:
        raise ArticleError(
            path, 1, "lists and quotes stand too deep in each other", "write the article flatter"
        ) from error
    found_addresses = addresses(front) if addresses else Addresses(slug, locale, canonical=front.canonical)
    reader = _Reader(path, slug, locale, front, document, found_addresses)
    complaints = [*reader.complaints, *dialect.complaints(plain, path)]
    if front.error:
        complaints.insert(0, Complaint(path, front.error_line, "{reason}", {"reason": front.error}))
    complaints += [
        Complaint(path, line, "include {target} cannot be read", {"target": target})
        for target, line in plain.includes
    ]
    article = Article(
        slug=slug,
        locale=locale,
        path=path,
        title=reader.title,
        entries=tuple(reader.entries),
        date=front.date,
        anchors=reader.anchors,
        links=tuple(_links(document.blocks)),
        complaints=tuple(sorted(complaints, key=lambda complaint: complaint.line)),
    )
    return Parsed(article, reader.rows)


class _Reader:
    """Makes the entries of one article."""

    def __init__(
        self,
        path: str,
        slug: str,
        locale: str,
        front: FrontMatter,
        document: markdown.Document,
        addresses: Addresses,
    ) -> None:
        self.complaints: list[Complaint] = []
        self.entries: list[Entry] = []
        self.rows: dict[str, str] = {}
        self._path = path
        self._slug = slug
        self._locale = locale
        self._front = front
        self._addresses = addresses
        self._words = vocabulary(locale)
        self._render = Renderer(self._words.alert, addresses.of)
        root = outline(document.blocks, self._words)
        self._article = _article_of(root, front, slug)
        self.title = self._article.title
        self.anchors = tuple(
            dict.fromkeys(
                [*(one.anchor for one in root.walk() if one.anchor), *(name for name, _ in document.anchors)]
            )
        )
        self._names = naming.of_article(self.title, front)
        self._taken: set[str] = set()
        self._read()

    def _read(self) -> None:
        is_one_error = bool(naming.in_heading(self.title)) and not naming.is_range(self.title)
        found = problems(self._article, self._words, is_one_error=is_one_error)
        if sum(len(problem.rows) for problem in found) > 2 and not is_one_error:
            self._names = tuple(self._front.names("identifiers"))
        merged = self._merge_rows(found)
        for problem in found:
            self._entries_of(problem, merged.get(id(problem), ()), len(found))

    def _merge_rows(self, found: Sequence[Problem]) -> dict[int, list[Row]]:
        """Rows whose error has a section of its own in the article go into that section's entry."""
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
                detail = by_anchor.get(target[1:]) if target.startswith("#") else None
                detail = detail or next(
                    (by_name[key] for name in row.identifiers if (key := identifiers.key(name)) in by_name),
                    None,
                )
                if detail is None:
                    kept.append(row)
                else:
                    merged.setdefault(id(detail), []).append(row)
            problem.rows = tuple(kept)
        return merged

    def _entries_of(self, problem: Problem, merged: Sequence[Row], n_problems: int) -> None:
        names = self._section_names(problem)
        cases = self._cases(problem, bool(names), n_problems)
        if problem.rows:
            self._row_entries(problem, cases)
        for case in cases:
            if not (case.symptom or case.pairs or case.more):
                continue
            if problem.rows and not _is_more_than_a_lead(case):
                continue
            self._entry(problem, case, names, merged)

    def _section_names(self, problem: Problem) -> tuple[str, ...]:
        """Identifiers in the problem's own heading; API names in the heading of plain text name no error."""
        return () if problem.is_article else naming.in_heading(problem.title)

    def _cases(self, problem: Problem, has_names: bool, n_problems: int) -> list[Case]:
        """Pair the parts of a problem; running text is told apart by how its paragraphs open."""
        if not problem.is_plain:
            cases = pair(problem)
            for case in cases:
                telling.split_remarks(case, self._words)
            return cases
        events = [
            block for block in problem.preface if isinstance(block, Table) and read_event(block, self._words)
        ]
        is_error = (
            has_names or bool(events) or bool(problem.rows) or (problem.is_article and bool(self._names))
        )
        if not is_error:
            return (
                [Case([], [Pair([], problem.preface)], [], 0, problem.anchor, problem.line)]
                if problem.preface
                else []
            )
        first = problem.preface[0] if problem.preface else None
        is_message = (isinstance(first, Quote) and not first.alert) or (
            problem.is_article and isinstance(first, Paragraph) and self._opens_with_message(first)
        )
        case = telling.tell(problem.preface, self._words, opens_with_message=is_message)
        case.anchor, case.line = problem.anchor, problem.line
        return [case]

    def _entry(self, problem: Problem, case: Case, names: Sequence[str], merged: Sequence[Row]) -> None:
        symptom, event = self._symptom(case.symptom)
        messages = self._messages(problem, case, event)
        found_names = [
            *(event.identifiers if event else ()),
            *(names or (() if event and not problem.is_article else self._names)),
        ]
        if event and problem.is_article:
            found_names = [*event.identifiers, *self._names]
        found_names += naming.in_lists(case.symptom)
        texts = [self._render.blocks(symptom)]
        for row in merged:
            found_names += row.identifiers
            told = self._row_text(row)
            texts.insert(0, told)
            messages += self._row_messages(row)
        title = problem.title or self.title
        if case.number:
            heading = next(
                one.title
                for one in self._article.walk()
                if one.anchor == case.anchor and one.line == case.line
            )
            title = f"{title}: {heading}"
        whole = problem.is_article and not case.number
        anchor = self._take(WHOLE if whole else (case.anchor or problem.anchor or str(len(self.entries) + 1)))
        self._add(
            anchor=anchor,
            fragment="" if whole else problem.fragment or case.anchor or problem.anchor,
            title=title,
            names=found_names,
            messages=messages,
            symptom="\n\n".join(dict.fromkeys(text for text in texts if text)),
            remedies=[
                Remedy(self._render.blocks(one.cause), self._render.blocks(one.solution))
                for one in case.pairs
            ],
            more=self._render.blocks(case.more),
            line=case.line or problem.line,
        )

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
                found += event_blocks(read, "\u00a0:" if language(self._locale) == "fr" else ":")
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
        if (
            problem.is_article
            and self._names
            and isinstance(first, Paragraph)
            and self._opens_with_message(first)
        ):
            told = outputs.message(outputs.template_text(first.spans), first.line)
            found += [told] if told else []
        found += outputs.messages_in(case.symptom, self._words)
        if first is not None and problem.is_article and self._names and not event:
            # A reference of errors prints the message first and may name what varies by quotes alone.
            found += _opened(one for one in found if one.line == first.line)
        found += outputs.message_of_title(problem.title or self.title, self._words, problem.line)
        return found

    def _opens_with_message(self, paragraph: Paragraph) -> bool:
        """The first paragraph of an article on one error is its message unless it speaks to the reader."""
        text = b.text(paragraph.spans)
        return (
            len(text.split()) <= _MESSAGE_WORDS
            and self._words.lead(text) is None
            and not text.endswith((":", "："))
            and not any(identifiers.key(name) in identifiers.key(text) for name in self._names)
        )

    def _row_entries(self, problem: Problem, cases: Sequence[Case]) -> None:
        """One entry for each row of an error table; a row without its own way out gets what the section says."""
        pairs = [one for case in cases for one in case.pairs if one.solution]
        shared = [Remedy(self._render.blocks(one.cause), self._render.blocks(one.solution)) for one in pairs]
        for row in problem.rows:
            code, message = b.text(row.code), b.text(row.message)
            cause, solution = self._render.inline(row.cause), self._render.inline(row.solution)
            remedies = [Remedy(cause, solution)] if cause or solution else []
            if not row.tells and shared:
                remedies = (
                    [*remedies, *shared] if not cause else [Remedy(cause, shared[0].solution), *shared[1:]]
                )
            key = identifiers.key(row.identifiers[0]) if row.identifiers else slug(code or message)[:80]
            anchor = self._take(key or str(len(self.entries) + 1))
            if not row.tells:
                self.rows[anchor] = row.target
            self._add(
                anchor=anchor,
                fragment="" if problem.is_article else problem.anchor,
                title=code or message,
                names=row.identifiers,
                messages=self._row_messages(row),
                symptom=self._row_text(row),
                remedies=remedies,
                more="",
                line=row.line,
            )

    def _row_text(self, row: Row) -> str:
        parts = [
            f"> {self._render.inline(row.message)}"
            if row.message and row.code
            else self._render.inline(row.message)
        ]
        parts.append(self._render.inline(row.description))
        return "\n\n".join(part for part in parts if part)

    def _row_messages(self, row: Row) -> list[MessageTemplate]:
        whole = outputs.message(outputs.template_text(row.message), row.line) if row.message else None
        found = [whole, *_opened([whole])] if whole else []
        if row.description:
            found += outputs.messages_in([Paragraph(row.description, row.line)], self._words)
        return found

    def _take(self, anchor: str) -> str:
        """An anchor that no other entry of the article has."""
        name, number = anchor, 1
        while name in self._taken:
            number += 1
            name = f"{anchor}-{number}"
        self._taken.add(name)
        return name

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
    ) -> None:
        self.entries.append(
            Entry(
                slug=self._slug,
                anchor=anchor,
                locale=self._locale,
                path=self._path,
                title=title or self.title,
                article_title=self.title,
                identifiers=tuple({identifiers.key(name): name for name in reversed(list(names))}.values())[
                    ::-1
                ],
                messages=tuple({template.text: template for template in messages}.values()),
                symptom=symptom,
                remedies=tuple(dict.fromkeys(one for one in remedies if one.cause or one.solution)),
                more=more,
                url=self._addresses.section(fragment),
                line=max(1, line),
                date=self._front.date,
            )
        )


def _article_of(root: Section, front: FrontMatter, slug: str) -> Section:
    """The section that is the article: its first ``#`` heading, later ones being sections of it."""
    tops = [child for child in root.children if child.level == 1]
    if not tops:
        root.title = (
            front.title or (root.children[0].title if root.children else "") or slug.rsplit("/", 1)[-1]
        )
        return root
    article = tops[0]
    before = [
        child
        for child in root.children
        if child.level > 1 and root.children.index(child) < root.children.index(article)
    ]
    after = root.children[root.children.index(article) + 1 :]
    article.blocks = [*root.blocks, *article.blocks]
    article.children = [*before, *article.children, *after]
    article.title = article.title or front.title or slug.rsplit("/", 1)[-1]
    return article


def _opened(messages: Iterable[MessageTemplate]) -> list[MessageTemplate]:
    return [template for message in messages if (template := outputs.opened(message)) is not None]


def _is_more_than_a_lead(case: Case) -> bool:
    """Whether text beside a table of errors says more than that the table follows."""
    told = [*case.symptom, *(block for one in case.pairs for block in (*one.cause, *one.solution))]
    return any(one.solution for one in case.pairs) and b.n_words(told) > 60


def _links(blocks: Sequence[Block]) -> Iterable[Link]:
    for block in b.walk(blocks):
        line = block.line
        runs = list(b.runs(block))
        if isinstance(block, Table):
            width = max(1, len(block.header))
            for number, run in enumerate(runs):
                row = number // width
                yield from _targets(run, line if row == 0 else line + 1 + row)
        elif isinstance(block, Heading | Paragraph):
            for run in runs:
                yield from _targets(run, line)


def _targets(run: Sequence[b.Span], line: int) -> Iterable[Link]:
    return (Link(span.target, line) for span in b.spans_in(run) if span.kind is SpanKind.LINK and span.target)
