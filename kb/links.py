"""Where a link leads on the web: what an author writes relative to a file, a reader needs absolute.

An address is made from the tree's ``base_url``, or from the canonical address an article states; where there is
neither, a link is shown as its text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import quote, unquote, urljoin, urlsplit

from kb import locales

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_EXTENSION = re.compile(
    r"(?P<locale>\.[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)?\.(?:mdx?|markdown|yml)(?=$|[?#])", re.IGNORECASE
)
_LOCALE_PATH = re.compile(r"^/([a-z]{2,3}-[a-z]{2,4}(?:-[a-z]{2})?)(?=/|$)", re.IGNORECASE)
_DOCSET = re.compile(r"^~/(?:articles|docs|help|_?repo[\w-]*)?/?", re.IGNORECASE)


class Addresses:
    """The addresses of one article and of what it links to."""

    def __init__(
        self,
        slug: str,
        locale: str,
        *,
        base_url: str = "",
        canonical: str = "",
        canonical_of: Callable[[str], str | None] = lambda _slug: None,
    ) -> None:
        self._slug = slug
        self._locale = locale
        self._base_url = base_url
        self._canonical_of = canonical_of
        """The address that another article of the tree states; None where it states none, or is no article."""
        own = (
            _filled(base_url if "{slug}" in base_url else f"{base_url.rstrip('/')}/{{slug}}", slug, locale)
            if base_url
            else ""
        )
        stated = _filled(canonical, slug, locale)
        self.own = own or (stated if is_web(stated) else "")
        """Address of the article; empty where nothing says one."""
        # An article may state the address of the official page that it is about: that page has no section of ours.
        self._has_sections = bool(own) or posixpath.basename(
            urlsplit(self.own).path.rstrip("/")
        ) == posixpath.basename(slug)

    def section(self, anchor: str) -> str | None:
        """Return the address of a section, or of the article where the anchor is empty or leads nowhere."""
        if not self.own:
            return None
        return (
            f"{self.own.partition('#')[0]}#{_in_address(anchor)}"
            if anchor and self._has_sections
            else self.own
        )

    def of(self, target: str) -> str | None:
        """Return the absolute address of a link, None where it has none."""
        target = target.strip()
        if _SCHEME.match(target) or target.startswith("//"):
            absolute = f"https:{target}" if target.startswith("//") else target
            return absolute if is_web(absolute) else None
        if not target:
            return None
        if target.startswith("#"):
            return self.section(target[1:])
        try:
            return self._relative(target)
        except ValueError:  # "[x](http://[bad)" and its like
            return None

    def _relative(self, target: str) -> str | None:
        if target.startswith(("/", "~")):
            return self._from_root(target)
        if not self._base_url:
            path, mark, fragment = target.partition("#")
            slug = resolve(self._slug, path, self._locale)
            if slug is not None and (stated := self._canonical_of(slug)):
                address = _filled(stated, slug, self._locale)
                is_page = posixpath.basename(urlsplit(address).path) == posixpath.basename(slug)
                return f"{address}{mark}{fragment}" if is_page else address
            if slug is not None and stated is not None:
                return None  # an article of this tree without an address
        if not self.own:
            return None
        return _checked(urljoin(self.own, _page(target, self._locale)))

    def _from_root(self, target: str) -> str | None:
        """``/azure/…`` starts at the site, ``~/articles/…`` at the docset."""
        if not self.own:
            return None
        parts = urlsplit(self.own)
        locale = _LOCALE_PATH.match(parts.path)
        prefix = f"/{locale.group(1)}" if locale else ""
        if target.startswith("~"):
            product = parts.path[len(prefix) :].strip("/").partition("/")[0]
            target = f"/{product}/{_DOCSET.sub('', target)}"
        if not _LOCALE_PATH.match(target):
            target = prefix + target
        return _checked(f"{parts.scheme}://{parts.netloc}{_page(target, self._locale)}")


def resolve(slug: str, path: str, locale: str = "") -> str | None:
    """Return the slug that a relative path leads to from an article, None where it leaves the tree or is no article.

    A file that its locale ends, ``valve.fr.md`` in a French article, is the article ``valve``.
    """
    bare = unquote(path.split("?")[0]).replace("\\", "/")
    if not bare.lower().endswith((".md", ".mdx", ".markdown")):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(slug), _page(bare, locale)))
    return None if joined in ("..", ".") or joined.startswith(("../", "/")) else joined


def _page(target: str, locale: str) -> str:
    """A target without the ending of its file, and without the locale before that ending."""
    return _EXTENSION.sub(lambda match: _kept(match.group("locale") or "", locale), target)


def _kept(ending: str, locale: str) -> str:
    """What looks like a locale at the end of a file's name and is none: ``plugin.io.md``."""
    tag = ending[1:]
    is_locale = locales.is_locale_folder(tag) or (
        locales.is_language_folder(tag) and tag in (locales.language(locale), "en")
    )
    return "" if is_locale else ending


def is_web(address: str) -> bool:
    """Tell whether an address is one that a browser opens."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and not any(char.isspace() for char in address)
    )


def _in_address(fragment: str) -> str:
    """A fragment with what no address may hold written in per cent (RFC 3986, section 3.5)."""
    return quote(fragment, safe="!$&'()*+,;=:@/?%-._~") if any(map(str.isspace, fragment)) else fragment


def _checked(address: str) -> str | None:
    return address if is_web(address) else None


def _filled(template: str, slug: str, locale: str) -> str:
    return template.replace("{locale}", locale).replace("{slug}", slug)
