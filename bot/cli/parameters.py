"""Values of options and arguments, refused in our own words: the door to click's parameter types."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from bot.errors import UsageWrong


class Number(click.ParamType[int]):
    """A whole number of at least something."""

    name = "number"

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or say what it must be."""
        with suppress(ValueError):
            if (number := int(value)) >= self._least:
                return number
        raise UsageWrong(
            "{name} must be a whole number, at least {least}",
            "write it as in {name} {least}",
            name=_written(param),
            least=self._least,
        )


class Place(click.ParamType[Path]):
    """A file or folder that has to be there."""

    name = "place"

    def __init__(self, *, is_folder: bool, allows_stdin: bool = False) -> None:
        self._is_folder = is_folder
        self._allows_stdin = allows_stdin

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or say that nothing is there."""
        path = Path(value).expanduser()
        if self._allows_stdin and str(value) == "-":
            return path
        if self._is_folder and path.is_file():
            raise UsageWrong("{file} is a file", "name the folder it is in", file=str(value))
        if self._is_folder and not path.is_dir():
            raise UsageWrong("there is no folder {folder}", "name a folder that is there", folder=str(value))
        if not self._is_folder and not path.exists():
            raise UsageWrong("there is no file {file}", "name a file that is there", file=str(value))
        if not self._is_folder and path.is_dir():
            raise UsageWrong("{file} is a folder", "name a file in it", file=str(value))
        return path


def _written(parameter: click.Parameter | None) -> str:
    """A parameter as its user writes it."""
    if parameter is None:
        return "?"
    return (
        parameter.opts[-1]
        if isinstance(parameter, click.Option)
        else parameter.metavar or str(parameter.name)
    )
