"""Who holds a claim: this very process, named so that others can tell whether it still lives.

    pump-host/3f2a/4026531836/4711/9c41d0
    host      boot pid space  pid  at random

A process that was killed leaves its claims behind until their leases end. One that is restarted on the same machine
need not wait: it can see that the old one is gone. It looks only where host, boot and pid namespace are its own, since
the number of a process says nothing elsewhere.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def this_process() -> str:
    """A name for the running process; each call makes another, so call it once."""
    return f"{_place()}/{os.getpid()}/{secrets.token_hex(3)}"


def gone(owners: Iterable[str]) -> tuple[str, ...]:
    """Those of the owners that ran here and run no longer. In doubt an owner lives."""
    return tuple(owner for owner in owners if _is_gone(owner))


def _is_gone(owner: str) -> bool:
    place, _, rest = owner.rpartition("/")
    place, _, pid = place.rpartition("/")
    if not rest or place != _place() or not pid.isdecimal() or os.name == "nt":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _place() -> str:
    boot = "-"
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()[:8]
    space = "-"
    with suppress(OSError):
        space = str(Path("/proc/self/ns/pid").stat().st_ino)
    return f"{socket.gethostname()[:80]}/{boot}/{space}"
