"""What an article's entries are named, titled and made of."""

import pytest

from tests.kb.parsed import entries, messages, of_text


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


def test_text_below_a_heading_that_says_what_is_seen_is_why():
    text = "# Pump guide\n\n{}\n\n## The pump exits with code 137\n\nThe guard killed it. Give it room.\n\n## E4711\n\nThe lever is loose.\n"
    exits, named = of_text(text.format("Long text. " * 40))[-2:]
    assert (exits.symptom, exits.cause) == ("", "The guard killed it. Give it room.")
    assert (named.symptom, named.cause) == ("The lever is loose.", "")
