import pytest

from kb import blocks as b
from kb import markdown
from kb.tables import event_blocks, read_event, read_rows
from kb.vocabulary import vocabulary

ENGLISH, FRENCH = vocabulary("en-us"), vocabulary("fr-fr")


def table(source):
    (block,) = markdown.parse(source).blocks
    return block


WITH_HEADER = """
| Field | Error Details |
|-------|---------------|
| Product Name | Winch |
| Event ID | 7044 |
| Component | N/A |
| Symbolic Name | A_BAD<br /><br /> B_BAD |
| Message Text | Rope %1 is off.%r<br /><br /> Try {{0}. |
"""
WITHOUT_HEADER = """
|||
|-|-|
|Nom du produit|Treuil|
|ID d'événement|-|
|Nom symbolique|ETAT ETENDU%r|
|Texte du message|La corde {0} est partie.|
"""


def test_both_styles_of_event_tables_are_read():
    event = read_event(table(WITH_HEADER), ENGLISH)
    assert event.identifiers == ("7044", "A_BAD", "B_BAD")
    assert b.plain(event_blocks(event)) == (
        "Rope %1 is off.\nTry {0}.\nProduct Name: Winch\nEvent ID: 7044\nSymbolic Name: A_BAD B_BAD"
    )
    assert b.text(read_event(table(WITHOUT_HEADER), FRENCH).message) == "La corde {0} est partie."


def test_words_in_a_row_are_no_symbolic_name():
    assert read_event(table(WITHOUT_HEADER), FRENCH).identifiers == ()


@pytest.mark.parametrize(
    "source", ["| a | b |\n|-|-|\n| Version | 1 |\n| Source | x |", "| a |\n|-|\n| Event ID |"]
)
def test_a_table_of_other_facts_is_no_event(source):
    assert read_event(table(source), ENGLISH) is None


def test_rows_know_their_lines_names_and_cells():
    source = "| Code | Meaning | Resolution |\n|-|-|-|\n| 0x80070005 | Denied. | Ask. |\n| 0x80070006 | Bad handle. | [See](#x) |"
    first, second = read_rows(table(source), ENGLISH)
    assert (first.line, first.identifiers, b.text(first.description), first.tells) == (
        3,
        ("0x80070005",),
        "Denied.",
        True,
    )
    assert (second.line, second.sends_to, second.tells) == (4, "#x", False)


def test_a_first_column_of_codes_counts_whatever_it_is_called():
    source = "| Kind of thing | Description |\n|-|-|\n| 5001 | Good. |\n| 5002 | Bad. |\n| 5003 | Odd. |"
    assert [row.identifiers for row in read_rows(table(source), ENGLISH)] == [("5001",), ("5002",), ("5003",)]


@pytest.mark.parametrize(
    "source",
    [
        "| SDK | Token lifespan |\n|-|-|\n| .NET | 60 minutes |",
        "| Name | Description |\n|-|-|\n| left | The left one. |\n| right | The right one. |",
        "| Platform | Command |\n|-|-|\n| Linux | `run` |",
        "| Error code | Other |\n|-|-|",
    ],
)
def test_a_table_of_anything_else_has_no_rows(source):
    assert read_rows(table(source), ENGLISH) == ()
