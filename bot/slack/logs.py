"""A log that was attached: triaged as ``hubmedic triage`` does, then the most frequent known error is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot import wording
from bot.conversation import Ask, Conversation, Kind, Reply, follow
from bot.followups import Intent, Understood, understand
from bot.i18n import Speaker
from bot.printable import printable
from bot.question import Question
from bot.redaction import redact
from bot.slack import blocks as b
from bot.slack.refs import Action, Ref
from bot.slack.rich import Element, cut, piece, section
from bot.triage.sorting import Find, Sorter
from bot.triage.tally import Known, Tally
from kb.errors import KnowledgeError
from kb.model import Entry, Found, Hit, Outcome
from kb.search import KnowledgeBase

LEAST_RECORDS = 3
"""Records from which a text is a log; one error with its stack trace is a question."""
_MOST_GROUPS = 8
_MOST_UNKNOWN = 4
_MOST_QUERY = 2_000
_MOST_SHOWN = 1_800
_A_TITLE = 160
_BUTTONS = 5

EntryOf = Callable[[str], Entry | None]
"""An entry by its id, in the reader's language where it has one."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a log says again and again."""

    count: int
    text: str
    """What to ask about it: the record that was seen first, redacted."""
    entry: str = ""
    """Id of the entry that explains it; empty where none does."""
    first: datetime | None = None
    last: datetime | None = None
    n_devices: int = 0


@dataclass(frozen=True, slots=True)
class LogSeen:
    """What was found in the logs of one message."""

    names: tuple[str, ...]
    n_lines: int
    known: tuple[Group, ...]
    """Most frequent first."""
    unknown: tuple[Group, ...]
    n_left_out: int = 0
    """Groups that there was no room for."""

    def holds(self, text: str) -> bool:
        """Whether a question is about one of its groups."""
        return any(text == one.text[:_MOST_QUERY] for one in (*self.known, *self.unknown))


def read_log(
    texts: Sequence[str], names: Sequence[str], find: Find, codes: frozenset[str], now: Callable[[], datetime]
) -> LogSeen | None:
    """Return the groups of errors in some texts; None where they are no logs, or no error stands in them."""
    asked: dict[str, str] = {}

    def found_for(text: str) -> Found:
        found = find(text)
        if found.candidates:
            asked.setdefault(found.candidates[0].entry.id, text)
        return found

    sorter = Sorter(found_for, codes, now)
    for text in texts:
        sorter.take(text.encode("utf-8", "replace").split(b"\n"))
        sorter.flush()
        sorter.settle()
    if sorter.totals.n_records < LEAST_RECORDS or not (sorter.known or sorter.unknown):
        return None
    known = [_known(one, asked) for one in sorter.known.values()]
    unknown = [_group(one, one.example) for one in sorter.unknown.values()]
    n_left_out = max(0, len(known) - _MOST_GROUPS) + max(0, len(unknown) - _MOST_UNKNOWN)
    return LogSeen(
        tuple(redact(name).text for name in names),
        sorter.totals.n_lines,
        tuple(sorted(known, key=lambda one: -one.count)[:_MOST_GROUPS]),
        tuple(sorted(unknown, key=lambda one: -one.count)[:_MOST_UNKNOWN]),
        n_left_out,
    )


def about(
    seen: LogSeen, number: int, talked: Conversation, words: str, ask: Ask, asker: str
) -> tuple[Conversation, Reply]:
    """Return the conversation about one group of a log, 0-based, and the reply to it; ``words`` came with the log."""
    own = ask(Question(words, talked.locale, talked.reader or asker)) if words.strip() else None
    reader = own.reader if own is not None else talked.reader or asker
    if own is not None and number == 0 and own.outcome is Outcome.ANSWER:
        held = [n for n, one in enumerate(seen.known) if one.entry == own.hits[0].entry.id]
        number = held[0] if held else 0
    group = (*seen.known, *seen.unknown)[number]
    table = replace(
        Conversation(locale=talked.locale, reader=reader), query=group.text[:_MOST_QUERY], entry=group.entry
    )
    state, reply = follow(table, Understood(Intent.WHY), ask, reader)
    return state, replace(reply, kind=Kind.ANSWER)


def is_sure(reply: Reply, ask: Ask) -> bool:
    """Whether the group would be answered if it were asked by itself: what an unasked answer needs."""
    if reply.answer is None or not reply.answer.hits:
        return False
    alone = ask(Question(reply.answer.query, None, reply.reader))
    return alone.outcome is Outcome.ANSWER and alone.hits[0].entry.id == reply.answer.hits[0].entry.id


def chosen(seen: LogSeen | None, text: str) -> int | None:
    """Return which group a text chooses, 0-based; None where it chooses none."""
    if seen is None or len(seen.known) < 2:
        return None
    said = understand(text, n_offered=len(seen.known))
    return int(said.value) - 1 if said.intent is Intent.CHOOSE else None


def with_log(message: b.Message, seen: LogSeen, entry_of: EntryOf, say: Speaker, ref: Ref) -> b.Message:
    """Return the card of one group below the list of all."""
    title = _title(seen, say)
    items = [section(_told(one, entry_of, say)) for one in seen.known]
    elements: list[Element] = []
    if items:
        elements.append({"type": "rich_text_list", "style": "ordered", "elements": items})
    if seen.unknown:
        elements.append(section([piece(say("Errors I don't know, by what they have alike"), style="bold")]))
        items = [section(_told(one, entry_of, say)) for one in seen.unknown]
        elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
    made: list[b.Block] = [
        b.paragraph(title, style="bold"),
        b.rich(cut(elements, _MOST_SHOWN).elements),
    ]
    if seen.n_left_out:
        more = say.plural("… and {count} more, rarer", "… and {count} more, rarer ones", seen.n_left_out)
        made.append(b.context(more))
    if len(seen.known) > 1:
        made.append(b.actions(_choices(seen, entry_of, ref)))
    lines = [f"{one.count} × {_heading(one, entry_of)}" for one in seen.known]
    blocks = (*made, b.divider(), *message.blocks)
    return b.Message(b.fallback(title, *lines), blocks)


class Logs:
    """Reads attached logs with the knowledge base that is in use."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._codes: tuple[KnowledgeBase, frozenset[str]] | None = None
        self._lock = threading.Lock()

    def read(self, texts: Sequence[str], names: Sequence[str], knowledge: KnowledgeBase) -> LogSeen | None:
        """Return the groups of errors in some texts; None where they are no logs."""
        return read_log(texts, names, knowledge.find, self._codes_of(knowledge), self._now)

    def _codes_of(self, knowledge: KnowledgeBase) -> frozenset[str]:
        """Every identifier of the documents, collected once an index."""
        with self._lock:
            if self._codes is None or self._codes[0] is not knowledge:
                codes = frozenset(name for entry in knowledge.entries() for name in entry.identifiers)
                self._codes = (knowledge, codes)
            return self._codes[1]


def entries_in(knowledge: KnowledgeBase, locale: str | None) -> EntryOf:
    """Return what finds entries by id in a locale; None for one that a newer index does not have."""

    def entry_of(entry_id: str) -> Entry | None:
        try:
            return knowledge.entry(entry_id, locale)
        except KnowledgeError:
            return None

    return entry_of


def _known(tally: Known, asked: dict[str, str]) -> Group:
    entry = tally.entry.id if tally.entry is not None else ""
    return replace(_group(tally, asked.get(entry, tally.example)), entry=entry)


def _group(tally: Tally, text: str) -> Group:
    return Group(
        tally.count,
        redact(text).text[:_MOST_QUERY],
        first=tally.first,
        last=tally.last,
        n_devices=len(tally.devices),
    )


def _title(seen: LogSeen, say: Speaker) -> str:
    names = ", ".join(seen.names)
    lines = say.plural("{names}: {count} line", "{names}: {count} lines", seen.n_lines, names=names)
    if not seen.known:
        return f"{lines}. {say('None of the errors in it is one I know.')}"
    known = say.plural(
        "{count} error that I know, most frequent first",
        "{count} errors that I know, most frequent first",
        len(seen.known),
    )
    return f"{lines}, {known}"


def _told(group: Group, entry_of: EntryOf, say: Speaker) -> list[Element]:
    pieces = [
        piece(f"{say.number(group.count)} ×  ", style="bold"),
        piece(printable(_heading(group, entry_of)), style="" if group.entry else "code"),
    ]
    told = [_when(group, say)]
    if group.n_devices > 1:
        told.append(say.plural("{count} device", "{count} devices", group.n_devices))
    if said := ", ".join(filter(None, told)):
        pieces.append(piece(f"\n{said}", style="italic"))
    return pieces


def _when(group: Group, say: Speaker) -> str:
    if group.first is None or group.last is None:
        return ""
    if group.first == group.last:
        return say("at {time}", time=group.first)
    return say("from {first} to {last}", first=group.first, last=group.last)


def _heading(group: Group, entry_of: EntryOf) -> str:
    entry = entry_of(group.entry) if group.entry else None
    words = wording.heading(Hit(entry, 0.0, {})) if entry is not None else " ".join(group.text.split())
    return b.shortened(words, _A_TITLE)


def _choices(seen: LogSeen, entry_of: EntryOf, ref: Ref) -> list[Element]:
    """A button a group; the card below shows the fix of the one that is pressed."""
    return [
        b.button(
            f"{number}. {_heading(one, entry_of)}",
            f"{Action.GROUP}-{number}",
            ref.saying(str(number)).to_text(),
        )
        for number, one in enumerate(seen.known[:_BUTTONS], 1)
    ]
