"""What is new since the index before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.shelf import News, Novelty, Shelf

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
FIRST = {("a#1", "en-us"): "1", ("b#1", "en-us"): "2"}


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_the_first_index_has_no_news(shelf: Shelf) -> None:
    assert not shelf.is_known("one")
    assert shelf.compare(FIRST, "one", now=T0) == 0
    assert shelf.is_known("one")
    assert list(shelf.news(T0)) == []


def test_what_came_and_what_changed_is_told_newest_first(shelf: Shelf) -> None:
    shelf.compare(FIRST, "one", now=T0)
    second = FIRST | {("c#1", "en-us"): "3", ("c#1", "fr-fr"): "3"}
    assert shelf.compare(second, "two", now=T0 + timedelta(hours=1)) == 2
    shelf.compare(second | {("a#1", "en-us"): "9"}, "three", now=T0 + timedelta(hours=2))
    assert list(shelf.news(T0)) == [
        Novelty("a#1", News.CHANGED, T0 + timedelta(hours=2)),
        Novelty("c#1", News.NEW, T0 + timedelta(hours=1)),
    ]
    assert [one.entry for one in shelf.news(T0, limit=1)] == ["a#1"]
    assert list(shelf.news(T0 + timedelta(hours=3))) == []


def test_an_entry_that_is_gone_is_new_when_it_comes_back(shelf: Shelf) -> None:
    shelf.compare(FIRST, "one", now=T0)
    shelf.compare({("a#1", "en-us"): "1"}, "two", now=T0)
    shelf.compare(FIRST, "three", now=T0 + timedelta(hours=1))
    assert [(one.entry, one.news) for one in shelf.news(T0)] == [("b#1", News.NEW)]


def test_a_translation_of_a_known_entry_is_a_change_of_it(shelf: Shelf) -> None:
    shelf.compare(FIRST, "one", now=T0)
    shelf.compare(FIRST | {("a#1", "fr-fr"): "4"}, "two", now=T0)
    assert [(one.entry, one.news) for one in shelf.news(T0)] == [("a#1", News.CHANGED)]


def test_a_large_index_is_written_in_turns(shelf: Shelf) -> None:
    shelf.compare(FIRST, "one", now=T0)
    many = {(f"x{n}#1", "en-us"): str(n) for n in range(450)}
    assert shelf.compare(many, "two", now=T0) == 450
    assert len(list(shelf.news(T0, limit=1000))) == 450
