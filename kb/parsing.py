"""The text of an article -> an article with its entries: the one place where reading and understanding meet.

front matter · dialect · Markdown · sections · problems · cases · entries
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kb import blocks as b
from kb import dialect, markdown, questions
from kb.blocks import Block, Heading, Paragraph, Span, SpanKind, Table
from kb.entries import EntryMaker
from kb.errors import ArticleError
from kb.frontmatter import FrontMatter, split_front_matter
from kb.links import Addresses
from kb.model import Article, Complaint, Link
from kb.sections import Section, outline
from kb.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article, and which of its entries are rows of a table that only name an error."""

    article: Article
    rows: dict[str, str] = field(default_factory=dict)
    """Anchor of each such entry, and where its name leads (empty where it is no link)."""
    named: tuple[str, ...] = ()
    """Anchors that the author wrote, rather than ones made from the words of a heading."""


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
    plain = dialect.translate(body, front.n_lines + 1, include, is_jsx=path.endswith(".mdx"))
    where = addresses(front) if addresses else Addresses(slug, locale, canonical=front.canonical)
    words = vocabulary(locale)
    maker = EntryMaker(path, slug, locale, front, words, where)
    try:
        document = markdown.parse(plain.source, plain.numbers)
        root = outline(questions.raised(document.blocks, words), words)
        article = _article_of(root, front, slug)
        maker.make(article)
    except RecursionError as error:
        raise ArticleError(
            path, 1, "lists and quotes stand too deep in each other", "write the article flatter"
        ) from error
    complaints = [
        *maker.complaints,
        *(Complaint(path, line, message, values) for line, message, values in plain.complaints),
    ]
    if front.error:
        complaints.append(Complaint(path, front.error_line, "{reason}", {"reason": front.error}))
    complaints += [
        Complaint(path, line, "include {target} cannot be read", {"target": target})
        for target, line in plain.includes
    ]
    anchors = [*(one.anchor for one in root.walk() if one.anchor), *(name for name, _ in document.anchors)]
    found = Article(
        slug=slug,
        locale=locale,
        path=path,
        title=article.title,
        entries=tuple(maker.entries),
        date=front.date,
        anchors=tuple(dict.fromkeys(anchors)),
        links=tuple(_links(document.blocks)),
        complaints=tuple(sorted(complaints, key=lambda complaint: complaint.line)),
    )
    written = [block.anchor for block in document.blocks if isinstance(block, Heading) and block.anchor]
    return Parsed(found, maker.rows, tuple(dict.fromkeys(written)))


def _article_of(root: Section, front: FrontMatter, slug: str) -> Section:
    """The section that is the article: its first ``#`` heading, later ones being sections of it."""
    fallback = front.title or slug.rsplit("/", 1)[-1]
    position = next((number for number, child in enumerate(root.children) if child.level == 1), None)
    if position is None:
        root.title = fallback
        return root
    article = root.children[position]
    article.blocks = [*root.blocks, *article.blocks]
    article.children = [*root.children[:position], *article.children, *root.children[position + 1 :]]
    article.title = article.title or fallback
    return article


def _links(blocks: Sequence[Block]) -> Iterable[Link]:
    for block in b.walk(blocks):
        if isinstance(block, Table):
            lines = (block.line, *block.row_lines)
            for line, row in zip(lines, (block.header, *block.rows), strict=True):
                for cell in row:
                    yield from _targets(cell, line)
        elif isinstance(block, Heading | Paragraph):
            yield from _targets(block.spans, block.line)


def _targets(run: Sequence[Span], line: int) -> Iterable[Link]:
    return (Link(span.target, line) for span in b.spans_in(run) if span.kind is SpanKind.LINK and span.target)
