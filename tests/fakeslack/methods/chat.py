"""``chat.*``: what is posted, changed, taken back, scheduled; and everything Slack refuses about it."""

from __future__ import annotations

import json
from typing import Any

from tests.fakeslack import blocks as rules
from tests.fakeslack.errors import ApiError, invalid
from tests.fakeslack.methods.calls import Call, method
from tests.fakeslack.world import Channel, Message

MOST_TEXT = 40_000
MOST_TEXT_UPDATE = 4_000
MOST_METADATA = 16_000
FARTHEST_S = 120 * 24 * 3600
_KEPT = ("unfurl_links", "unfurl_media", "reply_broadcast", "parse", "link_names", "mrkdwn", "username")


@method("chat.postMessage")
def post_message(call: Call) -> dict[str, Any]:
    channel = _postable(call)
    call.slack.rates.spend(call.method, channel.id)
    message = call.slack.say(_message(call, channel, call.slack.world.new_ts()))
    return {"channel": channel.id, "ts": message.ts, "message": message.payload(with_metadata=True)}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> dict[str, Any]:
    channel = _postable(call)
    user = call.need("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    call.slack.rates.spend(call.method, channel.id)
    message = _message(call, channel, call.slack.world.new_ts())
    message.only_for = user
    call.slack.world.add(message)
    return {"message_ts": message.ts}


@method("chat.update")
def update(call: Call) -> dict[str, Any]:
    channel = call.channel()
    message = call.own_message(channel, call.need("ts"), "cant_update_message")
    text = str(call.get("text", ""))
    if len(text) > MOST_TEXT_UPDATE:
        raise ApiError("msg_too_long")
    blocks = _blocks(call)
    if not text and not blocks:
        raise ApiError("no_text")
    call.slack.rates.spend(call.method, channel.id)
    with call.slack.world.changed:
        before = message.payload()
        message.history.append(message.text)
        message.text = text or message.text
        if blocks is not None:
            message.blocks = blocks
        if (metadata := _metadata(call)) is not None:
            message.metadata = metadata
        message.edited = call.slack.world.new_ts()
        message.n_edits += 1
    call.slack.change(message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.payload(with_metadata=True),
    }


@method("chat.delete")
def delete(call: Call) -> dict[str, Any]:
    channel = call.channel()
    message = call.own_message(channel, call.need("ts"), "cant_delete_message")
    call.slack.remove(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.scheduleMessage")
def schedule_message(call: Call) -> dict[str, Any]:
    channel = _postable(call)
    try:
        post_at = float(call.need("post_at"))
    except ValueError:
        raise ApiError("invalid_time") from None
    now = call.slack.clock.now()
    if post_at <= now:
        raise ApiError("time_in_past")
    if post_at > now + FARTHEST_S:
        raise ApiError("time_too_far")
    _message(call, channel, "")  # what cannot be posted cannot be scheduled
    scheduled_id = call.slack.world.new_id("Q")
    call.slack.scheduled[scheduled_id] = (post_at, dict(call.arguments), call.installed)

    def post() -> None:
        if call.slack.scheduled.pop(scheduled_id, None) is not None:
            call.slack.say(_message(call, channel, call.slack.world.new_ts()))

    call.slack.clock.call_at(post_at, post)
    return {"channel": channel.id, "scheduled_message_id": scheduled_id, "post_at": int(post_at)}


@method("chat.deleteScheduledMessage")
def delete_scheduled_message(call: Call) -> dict[str, Any]:
    channel = call.channel()
    kept = call.slack.scheduled.get(call.need("scheduled_message_id"))
    if kept is None or kept[1].get("channel") != call.get("channel"):
        raise ApiError("invalid_scheduled_message_id")
    del call.slack.scheduled[call.need("scheduled_message_id")]
    return {"channel": channel.id}


@method("chat.scheduledMessages.list")
def scheduled_messages_list(call: Call) -> dict[str, Any]:
    items = [
        {"id": name, "channel_id": given.get("channel"), "post_at": int(post_at), "text": given.get("text")}
        for name, (post_at, given, installed) in call.slack.scheduled.items()
        if installed.team == call.installed.team and call.get("channel") in (None, given.get("channel"))
    ]
    return call.page(items, "scheduled_messages")


@method("chat.getPermalink")
def get_permalink(call: Call) -> dict[str, Any]:
    channel = call.channel()
    ts = call.need("message_ts")
    if ts not in channel.messages:
        raise ApiError("message_not_found")
    domain = call.slack.world.teams[channel.team].domain
    thread = channel.messages[ts].thread_ts
    query = f"?thread_ts={thread}&cid={channel.id}" if thread else ""
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}{query}"
    return {"channel": channel.id, "permalink": link}


def _postable(call: Call) -> Channel:
    """The channel, if the bot may write there."""
    channel = call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    is_open = channel.kind == "channel" and "chat:write.public" in call.installed.scopes
    if call.installed.bot_user not in channel.members and not is_open:
        raise ApiError("not_in_channel")
    return channel


def _message(call: Call, channel: Channel, ts: str) -> Message:
    """The message a call describes, or what Slack has against it."""
    text = call.get("text")
    if text is None:
        # Slack takes blocks without text and warns; then notifications and screen readers have nothing to say.
        raise ApiError("no_text")
    thread_ts = str(call.get("thread_ts", ""))
    if thread_ts:
        parent = channel.messages.get(thread_ts)
        if parent is None and not channel.thread(thread_ts):
            raise ApiError("thread_not_found")
        if parent is not None and parent.thread_ts not in ("", thread_ts):
            raise ApiError("cannot_reply_to_message")
    blocks = _blocks(call)
    return Message(
        team=channel.team,
        channel=channel.id,
        ts=ts,
        user=call.installed.bot_user,
        text=str(text)[:MOST_TEXT],
        blocks=blocks or [],
        thread_ts=thread_ts,
        bot_id=call.installed.bot_id,
        app_id=call.slack.app.app_id,
        metadata=_metadata(call),
        arguments={name: call.arguments[name] for name in _KEPT if name in call.arguments},
    )


def _blocks(call: Call) -> list[dict[str, Any]] | None:
    blocks = call.parsed("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    return checked_blocks(blocks)


def checked_blocks(blocks: Any) -> list[dict[str, Any]]:
    """Blocks that Slack takes, each with an id."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ApiError("invalid_blocks_format")
    if problems := rules.problems_of_message(blocks):
        raise invalid("invalid_blocks", problems)
    if rules.n_characters(blocks) > rules.MOST_TEXT:
        raise ApiError("msg_blocks_too_long")
    return [
        block if "block_id" in block else {**block, "block_id": f"b{number}"}
        for number, block in enumerate(blocks)
    ]


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    is_whole = (
        isinstance(metadata, dict)
        and metadata.keys() == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and isinstance(metadata["event_payload"], dict)
    )
    if not is_whole:
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise ApiError("metadata_too_large")
    return dict(metadata)
