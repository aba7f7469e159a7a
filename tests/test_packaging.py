"""What is read beside the code travels with it: a wheel that lacks a file fails where the checkout answers."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MADE = {".py", ".pyc", ".mo"}
"""Code, and what is made from it; ``setup.py`` compiles the catalogs into the wheel."""


@pytest.mark.parametrize("package", ["kb", "bot"])
def test_every_file_beside_the_code_is_in_the_wheel(package):
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = told["tool"]["setuptools"]["package-data"][package]
    packed = {path for pattern in patterns for path in (ROOT / package).glob(pattern)}
    beside = {path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in MADE}
    assert sorted(path.relative_to(ROOT).as_posix() for path in beside - packed) == []
