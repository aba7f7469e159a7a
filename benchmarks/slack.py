"""Exactly one answer, and how soon: the real processes on the fake Slack.

python -m benchmarks.slack [--questions 5000] [--kills 50] [--rate 50] [--seconds 60] [--only chaos,kills,rate,replicas] [--write]

chaos      questions over Socket Mode with 20 % duplicates, twins, first attempts and acks that get lost, out of order
kills      kill -9 at random points, a restart after each
rate       questions a second over HTTP, one process: from the event to the answer
replicas   two processes on one PostgreSQL, with the same chaos
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.report import Report
from tests.databases import postgres_server
from tests.fakeslack.delivery import Chaos
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.ledger import Ledger

ROOT = Path(__file__).parents[1]
_MAIN = "from bot.cli import main; raise SystemExit(main())"
_QUESTIONS = (
    "401003 IoTHubUnauthorized device pump-{n}",
    "my device pump-{n} gets 404001 DeviceNotFound",
    "mon appareil pump-{n} reçoit 403002, que faire ?",
    "429001 ThrottlingException after {n} messages",
    "what is the weather like in town {n}?",
)
_CHAOS = Chaos(duplicate=0.2, drop=0.05, lose_ack=0.05, shuffle_s=0.05, seed=7)
_N_CHANNELS = 40
_SENDERS = 8
_RETRIES = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios, print their figures, return 1 where a question was lost or answered twice."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", default="chaos,kills,rate,replicas")
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/RESULTS.md")
    chosen = parser.parse_args(arguments)
    scenarios: dict[str, tuple[str, Callable[[], Ledger]]] = {
        "chaos": ("over the socket, all at once, with chaos", lambda: chaos(chosen.questions)),
        "kills": (f"{chosen.kills} times kill -9 while answering", lambda: kills(chosen.kills)),
        "rate": (
            f"{chosen.rate:g} a second over HTTP, one process",
            lambda: rate(chosen.rate, chosen.seconds),
        ),
        "replicas": ("two processes, one PostgreSQL, with chaos", lambda: replicas(chosen.questions)),
    }
    report = Report("Slack", "make bench-slack")
    rows = []
    subprocess.run(
        [sys.executable, "-c", _MAIN, "ask", "401003"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )  # the index
    is_fine = True
    for name in chosen.only.split(","):
        began = time.monotonic()
        title, run = scenarios[name]
        ledger = run()
        is_fine = is_fine and not (ledger.lost or ledger.duplicated or ledger.undelivered)
        seconds = time.monotonic() - began
        print(f"{name:9} {ledger}{_latency(ledger)}  [{seconds:.0f} s]", flush=True)
        p50, p99 = _percentiles(ledger) if name == "rate" else ("", "")
        counts = (ledger.n, ledger.n_answered_once, len(ledger.lost), len(ledger.duplicated))
        rows.append((title, *map(str, (*counts, len(ledger.undelivered))), p50, p99, f"{seconds:.0f}"))
    report.table(
        "exactly one answer, and how soon",
        (
            "what",
            "questions",
            "answered once",
            "lost",
            "twice",
            "never delivered",
            "p50 ms",
            "p99 ms",
            "seconds",
        ),
        rows,
    )
    report.remark(
        "The real processes on the fake Slack of the tests, on loopback. Chaos: 20 % of the deliveries come twice, mentions come as two "
        "events, 5 % of the first attempts and 5 % of the acks get lost, events overtake each other. From the event to the "
        "answer; in the other rows that is how long a flood, a restart or Slack's own retry takes."
    )
    report.finish(write=chosen.write)
    return 0 if is_fine else 1


def chaos(n: int) -> Ledger:
    """Everything that goes wrong on Slack's side, at once."""
    with _slack() as slack, _program("slack", **slack.env()) as _folder:
        slack.wait_connected(timeout_s=120)
        slack.chaos = _CHAOS
        _ask(slack, n)
        return _settled(slack)


def kills(n: int) -> Ledger:
    """A process that is killed again and again, wherever it is right then."""
    chance = random.Random(11)
    with _slack() as slack, tempfile.TemporaryDirectory(prefix="hubmedic-bench-") as folder:
        for _ in range(n):
            process = _start(Path(folder), "slack", **slack.env())
            slack.wait_connected(timeout_s=120)
            _ask(slack, 6)
            time.sleep(chance.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait()
            _wait_gone(slack)
        with _running(_start(Path(folder), "slack", **slack.env())):
            slack.wait_connected(timeout_s=120)
            return _settled(slack)


def rate(per_second: float, seconds: float) -> Ledger:
    """A steady stream over HTTP."""
    with _slack() as slack, _program("serve", **slack.env(socket_mode=False), PORT="0") as folder:
        slack.deliver_to(f"{_address(folder)}/slack/events")
        warm = slack.mention(slack.general, slack.ada, "401003")
        slack.wait_for_answers(warm)
        channels = _channels(slack)
        begin = time.monotonic()
        for number in range(int(per_second * seconds)):
            pause = begin + number / per_second - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            text = _QUESTIONS[number % len(_QUESTIONS)].format(n=number)
            slack.mention(channels[number % len(channels)], slack.ada, text)
        return _settled(slack)


def replicas(n: int) -> Ledger:
    """Two processes that share a database; each event goes to one of them, its retry perhaps to the other."""
    with _slack() as slack, postgres_server() as server, ExitStack() as running:
        database = server.new()
        for _ in range(2):
            running.enter_context(_program("slack", **slack.env(), DATABASE_URL=database))
        slack.wait_connected(2, timeout_s=120)
        slack.chaos = _CHAOS
        _ask(slack, n)
        return _settled(slack)


def _ask(slack: FakeSlack, n: int) -> None:
    channels = _channels(slack)

    def ask(number: int) -> None:
        text = _QUESTIONS[number % len(_QUESTIONS)].format(n=number)
        slack.mention(channels[number % len(channels)], slack.ada, text)

    with ThreadPoolExecutor(_SENDERS) as senders:
        list(senders.map(ask, range(n)))


def _settled(slack: FakeSlack) -> Ledger:
    """The ledger once nothing is owed any more, or nothing has come for a while."""
    slack.chaos = Chaos()
    answered, quiet_since, n_advanced = -1, time.monotonic(), 0
    while time.monotonic() - quiet_since < 45:
        if n_advanced < _RETRIES:  # the retries of what got lost come after minutes
            slack.clock.advance(310)
            n_advanced += 1
        ledger = slack.ledger()
        if not ledger.lost and not ledger.undelivered:
            time.sleep(3)  # what would come twice has time to
            return slack.ledger()
        if ledger.n_answered_once != answered:
            answered, quiet_since = ledger.n_answered_once, time.monotonic()
        time.sleep(0.5)
    return slack.ledger()


def _latency(ledger: Ledger) -> str:
    p50, p99 = _percentiles(ledger)
    return f"; p50 {p50} ms, p99 {p99} ms" if p50 else ""


def _percentiles(ledger: Ledger) -> tuple[str, str]:
    times = ledger.latencies_ms()
    if not times:
        return "", ""
    return f"{times[len(times) // 2]:.0f}", f"{times[min(len(times) - 1, int(len(times) * 0.99))]:.0f}"


def _channels(slack: FakeSlack) -> list:  # type: ignore[type-arg]
    known = [one for one in slack.world.channels.values() if one.name.startswith("bench-")]
    if not known:
        known = [slack.add_channel(f"bench-{n}", [slack.ada]) for n in range(_N_CHANNELS)]
    return known


@contextmanager
def _slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        slack.rates.off()
        yield slack


@contextmanager
def _program(*arguments: str, **environment: str) -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory(prefix="hubmedic-bench-") as folder,
        _running(_start(Path(folder), *arguments, **environment)),
    ):
        yield Path(folder)


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    own = {
        "XDG_DATA_HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/hubmedic.db",
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _MAIN, *arguments],
            env=kept | own | environment,
            stdout=log,
            stderr=log,
            cwd=folder,
        )


def _address(folder: Path) -> str:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        told = re.search(rb"listening on port (\d+)", (folder / "log.txt").read_bytes())
        if told:
            return f"http://127.0.0.1:{told[1].decode()}"
        time.sleep(0.05)
    raise TimeoutError("the process does not listen")


def _wait_gone(slack: FakeSlack) -> None:
    """Wait until the fake has noticed that the socket is gone."""
    end = time.monotonic() + 10
    while time.monotonic() < end and slack.sockets.wait_connected(1, 0):
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
