"""``make bench-checks``: every verdict of the live checks, every fault within its time, and no key anywhere.

The real azure-iot-hub talks TLS to the fake hub on loopback. Printed are the table of the catalogue (row by row, each
verdict the row has), how long ``hubmedic check`` takes under each fault as a process of its own, a search of everything
that was printed, logged and stored for every key and signature used, and what a person sees of a disabled device.
``--venv FOLDER`` makes a clean virtual environment there from the published requirements and runs a check in it.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise, takewhile
from pathlib import Path

from benchmarks.report import Report
from bot.answer import Status
from bot.checks.runner import AuditLine
from bot.store.audit import Audit, Audited, AuditedCall
from bot.store.database import Database
from bot.store.upgrade import upgrade
from tests.fakehub import faults
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.proxy import FakeProxy
from tests.fakehub.registry import FakeDevice, new_key
from tests.fakehub.scenario import Scenario
from tests.fakehub.scenarios import ROWS
from tests.fakehub.server import FakeHub

ROOT = Path(__file__).parents[1]
DEADLINE_S = 25.0
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
PASTES = {
    "CONNACK return code 5": "401003-iothubunauthorized#connack-not-authorised",
    "rc=4": "401003-iothubunauthorized#connack-not-authorised",
    "connexion MQTT refusée, code de retour 5": "401003-iothubunauthorized#connack-not-authorised",
    "CONNACK 3": "503xxx-service-unavailable#503001",
    "MQTT connect failed, state=2": "mqtt-connect-client-id-and-version#client-id-rejected",
    "SharedAccessSignature sr=h.azure-devices.net%2Fdevices%2Fpump-7&sig=…&se=1700000000": "401003-iothubunauthorized#token-expired",
}
"""Pastes that tell by themselves what is wrong, and the entry that is the answer."""
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


def main() -> int:
    """Print everything; return 1 where anything is not as it has to be."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--venv", type=Path, help="make a clean virtual environment in this folder and check in it too"
    )
    options.add_argument("--write", action="store_true", help="keep the tables in benchmarks/RESULTS.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return run(Path(name), chosen.venv, write=chosen.write)


def run(folder: Path, venv: Path | None, *, write: bool) -> int:
    """Run everything in a folder of its own."""
    report, heap = Report("Live checks", "make bench-checks"), Heap(io.StringIO(), set())
    database = folder / "store.sqlite"
    upgrade(f"sqlite:///{database}")
    store = Database(f"sqlite:///{database}")
    authority = Authority(folder)
    with _logged(heap):
        n_right = catalogue(report, heap, authority, Audit(store))
    slowest, n_tracebacks = under_faults(report, heap, authority, folder)
    n_answered = from_pastes(report, heap, authority)
    is_paced = at_once(report, heap, authority)
    person(report, heap, authority)
    is_clean = venv is None or in_clean_venv(report, heap, authority, venv)
    store.engine.dispose()
    stored = b"".join(path.read_bytes() for path in folder.glob("store.sqlite*"))
    found = heap.found(stored)
    report.remark(
        f"Searched {len(heap.said.getvalue()):,} characters of output and log and {len(stored):,} bytes of database for "
        f"{len(heap.secrets):,} keys, tokens and signatures: {len(found)} found."
    )
    report.finish(write=write)
    is_as_it_has_to_be = (
        n_right == len(ROWS)
        and slowest <= DEADLINE_S
        and not n_tracebacks
        and n_answered == len(PASTES)
        and is_paced
        and is_clean
        and not found
    )
    return int(not is_as_it_has_to_be)


def catalogue(report: Report, heap: Heap, authority: Authority, audit: Audit) -> int:
    """Print the table of every row with each verdict it has, right of total; return how many are right."""
    rows: dict[tuple[str, str, str], dict[Status, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for scenario in ROWS:
        is_right = _comes_out_right(scenario, heap, authority, audit)
        rows[scenario.code, scenario.cause, scenario.fault][scenario.expect].append(is_right)
    report.table(
        "Verdicts of the catalogue, right of total",
        ("error", "cause", "check", *(status.value.replace("_", " ") for status in Status)),
        [(*row, *(_share(verdicts[status]) for status in Status)) for row, verdicts in rows.items()],
    )
    right = [
        is_right for verdicts in rows.values() for outcomes in verdicts.values() for is_right in outcomes
    ]
    report.remark(f"Verdicts: {sum(right)} of {len(right)} right, over {len(rows)} rows.")
    return sum(right)


def _comes_out_right(scenario: Scenario, heap: Heap, authority: Authority, audit: Audit) -> bool:
    with FakeHub(authority, clock=VirtualClock()) as hub:
        diagnosis = scenario.run(hub)
        finding = scenario.finding(diagnosis.findings)
        heap.secrets |= hub.secrets()
        line = AuditLine(
            hub.now(), "tester", diagnosis.hub, diagnosis.device, diagnosis.calls, diagnosis.seconds
        )
        calls = tuple(AuditedCall(call.method, call.path, call.status or None) for call in line.calls)
        audit.write(Audited(line.at, "T1", "C1", line.who, line.hub, line.device, calls, line.seconds))
        heap.said.write(f"{diagnosis!r}\n{line}\n")
        for one in diagnosis.findings:
            heap.said.write(one.message.format(**one.values) + "\n")
        return finding is not None and finding.status is scenario.expect and not hub.violations


def _share(outcomes: Sequence[bool]) -> str:
    return f"{sum(outcomes)}/{len(outcomes)}" if outcomes else ""


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
        [(name, f"{one.seconds:.1f}", str(one.status), _first_line(one)) for name, one in runs.items()],
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
    authority: Authority, fault: faults.Fault | None, leaf: object = None
) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority, leaf=leaf) as hub:  # type: ignore[arg-type]
        hub.registry.add(FakeDevice("pump-7"))
        if fault is not None:
            hub.fault("/", fault)
        yield _environment(hub.connection_string(), authority), hub.secrets()
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
    yield _environment(f"HostName={host};SharedAccessKeyName=service;SharedAccessKey={key}", authority), {key}


def _proxied(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority) as hub, FakeProxy(user="me", password="the-right-password") as proxy:
        environment = _environment(hub.connection_string(), authority)
        yield (
            environment | {"HTTPS_PROXY": proxy.url.replace("the-right", "another-")},
            {*hub.secrets(), "another-password"},
        )


def _wrong_key(authority: Authority) -> Iterator[tuple[dict[str, str], set[str]]]:
    with FakeHub(authority) as hub:
        key = new_key()
        yield _environment(hub.connection_string(key=key), authority), {*hub.secrets(), key}


def from_pastes(report: Report, heap: Heap, authority: Authority) -> int:
    """Print what is answered to pastes that tell their cause by themselves, no hub asked; return how many are right."""
    rows, n_right = [], 0
    for paste, entry in PASTES.items():
        done = command(heap, _environment("", authority), "ask", "--json", paste)
        told = json.loads(done.out)
        answered = told["hits"][0]["entry"] if told["outcome"] == "answer" else told["outcome"]
        n_right += answered == entry
        rows.append((paste, answered, f"{told['confidence']:.2f}"))
    report.table("Answers to what a paste alone confirms", ("paste", "answer", "confidence"), rows)
    report.remark(f"Answers: {n_right} of {len(PASTES)} are the entry of the confirmed fault.")
    return n_right


def at_once(report: Report, heap: Heap, authority: Authority, n: int = 4) -> bool:
    """Print how far apart several commands started at once read a registry; return whether they keep its pace."""
    with FakeHub(authority) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        environment = _environment(hub.connection_string("registryRead"), authority)
        with ThreadPoolExecutor(n) as pool:
            list(pool.map(lambda _: command(heap, environment, "check", "pump-7"), range(n)))
        moments = sorted(seen.at for seen in hub.requests if seen.path.startswith("/devices/"))
        heap.secrets |= hub.secrets()
    least = min(after - before for before, after in pairwise(moments))
    report.remark(
        f"{n} commands started at once: {len(moments)} reads of the registry, the closest {least:.2f} s apart (1 s is the pace; "
        "a late process makes one gap longer and the next shorter)."
    )
    return len(moments) == n and moments[-1] - moments[0] >= (n - 1) * 0.9


def person(report: Report, heap: Heap, authority: Authority) -> None:
    """Print what a person sees of a disabled device, in both languages."""
    with FakeHub(authority) as hub:
        now = hub.now()
        hub.registry.add(
            FakeDevice(
                "pump-7",
                status="disabled",
                status_reason="stolen from the depot",
                status_since=now - timedelta(days=2),
                is_connected=False,
                last_activity=now - timedelta(days=2),
            )
        )
        for locale in ("en", "fr"):
            done = command(heap, _environment(hub.connection_string(), authority, locale), "check", "pump-7")
            report.remark(
                f"```\n$ hubmedic check pump-7          # {locale}, exit status {done.status}, {done.seconds:.1f} s\n{done.out.rstrip()}\n```"
            )
        heap.secrets |= hub.secrets()


def in_clean_venv(report: Report, heap: Heap, authority: Authority, venv: Path) -> bool:
    """Make a virtual environment from the published requirements alone and run a check in it."""
    python = venv / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt")], check=True)
    source = venv / "source"  # a build leaves its litter where it is done
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__"))
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(source)], check=True)
    with FakeHub(authority) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        environment = _environment(hub.connection_string(), authority)
        done = command(
            heap, environment, "check", "pump-7", program=[str(venv / "bin" / "hubmedic")], folder=venv
        )
        heap.secrets |= hub.secrets()
    is_right = done.status == 0 and "pump-7 is enabled" in done.out
    report.remark(f"In a clean virtual environment: exit status {done.status}, {_first_line(done)}")
    return is_right


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


def _environment(connection_string: str, authority: Authority, locale: str = "en") -> dict[str, str]:
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


def _first_line(one: Run) -> str:
    """The first finding: its verdict and what it says, without the names of the faults it is said of."""
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


@contextmanager
def _logged(heap: Heap) -> Iterator[None]:
    """Keep every line that anything logs, down to debug."""
    handler, root = logging.StreamHandler(heap.said), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(handler)
    root.setLevel(level)


if __name__ == "__main__":
    sys.exit(main())
