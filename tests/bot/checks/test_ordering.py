"""Findings put the confirmed entry, and the confirmed cause inside it, first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Finding, Status
from bot.checks import ordering
from bot.checks.catalogue import CHECKS, TITLES, catalogue
from bot.checks.check import TEXT
from bot.checks.facts import Rung
from bot.checks.telling import together
from kb.library import read_tree
from kb.model import Entry, Hit, Outcome, Remedy

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
ARTICLES = Path(__file__).parents[3] / "kb" / "articles"


def finding(check: str, status: Status = Status.CONFIRMED, **values: object) -> Finding:
    return Finding(check, status, "x", "GET /twins/d", NOW, values=values)


def pasted(check: str, **values: object) -> Finding:
    """What a paste confirms by itself."""
    return replace(finding(check), values=values, source=TEXT)


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
    told = ordering.order_hits((MISSING, DISABLED), [finding("device-disabled")])
    assert told == (DISABLED, MISSING)


def test_what_is_ruled_out_goes_behind_the_rest_but_stays() -> None:
    told = ordering.order_hits((MISSING, OTHER), [finding("device-missing", Status.RULED_OUT)])
    assert [one.entry for one in told] == [OTHER.entry, MISSING.entry]


def test_what_is_ruled_out_stays_before_what_is_hardly_likely() -> None:
    unlikely = replace(OTHER, confidence=0.1)
    told = ordering.order_hits((MISSING, unlikely), [finding("device-missing", Status.RULED_OUT)])
    assert [one.entry for one in told] == [MISSING.entry, OTHER.entry]


def test_the_entry_that_a_confirmed_fault_names_is_the_answer_among_several() -> None:
    told = ordering.with_findings(answer(MISSING, DISABLED, OTHER), [finding("device-disabled")])
    assert (told.outcome, told.hits) == (Outcome.ANSWER, (DISABLED,))
    assert [one.entry for one in told.candidates] == [DISABLED.entry, MISSING.entry, OTHER.entry]
    assert told.findings == (finding("device-disabled"),)


def test_an_entry_found_below_others_is_at_least_as_sure_as_they_once_it_is_confirmed() -> None:
    low = replace(DISABLED, confidence=0.01)
    told = ordering.with_findings(
        answer(replace(MISSING, confidence=0.95), low), [finding("device-disabled")]
    )
    assert told.hits[0].entry == DISABLED.entry
    assert told.hits[0].confidence == told.confidence == 0.95


def test_an_entry_that_the_search_had_not_found_is_got_and_is_the_answer() -> None:
    connack = entry("connack-not-authorised", "refused", slug="401003-iothubunauthorized")
    known = {connack.id: connack}
    nothing = answer(outcome=Outcome.NONE, candidates=(replace(OTHER, confidence=0.02),))
    told = ordering.with_findings(nothing, [pasted("connect-refused", connack=5)], known.get)
    assert (told.outcome, told.hits[0].entry, told.confidence) == (Outcome.ANSWER, connack, 0.9)
    assert told.candidates[0] == told.hits[0]


def test_where_no_tree_has_the_entry_nothing_is_answered() -> None:
    told = ordering.with_findings(answer(outcome=Outcome.NONE), [pasted("connect-refused", connack=5)])
    assert (told.outcome, told.hits) == (Outcome.NONE, ())
    assert told.findings


@pytest.mark.parametrize(
    ("code", "entry_id"),
    [
        (1, "mqtt-connect-client-id-and-version#mqtt-3-1-client"),
        (2, "mqtt-connect-client-id-and-version#client-id-rejected"),
        (3, "503xxx-service-unavailable#503001"),
        (4, "401003-iothubunauthorized#connack-not-authorised"),
        (5, "401003-iothubunauthorized#connack-not-authorised"),
    ],
)
def test_each_return_code_of_a_refused_connect_has_its_own_entry(code: int, entry_id: str) -> None:
    def fetch(name: str) -> Entry:
        slug, _, anchor = name.partition("#")
        return entry(anchor, "x", slug=slug)

    told = ordering.with_findings(
        answer(outcome=Outcome.NONE), [pasted("connect-refused", connack=code)], fetch
    )
    assert told.hits[0].entry.id == entry_id


def test_of_two_confirmed_faults_the_special_one_is_the_answer() -> None:
    mistyped = hit(entry("id-spelt-differently", "under another spelling"))
    both = [finding("device-missing"), finding("device-id-mistyped")]
    assert ordering.with_findings(answer(MISSING, mistyped), both).hits == (mistyped,)


def test_what_the_error_is_not_looked_at_for_is_told_and_is_not_the_answer() -> None:
    drops = hit(entry("random-drops", "x", slug="404104-deviceconnectionclosedremotely", names=("404104",)))
    told = ordering.with_findings(answer(drops), [finding("device-missing")], lambda name: DISABLED.entry)
    assert (told.outcome, told.hits[0]) == (Outcome.CHOICES, drops)
    assert told.findings == (finding("device-missing"),)


def test_a_device_without_the_time_is_the_answer_rather_than_its_ended_token() -> None:
    clock = hit(entry("device-clock-wrong", "x", slug="401003-iothubunauthorized", names=("401003",)))
    both = [pasted("token-expired"), pasted("device-clock-off")]
    told = ordering.with_findings(answer(EXPIRED, clock), both)
    assert [one.entry for one in told.hits] == [clock.entry]


def test_an_error_that_hides_behind_the_name_takes_the_place_of_the_one_that_was_printed() -> None:
    queue = hit(entry("queue", "x", slug="403004-devicemaximumqueuedepthexceeded", names=("403004",)), 0.98)
    quota = entry("device-client-amqp", "x", slug="403002-iothubquotaexceeded", names=("403002",))
    printed = "DeviceMaximumQueueDepthExceededException"
    misleads = pasted("error-name-misleads", really="403002", printed=printed)
    told = ordering.with_findings(answer(queue, outcome=Outcome.ANSWER), [misleads], {quota.id: quota}.get)
    assert (told.hits[0].entry, told.confidence) == (quota, 0.98)


def test_what_cannot_be_told_changes_nothing() -> None:
    assert ordering.order_hits((MISSING, DISABLED), [finding("device-disabled", Status.CANNOT_TELL)]) == (
        MISSING,
        DISABLED,
    )


def test_the_one_answer_gives_way_to_the_confirmed_entry_of_the_same_error() -> None:
    given_ = answer(MISSING, outcome=Outcome.ANSWER, candidates=(MISSING, DISABLED))
    told = ordering.with_findings(given_, [finding("device-disabled")])
    assert told.hits == (DISABLED,)
    assert told.candidates == (DISABLED, MISSING)


def test_the_one_answer_does_not_give_way_to_another_error() -> None:
    quota = hit(entry("daily-message-quota", "quota", slug="403002-iothubquotaexceeded", names=("403002",)))
    given_ = answer(MISSING, outcome=Outcome.ANSWER, candidates=(MISSING, quota))
    assert ordering.with_findings(given_, [finding("quota-used-up")]).hits == (MISSING,)


def test_a_cause_that_the_error_is_looked_at_for_takes_its_place_though_another_article_tells_of_it() -> None:
    hourly = hit(
        entry("drops-hourly-then-reconnects", "x", slug="401003-iothubunauthorized", names=("401003",))
    )
    known = {DISABLED.entry.id: DISABLED.entry}
    given_ = answer(hourly, outcome=Outcome.ANSWER)
    told = ordering.with_findings(given_, [finding("device-disabled")], known.get)
    assert [one.entry for one in told.hits] == [DISABLED.entry]
    assert [one.entry for one in told.candidates] == [DISABLED.entry, hourly.entry]


EXPIRED = hit(entry("token-expired", "expired", slug="401003-iothubunauthorized", names=("401003",)), 0.95)
REFUSED = hit(
    entry("connack-not-authorised", "return code 5", slug="401003-iothubunauthorized", names=("401003",)), 0.4
)


def test_a_symptom_does_not_take_the_place_of_a_sure_answer_that_gives_the_cause() -> None:
    given_ = answer(EXPIRED, outcome=Outcome.ANSWER, candidates=(EXPIRED, REFUSED))
    assert ordering.with_findings(given_, [pasted("connect-refused", connack=5)]).hits == (EXPIRED,)


def test_it_does_where_it_is_all_that_was_asked() -> None:
    given_ = answer(EXPIRED, outcome=Outcome.ANSWER, candidates=(EXPIRED, REFUSED))
    told = ordering.with_findings(given_, [pasted("connect-refused", connack=5, is_all=True)])
    assert told.hits == (replace(REFUSED, confidence=0.95),)


@pytest.mark.parametrize(
    ("reasons", "is_kept"), [({"terms": 0.5}, False), ({"message": 0.9}, True), ({"identifier": 1.0}, True)]
)
def test_a_return_code_that_names_its_entry_gives_way_to_an_answer_found_by_more_than_words(
    reasons: dict[str, float], is_kept: bool
) -> None:
    socket = replace(
        hit(entry("socket-or-tls-not-opened", "state -2", slug="constrained", names=())), reasons=reasons
    )
    rejected = entry("client-id-rejected", "x", slug="mqtt-connect-client-id-and-version", names=())
    told = ordering.with_findings(
        answer(socket, outcome=Outcome.ANSWER),
        [pasted("connect-refused", connack=2)],
        {rejected.id: rejected}.get,
    )
    assert told.hits[0].entry == (socket.entry if is_kept else rejected)


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


@given(
    st.lists(st.tuples(st.sampled_from([MISSING, DISABLED, OTHER]), st.floats(0, 1)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(sorted(TITLES)), st.sampled_from(Status)), max_size=4),
    st.sampled_from([Outcome.CHOICES, Outcome.NONE]),
)
def test_no_hit_is_surer_than_the_one_above_it(
    found: list[tuple[Hit, float]], faults: list[tuple[str, Status]], outcome: Outcome
) -> None:
    hits = tuple(replace(one, confidence=sure) for one, sure in sorted(found, key=lambda pair: -pair[1]))
    told = ordering.with_findings(
        answer(*hits, outcome=outcome), [finding(fault, status) for fault, status in faults]
    )
    for shown in (told.hits, told.candidates):
        confidences = [one.confidence for one in shown]
        assert confidences == sorted(confidences, reverse=True)


def test_an_answer_without_hits_keeps_its_findings() -> None:
    assert ordering.with_findings(answer(outcome=Outcome.NONE), [finding("device-disabled")]).findings


def test_every_entry_the_catalogue_names_is_in_the_packaged_articles_in_every_language() -> None:
    tree = read_tree(ARTICLES)
    for locale in ("en-us", "fr-fr"):
        ids = {one.id for article in tree.articles if article.locale == locale for one in article.entries}
        named = {
            name
            for said in catalogue().speaks.values()
            for names in (said.entries, *said.by_value.values())
            for name in names
        }
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
