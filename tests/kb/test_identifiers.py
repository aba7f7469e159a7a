import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.identifiers import candidates, find, key


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("401003 IoTHubUnauthorized", ("401003", "IoTHubUnauthorized")),
        ("503005 ServerBusy", ("503005", "ServerBusy")),
        ("Single Sign-On: Event 10527", ("10527",)),
        ("Compiler Warning (level 1) C4305", ("C4305",)),
        ("com.microsoft:timeout", ("com.microsoft:timeout",)),
        ("SSO_ERROR_GET_SECRET_FAILED", ("SSO_ERROR_GET_SECRET_FAILED",)),
        ("500xxx Internal errors", ("500xxx",)),
        ("0x80070005: access is denied", ("0x80070005",)),
    ],
)
def test_a_heading_names_its_codes_most_telling_first(heading, names):
    assert find(heading) == names


@pytest.mark.parametrize("heading", ["BizTalk Server 2013", "What PowerShell needs", "http://host:80/x"])
def test_years_products_and_addresses_name_no_error(heading):
    assert find(heading) == ()


def test_a_year_after_the_word_event_is_a_code():
    assert find("Event 2010") == ("2010",)


def test_every_spelling_of_a_code_has_one_key():
    assert key("IoTHubUnauthorized") == key("iot_hub_unauthorized") == key("IOTHUBUNAUTHORIZED")


def test_a_negative_hresult_is_its_hexadecimal():
    assert key("-2147024891") == key("0x80070005")


def test_the_code_at_the_end_of_a_short_link_is_read():
    assert "404103" in {c.key for c in candidates("see https://aka.ms/iothub404103")}


def test_an_exception_is_read_by_its_last_name_and_without_its_suffix():
    keys = {c.key for c in candidates("Microsoft.Azure.Devices.Client.DeviceNotFoundException: x")}
    assert {"devicenotfoundexception", "devicenotfound"} <= keys


def test_a_bare_number_in_a_long_text_is_trusted_less_than_one_after_the_word_error():
    text = "the pump wrote 10527 values and then error 10528 came up on the panel"
    trust = {c.key: c.trust for c in candidates(text)}
    assert trust["10527"] < trust["10528"] == 1.0


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_candidate_stands_inside_it(text):
    assert all(0 <= c.start < len(text) and 0 < c.trust <= 1 and c.key for c in candidates(text))


@given(st.text(max_size=80))
def test_the_key_of_a_key_is_itself(text):
    assert key(key(text)) in (key(text), key(text).removeprefix("0x"))
