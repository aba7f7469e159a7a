from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.store.database import Database
from bot.store.escalations import Draft, Drafts, DraftState, Escalation, Escalations
from bot.store.threads import ThreadKey

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
THREAD = ThreadKey("T1", "C1", "1.1")
ESCALATION = Escalation(
    THREAD, "U1", "gateway drops every hour", ("401003#expired", "keep-alive#nat"), "S1", "en", NOW
)
DRAFT = Draft(THREAD, "U1", "U2", "en", "gateway drops every hour", "renew the token at 80 %", NOW)


def test_people_are_called_to_a_thread_once(database: Database) -> None:
    escalations = Escalations(database)

    assert escalations.open(ESCALATION)
    assert not escalations.open(replace(ESCALATION, tagged="S2"))
    assert escalations.find(THREAD) == ESCALATION


def test_only_the_first_who_says_solved_closes_it(database: Database) -> None:
    escalations = Escalations(database)
    escalations.open(ESCALATION)

    assert escalations.close(THREAD, by="U2", now=NOW) == replace(ESCALATION, closed_by="U2")
    assert escalations.close(THREAD, by="U3", now=NOW) is None


def test_a_thread_nobody_was_called_to_cannot_be_closed(database: Database) -> None:
    assert Escalations(database).close(THREAD, by="U2", now=NOW) is None


def test_the_last_fix_of_a_thread_is_its_draft(database: Database) -> None:
    drafts = Drafts(database)
    drafts.keep(DRAFT)
    drafts.keep(replace(DRAFT, fix="renew the token at 75 %"))

    assert [draft.fix for draft in drafts.open_ones()] == ["renew the token at 75 %"]


def test_drafts_wait_oldest_first_until_somebody_decides(database: Database) -> None:
    drafts = Drafts(database)
    other = ThreadKey("T1", "C1", "1.2")
    drafts.keep(replace(DRAFT, drafted_at=NOW + timedelta(hours=1)))
    drafts.keep(replace(DRAFT, thread=other))

    assert [draft.thread for draft in drafts.open_ones(team="T1")] == [other, THREAD]
    assert drafts.decide(other, DraftState.ACCEPTED, now=NOW)
    assert not drafts.decide(other, DraftState.REJECTED, now=NOW)
    assert [draft.thread for draft in drafts.open_ones()] == [THREAD]
    assert drafts.open_ones(team="T2") == ()
