"""A conversation is a frozen value: what was asked, what is on the table, and what each follow-up makes of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.conversation import Conversation, Kind, follow, talk
from bot.errors import NothingAsked
from bot.followups import Intent, Understood
from bot.store.frozen import Codec
from kb.model import Outcome
from tests.standin import StandIn, entry, hit

STORED = Codec(Conversation)
"""As a thread of Slack keeps it."""
PUMP = entry("pump", causes=2, identifiers=["401003"], title="The pump is stuck")
VALVE = entry("valve", identifiers=["404001"], title="The valve leaks")
TANK = entry("tank", title="The tank is empty")
PUMP_FR = entry("pump", locale="fr-fr", causes=2, title="La pompe est bloquée")

SURE = (Outcome.ANSWER, [hit(PUMP, 0.9, captures={"hub": "lab"}), hit(VALVE, 0.05), hit(TANK, 0.001)], None)
CLOSE = (Outcome.CHOICES, [hit(PUMP, 0.4), hit(VALVE, 0.3), hit(TANK, 0.2)], None)


@pytest.fixture
def ask():
    found = {
        "stuck": SURE,
        "close": CLOSE,
        "valve code 404001": (Outcome.ANSWER, [hit(VALVE, 0.95, reasons={"identifier": 1.0})], None),
        "53": (Outcome.ANSWER, [hit(VALVE, 0.95, reasons={"identifier": 1.0})], None),
        "EX1234": (Outcome.ANSWER, [hit(VALVE, 0.95, reasons={"identifier": 1.0})], None),
        "alike": (
            Outcome.CHOICES,
            [
                *(hit(entry(f"e{n}"), 0.9) for n in range(3)),
                hit(VALVE, 0.05),
                *(hit(entry(f"f{n}"), 0.04) for n in range(6)),
            ],
            None,
        ),
        "one code": (
            Outcome.CHOICES,
            [
                hit(entry("hourly", identifiers=["401003"], title="Drops hourly with 401003"), 0.5),
                hit(entry("expired", identifiers=["401003"], title="The token is over"), 0.4),
            ],
            None,
        ),
        "unheard of": (Outcome.NONE, [hit(TANK, 0.01)], None),
        "unheard of\nwater": (Outcome.ANSWER, [hit(TANK, 0.8)], None),
        "unheard of\nclose": (Outcome.ANSWER, [hit(TANK, 0.8)], None),
    }
    return Assistant(StandIn(found, [PUMP, PUMP_FR])).answer


def conversed(ask, *texts, **kwargs):
    state, replies = Conversation(), []
    for text in texts:
        state, reply = talk(state, text, ask, **kwargs)
        replies.append(reply)
    return state, replies


def test_entries_that_were_all_likely_leave_little_to_the_others_when_they_are_ruled_out(ask):
    _, replies = conversed(ask, "alike", "none of them")
    assert replies[-1].kind is Kind.NEXT
    assert replies[-1].answer.hits[0].confidence == pytest.approx(0.05 / 0.29)


def test_a_device_named_while_there_is_something_to_choose_is_remembered(ask):
    state, replies = conversed(ask, "close", "pump-7", "1")
    assert (state.device, replies[1].answer.outcome) == ("pump-7", Outcome.CHOICES)
    assert replies[2].answer.hits[0].captures["device"] == "pump-7"


def test_an_answer_is_on_the_table(ask):
    state, [reply] = conversed(ask, "stuck")
    assert (reply.kind, reply.answer.hits[0].entry) == (Kind.ANSWER, PUMP)
    assert (state.query, state.entry, state.cause) == ("stuck", PUMP.id, 0)


def test_what_did_not_help_gives_way_to_the_next_cause_then_the_next_entry_then_an_end(ask):
    _, replies = conversed(ask, "stuck", "didn't help", "still the same", "no luck", "no luck")
    assert [(one.kind, one.cause) for one in replies] == [
        (Kind.ANSWER, 0),
        (Kind.CAUSE, 1),
        (Kind.NEXT, 0),
        (Kind.NOTHING_LEFT, 0),
        (Kind.NOTHING_LEFT, 0),
    ]
    assert replies[2].answer.hits[0].entry == VALVE


def test_an_entry_that_hardly_fits_is_not_offered(ask):
    state, _ = conversed(ask, "stuck", "next", "next", "next")
    assert TANK.id not in state.tried


def test_a_second_guess_is_never_called_sure(ask):
    _, replies = conversed(ask, "stuck", "next", "next")
    assert replies[-1].answer.hits[0].confidence <= 0.6


def test_a_number_or_words_choose_among_several(ask):
    for chosen in ("2", "the second", "leaks valve"):
        state, replies = conversed(ask, "close", chosen)
        assert replies[-1].answer.hits[0].entry == VALVE, chosen
        assert (state.entry, state.offered) == (VALVE.id, ())


def test_a_number_that_is_not_offered_leaves_the_choice_as_it_is(ask):
    state, replies = conversed(ask, "close", "9", "0.", "12)\n")
    assert [(one.kind, one.n_offered) for one in replies[1:]] == [(Kind.NO_CHOICE, 3)] * 3
    assert len(state.offered) == 3


def test_a_number_where_nothing_is_offered_leaves_the_answer_on_the_table(ask):
    before, _ = conversed(ask, "stuck")
    after, replies = conversed(ask, "stuck", "2")
    assert (replies[-1].kind, replies[-1].n_offered, after) == (Kind.NO_CHOICE, 0, before)


def test_a_small_number_that_the_documents_know_is_a_question(ask):
    state, _ = conversed(ask, "53")
    assert state.entry == VALVE.id


AFTER_AN_ANSWER = [
    ("another cause", Kind.CAUSE), ("autre cause", Kind.CAUSE), ("plus de détails", Kind.MORE), ("tell me more", Kind.MORE),
    ("why?", Kind.WHY), ("run the checks", Kind.CHECK), ("en français", Kind.ANSWER), ("2", Kind.NO_CHOICE), ("merci", Kind.THANKS),
    ("it works now", Kind.WORKED), ("ok, je teste", Kind.NOTED),
]  # fmt: skip
AFTER_NOTHING = [
    ("another cause", Kind.NOTHING_YET), ("autre cause", Kind.NOTHING_YET), ("didn't help", Kind.NOTHING_YET),
    ("plus de détails", Kind.NOTHING_YET), ("why?", Kind.WHY), ("run the checks", Kind.CHECK), ("en français", Kind.ANSWER),
    ("2", Kind.NO_CHOICE), ("merci", Kind.THANKS), ("it works now", Kind.WORKED), ("ok", Kind.NOTED),
]  # fmt: skip
AMONG_CHOICES = [
    ("none of these", Kind.NOTHING_LEFT), ("plus de détails", Kind.ANSWER), ("why?", Kind.WHY), ("en français", Kind.ANSWER),
    ("7", Kind.NO_CHOICE), ("merci", Kind.THANKS), ("ok", Kind.NOTED),
]  # fmt: skip
AFTER_THE_LAST = [
    ("another cause", Kind.NOTHING_LEFT), ("more details", Kind.NOTHING_LEFT), ("en français", Kind.NOTHING_LEFT),
    ("why?", Kind.WHY), ("2", Kind.NO_CHOICE), ("merci", Kind.THANKS),
]  # fmt: skip
AT_THE_BEGINNING = [
    ("another cause", Kind.NOTHING_YET), ("plus de détails", Kind.NOTHING_YET), ("why?", Kind.NOTHING_YET), ("check", Kind.NOTHING_YET),
    ("en français", Kind.SPEAK), ("2", Kind.NO_CHOICE), ("merci", Kind.THANKS), ("ça marche", Kind.WORKED), ("ok", Kind.NOTED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "text", "kind"),
    [
        (before, text, kind)
        for before, said in (
            (("stuck",), AFTER_AN_ANSWER),
            (("unheard of",), AFTER_NOTHING),
            (("close",), AMONG_CHOICES),
            (("stuck", "next", "next", "next"), AFTER_THE_LAST),
            ((), AT_THE_BEGINNING),
        )
        for text, kind in said
    ],
)
def test_every_follow_up_is_taken_for_what_it_is_wherever_it_is_said(ask, before, text, kind):
    _, replies = conversed(ask, *before, text)
    assert replies[-1].kind is kind


def test_after_nothing_was_found_another_cause_cites_nothing(ask):
    _, replies = conversed(ask, "unheard of", "another cause")
    assert replies[-1].answer.hits == ()


def test_before_the_first_question_a_follow_up_is_answered_in_its_language(ask):
    _, replies = conversed(ask, "autre cause")
    assert (replies[-1].answer, replies[-1].reader) == (None, "fr")


def test_more_of_an_answer_is_the_entry_on_the_table_and_leaves_it_there(ask):
    before, _ = conversed(ask, "stuck", "next")
    after, replies = conversed(ask, "stuck", "next", "more details")
    assert (replies[-1].answer.hits[0].entry, replies[-1].cause, after) == (PUMP, 1, before)


def test_words_in_passing_take_no_answer_off_the_table(ask):
    _, replies = conversed(ask, "stuck", "hm where would I see that", "no luck")
    assert replies[1].answer.outcome is Outcome.NONE
    assert replies[2].kind is Kind.CAUSE


def test_an_error_that_nobody_knows_takes_the_answer_off_the_table(ask):
    _, replies = conversed(ask, "stuck", "error 77123 in the frobnicator", "no luck")
    assert replies[-1].kind is Kind.NOTHING_YET


def test_none_of_the_offered_goes_on_to_what_is_left(ask):
    _, replies = conversed(ask, "close", "none of these")
    assert replies[-1].kind is Kind.NOTHING_LEFT


def test_a_new_error_in_the_middle_is_a_new_question(ask):
    state, replies = conversed(ask, "stuck", "valve code 404001")
    assert (replies[-1].kind, state.entry, state.tried) == (Kind.ANSWER, VALVE.id, ())


def test_the_answer_is_repeated_in_another_language(ask):
    state, replies = conversed(ask, "stuck", "en français")
    assert (replies[-1].kind, replies[-1].answer.hits[0].entry, replies[-1].reader) == (
        Kind.ANSWER,
        PUMP_FR,
        "fr",
    )
    assert state.locale == "fr"


def test_words_in_french_are_answered_in_french(ask):
    _, replies = conversed(ask, "stuck", "ça n'a pas marché")
    assert (replies[-1].reader, replies[-1].answer.hits[0].entry) == ("fr", PUMP_FR)


def test_a_language_that_was_chosen_stays_whatever_is_said(ask):
    _, replies = conversed(ask, "stuck", "in English", "ça n'a pas marché")
    assert replies[-1].reader == "en"


def test_a_language_can_be_chosen_before_the_first_question(ask):
    state, replies = conversed(ask, "en français", "stuck")
    assert replies[0].kind is Kind.SPEAK
    assert replies[1].answer.hits[0].entry == PUMP_FR
    assert state.locale == "fr"


def test_a_bare_device_name_fills_what_was_missing(ask):
    state, replies = conversed(ask, "stuck", "pump-7")
    assert state.device == "pump-7"
    assert replies[-1].answer.hits[0].captures == {"hub": "lab", "device": "pump-7"}


def test_a_name_that_the_documents_know_is_no_device(ask):
    state, _ = conversed(ask, "stuck", "EX1234")
    assert (state.entry, state.device) == (VALVE.id, "")


def test_checks_wait_for_the_device_they_need(ask):
    state, replies = conversed(ask, "stuck", "run the checks", "pump-7")
    assert [one.kind for one in replies] == [Kind.ANSWER, Kind.CHECK, Kind.CHECK]
    assert replies[-1].answer.hits[0].captures["device"] == "pump-7"
    assert not state.waits_to_check


def test_a_check_may_name_its_hub(ask):
    _, replies = conversed(ask, "stuck", "check Lab", hubs=("lab",))
    assert replies[-1].hub == "Lab"


def test_why_and_thanks_leave_everything_as_it_is(ask):
    before, _ = conversed(ask, "stuck")
    after, replies = conversed(ask, "stuck", "why?", "thanks")
    assert [one.kind for one in replies[1:]] == [Kind.WHY, Kind.THANKS]
    assert after == before


def test_more_about_what_was_not_found_is_asked_together_with_it(ask):
    _, replies = conversed(ask, "unheard of", "water")
    assert replies[-1].answer.hits[0].entry == TANK


def test_words_that_told_nothing_do_not_choose_among_what_is_asked_next(ask):
    _, replies = conversed(ask, "unheard of", "close")
    assert replies[1].answer.outcome is Outcome.CHOICES


def test_a_thank_you_before_any_question_is_taken_as_one_in_its_language(ask):
    _, replies = conversed(ask, "merci")
    assert (replies[0].kind, replies[0].reader) == (Kind.THANKS, "fr")


def test_a_code_that_all_of_the_offered_have_chooses_none_of_them(ask):
    _, replies = conversed(ask, "one code", "401003")
    assert replies[1].answer is not None
    assert replies[1].answer.outcome is not Outcome.ANSWER
    state, _ = conversed(ask, "one code", "hourly drops")
    assert state.entry.startswith("hourly")


def test_a_button_needs_no_understanding(ask):
    state, _ = conversed(ask, "stuck")
    state, reply = follow(state, Understood(Intent.NEXT), ask)
    assert (reply.kind, state.cause) == (Kind.CAUSE, 1)
    assert follow(Conversation(), Understood(Intent.NEXT), ask)[1].kind is Kind.NOTHING_YET


def test_what_cannot_be_asked_leaves_the_conversation_where_it_was(ask):
    with pytest.raises(NothingAsked):
        talk(Conversation(), "  ", ask)


def test_a_conversation_survives_being_stored(ask):
    state, _ = conversed(ask, "close", "2", "didn't help", "pump-7")
    stored = STORED.dump(state)
    assert STORED.load(stored) == state
    assert STORED.load(json.dumps(json.loads(stored) | {"field_of_another_version": 1})) == state


@given(
    st.lists(
        st.sampled_from(
            [
                "stuck",
                "close",
                "next",
                "2",
                "en français",
                "in English",
                "why",
                "pump-7",
                "run the checks",
                "merci",
                "more details",
                "7",
                "where is that",
                "unheard of 4711",
            ]
        ),
        max_size=8,
    )
)
def test_any_order_of_turns_gets_replies_and_a_state_that_can_be_stored(texts):
    found = {"stuck": SURE, "close": CLOSE}
    state, replies = conversed(Assistant(StandIn(found, [PUMP, PUMP_FR])).answer, *texts)
    assert len(replies) == len(texts)
    assert STORED.load(STORED.dump(state)) == state
