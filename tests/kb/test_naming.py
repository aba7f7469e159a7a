import pytest

from kb import naming
from kb.frontmatter import FrontMatter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Erreur irrécupérable c1061", ("C1061",)),
        ("1 300", ("1300",)),
        ("400001 InvalidProtocolVersion", ("400001", "InvalidProtocolVersion")),
        ("plain words", ()),
    ],
)
def test_a_cell_declares_its_names_as_translators_left_them(text, names):
    assert naming.declared(text) == names


def test_in_a_sentence_names_of_products_are_just_words():
    assert naming.in_heading("BizTalkServerApplication") == ("BizTalkServerApplication",)
    assert naming.in_heading("Configuration fails if the BizTalkServerApplication host is not there") == ()
    assert naming.in_heading("Exception of type System.OutOfMemoryException has thrown an error") == (
        "OutOfMemoryException",
    )


def test_the_ends_of_a_range_name_no_error():
    assert naming.is_range("Compiler errors C3500 through C3999")
    assert not naming.is_range("401003 IoTHubUnauthorized")
    assert naming.of_article("Compiler errors C3500 through C3999", FrontMatter()) == ()


def test_keywords_name_an_error_and_a_list_of_hundreds_names_none():
    assert naming.of_article("T", FrontMatter({"f1_keywords": ["C2065"]})) == ("C2065",)
    assert naming.of_article("T", FrontMatter({"f1_keywords": [f"C20{n}" for n in range(10, 60)]})) == ()


def test_two_spellings_of_a_name_are_one():
    assert naming.unique(["IoTHubUnauthorized", "IotHubUnauthorized", "401003"]) == (
        "IoTHubUnauthorized",
        "401003",
    )


@pytest.mark.parametrize(
    ("text", "is_only"),
    [("404104 DeviceConnectionClosedRemotely", True), ("404104", True), ("Device not found", False)],
)
def test_names_alone_say_nothing(text, is_only):
    assert naming.is_only_names(text) is is_only
