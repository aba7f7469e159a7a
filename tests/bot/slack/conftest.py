from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.settings import Channel as ChannelSettings
from bot.settings import Settings
from bot.slack.scopes import events
from tests.fakeslack.driver import FakeSlack

ROOT = Path(__file__).parents[3]
Start = Callable[..., "subprocess.Popen[bytes]"]
_MAIN = "from bot.cli import main; raise SystemExit(main())"
_SLOW_S = 90


@pytest.fixture(scope="session")
def cache() -> Path:
    """Where the index of the packaged articles is built, once for many runs: it is named by what it is made of."""
    folder = Path(tempfile.gettempdir()) / f"hubmedic-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    environment = os.environ | {"XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", _MAIN, "ask", "401003"],
        env=environment,
        check=True,
        capture_output=True,
        timeout=110,
    )
    return folder


@contextmanager
def process(
    folder: Path, cache: Path, *arguments: str, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the real program in a folder of its own; it is ended with the block."""
    kept = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    database = {"DATABASE_URL": f"sqlite:///{folder}/hubmedic.db"}
    folders = {
        "XDG_CACHE_HOME": str(cache),
        "XDG_DATA_HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }
    with (folder / "log.txt").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-c", _MAIN, *arguments],
            env=kept | folders | database | environment,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@pytest.fixture
def start(tmp_path: Path, cache: Path) -> Iterator[Start]:
    """Start the program; it is ended with the test."""
    with ExitStack() as running:

        def begin(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
            return running.enter_context(process(tmp_path, cache, *arguments, environment=environment))

        yield begin


SETTINGS = """
admins = ["{ada}"]
[channels.{auto}]
mode = "auto"
[channels.{staffed}]
escalate_to = "{group}"
may_check = ["*"]
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[FakeSlack]:
    """A Slack with the bot in it, shared by a module: each test has a channel of its own."""
    folder = tmp_path_factory.mktemp("bot")
    with FakeSlack() as slack:
        slack.rates.off()
        slack.app.events = frozenset(events(Settings(channels={"C1": ChannelSettings(escalate_to="S1")})))
        group = slack.add_group("oncall", [slack.benoit])
        people = [slack.ada, slack.benoit]
        auto, staffed = slack.add_channel("auto", people), slack.add_channel("staffed", people)
        config = folder / "hubmedic.toml"
        config.write_text(SETTINGS.format(ada=slack.ada.id, auto=auto.id, staffed=staffed.id, group=group.id))
        environment = slack.env() | {"HUBMEDIC_CONFIG": str(config), "HUBMEDIC_LOG_LEVEL": "info"}
        with process(folder, cache, "slack", environment=environment):
            slack.wait_connected(timeout_s=_SLOW_S)
            yield slack


@pytest.fixture
def channel(bot: FakeSlack) -> object:
    """A channel with two people and the bot in it."""
    return bot.add_channel("test", [bot.ada, bot.benoit])
