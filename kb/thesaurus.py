"""Families of words that say one trouble: ``thesaurus.toml`` as values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Family:
    """Words and phrases that documents and people use for one trouble."""

    name: str
    forms: Mapping[str, tuple[str, ...]]
    """By language: ``{"en": ("throttled", "slow down"), "fr": ("limité", …)}``."""


def read_thesaurus(text: str | None = None) -> tuple[Family, ...]:
    """Return the families of a TOML text, by default of the packaged ``thesaurus.toml``."""
    source = text if text is not None else files("kb").joinpath("thesaurus.toml").read_text(encoding="utf-8")
    return tuple(
        Family(name, {language: tuple(forms) for language, forms in family.items()})
        for name, family in tomllib.loads(source).items()
    )
