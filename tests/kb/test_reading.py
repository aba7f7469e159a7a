import json

from hypothesis import given
from hypothesis import strategies as st

from kb.reading import read, telling

BODY = {"Message": "ErrorCode:DeviceNotFound;pump-7", "ExceptionMessage": "Tracking ID:1-TimeStamp:2"}


def test_json_escaped_once_or_twice_reads_as_it_was():
    once = json.dumps(BODY)
    assert read(json.dumps(once)).strip('"') == once
    assert '"Message": "ErrorCode:DeviceNotFound;pump-7"' in read(json.dumps(json.dumps(once)))


def test_terminal_colours_fall_away():
    assert read("\x1b[31mERROR\x1b[0m not found") == "ERROR not found"


def test_html_entities_are_characters():
    assert read("IotHub &#39;x&#39; &amp; more") == "IotHub 'x' & more"


def test_an_encoded_address_is_readable():
    assert read("sr=hub.azure-devices.net%2Fdevices%2Fpump") == "sr=hub.azure-devices.net/devices/pump"


def test_a_windows_path_keeps_its_separators():
    assert read(r"C:\new\tables\readme") == r"C:\new\tables\readme"


@given(st.text(max_size=300))
def test_any_text_is_read_and_bidi_controls_never_stay(text):
    assert not set(read(text)) & set("\u202e\u2066\u200b")


def test_stack_frames_do_not_drown_the_line_that_matters():
    frames = "\n".join(f"    at com.example.Thing{n}.run(Thing.java:{n})" for n in range(40))
    assert telling(f"ServerBusy: try later\n{frames}") == "ServerBusy: try later"


@given(st.text(max_size=300))
def test_what_tells_is_never_nothing_of_something(text):
    assert bool(telling(text).strip()) == bool(text.strip())
