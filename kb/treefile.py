"""``hubmedic.toml``, what a docs tree says of itself at its root."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from kb.errors import TreeError
from kb.locales import normalise

NAME = "hubmedic.toml"


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """The settings of a docs tree."""

    name: str = ""
    locale: str = ""
    base_url: str = ""
    """Address of an article, ``{locale}`` and ``{slug}`` open."""
    exclude: tuple[str, ...] = ()
    """Patterns of paths that are no articles, as in ``fnmatch``."""


def read_settings(root: Path) -> TreeSettings:
    """Return what the tree's ``hubmedic.toml`` says, nothing where there is none.

    Raises
    ------
    TreeError
        If the file is there and cannot be used.
    """
    path = root / NAME
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return TreeSettings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TreeError(
            "{path} cannot be read: {reason}", "write it as TOML", path=str(path), reason=str(error)
        ) from error
    unknown = sorted(fields.keys() - {"name", "locale", "base_url", "exclude"})
    if unknown:
        raise TreeError(
            "{path} has a field {field} that means nothing",
            "use name, locale, base_url or exclude",
            path=str(path),
            field=unknown[0],
        )
    exclude = fields.get("exclude", [])
    texts = [fields.get(name, "") for name in ("name", "locale", "base_url")]
    if not all(isinstance(text, str) for text in texts) or not (
        isinstance(exclude, list) and all(isinstance(one, str) for one in exclude)
    ):
        raise TreeError(
            "{path} has a field of the wrong kind",
            "name, locale and base_url are texts, exclude is a list of texts",
            path=str(path),
        )
    name, locale, base_url = texts
    if base_url and not base_url.startswith(("https://", "http://")):
        raise TreeError(
            "{path}: base_url must begin with https://", "write the address of an article", path=str(path)
        )
    return TreeSettings(name, normalise(locale) if locale else "", base_url, tuple(exclude))
