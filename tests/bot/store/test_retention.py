from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select, text

from bot.store.audit import Audit, Audited, AuditedCall
from bot.store.claims import Claims, Place, Wanted
from bot.store.database import Database
from bot.store.escalations import Draft, Drafts, Escalation, Escalations
from bot.store.feedback import FollowUps, Vote, Votes
from bot.store.installations import Installations
from bot.store.people import Mutes, People, Person
from bot.store.questions import Asked, Questions
from bot.store.retention import forget, purge
from bot.store.schema import metadata
from bot.store.threads import ThreadKey, Threads
from bot.store.upgrade import upgrade
from tests.databases import PostgresServer

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
LEASE = timedelta(seconds=10)
MONTH = timedelta(days=30)


def fill(database: Database, user: str, words: str, *, number: int, at: datetime = NOW) -> None:
    """Something of one person in every table."""
    place = Place("T1", "C1", f"{number}.1")
    thread = ThreadKey("T1", "C1", place.ts)
    claims = Claims(database)
    claim = claims.take(
        Wanted(place, f"Ev{number}", user, "mention", f'{{"text": "{words}"}}'),
        owner="me",
        now=at,
        lease=LEASE,
    )
    assert claim is not None
    claims.posted(claim, f"{number}.5", now=at)
    claims.done(claim, now=at)
    Threads(database, str).save(thread, words, user=user, now=at)
    People(database).choose(Person("T1", user, "fr-fr"), now=at)
    Mutes(database).mute("T1", f"C{number}", user=user, now=at)
    Questions(database).record(
        Asked(place, user, "mention", words, "en", "en-us", "none", 0.1, (), asked_at=at)
    )
    Votes(database).cast(Vote(place, f"{number}.5", user, is_up=False, comment=words), now=at)
    FollowUps(database).plan(place, user=user, post_at=at)
    Escalations(database).open(Escalation(thread, user, words, (words,), "S1", "en", at))
    Drafts(database).keep(Draft(thread, user, "UX", "en", words, words, at))
    Audit(database).write(
        Audited(at, "T1", "C1", user, "lab", "pump-7", (AuditedCall("GET", "/twins/pump-7", 200),), 0.5)
    )
    Installations(database, "client").save(
        Installation(app_id="A1", team_id="T1", bot_token="xoxb-made-here", user_id=user)
    )


def everything(database: Database) -> str:
    with database.read() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in metadata.sorted_tables
            for row in connection.execute(select(text("*")).select_from(table))
        )


def n_rows(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.scalar(text(f'SELECT count(*) FROM "{table.name}"')) or 0
            for table in metadata.sorted_tables
        }


def test_what_is_too_old_goes_and_the_rest_stays(database: Database) -> None:
    fill(database, "UOLD", "words of long ago", number=1, at=NOW - MONTH - timedelta(seconds=1))
    fill(database, "UNEW", "words of today", number=2)

    deleted = purge(database, now=NOW, keep=MONTH)

    left = everything(database)
    assert "words of long ago" not in left
    assert "words of today" in left
    assert deleted.rows == dict.fromkeys(deleted.rows, 1)
    assert len(deleted.rows) == 9


def test_what_a_person_chose_does_not_grow_old(database: Database) -> None:
    fill(database, "U1", "words", number=1, at=NOW - 100 * MONTH)

    purge(database, now=NOW, keep=MONTH)

    assert People(database).find("T1", "U1").language == "fr-fr"
    assert Mutes(database).is_muted("T1", "C1")


def test_claims_are_kept_at_least_while_slack_may_send_an_event_again(database: Database) -> None:
    with pytest.raises(ValueError, match="at least"):
        purge(database, now=NOW, keep=timedelta(hours=1))


def test_nothing_of_a_forgotten_person_is_left(database: Database) -> None:
    fill(database, "UPRIVATE", "private words", number=1)
    fill(database, "UOTHER", "other words", number=2)
    Escalations(database).close(ThreadKey("T1", "C1", "2.1"), by="UPRIVATE", now=NOW)
    called = Escalation(ThreadKey("T1", "C1", "3.1"), "UX", "words", (), "UPRIVATE", "en", NOW)
    Escalations(database).open(called)

    deleted = forget(database, "T1", "UPRIVATE")

    left = everything(database)
    assert "UPRIVATE" not in left
    assert "private words" not in left
    assert left.count("UOTHER") == 12
    assert deleted.total == 11


def test_a_forgotten_person_is_not_answered_twice_either(database: Database) -> None:
    fill(database, "U1", "words", number=1)

    forget(database, "T1", "U1")

    again = Wanted(Place("T1", "C1", "1.1"), "Ev9", "U1", "mention", "{}")
    assert Claims(database).take(again, owner="me", now=NOW, lease=LEASE) is None
    found = Claims(database).find(again.place)
    assert found is not None
    assert found.message_ts == "1.5"


def test_the_same_name_in_another_workspace_is_another_person(database: Database) -> None:
    fill(database, "U1", "words", number=1)

    assert forget(database, "T2", "U1").total == 0
    assert n_rows(database)["questions"] == 1


def test_forgetting_the_installer_leaves_the_bot_its_token(database: Database) -> None:
    fill(database, "U1", "words", number=1)

    forget(database, "T1", "U1")

    assert Installations(database, "client").find_bot(enterprise_id=None, team_id="T1") is not None


@pytest.mark.parametrize("way", ["purge", "forget"])
def test_no_copy_is_left_in_the_files_of_sqlite(tmp_path: Path, way: str) -> None:
    url = f"sqlite:///{tmp_path}/hub.db"
    upgrade(url)
    database = Database(url)
    for number in range(200):
        fill(database, "UPRIVATE", f"private words {number}", number=number, at=NOW - 2 * MONTH)
    assert any(b"private words" in file.read_bytes() for file in tmp_path.iterdir())

    if way == "purge":
        purge(database, now=NOW, keep=MONTH)
    else:
        forget(database, "T1", "UPRIVATE")

    assert not [file.name for file in tmp_path.iterdir() if b"private words" in file.read_bytes()]
    database.close()


def test_no_row_is_left_behind_in_postgresql(postgres: PostgresServer) -> None:
    database = Database(postgres.new())
    for number in range(50):
        fill(database, "UPRIVATE", f"private words {number}", number=number)

    forget(database, "T1", "UPRIVATE")

    with database.read() as connection:
        query = "SELECT relname, relpages, reltuples FROM pg_class WHERE relname IN ('questions', 'votes')"
        left = {row.relname: (row.relpages, row.reltuples) for row in connection.execute(text(query))}
    assert left == {"questions": (0, 0), "votes": (0, 0)}
    database.close()
