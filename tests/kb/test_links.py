import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.links import Addresses, is_web, resolve

LEARN = Addresses("guide/pump", "fr-fr", base_url="https://learn.microsoft.com/{locale}/azure/water/{slug}")


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("valve.md", "https://learn.microsoft.com/fr-fr/azure/water/guide/valve"),
        ("../valve.md#stuck", "https://learn.microsoft.com/fr-fr/azure/water/valve#stuck"),
        ("../../gas/index.yml", "https://learn.microsoft.com/fr-fr/azure/gas/index"),
        ("#part", "https://learn.microsoft.com/fr-fr/azure/water/guide/pump#part"),
        ("/azure/gas/leak", "https://learn.microsoft.com/fr-fr/azure/gas/leak"),
        ("/en-us/azure/gas", "https://learn.microsoft.com/en-us/azure/gas"),
        ("~/articles/gas/leak.md", "https://learn.microsoft.com/fr-fr/azure/gas/leak"),
        ("https://example.org/x.md", "https://example.org/x.md"),
        ("//example.org/x", "https://example.org/x"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_links_of_an_article_are_absolute_and_in_its_locale(target, address):
    assert LEARN.of(target) == address


def test_without_an_address_a_link_has_none():
    nowhere = Addresses("guide/pump", "fr-fr")
    assert [nowhere.of(target) for target in ("valve.md", "#part", "/azure/x", "~/x.md")] == [None] * 4
    assert nowhere.section("part") is None


def test_the_page_an_article_is_about_has_no_section_of_ours():
    about = Addresses("guide/pump", "fr-fr", canonical="https://docs.example/{locale}/error-codes")
    assert about.section("drops") == "https://docs.example/fr-fr/error-codes"


def test_the_page_an_article_is_has_its_sections():
    itself = Addresses("guide/pump", "fr-fr", canonical="https://docs.example/{locale}/guide/pump")
    assert itself.section("drops") == "https://docs.example/fr-fr/guide/pump#drops"


def test_an_article_of_the_tree_is_linked_by_the_address_it_states():
    stated = {"guide/valve": "https://docs.example/{locale}/valves", "guide/tap": ""}
    found = Addresses("guide/pump", "en-us", canonical="https://docs.example/p", canonical_of=stated.get)
    assert found.of("valve.md#x") == "https://docs.example/en-us/valves"
    assert found.of("tap.md") is None
    assert found.of("gone.md") == "https://docs.example/gone"


def test_a_path_out_of_the_tree_is_no_article():
    assert resolve("a/b", "../c.md") == "c"
    assert [resolve("a/b", path) for path in ("../../c.md", "c.png", "/c.md", "")] == [None] * 4


def test_a_locale_at_the_end_of_a_files_name_is_no_part_of_its_address():
    assert (
        LEARN.of("valve.fr-fr.md#stuck") == "https://learn.microsoft.com/fr-fr/azure/water/guide/valve#stuck"
    )
    assert LEARN.of("valve.fr.md") == "https://learn.microsoft.com/fr-fr/azure/water/guide/valve"
    assert LEARN.of("plugin.io.md") == "https://learn.microsoft.com/fr-fr/azure/water/guide/plugin.io"
    assert [resolve("a/b", path, "fr") for path in ("c.fr.md", "c.en.md", "c.io.md")] == [
        "a/c",
        "a/c",
        "a/c.io",
    ]


@given(st.text(max_size=60))
def test_any_target_is_an_address_of_the_web_or_none(target):
    address = LEARN.of(target)
    assert address is None or is_web(address)
