from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import check, mutated
from kb.errors import ArticleError
from kb.files import Includes, decode
from kb.links import Addresses
from kb.parsing import parse_article

CORPUS = Path(__file__).parents[1] / "corpus"


def article(name, locale="en-us", **options):
    text = decode((CORPUS / name).read_bytes(), name)
    slug = name.removesuffix(".md")
    return parse_article(
        text, path=name, slug=slug, locale=locale, include=Includes(CORPUS, name), **options
    ).article


def entries(name, locale="en-us"):
    return article(name, locale).entries


def of_text(text, locale="en-us"):
    return parse_article(text, path="x.md", slug="x", locale=locale).article.entries


def messages(entry):
    return [message.text for message in entry.messages]


class TestPairing:
    def test_a_numbered_symptom_has_the_cause_and_solution_of_its_number(self):
        first, second = entries("symptoms-numbered-with-their-causes.md")
        assert [(one.cause, one.solution) for one in first.remedies] == [
            ("The pass of the pump ran out.", "Nothing: the pump fetches a new pass.")
        ]
        assert second.cause == "The station could not read the pass."
        assert (first.anchor, second.anchor) == ("symptom-1", "symptom-2")
        assert first.identifiers == second.identifiers == ("51003", "PumpRefused")

    def test_two_causes_of_one_symptom_stay_together_and_share_its_solution(self):
        (entry,) = entries("two-causes-one-solution.md")
        assert [one.cause for one in entry.remedies] == [
            "As a rule two hoses sit on one socket.\n\nThe old hose was never taken off.",
            "The plan shows the socket twice.",
        ]
        assert {one.solution for one in entry.remedies} == {"Take one hose off."}

    def test_a_cause_under_a_heading_of_its_own_has_the_solution_below_it(self):
        (entry,) = entries("causes-under-headings-of-their-own.md")
        assert [one.solution for one in entry.remedies] == ["Ask the keeper.", "Have it filed."]
        assert entry.remedies[0].cause.endswith("**The key is not on the ring**\n\nThe keeper took it home.")
        assert messages(entry) == ['Gate 7 cannot be opened. Reason: "no key fits"']

    def test_a_symptom_without_number_shares_all_causes(self):
        (entry,) = of_text(
            "# A\n\n## Symptoms\n\ns\n\n## Cause 1\n\nc1\n\n## Cause 2\n\nc2\n\n## Solution 1\n\ns1\n\n## Solution 2\n\ns2"
        )
        assert [(one.cause, one.solution) for one in entry.remedies] == [("c1", "s1"), ("c2", "s2")]

    def test_a_solution_is_for_the_causes_before_it_that_have_none(self):
        (entry,) = of_text(
            "# A\n\n## Cause\n\nc1\n\n## Solution\n\ns1\n\n## Cause\n\nc2\n\n## Cause\n\nc3\n\n## Solution\n\ns23"
        )
        assert [(one.cause, one.solution) for one in entry.remedies] == [
            ("c1", "s1"),
            ("c2", "s23"),
            ("c3", "s23"),
        ]

    def test_a_symptom_behind_a_solution_begins_the_next_problem(self):
        text = "# A\n\n## B\n\n### Symptom\n\ns1\n\n### Solution\n\nr1\n\n### Symptom\n\ns2\n\n### Solution\n\nr2"
        assert [(one.symptom, one.solution) for one in of_text(text)] == [("s1", "r1"), ("s2", "r2")]
        assert [one.anchor for one in of_text(text)] == ["b", "b-2"]


class TestPlaces:
    def test_headings_may_title_parts_at_their_own_level(self):
        first, second = entries("titles-beside-their-parts.md")
        assert (first.title, first.identifiers, first.solution) == (
            "The winch turns backwards",
            ("WINCH_E_BACKWARDS",),
            "Swap two of them.",
        )
        assert (second.title, second.identifiers) == ("The winch hums", ("7044",))
        assert second.solution == "**Steps to put the rope on**\n\n1. Open the cover.\n2. Lay the rope in."

    def test_bold_words_head_parts_with_and_without_a_colon(self):
        first, second = entries("bold-words-for-headings.md")
        assert (first.cause, first.solution) == ("A stone lies in the rail.", "Take the stone out.")
        assert messages(first) == ["Door contact lost"]
        assert second.cause == "The magnet of that floor fell off."
        assert second.solution == "Glue it on again.\n\n**Note** that glue needs a day."

    def test_a_list_of_parts_is_a_problem_each(self):
        first, second = entries("parts-in-a-list.md")
        assert (first.symptom, first.solution) == (
            "The kiosk loses its time overnight.",
            "Leave the lamp on.",
        )
        assert (second.cause, second.solution) == ("Two drivers are loaded.", "Take one out.")

    def test_running_text_is_told_apart_by_how_it_opens(self):
        (entry,) = entries("text-that-no-heading-divides.md")
        assert entry.symptom == "When you light the oven, you might see `60012 OvenCold` after a minute."
        assert entry.cause == "This error occurs because the gas is shut. The valve may be stiff."
        assert entry.solution.startswith("To resolve this error:\n\n1. Open the valve.")
        assert entry.messages == ()

    def test_a_page_on_one_subject_is_an_entry_for_each_section(self):
        assert [entry.title for entry in entries("one-subject-many-sections.md")] == [
            "Watch the harbour",
            "Watch from the tower",
            "Watch from the pier",
        ]

    def test_steps_are_not_torn_apart(self):
        (entry,) = entries("steps-stay-together.md")
        assert "**Step 2: Put the weights on**" in entry.solution

    def test_links_to_elsewhere_are_not_answered(self):
        text = "\n".join(
            entry.symptom + entry.solution + entry.more for entry in entries("one-subject-many-sections.md")
        )
        assert "gates" not in text.replace("second gate", "")

    @pytest.mark.parametrize(
        ("locale", "symptom", "cause", "solution"),
        [
            ("fr-fr", "Symptômes", "Cause racine :", "Résolution"),
            ("de-de", "Symptome", "Ursache", "Lösung"),
            ("es-es", "Síntomas", "Causa", "Solución"),
            ("it-it", "Sintomi", "Causa", "Risoluzione"),
            ("pt-br", "Sintomas", "Causa", "Solução"),
            ("nl-nl", "Symptomen", "Oorzaak", "Oplossing"),
            ("sv-se", "Symtom", "Orsak", "Lösning"),
            ("pl-pl", "Objawy", "Przyczyna", "Rozwiązanie"),
            ("cs-cz", "Příznaky", "Příčina", "Řešení"),
            ("ru-ru", "Симптомы", "Причина", "Решение"),
            ("tr-tr", "Belirtiler", "Neden", "Çözüm"),
            ("ja-jp", "現象", "原因", "解決策"),
            ("ko-kr", "증상", "원인", "해결 방법"),
            ("zh-cn", "症状", "原因", "解决方案"),
            ("zh-tw", "徵兆", "原因", "解決方案"),
            ("de-de", "Symptom 1", "Cause", "Resolution"),  # half translated
        ],
    )
    def test_headings_are_understood_in_every_language(self, locale, symptom, cause, solution):
        (entry,) = of_text(f"# T\n\n## {symptom}\n\na\n\n## {cause}\n\nb\n\n## {solution}\n\nc", locale)
        assert (entry.symptom, entry.cause, entry.solution) == ("a", "b", "c")

    def test_an_anchor_tells_before_the_words_do(self):
        text = '# T\n\n## <a name="symptoms"></a>Quux\n\na\n\n## <a name="cause-2"></a>Grault 2\n\nb'
        (entry,) = of_text(text, "fr-fr")
        assert (entry.symptom, entry.cause) == ("a", "b")


class TestTables:
    def test_a_row_is_an_entry_unless_a_section_tells_more(self):
        found = {entry.anchor: entry for entry in entries("codes-in-tables.md")}
        assert list(found) == [
            "700001",
            "700003",
            "stopped-no-error-code",
            "700xxx-grain-errors",
            "700002-wetgrain-error",
            "stone-n-is-hot",
            "belt-slipped",
        ]
        assert found["700001"].identifiers == ("700001", "NoGrain")
        assert (found["700001"].symptom, found["700001"].solution) == ("The hopper is empty.", "Fill it.")

    def test_a_section_takes_the_row_that_leads_to_it(self):
        entry = next(
            entry for entry in entries("codes-in-tables.md") if entry.anchor == "700002-wetgrain-error"
        )
        assert entry.symptom.startswith("The grain is wet.\n\nYou might see the error")
        assert entry.cause == "This error occurs because the roof leaks."
        assert entry.solution == "To resolve this error, dry the grain and mend the roof."

    def test_a_row_that_only_sends_on_gets_what_its_section_says(self):
        entry = next(entry for entry in entries("codes-in-tables.md") if entry.anchor == "700003")
        assert entry.solution.startswith("Refer to the limits.\n\nTo resolve these errors, compare")

    def test_a_table_of_messages_gives_each_its_message(self):
        entry = entries("codes-in-tables.md")[-2]
        assert (messages(entry), entry.cause, entry.solution) == (
            ["Stone {n} is hot"],
            "No water.",
            "Give it water.",
        )

    def test_an_event_gives_names_message_and_facts(self):
        entry = entries("titles-beside-their-parts.md")[1]
        assert messages(entry) == ["Winch * has no load. Rope: *"]
        assert entry.symptom == (
            "> Winch %1 has no load.\n>\n> Rope: %2\n\n- Product Name: Winch\n- Event ID: 7044\n- Event Source: WINCH"
        )


class TestReferences:
    def test_the_first_paragraph_is_the_message_and_quoted_words_vary(self):
        (entry,) = entries("reference-in-lost-blanks.fr.md", "fr-fr")
        assert messages(entry) == [
            "'interface' : utilisation incorrecte de’keyword'; doit être membre d’une 'classe'",
            "'{interface}' : utilisation incorrecte de'{keyword}'; doit être membre d’une '{classe}'",
        ]
        assert entry.identifiers == ("Z4680",)
        assert entry.cause == "Pour déclarer une interface, il faut une source."
        assert entry.solution == "1. Ajoutez une source."
        assert entry.more.startswith("L’exemple suivant génère Z4680 :")

    def test_remarks_are_the_cause_and_an_example_is_more(self):
        (entry,) = of_text(
            "# Error Q1234\n\n> '*type*': bad\n\n## Remarks\n\nIt is bad.\n\n## Example\n\n```c\nx\n```"
        )
        assert messages(entry) == ["'{type}': bad"]
        assert (entry.symptom, entry.cause, entry.more) == ("> '*type*': bad", "It is bad.", "```c\nx\n```")

    def test_remarks_that_end_in_the_way_out_hold_the_solution(self):
        (entry,) = of_text(
            "# Error Q1234\n\n> bad\n\n## Remarks\n\nIt is bad. To fix this error, make it good."
        )
        assert (entry.cause, entry.solution) == ("It is bad.", "To fix this error, make it good.")


class TestIdentifiers:
    def test_a_section_answers_to_the_names_in_its_own_heading(self):
        first, second = of_text(
            "# 400xxx Errors\n\n## 400001 One\n\n### Cause\n\nx\n\n## Elsewhere\n\n### Cause\n\ny"
        )
        assert first.identifiers[0] == "400001"
        assert second.identifiers == ("400xxx",)

    def test_front_matter_adds_names(self):
        (entry,) = of_text(
            "---\nidentifiers: [PumpRefused, 'com.acme:refused']\n---\n# 51003 Pump\n\n## Cause\n\nx"
        )
        assert set(entry.identifiers) >= {"51003", "PumpRefused", "com.acme:refused"}

    def test_running_text_names_nothing(self):
        (entry,) = of_text("# It stops\n\n## Symptoms\n\nYou see 404104 or GateIsShutError.\n\n## Cause\n\nx")
        assert entry.identifiers == ()

    def test_a_list_that_declares_errors_adds_them(self):
        (entry,) = of_text(
            "# 500xxx Errors\n\n## Symptoms\n\n* **500001 ServerError**: bad.\n* **500008 GenericTimeout**: slow.\n\n## Cause\n\nx"
        )
        assert entry.identifiers == ("500xxx", "500001", "ServerError", "500008", "GenericTimeout")


class TestDialects:
    def test_nothing_of_microsoft_learn_is_left(self):
        (entry,) = entries("learn-dialect.md")
        assert entry.title == "The Dialect page"
        assert (
            entry.symptom
            == "> **Warning:** Hot  \n> surface.\n\nText with a **Great Product** in it, H2O and a \\<tag>."
        )
        assert entry.solution == (
            "**Portal**\n\nPress the button.\n\n**Terminal**\n\n"
            '```azurecli\npress --button   # ::: zone, [!NOTE] and <a name="x"> stay in code\n```\n\n'
            "See the other page, [the site](https://example.org/x) and here.\n\n1. From the include."
        )

    def test_nothing_of_experience_league_is_left(self):
        (entry,) = entries("experience-league-dialect.md")
        assert (
            entry.symptom
            == "Select **Save** in Product and nothing happens. Beta\n\n> **Note:** Only in the morning."
        )
        assert "Use the left key." in entry.solution
        assert "**What the log says**\n\nNothing." in entry.solution
        assert not any(mark in entry.solution for mark in ("[!", "{", "+++", "TAB"))

    def test_html_is_read_as_what_it_means(self):
        (entry,) = entries("html-for-everything.md")
        assert entry.title == "The mast sways"
        assert (
            entry.symptom
            == "It **sways** at `30 knots`, see [the mast](https://example.org/mast) of \\<host name>."
        )
        assert (
            entry.solution
            == "| Rope | Pull |\n| --- | --- |\n| Left | 2\u00a0t |\n\n```\npull --left <rope>\n```"
        )

    def test_a_table_in_a_list_stays_in_its_step(self):
        (entry,) = entries("table-inside-list.md")
        assert entry.solution == (
            "1. Compare:\n\n   | Zone | Heat |\n   | --- | --- |\n   | 1 \\| 2 | 900 |\n\n"
            "2. Write `a|b` into the plan:\n\n   ```ini\n   zone=1\n   ```"
        )

    def test_links_become_absolute_where_the_tree_has_an_address(self):
        found = article(
            "learn-dialect.md",
            addresses=lambda front: Addresses(
                "a/dialect", "en-us", base_url="https://docs.example/{locale}/{slug}"
            ),
        )
        assert "[the other page](https://docs.example/en-us/other/page#part)" in found.entries[0].solution
        assert "[here](https://docs.example/en-us/a/dialect#the-dialect)" in found.entries[0].solution
        assert found.entries[0].url == "https://docs.example/en-us/a/dialect"


class TestHeadingsOfTheirOwn:
    def test_what_stands_behind_symptom_and_cause_is_what_to_do_where_no_heading_says_so(self):
        (entry,) = of_text(
            "# T\n\n## Issue\n\nIt stops.\n\n## Cause\n\nIt is hot.\n\n## Water the pump\n\nPour it on.\n\n## More information\n\nz"
        )
        assert entry.solution == "**Water the pump**\n\nPour it on."
        assert "z" in entry.more

    def test_beside_a_solution_a_heading_of_its_own_is_more(self):
        (entry,) = of_text(
            "# T\n\n## Issue\n\nIt stops.\n\n## Water the pump\n\nPour it on.\n\n## Solution\n\nWait."
        )
        assert entry.solution == "Wait."

    @pytest.mark.parametrize(
        ("locale", "question", "answer"),
        [("en-us", "Question", "Answer"), ("fr-fr", "Question", "Réponse"), ("de", "Frage", "Antwort"),
         ("es", "Pregunta", "Respuesta"), ("pt-br", "Pergunta", "Resposta"), ("ja", "質問", "回答"),
         ("en-us", "Meaning", "Mitigation"), ("es", "Problema", "Pasos a seguir"), ("zh-cn", "问题", "操作步骤")],
    )  # fmt: skip
    def test_a_question_is_a_symptom_and_its_answer_a_solution(self, locale, question, answer):
        (entry,) = of_text(f"# T\n\n## {question}\n\nx\n\n## {answer}\n\ny", locale)
        assert (entry.symptom, entry.solution) == ("x", "y")


class TestTitles:
    def test_a_heading_before_the_one_symptom_of_an_article_titles_nothing(self):
        (entry,) = of_text("# Pump\n\n## Where it was seen\n\nz\n\n## Symptoms\n\nx\n\n## Cause\n\ny")
        assert (entry.title, entry.symptom, entry.cause) == ("Pump", "x", "y")

    def test_a_heading_before_each_symptom_titles_it(self):
        problem = "## It {}\n\nz\n\n## Symptoms\n\nx\n\n## Cause\n\ny\n\n"
        found = of_text("# Pump\n\n" + problem.format("stops") + problem.format("leaks"))
        assert [one.title for one in found] == ["It stops", "It leaks"]

    def test_a_heading_before_a_cause_is_the_symptom(self):
        (entry,) = of_text("# Pump\n\n## It stops\n\nz\n\n## Cause\n\ny")
        assert (entry.title, entry.cause) == ("It stops", "y")

    def test_what_an_alert_is_fired_for_is_no_message(self):
        (entry,) = of_text(
            "# PumpTooHotError\n\n## Meaning\n\nThis alert fires when it is hot.\n\n## Mitigation\n\ny"
        )
        assert messages(entry) == []

    def test_entries_of_one_title_are_told_apart_by_the_heading_above_them(self):
        part = "### It stops\n\n#### Symptom\n\nx\n\n#### Solution\n\ny\n\n"
        found = of_text(f"# Pumps\n\n## Indoors\n\n{part}## Outdoors\n\n{part}")
        assert [one.title for one in found] == ["Indoors: It stops", "Outdoors: It stops"]

    def test_problems_under_one_heading_are_told_apart_by_their_messages(self):
        problem = "## Symptom\n\nThe log says:\n\n```\nThe {} could not be opened\n```\n\n## Cause\n\nx\n\n"
        found = of_text("# Pumps\n\n" + problem.format("valve") + problem.format("lever"))
        assert [one.title for one in found] == [
            "Pumps: The valve could not be opened",
            "Pumps: The lever could not be opened",
        ]

    def test_a_title_that_nothing_tells_apart_stays(self):
        problem = "## Symptom\n\nIt stops.\n\n## Cause\n\nx\n\n"
        assert [one.title for one in of_text(f"# Pumps\n\n{problem}{problem}")] == ["Pumps", "Pumps"]


class TestComplaints:
    def test_what_a_problem_lacks_is_told_where_it_stands(self):
        found = parse_article(
            "# T\n\n## B\n\n### Symptoms\n\nx\n\n### Cause\n\n### Extra\n\n[y](y.md)",
            path="b.md",
            slug="b",
            locale="en-us",
        )
        assert [str(complaint) for complaint in found.article.complaints] == [
            "b.md:3: no solution is given for this problem",
            "b.md:9: nothing stands below this heading",
            'b.md:11: heading "Extra" stands among symptoms, causes and solutions and is none of them',
        ]

    def test_an_open_code_block_takes_the_rest_and_is_told(self):
        found = article("code-block-never-closed.md")
        assert "code-block-never-closed.md:7: the code block opened here is never closed" in map(
            str, found.complaints
        )
        assert "# this is no heading" in found.entries[0].cause

    @pytest.mark.parametrize("head", ["title: [", "- a\n- b", "title: *x", "a: b: c"])
    def test_front_matter_that_cannot_be_read_does_not_take_the_article_with_it(self, head):
        found = parse_article(
            f"---\n{head}\n---\n# T\n\ntext of it", path="x.md", slug="x", locale="en-us"
        ).article
        assert [entry.title for entry in found.entries] == ["T"]
        assert "front matter" in str(found.complaints[0])


def test_deep_quotes_parse_or_are_refused_with_their_place():
    assert "x" in entries("quotes-in-quotes-in-quotes.md")[0].solution
    with pytest.raises(ArticleError, match=r"^x.md:1: .* too deep"):
        of_text(">" * 2000 + " x")


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=600))
def test_any_text_keeps_the_laws(text):
    check(text.encode())


@given(st.binary(max_size=400))
def test_any_bytes_parse_or_are_refused_with_file_and_line(data):
    check(data)


@settings(deadline=None)
@given(st.integers(0, 10_000_000))
def test_a_mutated_document_keeps_the_laws(seed):
    check(mutated(seed))


def test_a_section_is_split_only_where_it_is_too_long_for_one_answer():
    part = "### {}\n\n" + "word " * 40 + "\n\n"
    short = (
        "# T\n\n## A\n\nLook at this.\n\n" + part.format("A1") + part.format("A2") + "## B\n\n" + "word " * 40
    )
    assert [entry.title for entry in of_text(short)] == ["A", "B"]
    long = short.replace("word " * 40, "word " * 400)
    assert [entry.title for entry in of_text(long)] == ["A1", "A2", "B"]
