"""``hubmedic`` as a process of its own, and everything that it said: to be searched for secrets in the end."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tests.fakehub.certificates import Authority

ROOT = Path(__file__).parents[1]
_SETTINGS = (
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "REQUESTS_CA_BUNDLE",
    "LC_ALL",
    "LC_MESSAGES",
    "HUBMEDIC_CONFIG",
)
"""Of the person who runs the benchmark; they decide nothing."""
_MAIN = "import sys; from bot.cli import main; sys.exit(main())"


@dataclass
class Heap:
    """Everything that was said anywhere, and every secret that must not be in it."""

    said: io.StringIO
    secrets: set[str]

    def found(self, stored: bytes) -> list[str]:
        """Return the first letters of secrets that stand in what was said or stored."""
        text = self.said.getvalue() + stored.decode("latin-1")
        return [secret[:4] for secret in self.secrets if secret[:12] in text]


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    status: int
    seconds: float
    out: str
    err: str


def command(
    heap: Heap,
    environment: dict[str, str],
    *arguments: str,
    program: Sequence[str] = (sys.executable, "-c", _MAIN),
    folder: Path = ROOT,
) -> Run:
    """Run the command and keep what it said."""
    began = time.monotonic()
    done = subprocess.run(
        [*program, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    seconds = time.monotonic() - began
    heap.said.write(done.stdout + done.stderr)
    return Run(done.returncode, seconds, done.stdout, done.stderr)


def environment_for(connection_string: str, authority: Authority, locale: str = "en") -> dict[str, str]:
    """Return the environment of a command that has one hub configured, and nothing of the person's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _SETTINGS and not name.startswith("HUBMEDIC_")
    }
    return kept | {
        "HUBMEDIC_HUBS__LAB__CONNECTION_STRING": connection_string,
        "HUBMEDIC_HUBS__LAB__CA_FILE": str(authority.path),
        "HUBMEDIC_LOG_LEVEL": "debug",
        "XDG_STATE_HOME": str(authority.path.parent / "state"),
        "LANG": {"en": "en_US.UTF-8", "fr": "fr_FR.UTF-8"}[locale],
        "COLUMNS": "110",
    }


def first_finding(one: Run) -> str:
    """Return the first finding: its verdict and what it says, without the names of the faults it is said of."""
    lines = iter(one.out.splitlines())
    for line in lines:
        if line.startswith(("confirmed ", "ruled out ", "cannot tell ")):
            said = " ".join(
                [line, *takewhile(lambda more: more.startswith(" ") and ", read " not in more, lines)]
            )
            faults, _, fact = " ".join(said.split()).partition(": ")
            verdict = next(
                word for word in ("confirmed", "ruled out", "cannot tell") if faults.startswith(word)
            )
            return f"{verdict}: {fact}"[:110]
    return (one.err.splitlines() or [""])[0][:110]
