import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import messages
from kb.messages import capture, mask, parse_template


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"IotHub '\*' does not contain the specified device '\*'", ("", "")),
        ("Device {device} at IotHub {hub} not registered", ("device", "hub")),
        ("Failed to open <file name>", ("file",)),
        ("cannot convert from '%s' to '%s'", ("", "")),
        ("Client User: %2 Client Computer: %3", ("", "")),
        ("Message 2f1c9a3e-0000-4000-8000-1234567890ab lock was lost", ("tracking",)),
        ("could not reach contoso-hub.azure-devices.net", ("host",)),
    ],
)
def test_open_parts_are_found_and_named(text, names):
    assert parse_template(text).names == names


@pytest.mark.parametrize("text", ["", "*", "{0}", "%1 %2", "12"])
def test_a_text_without_literal_words_is_no_message(text):
    assert parse_template(text) is None


@pytest.mark.parametrize(
    "name", ["javax.net.ssl.SSLHandshakeException", "Microsoft.Azure.Devices.dll", "os.path.join(a)"]
)
def test_a_name_of_code_is_no_host(name):
    assert parse_template(f"{name} was thrown").names == ()


def test_two_open_parts_side_by_side_are_one():
    assert parse_template("read {0} {1} bytes").names == ("",)


def test_a_paste_fills_the_named_parts():
    template = parse_template("IotHub '{hub}' does not contain the specified device '{device}'")
    pasted = "ERR {\"Message\":\"ErrorCode:x;IotHub 'contoso-hub' does not contain the specified device 'pump-7'\"}"
    assert capture(template, pasted) == {"hub": "contoso-hub", "device": "pump-7"}


def test_a_paste_that_says_something_else_fills_nothing():
    assert capture(parse_template("Device {device} not registered"), "the device is registered") == {}


def test_values_are_masked_and_words_stay():
    masked = mask("2026-01-05T10:00:00Z pump at 10.0.0.7 lost 2f1c9a3e-0000-4000-8000-1234567890ab")
    assert masked.split() == ["pump", "at", "lost"]


@given(st.text(max_size=200))
def test_any_text_is_a_template_or_none_and_its_pieces_surround_its_names(text):
    template = parse_template(text)
    assert template is None or len(template.pieces) == len(template.names) + 1


words = st.text("abcdefghij", min_size=3, max_size=8)


@given(
    st.lists(words, min_size=2, max_size=4),
    st.lists(st.text("klmnopq", min_size=1, max_size=9), min_size=4, max_size=4),
)
def test_a_message_printed_with_values_gives_the_values_back(literals, values):
    names = [f"v{i}" for i in range(len(literals) - 1)]
    source = literals[0] + "".join(
        f" '{{{name}}}' {word}" for name, word in zip(names, literals[1:], strict=True)
    )
    printed = literals[0] + "".join(
        f" '{value}' {word}" for value, word in zip(values, literals[1:], strict=False)
    )
    assert capture(parse_template(source), printed) == dict(zip(names, values, strict=False))


_PARTS = (
    "deadbeef",
    "-cafe",
    "-",
    "beef-dead-face-",
    "deadbeefcafe",
    ".",
    "a",
    "net",
    ":",
    "/",
    "\\",
    "C",
    "@",
    "7",
    "12",
    "2026",
    "T",
    ",",
    "0123456789abcdef",
    " ",
    "é",
    "://",
)


@given(st.lists(st.sampled_from(_PARTS), max_size=14).map("".join))
def test_a_text_that_is_not_looked_through_holds_no_value(text):
    assert mask(text) == messages._SAMPLE.sub(" ", text)


def test_an_identifier_of_letters_alone_is_masked():
    assert mask("lost deadbeef-cafe-beef-dead-facedeadbeef now").split() == ["lost", "now"]


def test_a_message_cut_before_its_last_words_is_given_up_rather_than_tried_in_every_way():
    template = parse_template(
        " ".join(f"part {{name{number}}} of" for number in range(8)) + " the end is here"
    )
    assert capture(template, "part x of " * 40 + "nothing") == {}
