"""Exactly one answer: who answers a message is settled here, before Slack gets its ack.

    take ──> claimed ──> posted ──> done
                 │          │
                 └── lease over, or its owner gone: take_over, by one ──┘

A message is claimed by its place (team, channel, ts), since a mention comes as two events, and by the id of the event,
since Slack sends an event again when the ack is late. Whoever holds a claim holds a token with it; taking over counts
the token up, and every later word of the former holder changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from bot.store.database import Database
from bot.store.schema import claims, deliveries
from bot.store.statements import insert_new


class ClaimState(StrEnum):
    """How far an answer has come."""

    CLAIMED = "claimed"
    """Somebody works on it; whether something was posted is known only to Slack."""
    POSTED = "posted"
    """It stands in Slack; what belongs to it (thread, question) is not all written down."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in Slack: what makes it one question."""

    team: str
    channel: str
    ts: str
    """Of a message as Slack writes it; of anything else (a command, an edit) a text unique in its channel."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to be answered, as it is claimed."""

    place: Place
    event_id: str
    """Slack's id of this delivery, the same in its retries."""
    user: str
    kind: str
    """How it came: ``"mention"``, ``"dm"``, ``"command"``…"""
    work: str
    """What is needed to finish it in another process, JSON, redacted."""
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A question and who answers it."""

    place: Place
    thread_ts: str
    user: str
    kind: str
    work: str
    state: ClaimState
    owner: str
    lease_until: datetime
    token: int
    """Counts the owners; an owner with an old one has lost the claim."""
    claimed_at: datetime
    message_ts: str = ""
    """The answer in Slack; empty until it is known."""
    is_withdrawn: bool = False
    """The question was deleted: its answer is to be taken back, or not to be given."""


class ClaimStore(Protocol):
    """What answering needs; :class:`Claims` in the database, ``FallbackClaims`` also without one."""

    def take(self, wanted: Wanted, *, owner: str, now: datetime, lease: timedelta) -> Claim | None: ...
    def renew(self, claim: Claim, *, now: datetime, lease: timedelta) -> Claim | None: ...
    def posted(self, claim: Claim, message_ts: str, *, now: datetime) -> Claim | None: ...
    def done(self, claim: Claim, *, now: datetime) -> Claim | None: ...
    def release(self, claim: Claim, *, now: datetime) -> Claim | None: ...
    def unfinished(
        self, now: datetime, *, of: Collection[str] = (), limit: int = 100
    ) -> tuple[Claim, ...]: ...
    def take_over(self, claim: Claim, *, owner: str, now: datetime, lease: timedelta) -> Claim | None: ...
    def keep(self, owner: str, *, now: datetime, lease: timedelta) -> None: ...
    def owners(self) -> tuple[str, ...]: ...
    def find(self, place: Place) -> Claim | None: ...
    def withdraw(self, place: Place, *, now: datetime) -> Claim | None: ...


class Claims:
    """Claims in the database, shared by every replica."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, wanted: Wanted, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Claim a question; None when it is claimed already, or was.

        Two statements in one transaction, nothing read: this stands between an event and its ack.
        """
        event = {"event_id": wanted.event_id, "received_at": now}
        claim = claim_of(wanted, owner=owner, now=now, lease=lease)
        row = _row(claim)
        with self._database.write() as connection:
            if not insert_new(connection, deliveries, event) or not insert_new(connection, claims, row):
                return None
        return claim

    def renew(self, claim: Claim, *, now: datetime, lease: timedelta) -> Claim | None:
        """Hold a claim longer; None when it is lost. To be called right before an answer is posted."""
        return self._change(claim, lease_until=now + lease)

    def posted(self, claim: Claim, message_ts: str, *, now: datetime) -> Claim | None:
        """Write down which message is the answer; None when the claim is lost."""
        return self._change(claim, state=ClaimState.POSTED, message_ts=message_ts, posted_at=now)

    def done(self, claim: Claim, *, now: datetime) -> Claim | None:
        """Write down that nothing is left to do; None when the claim is lost."""
        return self._change(claim, state=ClaimState.DONE, lease_until=now, done_at=now)

    def release(self, claim: Claim, *, now: datetime) -> Claim | None:
        """Give up a claim unfinished, for another to take over at once: at shutdown."""
        return self._change(claim, lease_until=now)

    def unfinished(self, now: datetime, *, of: Collection[str] = (), limit: int = 100) -> tuple[Claim, ...]:
        """Claims without an answer whose lease is over, or whose owner is one ``of`` the given; oldest first."""
        left = or_(claims.c.lease_until <= now, claims.c.owner.in_(of)) if of else claims.c.lease_until <= now
        query = select(claims).where(claims.c.state != ClaimState.DONE, left)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(claims.c.claimed_at, claims.c.id).limit(limit)).all()
        return tuple(_claim(row) for row in rows)

    def owners(self) -> tuple[str, ...]:
        """Everybody who holds an unfinished claim: for :func:`bot.store.owners.gone`."""
        query = select(claims.c.owner).where(claims.c.state != ClaimState.DONE).distinct()
        with self._database.read() as connection:
            return tuple(connection.scalars(query.order_by(claims.c.owner)))

    def take_over(self, claim: Claim, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Take a claim that :meth:`unfinished` gave; None when another was first or its owner came back.

        Its owner comes back by renewing the lease, which leaves the token as it is: the lease must be the one that was seen.
        """
        seen = claims.c.lease_until == claim.lease_until
        return self._change(claim, seen, owner=owner, token=claim.token + 1, lease_until=now + lease)

    def keep(self, owner: str, *, now: datetime, lease: timedelta) -> None:
        """Hold everything that an owner works on longer, what waits for its turn too; what was given up stays so."""
        held = and_(
            claims.c.owner == owner,
            claims.c.state != ClaimState.DONE,
            claims.c.lease_until > now,
            claims.c.lease_until < now + lease / 2,
        )
        with self._database.write() as connection:
            connection.execute(update(claims).where(held).values(lease_until=now + lease))

    def find(self, place: Place) -> Claim | None:
        """The claim of a question, finished or not: which message answers it."""
        with self._database.read() as connection:
            row = connection.execute(select(claims).where(_at(place))).one_or_none()
        return None if row is None else _claim(row)

    def withdraw(self, place: Place, *, now: datetime) -> Claim | None:
        """Mark a question as deleted; its claim as it stands, None when nobody has claimed it.

        A question whose deletion arrives first is marked all the same: it will not be claimed any more.
        """
        nobody = claim_of(Wanted(place, "", "", "deleted", "{}"), owner="", now=now, lease=timedelta())
        unseen = replace(nobody, state=ClaimState.DONE, is_withdrawn=True)
        with self._database.write() as connection:
            if insert_new(connection, claims, _row(unseen) | {"done_at": now}):
                return None
            marked = update(claims).where(_at(place)).values(is_withdrawn=True).returning(*claims.c)
            return _claim(connection.execute(marked).one())

    def adopt(self, claim: Claim, event_ids: Collection[str]) -> None:
        """Write down a claim that was taken while the database was away; a later owner's word stands."""
        row = _row(claim)
        with self._database.write() as connection:
            for event_id in event_ids:
                insert_new(connection, deliveries, {"event_id": event_id, "received_at": claim.claimed_at})
            if not insert_new(connection, claims, row):
                ours = and_(
                    _at(claim.place), claims.c.token <= claim.token, claims.c.state != ClaimState.DONE
                )
                kept = ("state", "owner", "lease_until", "token", "message_ts")
                connection.execute(update(claims).where(ours).values({name: row[name] for name in kept}))

    def _change(self, claim: Claim, *also: ColumnElement[bool], **values: object) -> Claim | None:
        """Compare and set: only the holder of the current token changes anything, in either database."""
        held = and_(_at(claim.place), claims.c.token == claim.token, claims.c.state != ClaimState.DONE, *also)
        query = update(claims).where(held).values(values).returning(*claims.c)
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _claim(row)


def claim_of(wanted: Wanted, *, owner: str, now: datetime, lease: timedelta) -> Claim:
    """The claim as it is right after it was taken."""
    return Claim(
        place=wanted.place,
        thread_ts=wanted.thread_ts,
        user=wanted.user,
        kind=wanted.kind,
        work=wanted.work,
        state=ClaimState.CLAIMED,
        owner=owner,
        lease_until=now + lease,
        token=1,
        claimed_at=now,
    )


def _row(claim: Claim) -> dict[str, Any]:
    return {
        "team": claim.place.team,
        "channel": claim.place.channel,
        "ts": claim.place.ts,
        "thread_ts": claim.thread_ts,
        "user": claim.user,
        "kind": claim.kind,
        "work": claim.work,
        "state": claim.state,
        "owner": claim.owner,
        "lease_until": claim.lease_until,
        "token": claim.token,
        "message_ts": claim.message_ts,
        "is_withdrawn": claim.is_withdrawn,
        "claimed_at": claim.claimed_at,
    }


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        place=Place(row.team, row.channel, row.ts),
        thread_ts=row.thread_ts,
        user=row.user,
        kind=row.kind,
        work=row.work,
        state=ClaimState(row.state),
        owner=row.owner,
        lease_until=row.lease_until,
        token=row.token,
        claimed_at=row.claimed_at,
        message_ts=row.message_ts,
        is_withdrawn=row.is_withdrawn,
    )


def _at(place: Place) -> ColumnElement[bool]:
    return and_(claims.c.team == place.team, claims.c.channel == place.channel, claims.c.ts == place.ts)
