"""Where the parts meet: whose language, which folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import wiring
from bot.settings import Hub, Settings


@pytest.mark.parametrize(
    ("setting", "environment", "locale"),
    [
        ("fr-CA", {"LANG": "de_DE"}, "fr-ca"),
        (None, {"LANG": "fr_FR.UTF-8"}, "fr-fr"),
        (None, {"LC_ALL": "fr_FR.UTF-8", "LANG": "en_US"}, "fr-fr"),
        (None, {"LC_MESSAGES": "fr_CH", "LANG": "en_US"}, "fr-ch"),
        (None, {"LANG": "C"}, "en"),
        (None, {"LC_ALL": "POSIX"}, "en"),
        (None, {"LANG": "nonsense!"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_locale_of_a_terminal(setting, environment, locale):
    assert wiring.terminal_locale(setting, environment) == locale


def test_the_cache_is_the_users_or_a_folder_of_theirs_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert wiring.cache_folder() == tmp_path / "hubmedic"
    monkeypatch.setattr(wiring, "user_cache_path", lambda *_, **__: Path(os.devnull) / "closed")
    folder = wiring.cache_folder()
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0


def test_accepted_wordings_are_in_the_data_folder_unless_set(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert wiring.aliases_file(Settings()) == tmp_path / "hubmedic" / "aliases.jsonl"
    assert wiring.aliases_file(Settings(aliases="/x/y")) == Path("/x/y")


def test_hubs_are_handed_to_the_checks_as_configured():
    hubs = wiring.hubs(Settings(hubs={"lab": Hub("HostName=x", None, Path("ca.pem"))}))
    assert (hubs["lab"].name, hubs["lab"].connection_string, hubs["lab"].ca_file) == (
        "lab",
        "HostName=x",
        Path("ca.pem"),
    )
