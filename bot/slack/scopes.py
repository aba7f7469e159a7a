"""Which scopes and events the features in use need: for the manifest, for installing, and for the doctor."""

from __future__ import annotations

from bot.settings import Settings

_ALWAYS = {
    "app_mentions:read": "mentions",
    "assistant:write": "the agent's panel, and in a thread what is being done",
    "channels:history": "follow-ups in threads, edits, deletions",
    "chat:write": "answers",
    "commands": "/hubmedic and the shortcut",
    "files:read": "snippets and logs",
    "groups:history": "the same in private channels",
    "im:history": "direct messages",
    "im:write": "telling somebody directly what cannot be said in place",
    "mpim:history": "group messages",
    "users:read": "people's languages",
}
_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
    "user_change",
)


def scopes(settings: Settings) -> tuple[str, ...]:
    """Return the scopes of the bot's token, no more than the settings need."""
    needed = set(_ALWAYS)
    channels = settings.channels.values()
    if any(one.escalate_to for one in channels):
        needed.add("reactions:read")  # the ✅ that closes a call
    if any(name.startswith("S") for one in channels for name in one.may_check):
        needed.add("usergroups:read")  # who is in the groups that may run checks
    if settings.channels:
        needed |= {"channels:read", "groups:read"}  # the doctor: is the bot where it is to answer
    return tuple(sorted(needed))


def events(settings: Settings) -> tuple[str, ...]:
    """Return the events to subscribe to."""
    more = ("reaction_added",) if "reactions:read" in scopes(settings) else ()
    return tuple(sorted((*_EVENTS, *more)))
