import pytest

from kb.dialect import translate


def lines(source, include=None):
    return [line for line in translate(source, 1, include).lines if line.strip()]


def sentences(source):
    return [(line, message.format(**values)) for line, message, values in translate(source).complaints]


@pytest.mark.parametrize(
    "source",
    [
        '::: zone pivot="a"\ntext\n::: zone-end',
        ':::moniker range=">=2"\ntext\n:::moniker-end',
        ":::row:::\n:::column:::\ntext\n:::column-end:::\n:::row-end:::",
        "text <!-- not\nfor readers -->",
        '> [!div class="checklist"]\ntext',
        ">[!BEGINTABS]\ntext\n>[!ENDTABS]",
        ':::image type="content" source="a.png" alt-text="x":::\ntext',
        "[!VIDEO https://example.org/v]\ntext",
    ],
)
def test_what_only_the_site_understands_is_taken_off(source):
    assert [line.strip() for line in lines(source)] == ["text"]


def test_tabs_become_bold_words():
    source = "# [Portal](#tab/portal)\n\na\n\n## [CLI](#tab/cli)\n\nb\n\n---\n\nc"
    assert lines(source) == ["**Portal**", "a", "**CLI**", "b", "c"]


def test_tabs_that_carry_a_name_become_bold_words_too():
    assert lines('# <a name="cli"></a>[CLI](#tab/cli)\n\nb') == ["**CLI**", "b"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("## Valves {: #left-valve .wide }", "## Valves {#left-valve}"),
        ("## Valves { #left-valve }", "## Valves {#left-valve}"),
        ("## Valves {: .wide }", "## Valves"),
        ("## Valves {#left-valve}", "## Valves {#left-valve}"),
        ("## Set {x} to {y}", "## Set {x} to {y}"),
        ("Turn it. {: .lead }", "Turn it."),
        ("Set it to {.spec}", "Set it to {.spec}"),
    ],
)
def test_attributes_behind_a_heading_leave_its_name(written, read):
    assert lines(written) == [read]


def test_attributes_below_a_heading_name_it():
    assert lines("## Valves\n{: #left-valve }\n\ntext\n{: .note }") == ["## Valves {#left-valve}", "text"]


def test_the_place_of_a_table_of_contents_is_left_out():
    assert lines("- Contents\n{:toc}\n\ntext") == ["text"]


def test_a_rule_outside_tabs_stays():
    assert lines("a\n\n---\n\nb") == ["a", "---", "b"]


def test_wordings_of_experience_league_are_words():
    assert lines("Select [!UICONTROL Save as] in [!DNL Acme]. [!BADGE Beta]{type=Informative}") == [
        "Select Save as in Acme. Beta"
    ]


def test_code_is_left_as_it_stands():
    source = '```text\n::: zone pivot="a"\n<!-- x -->\n[!UICONTROL y]\n```'
    assert lines(source) == source.split("\n")


def test_a_few_words_are_included_in_their_line():
    assert lines(
        "the [!INCLUDE [x](a.md)] and [!INCLUDE[](b.md)]!", {"a.md": "one\ntwo", "b.md": "three"}.get
    ) == ["the one two and three!"]


def test_a_whole_file_is_included_as_blocks_on_the_line_that_includes():
    plain = translate("a\n\n[!INCLUDE [x](a.md)]\n\nb", 1, {"a.md": "# Title\n\ntext"}.get)
    numbered = [(number, line) for number, line in zip(plain.numbers, plain.lines, strict=True) if line]
    assert numbered == [(1, "a"), (3, "# Title"), (3, "text"), (5, "b")]


def test_an_include_is_read_once_and_never_in_an_include():
    assert lines("[!INCLUDE [x](a.md)]", {"a.md": "text\n\n[!INCLUDE [x](a.md)]"}.get) == ["text"]


def test_an_include_that_is_not_there_is_remembered_with_its_line():
    assert translate("a\n[!INCLUDE [x](gone.md)]").includes == [("gone.md", 2)]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a\n```\nb", (2, "the code block opened here is never closed")),
        ('::: zone pivot="a"\nb', (1, "::: zone is opened here and never closed")),
        ("a\n::: moniker-end", (2, "::: moniker-end closes nothing")),
        ("+++ more\na", (1, "+++ is opened here and never closed")),
        ("a <!-- b", (1, "the comment opened here is never closed")),
        ("##Cause\n", (1, "a heading needs a blank after its #")),
        ("{{please-ask}}", (1, "snippet please-ask cannot be read: snippets are not part of the tree")),
    ],
)
def test_what_is_not_closed_is_told_with_its_line(source, sentence):
    assert sentences(source) == [sentence]


def test_an_html_table_becomes_a_table():
    source = "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c | d</td></tr>\n</table>"
    assert lines(source) == ["| a | b |", "| --- | --- |", "| c \\| d |  |"]


def test_line_numbers_survive_separators_that_python_breaks_at():
    assert translate("a\x0cb\u2028c\nd").numbers == [1, 2]
