"""Names of products a trouble may be with: data (``products.txt``), read once.

A paste that names nginx or kubectl is about that, unless the candidate's article speaks of it too.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def product_names() -> frozenset[str]:
    """Return the names, folded as :func:`kb.tokens.words` folds them."""
    lines = files("kb").joinpath("products.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
