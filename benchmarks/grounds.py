"""``hubmedic check`` under every fault that a hub, a network or a proxy can have, each on ground of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.command import Heap, Run, command, environment_for, first_finding
from benchmarks.report import Report
from tests.fakehub import faults
from tests.fakehub.certificates import Authority, Leaf
from tests.fakehub.proxy import FakeProxy
from tests.fakehub.registry import FakeDevice, new_key
from tests.fakehub.server import FakeHub

DEADLINE_S = 25.0
"""Longest a command may take, whatever the peer does."""
Ground = Callable[[], Iterator[tuple[dict[str, str], set[str]]]]
"""Makes the ground for one fault: the command's environment, and the secrets that go with it."""


def under_faults(report: Report, heap: Heap, authority: Authority, folder: Path) -> tuple[float, int]:
    """Run the command under every fault, as a process; return the slowest and how many printed a traceback."""
    grounds: dict[str, Ground] = {
        name: partial(_faulty, authority, fault) for name, fault in faults.ALL.items()
    }
    other = Authority(folder, "Somebody")
    grounds |= {
        "certificate of an unknown authority": partial(_faulty, authority, None, other.leaf()),
        "certificate for another name": partial(_faulty, authority, None, authority.leaf(["example.net"])),
        "certificate out of date": partial(
            _faulty, authority, None, authority.leaf(begins=timedelta(days=-9), ends=timedelta(days=-1))
        ),
        "port open and silent": partial(_silent, authority),
        "port closed": partial(_closed, authority),
        "name without address": partial(_at, authority, "hub.invalid"),
        "proxy that refuses": partial(_proxied, authority),
        "wrong key": partial(_wrong_key, authority),
    }
    with ThreadPoolExecutor(2) as pool:  # they wait more than they work
        runs = dict(zip(grounds, pool.map(partial(_under, heap), grounds.values()), strict=True))
    n_tracebacks = sum("Traceback" in one.out + one.err for one in runs.values())
    report.table(
        "hubmedic check DEVICE under each fault",
        ("fault", "s", "exit", "first finding"),
        [(name, f"{one.seconds:.1f}", str(one.status), first_finding(one)) for name, one in runs.items()],
    )
    slowest = max(runs, key=lambda name: runs[name].seconds)
    report.remark(
        f"Slowest: {runs[slowest].seconds:.1f} s ({slowest}), {DEADLINE_S:.0f} s allowed; tracebacks: {n_tracebacks} of {len(runs)} runs."
    )
    return runs[slowest].seconds, n_tracebacks


def _under(heap: Heap, ground: Ground) -> Run:
    with contextmanager(ground)() as (environment, secrets):
        done = command(heap, environment, "check", "pump-7")
        heap.secrets |= secrets
    return done


def _faulty(
    authority: Authority, fault: faults.Fault | None, leaf: Leaf | None = None
) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority, leaf=leaf) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        if fault is not None:
            hub.fault("/", fault)
        yield environment_for(hub.connection_string(), authority), hub.secrets()
        assert hub.violations == []


def _silent(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield from _at(authority, f"localhost:{server.getsockname()[1]}")


def _closed(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield from _at(authority, f"localhost:{port}")


def _at(authority: Authority, host: str) -> Iterator[tuple[dict[str, str], set[str]]]:
    key = new_key()
    yield (
        environment_for(f"HostName={host};SharedAccessKeyName=service;SharedAccessKey={key}", authority),
        {key},
    )


def _proxied(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority) as hub, FakeProxy(user="me", password="the-right-password") as proxy:
        environment = environment_for(hub.connection_string(), authority)
        yield (
            environment | {"HTTPS_PROXY": proxy.url.replace("the-right", "another-")},
            {*hub.secrets(), "another-password"},
        )


def _wrong_key(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority) as hub:
        key = new_key()
        yield environment_for(hub.connection_string(key=key), authority), {*hub.secrets(), key}
