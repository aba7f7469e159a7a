"""What live checks look like in Slack while they run and once they have: in a window, or as a private card. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot import wording
from bot.answer import Finding
from bot.errors import BotError
from bot.i18n import Speaker
from bot.slack import blocks as b
from bot.slack import cards
from bot.slack.checking import Checked
from bot.slack.findings import confirmed_elements, finding_elements
from bot.slack.modals import text_view
from bot.slack.refs import Action, Ref, View
from bot.slack.rich import Element, cut, piece, section
from kb.model import Outcome


def running_view(say: Speaker, channel: str, run: str, steps: Sequence[str] = ()) -> dict[str, Any]:
    """Return the window while the checks run; whoever closes it stops them."""
    made = [
        b.paragraph(say("I read what the hub says, and change nothing. It takes 20 seconds at most.")),
        b.context(say("Closing this window stops the checks.")),
    ]
    if steps:
        items = [section([piece(b.shortened(one, 200))]) for one in steps]
        made.insert(1, b.rich([{"type": "rich_text_list", "style": "bullet", "elements": items}]))
    return _view(say, made, say("Stop")) | {
        "callback_id": View.CHECKING.value,
        "notify_on_close": True,
        "private_metadata": json.dumps([channel, run]),
    }


def result_view(checked: Checked, say: Speaker, channel: str, ref: Ref) -> dict[str, Any]:
    """Return the window with what was found: only who pressed sees it, until it is shared."""
    made = text_view(say("Live checks"), result_elements(checked, say), say)
    notes = _notes(checked, say)
    blocks = [*made["blocks"][: b.MOST_IN_VIEW - 2], *([b.context(*notes)] if notes else [])]
    if _is_worth_sharing(checked):
        blocks.append(b.actions([b.button(say("Share here"), Action.SHARE, ref.to_text(), style="primary")]))
    return made | {"blocks": blocks, "private_metadata": json.dumps([channel, ""])}


def told_view(say: Speaker, *lines: str) -> dict[str, Any]:
    """Return the window with a few sentences."""
    return _view(say, [b.paragraph(line) for line in lines if line], say("Close"))


def refused_view(say: Speaker, error: BotError) -> dict[str, Any]:
    """Return the window that says why the checks did not run."""
    return told_view(say, *refusal(say, error))


def refusal(say: Speaker, error: BotError) -> tuple[str, ...]:
    """Return why checks did not run, a sentence each."""
    message, hint = say.error(error)
    return (f"{message}.", f"{hint}.") if hint else (f"{message}.",)


def result_elements(checked: Checked, say: Speaker) -> list[Element]:
    """Return what was found, what is confirmed first, then the entry that it speaks for."""
    answer = checked.reply.answer
    findings = answer.findings if answer is not None else ()
    if answer is None or not findings:
        return [section([piece(say("There was nothing to check."))])]
    elements = [*confirmed_elements(findings, say), *finding_elements(findings, say)]
    if answer.outcome is Outcome.ANSWER and answer.hits:
        hit = answer.hits[0]
        elements.append(section([piece(f"\n{wording.heading(hit)}", style="bold")]))
        elements += cards.entry_elements(hit.entry, say, hit.captures, checked.reply.cause)
        elements.append(cards.source_element(hit.entry, say))
    return elements


def result_card(checked: Checked, say: Speaker, ref: Ref, offers: cards.Offers) -> b.Message:
    """Return what was found as a card: the answer in its new order, the findings in it."""
    answer = checked.reply.answer
    notes = _notes(checked, say)
    if answer is None or not answer.findings:
        return cards.sentence(say("There was nothing to check."), *notes)
    if answer.outcome is Outcome.NONE:
        return findings_card(answer.findings, say)
    return cards.card(checked.reply, say, ref, offers, notes)


def findings_card(findings: Sequence[Finding], say: Speaker) -> b.Message:
    """Return findings as a message of their own, where no entry goes with them."""
    kept = cut(
        [*confirmed_elements(findings, say), *finding_elements(findings, say)], b.MOST_CHARACTERS - 500
    )
    return b.Message(b.fallback(say("Checked right now")), (b.rich(kept.elements),))


def read_window(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the channel and the run that a window of ours belongs to; empty where it is none."""
    try:
        channel, run = json.loads(str(view.get("private_metadata") or ""))
    except (ValueError, TypeError):
        return "", ""
    return str(channel), str(run)


def _notes(checked: Checked, say: Speaker) -> list[str]:
    return [] if checked.device else [say("Name the device in the thread, and I look at it too.")]


def _is_worth_sharing(checked: Checked) -> bool:
    answer = checked.reply.answer
    return answer is not None and bool(answer.findings)


def _view(say: Speaker, made: Sequence[b.Block], close: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": b.plain(say("Live checks"), b.MOST_IN_TITLE),
        "close": b.plain(close, b.MOST_IN_TITLE),
        "blocks": list(made),
    }
