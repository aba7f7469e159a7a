"""SAS tokens: read in any order and any state of redaction, tested in memory, never shown."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.token import SasToken, find_tokens
from tests.fakehub.access import sign
from tests.fakehub.registry import new_key

_IDS = st.text(alphabet="abcXYZ019-._:#%+@$!*()'?,=", min_size=1, max_size=40)


def token(resource: str, key: str, expiry: str = "1700000000", policy: str = "") -> str:
    audience = quote(resource, safe="")
    tail = f"&skn={quote(policy)}" if policy else ""
    return f"SharedAccessSignature sr={audience}&sig={quote(sign(audience, expiry, key), safe='')}&se={expiry}{tail}"


def test_a_token_says_whom_it_is_for_and_until_when() -> None:
    (found,) = find_tokens(f"password: {token('contoso.azure-devices.net/devices/pump-7', new_key())}\n")
    assert (found.host, found.device_id, found.module_id, found.policy) == (
        "contoso.azure-devices.net",
        "pump-7",
        "",
        "",
    )
    assert found.expires == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_fields_may_come_in_any_order() -> None:
    (found,) = find_tokens("se=1700000000&skn=service&sig=abc%3D&sr=h")
    assert (found.audience, found.policy, found.signature) == ("h", "service", "abc=")


def test_a_module_token_names_device_and_module() -> None:
    (found,) = find_tokens(token("h/devices/pump-7/modules/camera", new_key()))
    assert (found.device_id, found.module_id) == ("pump-7", "camera")


def test_ampersands_escaped_by_a_json_writer_are_read() -> None:
    (found,) = find_tokens(token("h/devices/d", new_key()).replace("&", "\\u0026"))
    assert found.device_id == "d"


@pytest.mark.parametrize(
    "text",
    [
        "sr={uri}&sig={sig}&se={exp}",
        "sr=…&sig=…&se=…",
        "sr=...&sig=...&se=...",
        "sr=%s&sig=%s&se=%s",
        "sr=${AUDIENCE}&se=1&sig=x",
    ],
)
def test_a_template_of_a_token_is_nobodys_token(text: str) -> None:
    assert find_tokens(text) == ()


@pytest.mark.parametrize("left", ["[redacted:signature]", ""])
def test_a_redacted_token_keeps_everything_but_the_signature(left: str) -> None:
    (found,) = find_tokens(f"SharedAccessSignature sr=h%2Fdevices%2Fd&sig={left}&se=1700000000&skn=p")
    assert (found.device_id, found.expiry, found.policy, found.signature) == ("d", "1700000000", "p", "")
    assert found.is_signed_with(new_key()) is None


@pytest.mark.parametrize(
    ("expiry", "year"),
    [
        ("1700000000", 2023),
        ("0", 1970),
        ("1700000000000", 9999),
        ("99999999999999999999", 9999),
        ("soon", None),
        ("-5", None),
        ("nan", None),
    ],
)
def test_any_expiry_has_a_year_or_none(expiry: str, year: int | None) -> None:
    expires = SasToken("h", expiry).expires
    assert (expires.year if expires else None) == year


@given(_IDS, st.binary(min_size=16, max_size=64), st.binary(min_size=16, max_size=64))
def test_only_the_key_that_made_a_signature_fits_it(device: str, secret: bytes, other: bytes) -> None:
    key = base64.b64encode(secret).decode()
    (found,) = find_tokens(token(f"h/devices/{device}", key))
    assert found.is_signed_with(key) is True
    assert found.is_signed_with(base64.b64encode(other).decode()) is (secret == other)


def test_a_key_that_is_no_base64_cannot_be_tested() -> None:
    (found,) = find_tokens(token("h/devices/d", new_key()))
    assert found.is_signed_with("not base64!") is None


def test_a_token_never_shows_its_signature() -> None:
    (found,) = find_tokens(token("h/devices/d", new_key()))
    assert found.signature
    assert found.signature not in repr(found)


@given(st.text())
def test_what_is_found_in_any_text_names_somebody_and_ends_at_a_moment_or_at_none(text: str) -> None:
    found = [
        *find_tokens(text),
        *find_tokens(f"sr={text}&se={text}&sig={text}"),
        *find_tokens(f"sr=h&se={text}"),
    ]
    assert all(any(char.isalnum() for char in one.audience) for one in found)
    assert all(one.expires is None or one.expires.tzinfo is UTC for one in found)
