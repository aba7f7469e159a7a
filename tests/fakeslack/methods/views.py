"""``views.*`` and ``assistant.threads.*``: what is shown beside the messages."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fakeslack import blocks as rules
from tests.fakeslack.errors import ApiError, invalid
from tests.fakeslack.methods.calls import Call, method
from tests.fakeslack.platform import View

MOST_STACKED = 3
MOST_PROMPTS = 4


@method("views.open")
def open_(call: Call) -> dict[str, Any]:
    content = _content(call, "modal")
    trigger = call.slack.use_trigger(call.need("trigger_id"))
    return _shown(call, _new(call, content, trigger.user))


@method("views.push")
def push(call: Call) -> dict[str, Any]:
    content = _content(call, "modal")
    trigger = call.slack.use_trigger(call.need("trigger_id"))
    below = call.slack.views.get(trigger.view_id)
    if below is None or not below.is_open:
        raise ApiError("not_found")
    stacked = [view for view in call.slack.views.values() if view.root == below.root and view.is_open]
    if len(stacked) >= MOST_STACKED:
        raise ApiError("push_limit_reached")
    return _shown(call, _new(call, content, trigger.user, below))


@method("views.update")
def update(call: Call) -> dict[str, Any]:
    content = _content(call, "modal")
    external_id = call.get("external_id")
    view = next(
        (
            one
            for one in call.slack.views.values()
            if one.team == call.installed.team
            and one.is_open
            and (
                one.id == call.get("view_id")
                or (external_id and one.content.get("external_id") == external_id)
            )
        ),
        None,
    )
    if view is None:
        raise ApiError("not_found")
    _check_hash(call, view)
    replace(call, view, content)
    return _shown(call, view)


@method("views.publish")
def publish(call: Call) -> dict[str, Any]:
    user = call.need("user_id")
    if user not in call.slack.world.users:
        raise ApiError("invalid_arguments")
    content = _content(call, "home")
    view = call.slack.homes.get(user)
    if view is None:
        view = View(call.slack.world.new_id("V"), call.installed.team, user, content, _hash(), "")
        view.root = view.id
        call.slack.homes[user] = view
    else:
        _check_hash(call, view)
    replace(call, view, content)
    return _shown(call, view)


@method("assistant.threads.setStatus")
def set_status(call: Call) -> dict[str, Any]:
    channel = call.slack.channel(call.need("channel_id"), call.installed)
    thread_ts = call.need("thread_ts")
    if not channel.thread(thread_ts):
        raise ApiError("invalid_thread_ts")
    loading = call.parsed("loading_messages", "invalid_arguments") or []
    if len(loading) > 10:
        raise ApiError("invalid_arguments")
    call.slack.statuses[channel.id, thread_ts] = str(call.arguments.get("status", ""))
    return {}


@method("assistant.threads.setSuggestedPrompts")
def set_suggested_prompts(call: Call) -> dict[str, Any]:
    channel = call.slack.channel(call.need("channel_id"), call.installed)
    prompts = call.parsed("prompts", "invalid_arguments")
    is_whole = isinstance(prompts, list) and all(
        isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts
    )
    if not is_whole or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise ApiError("invalid_arguments")
    call.slack.prompts[channel.id] = prompts
    return {}


@method("assistant.threads.setTitle")
def set_title(call: Call) -> dict[str, Any]:
    call.slack.channel(call.need("channel_id"), call.installed)
    call.need("title")
    return {}


def replace(call: Call, view: View, content: dict[str, Any]) -> None:
    """Show something else in a view."""
    with call.slack.world.changed:
        view.content, view.hash = content, _hash()
        call.slack.world.changed.notify_all()


def checked_view(view: Any, kind: str) -> dict[str, Any]:
    """A view that Slack takes, its blocks with ids."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments")
    if problems := rules.problems_of_view(view):
        raise invalid("invalid_arguments", problems)
    if rules.n_view_bytes(view) > rules.MOST_VIEW_BYTES:
        raise ApiError("view_too_large")
    blocks = [
        block if "block_id" in block else {**block, "block_id": f"b{number}"}
        for number, block in enumerate(view["blocks"])
    ]
    return {**view, "blocks": blocks}


def _content(call: Call, kind: str) -> dict[str, Any]:
    return checked_view(call.parsed("view", "invalid_arguments"), kind)


def _new(call: Call, content: dict[str, Any], user: str, below: View | None = None) -> View:
    view_id = call.slack.world.new_id("V")
    view = View(
        id=view_id,
        team=call.installed.team,
        user=user,
        content=content,
        hash=_hash(),
        root=below.root if below is not None else view_id,
        previous=below.id if below is not None else "",
    )
    with call.slack.world.changed:
        call.slack.views[view_id] = view
        call.slack.world.changed.notify_all()
    return view


def _shown(call: Call, view: View) -> dict[str, Any]:
    return {"view": view.payload(call.slack.app, call.installed)}


def _check_hash(call: Call, view: View) -> None:
    if call.get("hash", view.hash) != view.hash:
        raise ApiError("hash_conflict")


def _hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
