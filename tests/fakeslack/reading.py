"""A message as its reader sees it: text of all blocks, and what can be pressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pressable:
    """A button or a menu."""

    block_id: str
    element: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written on it, or on its choices."""
        if self.kind == "feedback_buttons":
            return tuple(
                str(self.element[name]["text"]["text"]) for name in ("positive_button", "negative_button")
            )
        options = self.element.get("options") or []
        return tuple(str(one["text"]["text"]) for one in [self.element, *options] if "text" in one)

    def pressed(self, *, choice: str, at: str) -> dict[str, Any]:
        """The action that a press sends; ``choice`` is a value, a label, or empty for what there is."""
        action: dict[str, Any] = {"type": self.kind, "action_id": self.action_id, "block_id": self.block_id}
        action["action_ts"] = at
        if self.kind == "feedback_buttons":
            sides = [self.element["positive_button"], self.element["negative_button"]]
            chosen = next(
                (side for side in sides if choice in (side["value"], side["text"]["text"])), sides[0]
            )
            return action | {"value": chosen["value"], "text": chosen["text"]}
        if self.kind in ("button", "icon_button"):
            named = {name: self.element[name] for name in ("value", "url", "text") if name in self.element}
            return action | named
        options = self.element.get("options") or []
        picked = next((one for one in options if choice in (one["value"], one["text"]["text"])), None)
        if self.kind in ("overflow", "static_select", "radio_buttons"):
            return action | {"selected_option": picked or options[0]}
        if self.kind in ("checkboxes", "multi_static_select"):
            return action | {"selected_options": [picked] if picked else []}
        names = {"users_select": "selected_user", "channels_select": "selected_channel"}
        return action | {names.get(self.kind, "value"): choice}


def pressables(blocks: list[dict[str, Any]]) -> Iterator[Pressable]:
    """Everything in blocks that can be pressed, in order."""
    for block in blocks:
        block_id = str(block.get("block_id", ""))
        if block.get("type") in ("actions", "context_actions"):
            for element in block["elements"]:
                yield Pressable(block_id, element)
        elif block.get("type") == "section" and "accessory" in block:
            if block["accessory"].get("type") != "image":
                yield Pressable(block_id, block["accessory"])
        elif block.get("type") == "input" and block.get("dispatch_action"):
            yield Pressable(block_id, block["element"])
        yield from pressables(block.get("child_blocks") or [])


def find(blocks: list[dict[str, Any]], which: str) -> Pressable:
    """What has this action id, or this label."""
    all_of_them = list(pressables(blocks))
    for one in all_of_them:
        if which in (one.action_id, *one.labels):
            return one
    known = [(one.action_id, one.labels) for one in all_of_them]
    raise LookupError(f"nothing to press is called {which!r}; there is {known}")


def text_of(blocks: list[dict[str, Any]]) -> str:
    """What a reader reads in blocks, one line a block."""
    return "\n".join(filter(None, ("".join(_texts(block)) for block in blocks)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
            yield from _texts(value["elements"])
            yield "\n"
        elif kind == "link":
            yield str(value.get("text") or value.get("url"))
        elif kind == "emoji":
            yield f":{value.get('name')}:"
        elif isinstance(value.get("text"), str):
            yield str(value["text"])
            if kind in ("mrkdwn", "plain_text"):
                yield " "
        else:
            for name, inner in value.items():
                if name not in ("confirm", "value", "block_id", "action_id"):
                    yield from _texts(inner)
