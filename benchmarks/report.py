"""Tables on the terminal, and kept in RESULTS.md beside the command that printed them."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def hardware() -> str:
    """Return what the figures were taken on, in a line."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        model = named.group(1) if named else model
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"


class Report:
    """One benchmark's tables."""

    def __init__(self, section: str, command: str) -> None:
        self._section = section
        self._parts = [f"## {section}\n\n`{command}`, {date.today().isoformat()}, {hardware()}."]

    def remark(self, text: str) -> None:
        """Add a sentence."""
        print(text, flush=True)
        self._parts.append(text)

    def table(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table and print it."""
        widths = [max(len(str(cell)) for cell in column) for column in zip(headings, *rows, strict=True)]

        def line(cells: Sequence[str]) -> str:
            return (
                "| "
                + " | ".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True))
                + " |"
            )

        lines = [
            line(headings),
            "|" + "|".join("-" * (width + 2) for width in widths) + "|",
            *(line(row) for row in rows),
        ]
        print(f"\n{title}\n" + "\n".join(lines), flush=True)
        self._parts.append(f"**{title}**\n\n" + "\n".join(lines))

    def finish(self, *, write: bool) -> None:
        """Put the section into RESULTS.md, in place of the one that was there."""
        if not write:
            return
        text = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else "# Results\n"
        section = "\n\n".join(self._parts) + "\n"
        pattern = re.compile(rf"^## {re.escape(self._section)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
        text = (
            pattern.sub(lambda _: section + "\n", text)
            if pattern.search(text)
            else f"{text.rstrip()}\n\n{section}"
        )
        RESULTS.write_text(text.rstrip() + "\n", encoding="utf-8")
