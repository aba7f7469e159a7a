from __future__ import annotations

from datetime import UTC, datetime

from bot.store.database import Database
from bot.store.people import Mutes, People, Person

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_a_person_who_never_chose_has_the_defaults(database: Database) -> None:
    assert People(database).find("T1", "U1") == Person("T1", "U1", language="", is_muted=False)


def test_the_last_choice_counts(database: Database) -> None:
    people = People(database)
    people.choose(Person("T1", "U1", "fr-fr"), now=NOW)
    people.choose(Person("T1", "U1", "en-us", is_muted=True), now=NOW)

    assert people.find("T1", "U1") == Person("T1", "U1", "en-us", is_muted=True)
    assert people.find("T2", "U1").language == ""


def test_a_muted_thread_leaves_the_rest_of_the_channel_alone(database: Database) -> None:
    mutes = Mutes(database)
    mutes.mute("T1", "C1", "1.1", user="U1", now=NOW)

    assert mutes.is_muted("T1", "C1", "1.1")
    assert not mutes.is_muted("T1", "C1", "1.2")
    assert not mutes.is_muted("T1", "C1")


def test_a_muted_channel_is_quiet_in_every_thread(database: Database) -> None:
    mutes = Mutes(database)
    mutes.mute("T1", "C1", user="U1", now=NOW)
    mutes.mute("T1", "C1", user="U2", now=NOW)

    assert mutes.is_muted("T1", "C1", "1.1")
    assert not mutes.is_muted("T1", "C2", "1.1")


def test_unmuting_is_once(database: Database) -> None:
    mutes = Mutes(database)
    mutes.mute("T1", "C1", user="U1", now=NOW)

    assert mutes.unmute("T1", "C1")
    assert not mutes.unmute("T1", "C1")
    assert not mutes.is_muted("T1", "C1")
