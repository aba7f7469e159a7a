"""The shape of an article to start from: ``hubmedic kb new``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from importlib import resources
from pathlib import Path

from kb.errors import KnowledgeError
from kb.locales import language, normalise

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_.][a-z0-9]+)*)*")
_LINK = "https://learn.microsoft.com/{locale}/"
_CODE = re.compile(r"^(\d{3,}\w*)-(.+)$")


def write_article(folder: Path, slug: str, locales: Sequence[str], today: date) -> tuple[Path, ...]:
    """Write an article to fill in, one file a locale below a tree's folder, and return their paths.

    Raises
    ------
    KnowledgeError
        If the slug cannot name a file, a locale is none, or one of the files is there already: none is written then.
    """
    slug = slug.removesuffix(".md")  # as a file manager completes it
    if not _SLUG.fullmatch(slug):
        raise KnowledgeError(
            'article name "{slug}" cannot be used',
            "use small letters, digits and hyphens: 401003-iothubunauthorized",
            slug=slug[:60],
        )
    tags = [normalise(locale) for locale in locales]
    paths = [folder / tag / f"{slug}.md" for tag in tags]
    for path in paths:
        if path.exists():
            raise KnowledgeError(
                "{path} is there already", "choose another name, or edit that file", path=str(path)
            )
    for path, tag in zip(paths, tags, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article_text(slug, tag, today), encoding="utf-8", newline="\n")
    return tuple(paths)


def article_text(slug: str, locale: str, today: date) -> str:
    """Return the text of an article to fill in, in the locale's language where there is one, else in English."""
    shapes = tomllib.loads(resources.files("kb").joinpath("template.toml").read_text(encoding="utf-8"))
    shape = str(shapes.get(language(locale), shapes["en"])["article"])
    text = shape.format(title=_title(slug), date=today.strftime("%m/%d/%Y"), link=_LINK.format(locale=locale))
    return text.replace("<<", "‹").replace(">>", "›")


def _title(slug: str) -> str:
    """``401003-iothubunauthorized`` -> ``401003 iothubunauthorized``; words of a subject are set apart and capitalised."""
    name = slug.rsplit("/", 1)[-1]
    code = _CODE.match(name)
    if code:
        return f"{code.group(1)} {code.group(2)}"
    words = re.sub(r"[-_.]+", " ", name)
    return words[:1].upper() + words[1:]
