"""The help of every command, in both languages, as golden files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.cli.commands import Group, Lazy
from bot.cli.running import COMMANDS


def commands(lazy: dict[str, Lazy], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, one in lazy.items():
        loaded = None
        with suppress(ImportError):  # its own test then says so
            loaded = one.load()
        if isinstance(loaded, Group):
            yield from commands(loaded._lazy, (*before, name))
        else:
            yield (*before, name)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("command", list(commands(COMMANDS)), ids=" ".join)
def test_the_help_reads_as_it_was_written(run, golden, command, lang):
    ran = run(*command, "-h", lang=f"{lang}_XX.UTF-8")
    assert (ran.status, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 100
    golden(f"help/{lang}/{'-'.join(['hubmedic', *command])}.txt", ran.out)


@pytest.mark.parametrize("command", list(commands(COMMANDS)), ids=" ".join)
def test_help_has_an_example_and_says_how_it_ends(run, command):
    text = run(*command, "--help").out
    assert "Exit status" in text or "HUBMEDIC_KB" in text or "Ctrl-D" in text or "DATABASE_URL" in text
    if command and command not in (("kb",), ("db",)):
        assert f"hubmedic {' '.join(command)}" in text


def test_help_speaks_french_down_to_its_headings(run):
    text = run("kb", "-h", lang="fr_FR.UTF-8").out.replace("\xa0", " ")
    assert "Options :" in text
    assert "Commandes :" in text
    assert "COMMANDE" in text


def test_a_wrong_option_points_to_the_help_of_its_own_command(run):
    assert "hubmedic kb list -h" in run("kb", "list", "--locale").err


def test_the_version_is_shown(run):
    assert run("--version").out.startswith("hubmedic ")


def test_a_group_without_a_command_shows_what_there_is(run):
    ran = run("kb")
    assert (ran.status, "build" in ran.err) == (2, True)


def test_an_unknown_command_says_how_to_ask(run):
    ran = run("401003")
    assert (ran.status, "hubmedic ask" in ran.err) == (2, True)
