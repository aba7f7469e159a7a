import pytest

from kb.frontmatter import split_front_matter


def head(text):
    return split_front_matter(f"---\n{text}\n---\nbody")[0]


def test_the_lines_of_the_block_are_counted():
    front, body = split_front_matter("---\ntitle: x\n\n---\n# T\n")
    assert (front.n_lines, body) == (4, "# T\n")


@pytest.mark.parametrize("source", ["# T\n---\nx", "", "----\nx", "--- \nx"])
def test_a_document_without_a_block_is_all_body(source):
    front, body = split_front_matter(source)
    assert (front.fields, body) == ({}, source)


def test_a_block_that_never_ends_is_told_and_nothing_is_lost():
    front, body = split_front_matter("---\ntitle: x\n# T\n")
    assert (front.error, front.error_line, body) == (
        "the front matter opened here is never closed",
        1,
        "---\ntitle: x\n# T\n",
    )


def test_what_is_no_yaml_is_told_with_its_line():
    front = head("title: x\ndescription: a: b")
    assert (front.error_line, front.error) == (
        3,
        "the front matter is not YAML: mapping values are not allowed in this context",
    )


def test_yaml_can_run_nothing():
    assert "not YAML" in head("x: !!python/object/apply:os.system [true]").error


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("ms.date: 11/06/2020", "2020-11-06"),
        ('ms.date: "06/08/2017"', "2017-06-08"),
        ("ms.date: 2020-11-06", "2020-11-06"),
        ("date: 2020-11-06T10:00:00Z", "2020-11-06"),
        ("ms.date: 99/99/9999", ""),
        ("ms.date: soon", ""),
        ("title: x", ""),
    ],
)
def test_a_date_is_read_as_it_is_written(text, date):
    assert head(text).date == date


@pytest.mark.parametrize(
    "title", ["Repair it | Microsoft Docs", "Repair it - Azure IoT Hub | Documents Microsoft", "Repair it"]
)
def test_the_name_of_the_site_is_no_part_of_the_title(title):
    assert head(f'title: "{title}"').title.startswith("Repair it")
    assert "Microsoft" not in head(f'title: "{title}"').title


@pytest.mark.parametrize("name", ["canonicalUrl", "canonical_url", "canonical", "ms.canonical"])
def test_the_address_may_be_called_in_several_ways(name):
    assert head(f"{name}: https://docs.example/x").canonical == "https://docs.example/x"


def test_a_list_and_a_single_word_are_names_alike():
    assert head("identifiers: [A, 401003, A]\nf1_keywords: C2065").names("identifiers", "f1_keywords") == (
        "A",
        "401003",
        "C2065",
    )
