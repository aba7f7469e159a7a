"""Findings put the confirmed entry, and the confirmed cause inside it, first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Finding, Status
from bot.checks import ordering
from bot.checks.catalogue import CHECKS, TITLES, catalogue
from bot.checks.facts import Rung
from bot.checks.telling import together
from kb.library import read_tree
from kb.model import Entry, Hit, Outcome, Remedy

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
ARTICLES = Path(__file__).parents[3] / "kb" / "articles"


def finding(check: str, status: Status = Status.CONFIRMED, **values: object) -> Finding:
    return Finding(check, status, "x", "GET /twins/d", NOW, values=values)


def entry(
    anchor: str,
    title: str,
    *causes: str,
    slug: str = "404001-devicenotfound",
    names: tuple[str, ...] = ("404001",),
) -> Entry:
    remedies = tuple(Remedy(cause, f"mend {cause}") for cause in causes)
    return Entry(slug, anchor, "en-us", f"en-us/{slug}.md", title, "t", names, (), "s", remedies)


def hit(of: Entry, confidence: float = 0.9) -> Hit:
    return Hit(of, confidence, {})


def answer(*hits: Hit, outcome: Outcome = Outcome.CHOICES, candidates: tuple[Hit, ...] = ()) -> Answer:
    return Answer("q", "en-us", outcome, 0.9, hits, candidates=candidates or hits)


MISSING = hit(entry("id-not-registered", "A call fails: the device is not registered"))
DISABLED = hit(entry("device-disabled", "The device is registered but disabled"))
OTHER = hit(entry("something", "Something else"))


def test_the_confirmed_entry_comes_first() -> None:
    told = ordering.with_findings(answer(MISSING, DISABLED), [finding("device-disabled")])
    assert told.hits == (DISABLED, MISSING)
    assert told.findings == (finding("device-disabled"),)


def test_what_is_ruled_out_goes_behind_the_rest_but_stays() -> None:
    told = ordering.order_hits((MISSING, OTHER), [finding("device-missing", Status.RULED_OUT)])
    assert told == (OTHER, MISSING)


def test_what_cannot_be_told_changes_nothing() -> None:
    assert ordering.order_hits((MISSING, DISABLED), [finding("device-disabled", Status.CANNOT_TELL)]) == (
        MISSING,
        DISABLED,
    )


def test_the_one_answer_gives_way_to_the_confirmed_entry_of_the_same_error() -> None:
    given_ = answer(MISSING, outcome=Outcome.ANSWER, candidates=(MISSING, DISABLED))
    assert ordering.with_findings(given_, [finding("device-disabled")]).hits == (DISABLED,)


def test_the_one_answer_does_not_give_way_to_another_error() -> None:
    quota = hit(entry("daily-message-quota", "quota", slug="403002-iothubquotaexceeded", names=("403002",)))
    given_ = answer(MISSING, outcome=Outcome.ANSWER, candidates=(MISSING, quota))
    assert ordering.with_findings(given_, [finding("quota-used-up")]).hits == (MISSING,)


@pytest.mark.parametrize("title", ["L’appareil est désactivé", "The device is DISABLED"])
def test_entries_of_other_trees_are_known_by_their_words_in_either_language(title: str) -> None:
    foreign = hit(entry("cause-2", title, slug="troubleshoot-404001"))
    assert ordering.order_hits((OTHER, foreign), [finding("device-disabled")]) == (foreign, OTHER)


def test_a_word_counts_from_its_start_only() -> None:
    unlike = hit(entry("x", "The feature was undisabledly slow"))
    assert ordering.order_hits((OTHER, unlike), [finding("device-disabled")]) == (OTHER, unlike)


def test_the_confirmed_cause_of_an_entry_comes_first() -> None:
    both = hit(entry("x", "Device not found", "The device is not registered.", "The device is disabled."))
    (told,) = ordering.order_hits((both,), [finding("device-disabled")])
    assert [remedy.cause for remedy in told.entry.remedies] == [
        "The device is disabled.",
        "The device is not registered.",
    ]
    assert told.entry.remedies[0].solution == "mend The device is disabled."


def test_a_misleading_name_speaks_for_the_error_that_it_hides() -> None:
    offline = hit(
        entry("device-offline", "offline", slug="404103-devicenotonline", names=("404103", "DeviceNotOnline"))
    )
    told = ordering.order_hits((MISSING, offline), [finding("error-name-misleads", really="404103")])
    assert told == (offline, MISSING)


def test_the_finding_that_confirms_an_entry_is_named() -> None:
    found = (finding("device-missing", Status.RULED_OUT), finding("device-disabled"))
    assert ordering.confirmed_by(DISABLED.entry, found) == finding("device-disabled")
    assert ordering.confirmed_by(OTHER.entry, found) is None


@given(
    st.permutations([MISSING, DISABLED, OTHER]),
    st.lists(st.sampled_from(sorted(TITLES)), max_size=4),
    st.sampled_from(Status),
)
def test_ordering_loses_and_invents_nothing(hits: list[Hit], faults: list[str], status: Status) -> None:
    told = ordering.order_hits(hits, [finding(fault, status) for fault in faults])
    assert sorted(one.entry.anchor for one in told) == sorted(one.entry.anchor for one in hits)


def test_an_answer_without_hits_keeps_its_findings() -> None:
    assert ordering.with_findings(answer(outcome=Outcome.NONE), [finding("device-disabled")]).findings


def test_every_entry_the_catalogue_names_is_in_the_packaged_articles_in_every_language() -> None:
    tree = read_tree(ARTICLES)
    for locale in ("en-us", "fr-fr"):
        ids = {one.id for article in tree.articles if article.locale == locale for one in article.entries}
        named = {name for said in catalogue().speaks.values() for name in said.entries}
        assert named - ids == set()


def test_the_catalogue_knows_only_faults_that_exist_and_all_have_a_name() -> None:
    book, faults = catalogue(), {check.fault for check in CHECKS}
    listed = {
        *book.quick,
        *book.always,
        *book.speaks,
        *(fault for _, of_error in book.errors for fault in of_error),
    }
    assert listed - faults == set()
    assert faults | {rung.value for rung in Rung} == set(TITLES)
    assert faults - set(book.speaks) == set()


def test_no_code_stands_for_two_errors() -> None:
    names = [name for names, _ in catalogue().errors for name in names]
    assert len(names) == len(set(names))


def test_findings_that_say_the_same_are_read_once() -> None:
    refused = [
        Finding(check, Status.CANNOT_TELL, "refused ({status})", "GET /twins/d", NOW, values={"status": 401})
        for check in ("device-missing", "device-disabled")
    ]
    (told,) = together(refused)
    assert told.titles == ("device missing", "device disabled")
    assert together([refused[0], finding("device-disabled")])[1].finding == finding("device-disabled")
