import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import check, mutated
from kb.errors import ArticleError
from kb.links import Addresses
from kb.parsing import parse_article
from tests.kb.parsed import article, entries, messages, of_text


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


class TestNamesOfAlerts:
    def test_a_title_that_is_one_name_of_an_alert_declares_it(self):
        (entry,) = of_text("# etcdMembersDown\n\n## Alert description\n\nx\n\n## Troubleshooting\n\ny")
        assert entry.identifiers == ("etcdMembersDown",)
        assert (entry.symptom, entry.solution.endswith("y")) == ("x", True)
        assert of_text("# Set etcdMembersDown here\n\nx\n")[0].identifiers == ()


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
