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
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.command import ROOT, Heap, command, environment_for, first_finding
from benchmarks.grounds import DEADLINE_S, under_faults
from benchmarks.report import Report
from bot.answer import Status
from bot.checks.runner import AuditLine
from bot.store.audit import Audit, Audited, AuditedCall
from bot.store.database import Database
from bot.store.upgrade import upgrade
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeDevice
from tests.fakehub.scenario import Scenario
from tests.fakehub.scenarios import ROWS
from tests.fakehub.server import FakeHub

PASTES = {
    "CONNACK return code 5": "401003-iothubunauthorized#connack-not-authorised",
    "rc=4": "401003-iothubunauthorized#connack-not-authorised",
    "connexion MQTT refusée, code de retour 5": "401003-iothubunauthorized#connack-not-authorised",
    "CONNACK 3": "503xxx-service-unavailable#503001",
    "MQTT connect failed, state=2": "mqtt-connect-client-id-and-version#client-id-rejected",
    "SharedAccessSignature sr=h.azure-devices.net%2Fdevices%2Fpump-7&sig=…&se=1700000000": "401003-iothubunauthorized#token-expired",
}
"""Pastes that tell by themselves what is wrong, and the entry that is the answer."""


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


def from_pastes(report: Report, heap: Heap, authority: Authority) -> int:
    """Print what is answered to pastes that tell their cause by themselves, no hub asked; return how many are right."""
    rows, n_right = [], 0
    for paste, entry in PASTES.items():
        done = command(heap, environment_for("", authority), "ask", "--json", paste)
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
        environment = environment_for(hub.connection_string("registryRead"), authority)
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
            done = command(
                heap, environment_for(hub.connection_string(), authority, locale), "check", "pump-7"
            )
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
        environment = environment_for(hub.connection_string(), authority)
        done = command(
            heap, environment, "check", "pump-7", program=[str(venv / "bin" / "hubmedic")], folder=venv
        )
        heap.secrets |= hub.secrets()
    is_right = done.status == 0 and "pump-7 is enabled" in done.out
    report.remark(f"In a clean virtual environment: exit status {done.status}, {first_finding(done)}")
    return is_right


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
