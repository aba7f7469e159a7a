"""Articles for tests, parsed: those of ``tests/corpus``, and ones given as text."""

from pathlib import Path

from kb.files import Includes, decode
from kb.parsing import parse_article

CORPUS = Path(__file__).parents[1] / "corpus"


def article(name, locale="en-us", **options):
    text = decode((CORPUS / name).read_bytes(), name)
    slug = name.removesuffix(".md")
    return parse_article(
        text, path=name, slug=slug, locale=locale, include=Includes(CORPUS, name), **options
    ).article


def entries(name, locale="en-us"):
    return article(name, locale).entries


def of_text(text, locale="en-us"):
    return parse_article(text, path="x.md", slug="x", locale=locale).article.entries


def messages(entry):
    return [message.text for message in entry.messages]
