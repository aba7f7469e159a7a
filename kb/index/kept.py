"""What a build keeps for the next one: the analysis of every entry, and the entries as they stand in the index.

    folder/kept.npz          arrays; no pickle: an index folder may come from a stranger

A file that is damaged, or was written by other code, is as good as none: everything is read anew then.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from hashlib import blake2b
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import numpy as np

from kb.index.analysis import Analysis, WordTexts
from kb.index.bags import Bags
from kb.index.ragged import Ragged

Array = np.ndarray[Any, Any]

_NAME = "kept.npz"
_SHAPED_BY = (
    "locales", "messages", "model", "stems", "thesaurus", "tokens",
    "index/analysis", "index/bags", "index/families", "index/family_arrays", "index/general_arrays", "index/hashing",
    "index/kept", "index/ragged", "index/words",
)  # fmt: skip
"""Modules of kb that an analysis hangs on; a test holds that none is missing."""
_DATA = ("thesaurus.toml",)
_LIBRARIES = ("PyStemmer", "snowballstemmer", "wordfreq")
_FORMS = ("form_hash", "form_start", "form_family", "first_hash", "first_lengths", "family_languages")
_GENERAL = ("general_hash", "general_zipf", "general_languages")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the build before this one left."""

    generation: str
    """Whose entries the rows are of: where it is still served, their JSON is taken from there."""
    analysis: Analysis
    forms: dict[str, Array]
    """The arrays that find families in a text."""
    general: dict[str, Array]
    """The arrays of general language."""
    languages: str
    """The languages these are of."""


def shaped_by() -> str:
    """Return a hash over the code, the data and the libraries that an analysis hangs on."""
    found = blake2b(digest_size=12)
    package = resources.files("kb")
    for name in (*(f"{module}.py" for module in _SHAPED_BY), *_DATA):
        found.update(package.joinpath(name).read_bytes())
    for library in _LIBRARIES:
        try:
            found.update(f"{library} {metadata.version(library)}".encode())
        except metadata.PackageNotFoundError:
            continue
    return found.hexdigest()


def write_kept(folder: Path, kept: Kept, version: str) -> None:
    """Write what the next build can use, in one step."""
    analysis = kept.analysis
    draft = folder / f"{_NAME}.draft"
    with draft.open("wb") as out:
        np.savez(
            out,
            allow_pickle=False,
            version=_text(version),
            generation=_text(kept.generation),
            languages=_text(kept.languages),
            keys=analysis.keys.view(np.uint8),
            n_sections=analysis.n_sections,
            n_documented=analysis.n_documented,
            vocabulary=analysis.sections.vocabulary,
            term_start=analysis.sections.terms.start,
            terms=analysis.sections.terms.values,
            counts=analysis.sections.counts,
            family_start=analysis.families.start,
            families=analysis.families.values,
            n_messages=analysis.n_messages,
            message_start=analysis.messages.start,
            messages=analysis.messages.values,
            message_hash=analysis.message_words.hashed,
            message_text=_text("\n".join(analysis.message_words.texts)),
            spelled_hash=analysis.spelled.hashed,
            spelled_text=_text("\n".join(analysis.spelled.texts)),
            **kept.general,
            **kept.forms,
        )
    os.replace(draft, folder / _NAME)  # noqa: PTH105  one step on every system


def read_kept(folder: Path, version: str) -> Kept | None:
    """Return what the last build left, None where there is nothing of use."""
    try:
        with (folder / _NAME).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        if _string(found["version"]) != version:
            return None
        key_bytes = len(found["keys"]) // max(len(found["n_sections"]), 1)
        analysis = Analysis(
            found["keys"].view(f"V{key_bytes}") if key_bytes else found["keys"],
            found["n_sections"],
            found["n_documented"],
            Bags(found["vocabulary"], Ragged(found["term_start"], found["terms"]), found["counts"]),
            Ragged(found["family_start"], found["families"]),
            found["n_messages"],
            Ragged(found["message_start"], found["messages"]),
            WordTexts(found["message_hash"], _lines(found["message_text"])),
            WordTexts(found["spelled_hash"], _lines(found["spelled_text"])),
        )
        return Kept(
            _string(found["generation"]),
            analysis,
            {name: found[name] for name in _FORMS},
            {name: found[name] for name in _GENERAL},
            _string(found["languages"]),
        )
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile):
        return None


def _text(text: str) -> Array:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _string(array: Array) -> str:
    return array.tobytes().decode()


def _lines(array: Array) -> tuple[str, ...]:
    text = _string(array)
    return tuple(text.split("\n")) if text else ()
