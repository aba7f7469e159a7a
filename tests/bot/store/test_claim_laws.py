"""However events, replicas, crashes and clocks are mixed, one owner at a time and one end a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from bot.store.claims import Claim, Claims, ClaimState, Place, Wanted
from bot.store.database import Database

LEASE = timedelta(seconds=10)
OWNERS = st.sampled_from(["red", "green", "blue"])
PLACES = st.sampled_from(["1.1", "1.2", "1.3"])


class Replicas(RuleBasedStateMachine):
    """Three replicas that claim, stall, crash, finish and take over; the model is what the store told each of them."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        with database.write() as connection:
            for table in ("claims", "deliveries"):
                connection.execute(text(f"DELETE FROM {table}"))
        self.claims = Claims(database)
        self.now = datetime(2026, 1, 5, 10, tzinfo=UTC)
        self.believes: dict[tuple[str, str], Claim] = {}
        """What each replica believes to hold, by owner and place; a crash forgets it."""
        self.latest: dict[str, Claim] = {}
        """Whom the store gave each place to last."""
        self.finished: dict[str, int] = {}

    def _gave(self, owner: str, claim: Claim) -> None:
        former = self.latest.get(claim.place.ts)
        assert former is None or former.token < claim.token
        self.latest[claim.place.ts] = self.believes[owner, claim.place.ts] = claim

    @rule(owner=OWNERS, ts=PLACES, event=st.sampled_from("ab"))
    def deliver(self, owner: str, ts: str, event: str) -> None:
        wanted = Wanted(Place("T1", "C1", ts), f"Ev{ts}{event}", "U1", "mention", "{}")
        claim = self.claims.take(wanted, owner=owner, now=self.now, lease=LEASE)
        assert (claim is not None) == (ts not in self.latest)
        if claim is not None:
            self._gave(owner, claim)

    @rule(owner=OWNERS, ts=PLACES, step=st.sampled_from(["renew", "posted", "done", "release"]))
    def go_on(self, owner: str, ts: str, step: str) -> None:
        held = self.believes.get((owner, ts))
        if held is None:
            return
        if step == "renew":
            changed = self.claims.renew(held, now=self.now, lease=LEASE)
        elif step == "posted":
            changed = self.claims.posted(held, f"answer to {ts}", now=self.now)
        elif step == "done":
            changed = self.claims.done(held, now=self.now)
        else:
            changed = self.claims.release(held, now=self.now)
        is_holder = self.latest[ts].token == held.token and ts not in self.finished
        assert (changed is not None) == is_holder
        if changed is not None and changed.state is ClaimState.DONE:
            self.finished[ts] = self.finished.get(ts, 0) + 1

    @rule(owner=OWNERS)
    def crash(self, owner: str) -> None:
        self.believes = {key: claim for key, claim in self.believes.items() if key[0] != owner}

    @rule(seconds=st.integers(1, 15))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(first=OWNERS, second=OWNERS)
    def two_take_over(self, first: str, second: str) -> None:
        for found in self.claims.unfinished(self.now):
            assert found.lease_until <= self.now
            winners = []
            for owner in (first, second):
                taken = self.claims.take_over(found, owner=owner, now=self.now, lease=LEASE)
                if taken is not None:
                    winners.append(owner)
                    self._gave(owner, taken)
            assert len(winners) == 1

    @invariant()
    def nothing_ends_twice(self) -> None:
        assert all(times == 1 for times in self.finished.values())

    def teardown(self) -> None:
        """Whatever happened, the next one to look finishes the rest: nothing is lost."""
        self.now += 2 * LEASE
        for found in self.claims.unfinished(self.now):
            taken = self.claims.take_over(found, owner="last", now=self.now, lease=LEASE)
            assert taken is not None
            assert self.claims.done(taken, now=self.now) is not None
            self.finished[found.place.ts] = self.finished.get(found.place.ts, 0) + 1
        assert self.finished == dict.fromkeys(self.latest, 1)


def test_any_mix_of_claims_crashes_and_ends_yields_one_owner_and_one_end(database: Database) -> None:
    class OnThisDatabase(Replicas):
        def __init__(self) -> None:
            super().__init__(database)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(max_examples=60, stateful_step_count=30, deadline=None),
    )
