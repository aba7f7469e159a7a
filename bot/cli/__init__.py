"""The command ``hubmedic``: what each command is, and how a run ends.

Exit status: 0 answered or fine, 1 nothing found or something is wrong with what was looked at, 2 wrong usage, 3 could
not run. Nobody sees a traceback: an error is a sentence in the person's language, or with ``--json`` an object.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# One thread suits arrays of this size; starting a pool of them costs as much as a question.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    try:
        from bot.cli.running import run
    except KeyboardInterrupt:  # before anything could be set up to end quietly
        return 130
    return run(list(sys.argv[1:] if arguments is None else arguments))
