"""Get a human: the right people are called once a thread, with what was asked and tried; their fix becomes a draft."""

from __future__ import annotations

import logging

from bot.i18n import Speaker
from bot.redaction import redact
from bot.slack import blocks as b
from bot.slack import cards
from bot.slack.client import SlackClient
from bot.slack.errors import SlackError
from bot.slack.incoming import plain_text
from bot.slack.memory import Thread
from bot.slack.parts import Parts
from bot.slack.rich import Element, piece, section
from bot.store.claims import Place
from bot.store.errors import StoreError
from bot.store.escalations import Draft, Escalation
from bot.store.questions import Result
from bot.store.threads import ThreadKey

_LOG = logging.getLogger("hubmedic.slack")
SOLVED = "white_check_mark"
_MOST_QUESTION = 2_500


def escalate(
    parts: Parts,
    key: ThreadKey,
    user: str,
    thread: Thread,
    client: SlackClient,
    say: Speaker,
    *,
    thread_ts: str,
) -> b.Message:
    """Call the people of a channel into a thread, and return what to tell who asked for them."""
    called = parts.channel(key.channel).escalate_to
    if not called:
        return cards.sentence(say("Nobody is named to be called in this channel."))
    talk = thread.talk
    tried = tuple(filter(None, (*talk.tried, talk.entry)))
    place = ThreadKey(key.team, key.channel, thread_ts)
    opened = Escalation(place, user, talk.query, tried, called, talk.reader or "en", parts.now())
    try:
        if not parts.escalations.open(opened):
            return cards.sentence(say("They have been called to this thread already."))
        parts.questions.came_of(Place(key.team, key.channel, thread.question), Result.ESCALATED)
    except StoreError as error:
        _LOG.warning("people are called, which is not kept: %s", error)
    client.post(key.channel, call_card(say, called, user, talk.query, tried), thread_ts=thread_ts)
    return cards.sentence(say("They are called."))


def call_card(say: Speaker, called: str, user: str, question: str, tried: tuple[str, ...]) -> b.Message:
    """Return the message that calls people: who asks, what, and what did not help."""
    who: Element = (
        {"type": "usergroup", "usergroup_id": called}
        if called.startswith("S")
        else {"type": "user", "user_id": called}
    )
    asker: list[Element] = [{"type": "user", "user_id": user}] if user.startswith(("U", "W")) else []
    elements = [
        section([who, piece(" " + say("somebody needs a human here:") + " "), *asker]),
        {"type": "rich_text_quote", "elements": [piece(b.shortened(question, _MOST_QUESTION) or "…")]},
    ]
    if tried:
        elements.append(section([piece(say("Tried already:"), style="bold")]))
        items = [section([piece(one)]) for one in tried[:10]]
        elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
    elements.append(
        section(
            [
                piece(
                    say("React with ✅ to the message that solves it, and I keep it as a draft."),
                    style="italic",
                )
            ]
        )
    )
    return b.Message(b.fallback(say("somebody needs a human here:"), question[:300]), (b.rich(elements),))


def solved(
    parts: Parts, team: str, channel: str, ts: str, by: str, client: SlackClient, bot_user: str
) -> None:
    """Keep the message that a person marked as the fix, where people had been called to its thread."""
    try:
        message = client.message(channel, ts)  # Slack finds it wherever in a thread it stands
        thread_ts = str(message.get("thread_ts") or ts)
        if not message or message.get("bot_id") or str(message.get("user") or "") == bot_user:
            return
        key = ThreadKey(team, channel, thread_ts)
        closed = parts.escalations.close(key, by=by, now=parts.now())
        if closed is None:
            return
        fix = redact(plain_text(str(message.get("text") or ""), bot_user)).text
        draft = Draft(
            key,
            closed.user,
            str(message.get("user") or ""),
            closed.language,
            closed.question,
            fix,
            parts.now(),
        )
        parts.drafts.keep(draft)
    except (SlackError, StoreError) as error:
        _LOG.warning("a fix could not be kept: %s", error)
