"""``conversations.*``, ``reactions.*``, ``files.info``: what is in channels."""

from __future__ import annotations

import re
from typing import Any

from tests.fakeslack import events
from tests.fakeslack.errors import ApiError
from tests.fakeslack.methods.calls import Call, method
from tests.fakeslack.scopes import BY_KIND, require
from tests.fakeslack.world import Channel, Message

_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


@method("conversations.info")
def info(call: Call) -> dict[str, Any]:
    channel = call.channel()
    told = channel.payload(of=call.installed.bot_user)
    if call.flag("include_locale"):
        told["locale"] = "en-US"
    if call.flag("include_num_members"):
        told["num_members"] = len(channel.members)
    return {"channel": told}


@method("conversations.history")
def history(call: Call) -> dict[str, Any]:
    channel = _readable(call)
    messages = [
        message
        for message in channel.messages.values()
        if not message.thread_ts
        or message.thread_ts == message.ts
        or message.arguments.get("reply_broadcast")
    ]
    return _told(call, channel, messages[::-1])


@method("conversations.replies")
def replies(call: Call) -> dict[str, Any]:
    channel = _readable(call)
    asked = channel.messages.get(call.need("ts"))
    thread = channel.thread(asked.thread_ts or asked.ts if asked is not None else call.need("ts"))
    if not thread:
        raise ApiError("thread_not_found")
    return _told(call, channel, thread)


@method("conversations.members")
def members(call: Call) -> dict[str, Any]:
    return call.page(call.channel().members, "members", most=1000)


@method("conversations.open")
def open_(call: Call) -> dict[str, Any]:
    if channel_id := call.get("channel"):
        return {"channel": {"id": call.slack.channel(channel_id, call.installed).id}}
    users = [user for user in str(call.get("users", "")).split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    if any(user not in call.slack.world.users for user in users):
        raise ApiError("user_not_found")
    if len(users) > 8:
        raise ApiError("too_many_users")
    require(call.method, call.installed.scopes)
    return {
        "channel": {"id": call.slack.world.direct(call.installed.team, [*users, call.installed.bot_user]).id}
    }


@method("conversations.join")
def join(call: Call) -> dict[str, Any]:
    channel = call.channel()
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    told: dict[str, Any] = {}
    if call.installed.bot_user in channel.members:
        told["warning"] = "already_in_channel"
    else:
        channel.members.append(call.installed.bot_user)
    return {"channel": channel.payload(of=call.installed.bot_user), **told}


@method("users.conversations")
def of_user(call: Call) -> dict[str, Any]:
    wanted = str(call.get("types", "public_channel")).split(",")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    for kind in wanted:
        scope = f"{BY_KIND.get(kinds.get(kind, ''), '?')}:read"
        if scope not in call.installed.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(call.installed.scopes)))
    user = str(call.get("user", call.installed.bot_user))
    channels = [
        channel.payload(of=user)
        for channel in call.slack.world.channels.values()
        if channel.team == call.installed.team
        and user in channel.members
        and channel.kind in {kinds[kind] for kind in wanted}
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    return call.page(channels, "channels", most=1000)


@method("reactions.add")
def add_reaction(call: Call) -> dict[str, Any]:
    channel, message, name = _reaction(call)
    given = (call.installed.bot_user, name)
    if given in message.reactions:
        raise ApiError("already_reacted")
    message.reactions.append(given)
    _tell_reaction(call, channel, message, "reaction_added", name)
    return {}


@method("reactions.remove")
def remove_reaction(call: Call) -> dict[str, Any]:
    channel, message, name = _reaction(call)
    given = (call.installed.bot_user, name)
    if given not in message.reactions:
        raise ApiError("no_reaction")
    message.reactions.remove(given)
    _tell_reaction(call, channel, message, "reaction_removed", name)
    return {}


@method("files.info")
def file_info(call: Call) -> dict[str, Any]:
    file = call.slack.world.files.get(call.need("file"))
    if file is None or file.team != call.installed.team:
        raise ApiError("file_not_found")
    return {"file": file.payload(), "comments": []}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.installed.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _told(call: Call, channel: Channel, messages: list[Message]) -> dict[str, Any]:
    oldest, latest = float(call.get("oldest", 0)), float(call.get("latest", "inf"))
    is_inclusive = call.flag("inclusive")

    def is_wanted(message: Message) -> bool:
        at = float(message.ts)
        return oldest < at < latest or (is_inclusive and at in (oldest, latest))

    told = []
    for message in messages:
        if not is_wanted(message):
            continue
        one = message.payload(with_metadata=call.flag("include_all_metadata"))
        if n_replies := len(channel.thread(message.ts)) - 1:
            one |= {"thread_ts": message.ts, "reply_count": n_replies}
        told.append(one)
    return call.page(told, "messages", most=1000)


def _reaction(call: Call) -> tuple[Channel, Message, str]:
    channel = call.channel()
    if call.installed.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    message = channel.messages.get(call.need("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    name = call.need("name")
    if not _EMOJI.fullmatch(name):
        raise ApiError("invalid_name")
    return channel, message, name


def _tell_reaction(call: Call, channel: Channel, message: Message, kind: str, name: str) -> None:
    bot = call.slack.world.users[call.installed.bot_user]
    with call.slack.world.changed:
        call.slack.world.changed.notify_all()
    call.slack.tell(events.reaction(kind, bot, message, name, ts=call.slack.world.new_ts()), channel)
