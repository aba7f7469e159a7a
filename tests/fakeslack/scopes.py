"""Which scopes each method wants. A method that is not here does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from tests.fakeslack.errors import ApiError
from tests.fakeslack.world import Channel

BY_KIND = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}

WANTED: dict[str, str] = {
    "api.test": "",
    "auth.test": "",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.deleteScheduledMessage": "chat:write",
    "chat.getPermalink": "",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.scheduledMessages.list": "",
    "chat.update": "chat:write",
    "conversations.history": "{kind}:history",
    "conversations.info": "{kind}:read",
    "conversations.join": "channels:join",
    "conversations.members": "{kind}:read",
    "conversations.open": "im:write",
    "conversations.replies": "{kind}:history",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.conversations": "channels:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "assistant.threads.setStatus": "chat:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "views.open": "",
    "views.push": "",
    "views.update": "",
    "views.publish": "",
    "oauth.v2.access": "",
    "apps.connections.open": "connections:write",
}
ALL_BOT_SCOPES = (
    "app_mentions:read,assistant:write,channels:history,channels:join,channels:read,chat:write,commands,files:read,"
    "groups:history,groups:read,im:history,im:read,im:write,mpim:history,mpim:read,reactions:read,reactions:write,team:read,"
    "usergroups:read,users:read"
)
EVENTS: dict[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}
"""Every event the fake sends, and the scope an app must have to get it."""


def require(method: str, provided: Iterable[str], channel: Channel | None = None) -> None:
    """Raise ``missing_scope`` with what is needed and provided, as Slack does."""
    kind = BY_KIND[channel.kind] if channel is not None else "channels"
    needed = WANTED[method].format(kind=kind)
    given = set(provided)
    if needed and needed not in given:
        raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(given)))
