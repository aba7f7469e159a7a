"""Collect sentences into the catalogs and compile them: ``python -m bot.i18n.catalogs [--check]``."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.i18n import DOMAIN, FOLDER, LANGUAGES, stamp
from bot.i18n.extracting import Sentence, sentences

ROOT = FOLDER.parents[1]
_PLACEHOLDER = re.compile(r"\{\w*[^{}]*\}")


def collected() -> list[Sentence]:
    """Return every sentence of the sources."""
    return list(sentences([*ROOT.glob("bot/**/*.py"), *ROOT.glob("kb/**/*.py")]))


def source_of(language: str) -> Path:
    """Return the file a language's catalog is written in."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(language: str) -> Catalog:
    """Return a language's catalog as it stands."""
    path = source_of(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    return read_po(io.BytesIO(path.read_bytes()), locale=language, domain=DOMAIN)


def updated(language: str, found: list[Sentence]) -> Catalog:
    """Return the catalog with exactly the sentences found, keeping what is translated; English translates itself."""
    known = read_catalog(language)
    catalog = Catalog(locale=language, domain=DOMAIN)
    for one in found:
        key: str | tuple[str, str] = (one.text, one.many) if one.many else one.text
        previous = known.get(one.text)
        if language == "en":
            catalog.add(key, key)
        elif previous is not None and previous.id == key:
            catalog.add(key, _as_tuple(previous.string) if one.many else _as_tuple(previous.string)[0])
        else:
            catalog.add(key)
    return catalog


def written(catalog: Catalog) -> bytes:
    """Return the catalog as its file holds it, the same on every machine and day: no dates, no lines of code."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=True, no_location=True, omit_header=True)
    header = (
        f"# What hubmedic says, {catalog.locale_identifier}. How sentences get here: bot/i18n/__init__.py\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + out.getvalue()


def compile_catalog(source: bytes, language: str) -> bytes:
    """Return the compiled catalog of a source."""
    out = io.BytesIO()
    write_mo(out, read_po(io.BytesIO(source), locale=language, domain=DOMAIN))
    return out.getvalue() + stamp(source)


def complaints(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a catalog, a line each."""
    for message in catalog:
        if not message.id:
            continue
        ids, strings = _as_tuple(message.id), _as_tuple(message.string)
        name = f"{catalog.locale_identifier}: {ids[0]!r}"
        if not all(strings) or (message.pluralizable and len(strings) != catalog.num_plurals):
            yield f"{name}: not translated"
            continue
        wanted = {one for text in ids for one in _PLACEHOLDER.findall(text)}
        for string in strings:
            held = set(_PLACEHOLDER.findall(string))
            if held - wanted or (wanted - held and not message.pluralizable):
                yield f"{name}: its placeholders are {sorted(held)}, not {sorted(wanted)}"


def compile_all() -> None:
    """Compile every catalog beside its source."""
    for language in LANGUAGES:
        source = source_of(language)
        source.with_suffix(".mo").write_bytes(compile_catalog(source.read_bytes(), language))


def _as_tuple(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (str(text or ""),)


def main(arguments: list[str]) -> int:
    """Bring the catalogs up to date, or with ``--check`` only tell; return 1 when something is missing."""
    found = collected()
    problems: list[str] = []
    for language in LANGUAGES:
        catalog = updated(language, found)
        problems += complaints(catalog)
        path, data = source_of(language), written(catalog)
        if "--check" in arguments:
            if not path.exists() or path.read_bytes() != data:
                problems.append(f"{path.relative_to(ROOT)} is out of date: run python -m bot.i18n.catalogs")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    if "--check" not in arguments:
        compile_all()
    print(
        "\n".join(problems)
        or f"{len({one.text for one in found})} sentences, all in {len(LANGUAGES)} languages"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
