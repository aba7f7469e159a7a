"""What was asked and what came of it: the material of the gap report, redacted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select, update

from bot.store.claims import Place
from bot.store.database import Database
from bot.store.schema import questions, votes
from bot.store.statements import insert_or_change


class Result(StrEnum):
    """What the asker says came of an answer."""

    UNKNOWN = ""
    WORKED = "worked"
    DID_NOT_WORK = "did-not-work"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its outcome."""

    place: Place
    user: str
    kind: str
    """How it came: ``"mention"``, ``"dm"``, ``"command"``…"""
    text: str
    """Redacted."""
    language: str
    """Language of the question's own words; empty when it has none."""
    locale: str
    """Locale of the answer."""
    outcome: str
    """``answer``, ``choices`` or ``none``."""
    confidence: float
    entries: tuple[str, ...]
    """Ids of the entries shown, first one first."""
    asked_at: datetime
    result: Result = Result.UNKNOWN


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that found no answer, or one that did not help."""

    asked: Asked
    n_up: int
    n_down: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions of one kind, for reports and metrics."""

    channel: str
    language: str
    outcome: str
    n: int
    n_worked: int
    n_did_not_work: int


class Questions:
    """Questions, by their place in Slack."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, asked: Asked) -> None:
        """Keep a question and its outcome; one that was edited takes the place of what it was."""
        row = {
            "team": asked.place.team,
            "channel": asked.place.channel,
            "ts": asked.place.ts,
            "user": asked.user,
            "kind": asked.kind,
            "language": asked.language,
            "locale": asked.locale,
            "text": asked.text,
            "outcome": asked.outcome,
            "confidence": asked.confidence,
            "entries": json.dumps(asked.entries),
            "result": asked.result,
            "asked_at": asked.asked_at,
        }
        with self._database.write() as connection:
            insert_or_change(connection, questions, row, key=("team", "channel", "ts"))

    def came_of(self, place: Place, result: Result) -> bool:
        """Keep what the asker says came of the answer; False when the question is not known any more."""
        with self._database.write() as connection:
            changed = connection.execute(update(questions).where(_at(place)).values(result=result))
        return changed.rowcount > 0

    def find(self, place: Place) -> Asked | None:
        """One question, None when it is not known any more."""
        with self._database.read() as connection:
            row = connection.execute(select(questions).where(_at(place))).one_or_none()
        return None if row is None else _asked(row)

    def gaps(self, since: datetime, *, team: str | None = None, limit: int = 10_000) -> Iterator[Gap]:
        """Questions without an answer that helped, newest first.

        Those are: outcome ``none``, more thumbs down than up, or an asker who says it did not work or needed a human.
        """
        n_up = func.coalesce(func.sum(case((votes.c.is_up, 1), else_=0)), 0)
        n_down = func.coalesce(func.sum(case((votes.c.is_up, 0), (votes.c.user.is_not(None), 1), else_=0)), 0)
        cast = and_(
            votes.c.team == questions.c.team,
            votes.c.channel == questions.c.channel,
            votes.c.question_ts == questions.c.ts,
        )
        query = (
            select(questions, n_up.label("n_up"), n_down.label("n_down"))
            .outerjoin(votes, cast)
            .where(questions.c.asked_at >= since)
            .group_by(questions.c.id)
            .having(
                (questions.c.outcome == "none")
                | questions.c.result.in_((Result.DID_NOT_WORK, Result.ESCALATED))
                | (n_down > n_up)
            )
            .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
            .limit(limit)
        )
        if team is not None:
            query = query.where(questions.c.team == team)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield Gap(_asked(row), int(row.n_up), int(row.n_down))

    def counts(self, since: datetime, *, team: str | None = None) -> tuple[Count, ...]:
        """How many were asked and what came of them, by channel, language and outcome."""
        key = (questions.c.channel, questions.c.language, questions.c.outcome)
        query = (
            select(
                *key,
                func.count().label("n"),
                func.sum(case((questions.c.result == Result.WORKED, 1), else_=0)).label("n_worked"),
                func.sum(case((questions.c.result == Result.DID_NOT_WORK, 1), else_=0)).label(
                    "n_did_not_work"
                ),
            )
            .where(questions.c.asked_at >= since)
            .group_by(*key)
            .order_by(*key)
        )
        if team is not None:
            query = query.where(questions.c.team == team)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Count(row.channel, row.language, row.outcome, row.n, int(row.n_worked), int(row.n_did_not_work))
            for row in rows
        )


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        place=Place(row.team, row.channel, row.ts),
        user=row.user,
        kind=row.kind,
        text=row.text,
        language=row.language,
        locale=row.locale,
        outcome=row.outcome,
        confidence=row.confidence,
        entries=tuple(json.loads(row.entries)),
        asked_at=row.asked_at,
        result=Result(row.result),
    )


def _at(place: Place) -> ColumnElement[bool]:
    return and_(
        questions.c.team == place.team, questions.c.channel == place.channel, questions.c.ts == place.ts
    )
