"""Mutated documents through the parser: every one must parse or give an error that names file and line.

    python -m benchmarks.fuzz [N] [--seed N] [--seconds N]

Real documents are cut, spliced, repeated and sprinkled with what the dialects, Markdown, YAML and Unicode are made
of. What is not an :class:`ArticleError` is a crash and is printed with the seed that makes it again; so is a law
that does not hold: lines stay inside the file, the same text gives the same article, anchors are unique.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.errors import ArticleError
from kb.files import decode
from kb.parsing import parse_article

_CORPUS = Path("..") / "shared" / "corpus"
_OWN = Path(__file__).resolve().parent.parent / "kb" / "articles"
_CHUNK = 500
_MOST_BYTES = 20_000
_SLOW_S = 2.0
_PIECES = (
    "---\n", "```\n", "~~~\n", "````text\n", "# ", "## ", "###### ", "####### x\n", "> [!NOTE]\n", ">[!TAB x]\n", "[!INCLUDE [x](y.md)]", "[!INCLUDE[](",
    "::: zone pivot=\"a\"\n", "::: zone-end\n", ":::image type=\"x\" source=\"y\":::", ":::", "+++ more\n", "+++\n", "{{snippet}}\n", "{#id}", "{target=\"_blank\"}",
    "<!--", "-->", "<a name=\"x\"></a>", "<table><tr><td>", "</table>", "<pre>", "</pre>", "<br>", "<", ">", "&amp;", "&#0;", "&#x110000;", "**", "*", "_", "`", "``", "[", "](", ")", "![",
    "| a | b |\n|---|---|\n", "|", "\\", "\\|", "\t", "\r", "\r\n", "\0", "\ufeff", "\u2028", "\x0c", "\x85", "\u202e", "\ud7ff", "\U0001f4a5", "é", "’", "« »", "原因", "\u0301",
    "## Symptoms\n", "## Cause\n", "### Cause 2\n", "## Solution\n", "**Resolution** : ", "Cause: ", "| Error code | Description | Solution |\n|-|-|-|\n| 400001 X | y | z |\n",
    "|||\n|-|-|\n|Event ID|1|\n|Event Source|x|\n|Message Text|%1 failed %r<br />|\n", "1. ", "- ", "    ", "  ", "\n", "\n\n", "x" * 300, "0x80070005", "{0}", "%1", "%s", "401003 IoTHubUnauthorized",
    "title: [\n", "ms.date: 99/99/9999\n", "identifiers: {a: b}\n", "&a *a", "!!python/object:os.system x\n", ": : :\n", "https://[bad", "[x]: <y\n", "# [A](#tab/a)\n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crash:
    """A document that broke the parser."""

    seed: int
    what: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; exit status 1 when a document crashed."""
    parser = argparse.ArgumentParser(description="Mutated documents through the parser.")
    parser.add_argument("n", nargs="?", type=int, default=100_000, help="documents (default: 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first document")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    if chosen.n == 1:
        print(mutated(chosen.seed)[:2_000])
    started = time.perf_counter()
    chunks = [
        range(begin, min(begin + _CHUNK, chosen.seed + chosen.n))
        for begin in range(chosen.seed, chosen.seed + chosen.n, _CHUNK)
    ]
    crashes: list[Crash] = []
    done = n_refused = 0
    with ProcessPoolExecutor(max_workers=chosen.processes) as pool:
        for chunk, (refused, found) in zip(chunks, pool.map(_run, chunks), strict=True):
            done += len(chunk)
            n_refused += refused
            crashes += found
            if sys.stderr.isatty():
                print(f"\r{done} documents, {len(crashes)} crashes", end="", file=sys.stderr)
    seconds = time.perf_counter() - started
    for crash in crashes[:20]:
        print(f"seed {crash.seed}: {crash.what}")
    print(
        f"{done} documents, {n_refused} refused with file and line, {len(crashes)} crashes, {done / seconds:.0f} documents/s"
    )
    return 1 if crashes else 0


def mutated(seed: int) -> bytes:
    """Return the document that a seed makes."""
    chance = random.Random(seed)
    sources = _sources()
    data = bytearray(chance.choice(sources))
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + int(chance.expovariate(1 / 60)))
        kind = chance.randrange(7)
        if kind == 0:
            del data[at:end]
        elif kind == 1:
            data[at:at] = chance.choice(_PIECES).encode("utf-8", "surrogatepass")
        elif kind == 2:
            data[at:at] = data[at:end] * chance.randint(1, 30)
        elif kind == 3:
            other = chance.choice(sources)
            begin = chance.randint(0, len(other))
            data[at:end] = other[begin : begin + chance.randint(0, 400)]
        elif kind == 4 and data:
            data[min(at, len(data) - 1)] = chance.randrange(256)
        elif kind == 5:
            data[at:at] = "".join(chance.choices(_PIECES, k=chance.randint(2, 8))).encode(
                "utf-8", "surrogatepass"
            )
        else:
            lines = bytes(data).split(b"\n")
            chance.shuffle(lines)
            data = bytearray(b"\n".join(lines))
    return bytes(data[:_MOST_BYTES])


def _run(seeds: range) -> tuple[int, list[Crash]]:
    n_refused = 0
    crashes: list[Crash] = []
    for seed in seeds:
        try:
            n_refused += check(mutated(seed))
        except Exception:
            crashes.append(Crash(seed, traceback.format_exc(limit=-3)))
    return n_refused, crashes


def check(data: bytes) -> bool:
    """Parse a document and hold it to the laws; True where it was refused as it should be."""
    started = time.perf_counter()
    try:
        text = decode(data, "x.md")
        parsed = parse_article(text, path="x.md", slug="x", locale="en-us", include=_included)
    except ArticleError as error:
        if not error.path or error.line < 1:
            raise AssertionError("an error without its place") from error
        return True
    elapsed = time.perf_counter() - started
    assert elapsed < _SLOW_S, f"took {elapsed:.1f} s"
    article = parsed.article
    n_lines = text.count("\n") + 1
    lines = [entry.line for entry in article.entries]
    lines += [message.line for entry in article.entries for message in entry.messages]
    lines += [complaint.line for complaint in article.complaints] + [link.line for link in article.links]
    assert all(0 <= line <= n_lines for line in lines), f"a line outside the file of {n_lines}: {max(lines)}"
    anchors = [entry.anchor for entry in article.entries]
    assert len(set(anchors)) == len(anchors), f"anchors twice: {anchors}"
    assert all(anchors), "an empty anchor"
    for complaint in article.complaints:
        assert str(complaint)
    if len(text) % 16 == 0:
        assert parse_article(text, path="x.md", slug="x", locale="en-us", include=_included) == parsed, (
            "not the same twice"
        )
    return False


def _included(target: str) -> str | None:
    return {"y.md": "a few *words*", "z.md": "## Cause\n\n[!INCLUDE [x](z.md)]\n\n```\nopen"}.get(target)


@lru_cache(maxsize=1)
def _sources() -> tuple[bytes, ...]:
    """Real documents where they are there, else our own: a fixed sample, the same in every process."""
    root = _CORPUS if _CORPUS.is_dir() else _OWN
    paths = sorted(_documents(root))
    chance = random.Random(0)
    return tuple(path.read_bytes()[:_MOST_BYTES] for path in chance.sample(paths, min(len(paths), 1500)))


def _documents(root: Path) -> Iterator[Path]:
    yield from root.rglob("*.md")


if __name__ == "__main__":
    raise SystemExit(main())
