"""The pieces that rules about payloads are made of: each yields what is wrong, with its place as Slack points to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]


def problem(says: str, where: str) -> str:
    """A complaint in Slack's form."""
    return f"{says} [json-pointer:{where}]"


def text_of(most: int, *, plain: bool = False, least: int = 1) -> Check:
    """A text object of a length, in plain text where asked."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must provide an object", where)
            return
        kind = value.get("type")
        if kind not in ("plain_text", "mrkdwn"):
            yield problem(f"unsupported type: {kind}", f"{where}/type")
        elif plain and kind != "plain_text":
            yield problem(f"must be one of [plain_text] but is {kind}", f"{where}/type")
        extra = {"plain_text": {"emoji"}, "mrkdwn": {"verbatim"}}.get(str(kind), set())
        yield from no_others(value, {"type", "text", *extra}, where)
        yield from string(most, least=least)(value.get("text"), f"{where}/text")

    return check


def string(most: int, *, least: int = 0) -> Check:
    """A string of a length."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, str):
            yield problem("must be a string", where)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", where)

    return check


def boolean(value: Any, where: str) -> Problems:
    """True or false."""
    if not isinstance(value, bool):
        yield problem("must be a boolean", where)


def whole(least: int, most: int) -> Check:
    """A number in a range."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield problem(f"must be a number between {least} and {most}", where)

    return check


def address(most: int = 3000) -> Check:
    """A web address."""

    def check(value: Any, where: str) -> Problems:
        yield from string(most, least=1)(value, where)
        if isinstance(value, str) and not value.startswith(("https://", "http://", "mailto:", "slack:")):
            yield problem("invalid url", where)

    return check


def one_of(*allowed: str) -> Check:
    """One of some names."""

    def check(value: Any, where: str) -> Problems:
        if value not in allowed:
            yield problem(f"must be one of [{', '.join(allowed)}]", where)

    return check


def list_of(check_item: Check, *, most: int, least: int = 1) -> Check:
    """A list of a length, each item as told."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, list):
            yield problem("must be an array", where)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", where)
        if len(value) < least:
            yield problem(f"must have at least {least} item", where)
        for number, item in enumerate(value):
            yield from check_item(item, f"{where}/{number}")

    return check


def record(required: dict[str, Check], optional: dict[str, Check]) -> Check:
    """An object with some fields and no others."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must provide an object", where)
            return
        yield from no_others(value, {"type", *required, *optional}, where)
        for name, check_field in required.items():
            if name not in value:
                yield problem(f"missing required field: {name}", where)
            else:
                yield from check_field(value[name], f"{where}/{name}")
        for name, check_field in optional.items():
            if value.get(name) is not None:
                yield from check_field(value[name], f"{where}/{name}")

    return check


def typed(kinds: dict[str, Check]) -> Check:
    """An object whose ``type`` says what it is."""

    def check(value: Any, where: str) -> Problems:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            yield problem(f"unsupported type: {kind}", f"{where}/type")
        else:
            yield from kinds[str(kind)](value, where)

    return check


def no_others(value: dict[str, Any], allowed: Collection[str], where: str) -> Problems:
    """Nothing but the allowed fields."""
    for name in value:
        if name not in allowed:
            yield problem(f"invalid additional property: {name}", where)
