"""Answers to interactions: what an app posts to a ``response_url``."""

from __future__ import annotations

from typing import Any

from tests.fakeslack.errors import ApiError
from tests.fakeslack.methods.chat import MOST_TEXT, checked_blocks
from tests.fakeslack.platform import RESPONSE_URL_S, RESPONSE_URL_USES, Platform, ResponseUrl
from tests.fakeslack.world import Message


class UrlRefused(Exception):
    """The address is unknown, used up or over."""


def answer_action(slack: Platform, key: str, answer: dict[str, Any]) -> None:
    """Do what an answer asks for: say something, or put something in the place of the message it came from."""
    url = slack.response_urls.get(key)
    if url is None:
        raise UrlRefused("no_such_url")
    if slack.clock.now() - url.issued > RESPONSE_URL_S:
        raise UrlRefused("expired_url")
    if url.n_uses >= RESPONSE_URL_USES:
        raise UrlRefused("used_url")
    url.n_uses += 1
    place(slack, url, answer)


def place(slack: Platform, url: ResponseUrl, answer: dict[str, Any]) -> None:
    """Show an answer where it belongs; also what a command is acked with."""
    original = _original(slack, url)
    if answer.get("delete_original"):
        if original is not None:
            _delete(slack, original)
        return
    text = answer.get("text")
    blocks = checked_blocks(answer["blocks"]) if answer.get("blocks") else []
    if not text and not blocks:
        raise ApiError("no_text")
    if answer.get("replace_original") and original is not None:
        before = original.payload()
        original.history.append(original.text)
        original.text, original.blocks = str(text or "")[:MOST_TEXT], blocks
        original.n_edits += 1
        original.edited = slack.world.new_ts()
        slack.world.changed.notify_all()
        if not original.is_ephemeral:
            slack.change(original, before)
        return
    channel = slack.world.channels[url.channel]
    installed = slack.app.installed[channel.team]
    is_public = answer.get("response_type") == "in_channel"
    message = Message(
        team=channel.team,
        channel=channel.id,
        ts=slack.world.new_ts(),
        user=installed.bot_user,
        text=str(text or "")[:MOST_TEXT],
        blocks=blocks,
        thread_ts=str(answer.get("thread_ts", "")),
        bot_id=installed.bot_id,
        app_id=slack.app.app_id,
        metadata=answer.get("metadata"),
        only_for="" if is_public else url.user,
    )
    if is_public:
        slack.say(message)
    else:
        slack.world.add(message)


def _original(slack: Platform, url: ResponseUrl) -> Message | None:
    for message in slack.world.ephemerals:
        if message.ts == url.message_ts and not message.is_deleted:
            return message
    return slack.world.channels[url.channel].messages.get(url.message_ts)


def _delete(slack: Platform, message: Message) -> None:
    if message.is_ephemeral:
        message.is_deleted = True
        slack.world.changed.notify_all()
    else:
        slack.remove(message)
