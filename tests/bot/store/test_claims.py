from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.claims import Claim, Claims, ClaimState, Place, Wanted
from bot.store.database import Database

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
LEASE = timedelta(seconds=10)
LATER = NOW + timedelta(seconds=11)
QUESTION = Wanted(Place("T1", "C1", "1.1"), "Ev1", "U1", "mention", '{"text": "401003"}', thread_ts="1.0")


@pytest.fixture
def claims(database: Database) -> Claims:
    return Claims(database)


def take(claims: Claims, wanted: Wanted = QUESTION, owner: str = "first") -> Claim:
    claim = claims.take(wanted, owner=owner, now=NOW, lease=LEASE)
    assert claim is not None
    return claim


def test_a_question_is_claimed_once(claims: Claims) -> None:
    claim = take(claims)

    assert claims.find(QUESTION.place) == claim
    assert claim.work == QUESTION.work
    assert claim.thread_ts == "1.0"


def test_a_retry_of_the_same_event_is_not_claimed_again(claims: Claims) -> None:
    take(claims)

    assert claims.take(QUESTION, owner="second", now=NOW, lease=LEASE) is None


def test_the_twin_event_of_a_mention_is_not_claimed_again(claims: Claims) -> None:
    take(claims)
    twin = replace(QUESTION, event_id="Ev2", kind="message")

    assert claims.take(twin, owner="second", now=NOW, lease=LEASE) is None


def test_a_retry_of_the_twin_is_not_claimed_either(claims: Claims) -> None:
    take(claims)
    twin = replace(QUESTION, event_id="Ev2")
    claims.take(twin, owner="second", now=NOW, lease=LEASE)

    assert claims.take(twin, owner="second", now=NOW, lease=LEASE) is None


@pytest.mark.parametrize(
    "elsewhere", [Place("T2", "C1", "1.1"), Place("T1", "C2", "1.1"), Place("T1", "C1", "1.2")]
)
def test_another_place_is_another_question(claims: Claims, elsewhere: Place) -> None:
    take(claims)

    assert take(claims, replace(QUESTION, event_id="Ev2", place=elsewhere)).place == elsewhere


def test_a_claim_goes_from_claimed_over_posted_to_done(claims: Claims) -> None:
    claim = take(claims)

    posted = claims.posted(claim, "1.5", now=NOW)
    done = claims.done(claim, now=NOW)

    assert posted is not None
    assert (posted.state, posted.message_ts) == (ClaimState.POSTED, "1.5")
    assert done is not None
    assert (done.state, done.message_ts) == (ClaimState.DONE, "1.5")
    assert claims.find(claim.place) == done


def test_what_is_done_stays_done(claims: Claims) -> None:
    claim = take(claims)
    claims.done(claim, now=NOW)

    assert claims.posted(claim, "1.6", now=NOW) is None
    assert claims.renew(claim, now=NOW, lease=LEASE) is None
    assert claims.unfinished(LATER) == ()


def test_a_claim_is_left_to_its_owner_while_the_lease_runs(claims: Claims) -> None:
    take(claims)

    assert claims.unfinished(NOW) == ()


def test_a_claim_whose_lease_is_over_is_found_and_taken_over(claims: Claims) -> None:
    claim = take(claims)

    (found,) = claims.unfinished(LATER)
    taken = claims.take_over(found, owner="second", now=LATER, lease=LEASE)

    assert found == claim
    assert taken is not None
    assert (taken.owner, taken.work) == ("second", QUESTION.work)
    assert claims.unfinished(LATER) == ()


def test_only_one_takes_a_claim_over(claims: Claims) -> None:
    take(claims)
    (found,) = claims.unfinished(LATER)

    assert claims.take_over(found, owner="second", now=LATER, lease=LEASE) is not None
    assert claims.take_over(found, owner="third", now=LATER, lease=LEASE) is None


def test_whoever_lost_a_claim_changes_nothing_more(claims: Claims) -> None:
    claim = take(claims)
    taken = claims.take_over(claim, owner="second", now=LATER, lease=LEASE)

    assert claims.posted(claim, "1.5", now=LATER) is None
    assert claims.done(claim, now=LATER) is None
    assert claims.renew(claim, now=LATER, lease=LEASE) is None
    assert claims.find(claim.place) == taken


def test_renewing_in_time_keeps_the_claim(claims: Claims) -> None:
    claim = take(claims)

    assert claims.renew(claim, now=NOW + timedelta(seconds=9), lease=LEASE) is not None
    assert claims.unfinished(LATER) == ()


def test_a_posted_claim_that_is_not_done_is_found_with_its_message(claims: Claims) -> None:
    claims.posted(take(claims), "1.5", now=NOW)

    (found,) = claims.unfinished(LATER)

    assert found.message_ts == "1.5"


def test_claims_of_an_owner_that_is_gone_are_found_at_once(claims: Claims) -> None:
    take(claims)
    take(claims, Wanted(Place("T1", "C1", "1.2"), "Ev2", "U1", "dm", "{}"), owner="alive")

    assert claims.owners() == ("alive", "first")
    assert [claim.owner for claim in claims.unfinished(NOW, of=("first",))] == ["first"]


def test_a_released_claim_is_found_at_once(claims: Claims) -> None:
    claims.release(take(claims), now=NOW)

    assert len(claims.unfinished(NOW)) == 1


def test_unfinished_claims_come_oldest_first_and_no_more_than_wanted(claims: Claims) -> None:
    for number in range(5):
        take(claims, Wanted(Place("T1", "C1", f"{number}"), f"Ev{number}", "U1", "dm", "{}"))

    assert [claim.place.ts for claim in claims.unfinished(LATER, limit=3)] == ["0", "1", "2"]


def test_a_deleted_question_marks_its_claim(claims: Claims) -> None:
    claims.posted(take(claims), "1.5", now=NOW)

    withdrawn = claims.withdraw(QUESTION.place, now=NOW)

    assert withdrawn is not None
    assert withdrawn.is_withdrawn
    assert withdrawn.message_ts == "1.5"


def test_whoever_posts_an_answer_to_a_question_deleted_meanwhile_is_told(claims: Claims) -> None:
    claim = take(claims)
    claims.withdraw(QUESTION.place, now=NOW)

    posted = claims.posted(claim, "1.5", now=NOW)

    assert posted is not None
    assert posted.is_withdrawn


def test_a_question_whose_deletion_arrives_first_is_never_claimed(claims: Claims) -> None:
    assert claims.withdraw(QUESTION.place, now=NOW) is None

    assert claims.take(QUESTION, owner="first", now=NOW, lease=LEASE) is None
    assert claims.unfinished(LATER) == ()


def test_a_claim_taken_elsewhere_is_adopted(claims: Claims) -> None:
    claim = Claim(
        place=QUESTION.place,
        thread_ts="",
        user="U1",
        kind="mention",
        work="{}",
        state=ClaimState.DONE,
        owner="first",
        lease_until=NOW,
        token=1,
        claimed_at=NOW,
        message_ts="1.5",
    )

    claims.adopt(claim, ("Ev1",))

    assert claims.find(QUESTION.place) == claim
    assert claims.take(QUESTION, owner="second", now=NOW, lease=LEASE) is None


def test_adopting_never_undoes_a_later_owner(claims: Claims) -> None:
    claim = take(claims)
    taken = claims.take_over(claim, owner="second", now=LATER, lease=LEASE)

    claims.adopt(replace(claim, state=ClaimState.DONE, message_ts="1.5"), ())

    assert claims.find(QUESTION.place) == taken


def test_a_lease_that_was_renewed_meanwhile_is_not_taken_over(claims: Claims) -> None:
    claim = take(claims)
    (found,) = claims.unfinished(LATER)
    assert claims.renew(claim, now=LATER, lease=LEASE) is not None

    assert claims.take_over(found, owner="second", now=LATER, lease=LEASE) is None


def test_what_waits_for_its_turn_is_held_and_what_was_given_up_is_not(claims: Claims) -> None:
    waiting = take(claims)
    released = take(claims, replace(QUESTION, place=Place("T1", "C1", "2.2"), event_id="Ev2"))
    others = take(claims, replace(QUESTION, place=Place("T1", "C1", "3.3"), event_id="Ev3"), owner="second")
    soon = NOW + LEASE * 0.9
    claims.release(released, now=NOW)
    claims.keep("first", now=soon, lease=LEASE)

    assert {one.place.ts for one in claims.unfinished(LATER)} == {"2.2", "3.3"}
    assert (kept := claims.find(waiting.place)) is not None
    assert kept.lease_until == soon + LEASE
    assert claims.done(waiting, now=soon) is not None
    assert claims.find(others.place) == others
