"""A terminal to try commands in: its arguments, what is piped in, its language and width."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cli import main

DEVICE_MISSING = "IotHub 'contoso-hub' does not contain the specified device 'pump-7'"


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a command as a terminal would: ``run("ask", "…", piped=b"…", lang="fr_FR.UTF-8")``."""

    def go(*arguments: str, piped: bytes | None = None, lang: str = "en_US.UTF-8", **environment: str) -> Ran:
        monkeypatch.setenv("LANG", lang)
        monkeypatch.setenv("COLUMNS", "80")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        if piped is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        capsys.readouterr()
        status = main(arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    return go
