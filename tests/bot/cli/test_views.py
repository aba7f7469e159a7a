"""Values laid out as lines: pure, width-aware, code left as it stands."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.answer import Answer
from bot.cli.layout import Page, columns, indented, markdown
from bot.cli.views import answer_view, entry_view
from bot.i18n import speaker
from bot.wording import filled, first_line, heading, sureness, together
from kb.model import Outcome, Remedy
from tests.standin import entry, hit

EN, FR = speaker("en"), speaker("fr")
LONG = (
    "az iot hub device-identity show --hub-name contoso-hub --device-id pump-7 --query deviceId --output tsv"
)


def printed(lines, width=60):
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, markup=False, emoji=False).print(
        Page(tuple(lines)), crop=False, end=""
    )
    return out.getvalue()


def answered(*hits, outcome=Outcome.ANSWER, **more):
    return Answer("q", "en-us", outcome, hits[0].confidence if hits else 0.0, tuple(hits), **more)


def test_code_is_neither_wrapped_nor_cut_however_deep_it_stands():
    text = printed(markdown(f"1. first\n   - inner\n\n     ```bash\n     {LONG}\n     ```\n"), width=40)
    assert LONG in text


def test_prose_fits_the_width_and_hangs_under_its_bullet():
    text = printed(markdown("- " + "word " * 40), width=30)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 30
    assert lines[0].startswith("• word")
    assert all(line.startswith("  word") for line in lines[1:])


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
def test_no_line_begins_with_a_colon_of_french(blank):
    text = (
        f"Connexion MQTT refusée{blank}: non autorisé, «{blank}not authorised{blank}» dit le broker{blank}!"
    )
    for width in range(24, 60):
        lines = printed(markdown(text), width).splitlines()
        assert not any(one.strip()[0] in ":»!" for one in lines)
        assert not any(one.endswith("«") for one in lines)
        assert " ".join(lines).replace("\u00a0", " ").replace("\u202f", " ") == text.replace(blank, " ")


def test_an_answer_in_whole_leaves_nothing_out():
    long = replace(
        entry("pump", causes=2), symptom="\n\n".join(f"line {n}" for n in range(30)), more="And more."
    )
    short, whole = (
        printed(answer_view(answered(hit(long)), EN, is_whole=is_whole)) for is_whole in (False, True)
    )
    assert ("line 29" in short, "And more." in short) == (False, False)
    assert all(told in whole for told in ("line 29", "And more.", "cause 2", long.url))


def test_a_link_shows_where_it_leads():
    assert "the page (https://docs.example/x)" in printed(markdown("see [the page](https://docs.example/x)"))


def test_a_quote_stands_behind_a_bar_and_a_heading_is_a_line():
    assert printed(markdown("> careful")) == "│ careful\n"
    assert printed(markdown("## Title")) == "Title\n"


def test_a_table_that_fits_is_columns_and_one_that_does_not_is_lines():
    assert printed(columns(("a", "b"), [("1", "2")])) == "a  b\n1  2\n"
    wide = printed(columns(("name", "what"), [("x", "y " * 45)]), width=200)
    assert wide.splitlines()[0] == "name: x"


def test_a_long_name_in_the_last_column_breaks_no_table():
    name = "400027-connectionforcefullyclosedonnewconnection#two-devices-same-identity"
    assert printed(columns(("Sure", "Entry"), [("5%", name)]), width=60) == f"Sure  Entry\n5%    {name}\n"


@given(st.text(max_size=300), st.integers(20, 100))
def test_any_document_is_laid_out_without_a_control_character(text, width):
    shown = printed(markdown(text), width)
    assert not any((ord(c) < 32 and c != "\n") or c == "\x7f" for c in shown.replace("\t", ""))


def test_two_causes_that_share_a_solution_stand_above_it_together():
    shared = [Remedy("a", "x"), Remedy("b", "x"), Remedy("c", "y"), Remedy("", "z")]
    assert together(shared) == [(["a", "b"], "x"), (["c"], "y"), ([], "z")]


def test_each_cause_has_its_solution_below_it():
    text = printed(entry_view(entry("pump", causes=2), EN))
    assert [
        text.index(part) for part in ("Cause 1", "Solution for cause 1", "Cause 2", "Solution for cause 2")
    ] == sorted(
        text.index(part) for part in ("Cause 1", "Solution for cause 1", "Cause 2", "Solution for cause 2")
    )


def test_choices_ask_which_and_show_how_to_read_each():
    told = answered(hit(entry("pump"), 0.4), hit(entry("valve"), 0.3), outcome=Outcome.CHOICES)
    text = printed(answer_view(told, EN))
    assert "Which one is it?" in text
    assert "\n1. Title of pump" in text
    assert "hubmedic kb show valve#one" in text
    assert "Type its number" in printed(answer_view(told, EN, is_talk=True))


def test_an_article_in_another_language_says_so_in_the_readers():
    told = answered(hit(entry("pump")), reader="fr")
    assert "n’existe qu’en anglais" in printed(answer_view(told, FR))


def test_the_heading_names_code_and_name_once():
    assert (
        heading(
            hit(entry("p", identifiers=["401003", "IoTHubUnauthorized"], title="401003 IoTHubUnauthorized"))
        )
        == "401003 IoTHubUnauthorized"
    )
    assert (
        heading(hit(entry("p", identifiers=["401003", "IoTHubUnauthorized"], title="Drops")))
        == "401003 IoTHubUnauthorized: Drops"
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.95, "very likely (95 %)"),
        (1.0, "very likely (99 %)"),
        (0.75, "likely (75 %)"),
        (0.1, "unsure (10 %)"),
    ],
)
def test_confidence_is_told_in_words_and_never_as_certainty(confidence, words):
    assert sureness(EN, confidence) == words


def test_what_the_paste_held_fills_the_commands():
    assert (
        filled("--hub {hub} -d {device} {module}", {"hub": "contoso", "device": "pump-7"})
        == "--hub contoso -d pump-7 {module}"
    )


@pytest.mark.parametrize("value", ["$(rm -rf ~)", "a;b", "x y", "`id`", "a&&b", "-rf", "a|b", "a\nb"])
def test_a_value_that_a_shell_would_obey_is_never_filled_in(value):
    assert filled("az -d {device}", {"device": value}) == "az -d {device}"


def test_the_first_line_prefers_prose_to_printed_messages():
    assert first_line("- `Error: 5`\n\nIt **drops** every hour.") == "It drops every hour."
    assert first_line("- `Error: 5`") == "Error: 5"
    assert first_line("") == ""
    assert len(first_line("word " * 100)) <= 160


@given(st.floats(0, 1), st.sampled_from(["en", "fr"]))
def test_any_confidence_has_words(confidence, language):
    assert "%" in sureness(speaker(language), confidence)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.CHOICES, Outcome.NONE])
def test_an_answer_reads_as_it_was_laid_out(golden, outcome, language):
    entries = [
        entry(
            "pump", causes=2, identifiers=["401003", "IoTHubUnauthorized"], title="The pump {pump} is stuck"
        ),
        entry("valve", locale="fr-fr", identifiers=["404001"], title="La vanne fuit"),
    ]
    hits = [
        hit(entries[0], 0.93, matched="Pump '{pump}' is stuck", captures={"pump": "north"}),
        hit(entries[1], 0.2, terms=("valve", "leaks")),
    ]
    shown = {Outcome.ANSWER: hits[:1], Outcome.CHOICES: hits, Outcome.NONE: []}[outcome]
    told = Answer(
        "Pump 'north' is stuck", "en-us", outcome, 0.93, tuple(shown), candidates=tuple(hits), reader=language
    )
    golden(
        f"views/{outcome.value}-{language}.txt",
        printed(answer_view(told, speaker(language), why=True), width=72),
    )


def coloured(lines, **environment):
    out = io.StringIO()
    console = Console(
        file=out,
        width=60,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        _environ=environment,
    )
    console.print(Page(tuple(lines)), crop=False, end="")
    return out.getvalue()


def test_on_a_terminal_titles_labels_and_code_stand_out():
    shown = coloured(answer_view(answered(hit(entry("pump", title="Stuck"))), EN))
    assert "\x1b[1mStuck\x1b[0m" in shown
    assert "\x1b[1;36mSymptom\x1b[0m" in shown
    assert "\x1b[1maz x\x1b[0m" in coloured(markdown("```\naz x\n```"))


def test_no_color_means_none():
    shown = coloured(answer_view(answered(hit(entry("pump"))), EN), NO_COLOR="1")
    assert "36m" not in shown


TABLE = (
    "| Client | When the connection is cut |\n|---|---|\n| Python | at the end of the life of the token |\n"
)


@pytest.mark.parametrize("width", [20, 30, 44, 45, 60, 100])
def test_a_table_never_reaches_beyond_a_terminal_that_could_hold_its_cells_one_below_the_other(width):
    text = printed(indented(markdown(TABLE)), width)
    assert max(map(len, text.splitlines())) <= width + 2
    assert ("Client: Python" in text) == (width < 45)
