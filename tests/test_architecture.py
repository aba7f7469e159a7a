"""Imports run one way, and each outside library has its door."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("kb/**/*.py"), *ROOT.glob("bot/**/*.py")])

DOORS = {
    "alembic": ("bot/store/",),
    "anyio": ("bot/web.py",),
    "azure": ("bot/checks/iot_hub.py",),
    "babel": ("kb/locales.py", "bot/i18n/", "bot/wording.py"),
    "certifi": ("bot/checks/leaf.py",),
    "charset_normalizer": ("bot/decoding.py",),
    "click": ("bot/cli/",),
    "cryptography": ("bot/checks/leaf.py",),
    "markdown_it": ("kb/markdown.py",),
    "msrest": ("bot/checks/iot_hub.py",),
    "numpy": ("kb/index/", "kb/search.py", "kb/evidence.py", "kb/calibration.py", "kb/evaluation.py"),
    "platformdirs": ("bot/wiring.py",),
    "prometheus_client": ("bot/slack/metrics.py",),
    "prompt_toolkit": ("bot/cli/",),
    "pydantic": ("bot/settings.py", "bot/store/frozen.py"),
    "pydantic_settings": ("bot/settings.py",),
    "rapidfuzz": ("kb/index/spelling.py", "bot/followups.py"),
    "requests": ("bot/checks/transport.py",),
    "rich": ("bot/cli/",),
    "scipy": ("kb/index/fitting.py",),
    "sklearn": ("kb/index/fitting.py",),
    "slack_bolt": ("bot/slack/", "bot/web.py"),
    "slack_sdk": ("bot/slack/", "bot/store/installations.py"),
    "snowballstemmer": ("kb/stems.py",),
    "sqlalchemy": ("bot/store/",),
    "starlette": ("bot/web.py",),
    "structlog": ("bot/logs.py",),
    "urllib3": ("bot/checks/transport.py",),
    "uvicorn": ("bot/web.py",),
    "wordfreq": ("kb/index/general_arrays.py", "kb/locales.py"),
    "yaml": ("kb/frontmatter.py", "bot/cli/slack/manifest.py"),
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers(*packages):
    for path in MODULES:
        for module in imports(path):
            if (
                module.split(".")[0] in packages
                or module in packages
                or module.startswith(tuple(f"{p}." for p in packages))
            ):
                yield path.relative_to(ROOT).as_posix(), module


def test_the_knowledge_base_imports_nothing_of_the_bot():
    assert [pair for pair in importers("bot") if pair[0].startswith("kb/")] == []


@pytest.mark.parametrize(
    "core", ["bot/assistant.py", "bot/conversation.py", "bot/redaction.py", "bot/checks/", "bot/store/"]
)
def test_the_core_imports_no_surface(core):
    surfaces = ("bot.cli", "bot.slack", "bot.web", "bot.wiring")
    assert [pair for pair in importers(*surfaces) if pair[0].startswith(core)] == []


def test_the_terminal_and_slack_do_not_import_each_other():
    assert [
        pair for pair in importers("bot.slack") if pair[0].startswith("bot/cli/") and "slack" not in pair[0]
    ] == []
    assert [pair for pair in importers("bot.cli") if pair[0].startswith("bot/slack/")] == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_outside_library_has_its_door(library):
    strangers = [pair for pair in importers(library) if not pair[0].startswith(DOORS[library])]
    assert strangers == []


def test_no_outside_library_comes_in_without_a_door():
    known = {*DOORS, *sys.stdlib_module_names, "bot", "kb"}
    assert {module.split(".")[0] for path in MODULES for module in imports(path)} <= known


def test_what_is_imported_is_asked_for():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *told["dependencies"],
        *(one for extra in told["optional-dependencies"].values() for one in extra),
    ]
    asked = {re.match(r"[\w.-]+", one).group().lower().replace("-", "_") for one in wanted}
    named_otherwise = {
        "sklearn": "scikit_learn",
        "yaml": "pyyaml",
        "markdown_it": "markdown_it_py",
        "azure": "azure_iot_hub",
    }
    # Part of what is asked for: azure-iot-hub's answers, scikit-learn's matrices, the roots of requests, Bolt's client.
    brought = {"msrest", "scipy", "certifi", "slack_sdk"}
    assert {named_otherwise.get(one, one) for one in DOORS} - brought <= asked


def test_asking_loads_nothing_heavy():
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = ('sklearn', 'scipy', 'slack_bolt', 'slack_sdk', 'azure', 'sqlalchemy', 'prompt_toolkit')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    ask = [sys.executable, "-c", code, "ask", "device gets 401003 after an hour"]
    subprocess.run(ask, cwd=ROOT, capture_output=True, check=True)  # the first run may build the index
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"
