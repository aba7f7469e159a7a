"""Docs trees for tests: ``tests/corpus/signals``, and ones written file by file."""

from pathlib import Path

SIGNALS = Path(__file__).parents[1] / "corpus" / "signals"


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def entry(tree, entry_id, locale):
    return next(
        one
        for article in tree.articles
        for one in article.entries
        if (one.id, one.locale) == (entry_id, locale)
    )
