from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.claims import Claim, Claims, ClaimState, Place, Wanted
from bot.store.database import Database
from bot.store.errors import SecretRefused
from bot.store.fallback import TRY_AGAIN_S, FallbackClaims
from bot.store.upgrade import upgrade
from tests.databases import PostgresServer

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
LEASE = timedelta(seconds=10)
LATER = NOW + timedelta(seconds=11)


class Outage:
    """A database whose claims fail on demand, at the statement."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, timeout_s=0.2)
        self.claims = Claims(self.database)
        self.seconds = 0.0
        self.fallback = FallbackClaims(self.claims, clock=lambda: self.seconds)
        self._elsewhere = Database(url)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Rename the tables: no statement works until they are back."""
        self._rename("claims", "claims_gone")
        try:
            yield
        finally:
            self._rename("claims_gone", "claims")
            self.seconds += TRY_AGAIN_S

    def _rename(self, old: str, new: str) -> None:
        with self._elsewhere.write() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def close(self) -> None:
        self.database.close()
        self._elsewhere.close()


@pytest.fixture
def outage(url: str) -> Iterator[Outage]:
    outage = Outage(url)
    yield outage
    outage.close()


def wanted(ts: str = "1.1", event_id: str = "Ev1") -> Wanted:
    return Wanted(Place("T1", "C1", ts), event_id, "U1", "mention", "{}")


def take(claims: FallbackClaims, what: Wanted) -> Claim:
    claim = claims.take(what, owner="me", now=NOW, lease=LEASE)
    assert claim is not None
    return claim


def test_while_the_database_is_there_claims_are_in_it(outage: Outage) -> None:
    claim = take(outage.fallback, wanted())

    assert outage.claims.find(claim.place) == claim


def test_a_question_is_claimed_while_the_database_is_away(outage: Outage) -> None:
    with outage.away():
        claim = take(outage.fallback, wanted())
        assert outage.fallback.find(claim.place) == claim


def test_retries_and_twins_are_known_while_the_database_is_away(outage: Outage) -> None:
    take(outage.fallback, wanted("1.0", "Ev0"))
    with outage.away():
        take(outage.fallback, wanted())

        for again in (wanted(), wanted(event_id="Ev2"), wanted("1.0", "Ev0"), wanted("1.0", "Ev3")):
            assert outage.fallback.take(again, owner="me", now=NOW, lease=LEASE) is None


def test_retries_that_come_when_the_database_is_back_are_known(outage: Outage) -> None:
    with outage.away():
        take(outage.fallback, wanted())

    assert outage.fallback.take(wanted(), owner="me", now=NOW, lease=LEASE) is None


def test_what_was_claimed_meanwhile_is_written_down_when_the_database_is_back(outage: Outage) -> None:
    with outage.away():
        claim = take(outage.fallback, wanted())
        posted = outage.fallback.posted(claim, "1.5", now=NOW)
        assert posted is not None
        done = outage.fallback.done(posted, now=NOW)

    take(outage.fallback, wanted("1.2", "Ev2"))

    assert outage.claims.find(claim.place) == done
    assert outage.claims.take(wanted(), owner="replica", now=NOW, lease=LEASE) is None


def test_a_claim_of_before_is_finished_while_the_database_is_away(outage: Outage) -> None:
    claim = take(outage.fallback, wanted())
    with outage.away():
        assert outage.fallback.renew(claim, now=NOW, lease=LEASE) is not None
        posted = outage.fallback.posted(claim, "1.5", now=NOW)
        assert posted is not None
        assert posted.state is ClaimState.POSTED

    assert outage.fallback.unfinished(NOW) == ()
    found = outage.claims.find(claim.place)
    assert found is not None
    assert found.message_ts == "1.5"


def test_a_claim_of_the_outage_goes_on_after_it(outage: Outage) -> None:
    with outage.away():
        claim = take(outage.fallback, wanted())

    done = outage.fallback.done(claim, now=NOW)

    assert done is not None
    assert outage.claims.find(claim.place) == done


def test_an_unfinished_claim_of_the_outage_is_found_and_taken_over(outage: Outage) -> None:
    with outage.away():
        take(outage.fallback, wanted())
        (found,) = outage.fallback.unfinished(LATER)
        taken = outage.fallback.take_over(found, owner="me again", now=LATER, lease=LEASE)

        assert taken is not None
        assert outage.fallback.done(found, now=LATER) is None
        assert outage.fallback.done(taken, now=LATER) is not None


def test_a_claim_of_others_is_not_taken_over_blindly(outage: Outage) -> None:
    claim = outage.claims.take(wanted(), owner="replica", now=NOW, lease=LEASE)
    assert claim is not None
    with outage.away():
        assert outage.fallback.take_over(claim, owner="me", now=LATER, lease=LEASE) is None


def test_a_question_deleted_during_the_outage_is_marked(outage: Outage) -> None:
    with outage.away():
        claim = take(outage.fallback, wanted())
        withdrawn = outage.fallback.withdraw(claim.place, now=NOW)
        posted = outage.fallback.posted(claim, "1.5", now=NOW)

    assert withdrawn is not None
    assert posted is not None
    assert posted.is_withdrawn


def test_a_database_that_is_away_is_tried_again_only_after_a_while(
    outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = outage.claims.take

    def counted(what: Wanted, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        asked.append(what.event_id)
        return real(what, owner=owner, now=now, lease=lease)

    monkeypatch.setattr(outage.claims, "take", counted)
    with outage.away():
        for number in range(20):
            take(outage.fallback, wanted(f"{number}", f"Ev{number}"))
        assert len(asked) == 1

        outage.seconds = TRY_AGAIN_S + 1
        take(outage.fallback, wanted("21", "Ev21"))
        assert len(asked) == 1  # what is to be written down first fails already


def test_an_outage_and_its_end_are_each_said_once(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hubmedic.store"):
        with outage.away():
            for number in range(5):
                take(outage.fallback, wanted(f"{number}", f"Ev{number}"))
        take(outage.fallback, wanted("6", "Ev6"))
        take(outage.fallback, wanted("7", "Ev7"))

    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "remembered in this process" in said[0]
    assert "back" in said[1]


@pytest.mark.parametrize("is_away", [False, True])
def test_a_text_with_a_secret_is_refused_and_no_outage(outage: Outage, is_away: bool) -> None:
    leaking = replace(wanted(), work='{"text": "Authorization: Bearer %s"}' % ("a1B2" * 10))
    with outage.away() if is_away else nullcontext():
        if is_away:
            take(outage.fallback, wanted("1.0", "Ev0"))

        with pytest.raises(SecretRefused):
            outage.fallback.take(leaking, owner="me", now=NOW, lease=LEASE)

    claim = take(outage.fallback, wanted())  # redacted, it is claimed, and where it belongs
    assert outage.claims.find(claim.place) == claim


def test_memory_has_a_limit(outage: Outage) -> None:
    fallback = FallbackClaims(outage.claims, clock=lambda: 0.0, remembered=10)
    with outage.away():
        for number in range(50):
            take(fallback, wanted(f"{number}", f"Ev{number}"))

        assert len(fallback.unfinished(LATER)) == 10


def test_a_file_that_cannot_be_opened_is_an_outage_like_any(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    database = Database(f"sqlite:///{tmp_path}/file/hub.db")

    take(FallbackClaims(Claims(database), clock=lambda: 0.0), wanted())
    database.close()


def test_a_server_that_lets_nobody_in_is_survived(postgres: PostgresServer) -> None:
    url = postgres.new()
    outage = Outage(url)
    take(outage.fallback, wanted("1.0", "Ev0"))

    with postgres.closed(url):
        claim = take(outage.fallback, wanted())
    outage.seconds += TRY_AGAIN_S
    outage.fallback.done(claim, now=NOW)

    found = outage.claims.find(claim.place)
    assert found is not None
    assert found.state is ClaimState.DONE
    outage.close()


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to copy."""
    path = tmp_path_factory.mktemp("fresh") / "hub.db"
    upgrade(f"sqlite:///{path}")
    return path


@settings(max_examples=50, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12"), st.booleans()), max_size=12))
def test_any_mix_of_outages_and_deliveries_claims_a_question_once(
    fresh_file: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, bool]]
) -> None:
    path = shutil.copy(fresh_file, tmp_path_factory.mktemp("store"))
    outage = Outage(f"sqlite:///{path}")
    claimed = []
    for ts, event, is_away in steps:
        what = wanted(ts, f"Ev{ts}{event}")
        if is_away:
            with outage.away():
                claim = outage.fallback.take(what, owner="me", now=NOW, lease=LEASE)
        else:
            claim = outage.fallback.take(what, owner="me", now=NOW, lease=LEASE)
        if claim is not None:
            claimed.append(ts)
    outage.fallback.unfinished(NOW)

    assert sorted(claimed) == sorted({ts for ts, _, _ in steps})
    assert all(outage.claims.find(Place("T1", "C1", ts)) is not None for ts in claimed)
    outage.close()
