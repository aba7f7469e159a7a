"""Blocks as Slack takes them, or not: kinds, limits, ids, and how much text they hold together.

What Slack documents is refused as it refuses it; where it is known only that something fails sometimes (text over some
ten thousand characters, blocks of one surface on another), the fake takes the strict side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakeslack import elements as el
from tests.fakeslack.shapes import (
    Check,
    Problems,
    address,
    boolean,
    list_of,
    one_of,
    problem,
    record,
    string,
    text_of,
    typed,
)

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
MOST_TEXT = 10_000
"""Characters in all blocks together: Slack refuses from somewhere between 11,000 and 13,000 and does not say where."""
MOST_MARKDOWN = 12_000
MOST_VIEW_BYTES = 250_000

_BLOCK_ID = string(255, least=1)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record(required, {"block_id": _BLOCK_ID, **(optional or {})})


def _section(value: Any, where: str) -> Problems:
    yield from _block(
        {},
        {
            "text": text_of(3000),
            "fields": list_of(text_of(2000), most=10),
            "accessory": typed(el.ACCESSORIES),
            "expand": boolean,
        },
    )(value, where)
    if "text" not in value and not value.get("fields"):
        yield problem("must define either `text` or `fields`", where)


def _image(value: Any, where: str) -> Problems:
    fields = {"title": text_of(2000, plain=True), **el.IMAGE_FIELDS}
    yield from _block({"alt_text": string(2000, least=1)}, fields)(value, where)
    if ("image_url" in value) == ("slack_file" in value):
        yield problem("must define either `image_url` or `slack_file`", where)


def _container(value: Any, where: str) -> Problems:
    yield from _block(
        {"child_blocks": list_of(typed(_CHILDREN), most=10)},
        {
            "title": text_of(150, plain=True),
            "rich_text_title": typed({"rich_text": _RICH_TEXT}),
            "subtitle": text_of(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": el.IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    )(value, where)
    if "title" not in value and "rich_text_title" not in value:
        yield problem("must define either `title` or `rich_text_title`", where)
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield problem("default_collapsed requires is_collapsible", where)
    if value.get("is_collapsible") and value.get("has_header_divider"):
        yield problem("has_header_divider cannot be set when is_collapsible is true", where)


def _cells(value: Any, where: str) -> Problems:
    cell = typed(
        {
            "raw_text": record({"text": string(3000, least=1)}, {}),
            "raw_number": record({"value": _number}, {"text": string(3000, least=1)}),
            "rich_text": _RICH_TEXT,
        }
    )
    yield from list_of(list_of(cell, most=20), most=100)(value, where)


def _number(value: Any, where: str) -> Problems:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield problem("must be a number", where)


_RICH_TEXT = _block({"elements": list_of(typed(el.RICH_TEXT), most=10_000, least=0)})
_COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
_STATUS = one_of("pending", "in_progress", "complete", "error")
_TASK = _block(
    {"task_id": string(255, least=1), "title": string(255, least=1), "status": _STATUS},
    {
        "details": typed({"rich_text": _RICH_TEXT}),
        "output": typed({"rich_text": _RICH_TEXT}),
        "sources": list_of(typed({"url": record({"url": address(), "text": string(255)}, {})}), most=50),
    },
)
_CARD = _block(
    {},
    {
        "hero_image": el.IMAGE,
        "icon": el.IMAGE,
        "title": text_of(150),
        "subtitle": text_of(150),
        "body": text_of(200),
        "actions": list_of(typed({"button": el.ACTIONS["button"]}), most=25),
    },
)
_EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "divider": _block({}),
    "image": _image,
    "header": _block({"text": text_of(150, plain=True)}),
    "context": _block({"elements": list_of(typed(el.CONTEXT), most=10)}),
    "actions": _block({"elements": list_of(typed(el.ACTIONS), most=25)}),
    "rich_text": _RICH_TEXT,
    "input": _block(
        {"label": text_of(2000, plain=True), "element": typed(el.INPUTS)},
        {"hint": text_of(2000, plain=True), "optional": boolean, "dispatch_action": boolean},
    ),
}
_MESSAGE_ONLY: dict[str, Check] = {
    "markdown": _block({"text": string(MOST_MARKDOWN, least=1)}),
    "context_actions": _block({"elements": list_of(typed(el.CONTEXT_ACTIONS), most=5)}),
    "table": _block({"rows": _cells}, {"column_settings": list_of(_COLUMN, most=20)}),
    "file": _block({"external_id": string(255, least=1), "source": one_of("remote")}),
    "container": _container,
    "task_card": _TASK,
    "plan": _block({"title": string(255, least=1)}, {"tasks": list_of(typed({"task_card": _TASK}), most=50)}),
    "card": _CARD,
    "carousel": _block({"elements": list_of(typed({"card": _CARD}), most=10)}),
}
_VIEW_ONLY: dict[str, Check] = {
    "alert": _block(
        {"text": text_of(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}
    ),
}
_CHILDREN = {
    kind: check
    for kind, check in (_EVERYWHERE | _MESSAGE_ONLY).items()
    if kind not in ("input", "container", "file", "context_actions", "plan", "carousel")
}
IN_MESSAGE = _EVERYWHERE | _MESSAGE_ONLY
IN_VIEW = _EVERYWHERE | _VIEW_ONLY


def problems_of_message(blocks: Any) -> list[str]:
    """What Slack has against the blocks of a message."""
    found = list(list_of(typed(IN_MESSAGE), most=MOST_IN_MESSAGE, least=0)(blocks, "/blocks"))
    found += _ids(blocks)
    if isinstance(blocks, list):
        kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
        if kinds.count("table") > 1:
            found.append(problem("only_one_table_allowed", "/blocks"))
        markdown = sum(len(str(block.get("text"))) for block in blocks if _is(block, "markdown"))
        if markdown > MOST_MARKDOWN:
            found.append(problem(f"markdown must be less than {MOST_MARKDOWN + 1} characters", "/blocks"))
    return found


def problems_of_view(view: Any) -> list[str]:
    """What Slack has against a modal or a home."""
    common: dict[str, Check] = {
        "private_metadata": string(3000),
        "callback_id": string(255),
        "external_id": string(255),
    }
    blocks = list_of(typed(IN_VIEW), most=MOST_IN_VIEW, least=1)
    title = text_of(24, plain=True)
    modal = record(
        {"title": title, "blocks": blocks},
        {"submit": title, "close": title, "clear_on_close": boolean, "notify_on_close": boolean, **common},
    )
    found = list(typed({"modal": modal, "home": record({"blocks": blocks}, common)})(view, "/view"))
    if not isinstance(view, dict):
        return found
    found += _ids(view.get("blocks"))
    inputs = [block for block in view.get("blocks") or [] if _is(block, "input")]
    if view.get("type") == "modal" and inputs and not view.get("submit"):
        found.append(problem("`submit` must be provided when an input block is in view", "/view"))
    return found


def n_view_bytes(view: Any) -> int:
    """Size of a view, as it is limited."""
    return len(json.dumps(view).encode())


def n_characters(blocks: Any) -> int:
    """How much text blocks hold: every text, label and value of a field a person reads."""
    return sum(map(len, _texts(blocks)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name in ("text", "alt_text", "url", "image_url", "title"):
                    yield inner
            else:
                yield from _texts(inner)


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _ids(blocks: Any) -> list[str]:
    """Ids that stand twice: of blocks in a payload, of actions in a block."""
    found: list[str] = []
    seen: set[str] = set()
    for block, where in _walk(blocks, "/blocks"):
        block_id = block.get("block_id")
        if block_id is not None and str(block_id) in seen:
            found.append(problem("`block_id` must be unique", f"{where}/block_id"))
        seen.add(str(block_id))
        actions: set[str] = set()
        inside = block.get("elements")
        for index, element in enumerate(inside if isinstance(inside, list) else ()):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if action_id is not None and action_id in actions:
                found.append(
                    problem(f"`action_id` {action_id} already exists", f"{where}/elements/{index}/action_id")
                )
            actions.add(str(action_id))
    return found


def _walk(blocks: Any, where: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, dict):
            yield block, f"{where}/{number}"
            yield from _walk(block.get("child_blocks"), f"{where}/{number}/child_blocks")
