"""Every sentence a person reads, in their language.

Code writes English and marks it; the English is the key of the catalogs in ``en/`` and ``fr/``. Marked is

- what is handed to ``say("…")``, ``say.plural("…", "…", n)`` or ``N_("…")`` (which only marks: for data and help texts),
- what is handed to a parameter, or assigned to a variable, named ``message``, ``hint``, ``would_tell`` or ``lag``:
  errors, complaints and findings carry their templates that way, in ``kb`` too, which knows nothing of this package.

Sentences hold ``{named}`` values and never f-strings. After adding some: ``python -m bot.i18n.catalogs`` (``make
catalogs``) collects them into both catalogs and says which are not translated yet; write the French into
``fr/LC_MESSAGES/hubmedic.po``, run it again, and both are compiled. ``--check`` only tells. A test holds that nothing
is missing, that the placeholders of a translation are those of its English, and that plurals are whole.

Compiled catalogs are in the wheel; in a checkout they are compiled the first time they are needed and whenever a
``.po`` changed.
"""

from __future__ import annotations

import gettext
import io
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Protocol

LANGUAGES = ("en", "fr")
"""Languages the interface speaks; any other locale gets the first."""

DOMAIN = "hubmedic"
FOLDER = Path(__file__).parent
_STAMP = b"\0crc32:"


class Told(Protocol):
    """An error with a template: those of ``kb``, ``bot`` and ``bot.checks`` alike."""

    @property
    def message(self) -> str:
        """Where and what."""

    @property
    def hint(self) -> str:
        """What to do next; may be empty."""

    @property
    def values(self) -> Mapping[str, object]:
        """What fills the two."""


def N_(message: str) -> str:  # noqa: N802  gettext's customary name for "marked, translated later"
    """Mark a sentence for the catalogs and give it back as it is."""
    return message


_AMOUNTS = frozenset({"count", "most"})
"""Names of values that are how many of something; other numbers may be codes, ports or years."""
_BOTH = N_("{message}; {hint}")


class Speaker:
    """Says things in one language."""

    def __init__(self, language: str, catalog: gettext.NullTranslations) -> None:
        self.language = language
        """``"en"`` or ``"fr"``."""
        self._catalog = catalog

    def __call__(self, message: str, /, **values: object) -> str:
        """Return a sentence with its values filled in."""
        text = self._catalog.gettext(message) if message else ""
        return text.format(**self._worded(values)) if values or "{" in text else text

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return the sentence for that many; ``{count}`` is filled in."""
        return self._catalog.ngettext(one, many, count).format(
            count=self.number(count), **self._worded(values)
        )

    def error(self, error: Told) -> tuple[str, str]:
        """Return what went wrong and what to do next, each a sentence without its full stop."""
        return self(error.message, **error.values), self(error.hint, **error.values) if error.hint else ""

    def both(self, message: str, hint: str) -> str:
        """Return an error's two sentences as one; the hint may be empty."""
        return self(_BOTH, message=message, hint=hint) if hint else message

    def number(self, value: float) -> str:
        """Return a number with the language's separators."""
        text = f"{value:,}"
        return text.replace(",", "\u202f").replace(".", ",") if self.language == "fr" else text

    def _worded(self, values: Mapping[str, object]) -> dict[str, object]:
        """Values as the language writes them; dates and durations need babel, loaded only then."""
        worded: dict[str, object] = {}
        for name, value in values.items():
            if name in _AMOUNTS and isinstance(value, int):
                worded[name] = self.number(value)
            elif isinstance(value, str | int | float) or value is None:
                worded[name] = value
            else:
                from bot.i18n.values import word

                worded[name] = word(value, self.language)
        return worded


def language_of(locale: str | None) -> str:
    """Return the language the interface speaks to a locale: ``"fr"`` for ``"fr-CA"``, ``"en"`` for what it cannot."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


@lru_cache(maxsize=len(LANGUAGES))
def _speaker(language: str) -> Speaker:
    return Speaker(language, _catalog(language))


def speaker(locale: str | None) -> Speaker:
    """Return who speaks to a locale."""
    return _speaker(language_of(locale))


def _catalog(language: str) -> gettext.NullTranslations:
    compiled = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    source = compiled.with_suffix(".po")
    data = compiled.read_bytes() if compiled.exists() else b""
    if source.exists():
        text = source.read_bytes()
        if not data.endswith(stamp(text)):
            from bot.i18n.catalogs import compile_catalog

            data = compile_catalog(text, language)
            _keep(compiled, data)
    return gettext.GNUTranslations(io.BytesIO(data)) if data else gettext.NullTranslations()


def stamp(source: bytes) -> bytes:
    """Return what a compiled catalog ends with: which source it was made of. gettext reads nothing there.

    Times of files tell nothing: a switch of branches or an installation sets them as it likes.
    """
    return _STAMP + f"{zlib.crc32(source):08x}".encode()


def _keep(compiled: Path, data: bytes) -> None:
    """Keep a compiled catalog for the next time; a folder that cannot be written only costs that time again."""
    draft = compiled.with_suffix(f".{id(data)}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(compiled)
    except OSError:
        draft.unlink(missing_ok=True)
