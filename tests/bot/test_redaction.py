"""Secrets go, everything else stays; keys are made here, none is real."""

from __future__ import annotations

import base64
import html
import json
import secrets
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import redact

RUN = 12


def key(n_bytes: int = 32) -> str:
    return base64.b64encode(secrets.token_bytes(n_bytes)).decode()


def surviving(secret: str, text: str) -> list[str]:
    """Runs of the secret that still stand in the text."""
    return [secret[i : i + RUN] for i in range(len(secret) - RUN + 1) if secret[i : i + RUN] in text]


keys = st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode())
surroundings = st.text(st.characters(codec="utf-8", exclude_characters="="), max_size=60)

SHAPES = {
    "client secret in the environment": "AZURE_CLIENT_SECRET={key}",
    "access key in the environment": "MY_ACCESS_KEY={key}",
    "sketch": '#define WIFI_PASSWORD "{key}"',
    "curl": "curl -u bob:{key} https://contoso.example",
    "short French": "mdp : {key}",
    "password with blanks": 'password: "one two {key} three"',
    "connection string": "HostName=contoso-hub.azure-devices.net;DeviceId=pump-7;SharedAccessKey={key}",
    "policy string": "HostName=contoso-hub.azure-devices.net;SharedAccessKeyName=service;SharedAccessKey={key}",
    "yaml": "shared: x\nSharedAccessKey: '{key}'",
    "event hubs": "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey={key};EntityPath=e",
    "storage": "AccountName=x;AccountKey={key};EndpointSuffix=core.windows.net",
    "registry": '{{"symmetricKey":{{"primaryKey":"{key}","secondaryKey":"{key}"}}}}',
    "registry as Python prints it": "{{'primary_key': '{key}'}}",
    "enrollment group": "group_key = {key}",
    "prose": "my primary key is {key} can you help",
    "French prose": "la clé primaire : {key} et la suite",
    "az option": "az iot hub device-identity create --primary-key {key}",
    "bare": "{key}",
    "environment": "export DPS={key}",
    "shell with colours": "SharedAccessKey=\x1b[32m{key}\x1b[0m",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize(
    "copied",
    [
        str,
        lambda text: quote(text, safe=""),
        lambda text: quote(quote(text, safe=""), safe=""),
        json.dumps,
        lambda text: json.dumps({"outer": json.dumps({"inner": text})}),
        lambda text: html.escape(text).replace("+", "&#43;"),
        lambda text: text.replace("/", "\\/"),
        lambda text: text.replace("=", "\\u003d"),
    ],
    ids=["as it is", "URL", "URL twice", "JSON", "JSON twice", "HTML", "escaped slashes", "escaped equals"],
)
def test_no_run_of_a_key_survives_in_any_copy(shape, copied):
    secret = key()
    redacted = redact(copied(shape.format(key=secret)))
    assert redacted.kinds
    assert surviving(secret, redacted.text) == []
    assert surviving(quote(secret, safe=""), redacted.text) == []


@given(keys, surroundings, surroundings, st.sampled_from(list(SHAPES.values())))
def test_no_run_of_a_key_survives_whatever_stands_around_it(secret, before, after, shape):
    text = f"{before}\n{shape.format(key=secret)}\n{after}"
    assert surviving(secret, redact(text).text) == []


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from([*SHAPES.values(), "=", "\\", "%3D", "sig=", "\n"]), max_size=6).map("".join)
)
def test_redacting_twice_changes_nothing_more(text):
    once = redact(text)
    again = redact(once.text)
    assert again.text == once.text
    assert again.kinds == ()


@given(st.text(max_size=400))
def test_a_text_without_secrets_is_given_back_as_it_was(text):
    redacted = redact(text)
    if not redacted.kinds:
        assert redacted.text == text


def test_a_key_cut_in_two_by_a_line_break_is_one_key():
    secret = key()
    text = f"HostName=contoso-hub.azure-devices.net;DeviceId=pump-7;SharedAccessKey={secret[:17]}\n  {secret[17:]}\nnext line"
    redacted = redact(text)
    assert surviving(secret, redacted.text) == []
    assert redacted.text.endswith("\nnext line")


def test_a_key_recognised_once_goes_wherever_else_it_stands():
    secret = secrets.token_urlsafe(20)
    redacted = redact(f"Password={secret}; then the log said x{secret}y")
    assert secret not in redacted.text


def test_what_is_needed_to_help_stays():
    text = (
        "HostName=contoso-hub.azure-devices.net;DeviceId=pump-7;SharedAccessKeyName=iothubowner\n"
        "Thumbprint 0123456789ABCDEF0123456789ABCDEF01234567\n"
        "Tracking ID:86a27ea6a0ae4dcd8d5b7f0d0a3b0a14-G:10-TimeStamp:11/24/2026 10:43:55\n"
        "Connection Refused: bad user name or password.\n"
        "SharedAccessKey=<your key> and password: ***"
    )
    assert redact(text) == type(redact(""))(text, ())


def test_a_token_keeps_whom_until_when_and_which_policy():
    signature = quote(key(), safe="")
    token = (
        f"SharedAccessSignature sr=contoso-hub%2Fdevices%2Fpump-7&sig={signature}&se=1700000000&skn=service"
    )
    redacted = redact(f"password: {token} <- refused")
    assert redacted.kinds == ("signature",)
    assert redacted.text == f"password: {token} <- refused".replace(signature, "[redacted:signature]")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("identifiable-key", "x " + "a" * 33 + "AIoTC" + "b" * 5 + "= y"),
        ("slack-token", "xox" + "b-123456789012-abcdefghijkl"),
        ("slack-token", "https://hooks.slack.com/services/T000/B000/abcdefghijkl"),
        ("jwt", "eyJ" + "a" * 30 + "." + "b" * 30 + "." + "c" * 30),
        ("authorization", "Authorization: Basic dXNlcjpwYXNzd29yZA=="),
        ("client-secret", "abc8Q~" + "d" * 34),
        ("client-secret", "client_secret=abcdefghijklmnop"),
        ("password", "amqps://device:hunter22@broker.example"),
        ("password", "Server=db;User=x;Password=hunter22;"),
        ("password", "mot de passe : hunter22"),
        ("aws-key", "AK" + "IA" + "A" * 16),
        ("github-token", "gh" + "p_" + "a" * 36),
        ("api-key", "x-api-key: abcdefghijklmnop"),
        ("private-key", "-----BEGIN EC PRIVATE KEY-----\n" + "A" * 64 + "\n-----END EC PRIVATE KEY-----"),
    ],
)
def test_every_kind_is_named_for_what_it_is(kind, text):
    redacted = redact(f"before {text} after")
    assert redacted.kinds == (kind,)
    assert redacted.text.startswith("before ")
    assert "[redacted:" in redacted.text


def test_a_private_key_cut_off_at_the_bottom_leaves_the_error_below_it():
    body = "\n".join(key(48) for _ in range(3))
    redacted = redact(f"-----BEGIN RSA PRIVATE KEY-----\n{body}\nError 401003 happened here")
    assert redacted.text == "[redacted:private-key]\nError 401003 happened here"


def test_a_private_key_cut_off_at_the_top_goes_too():
    body = "\n".join(key(48) for _ in range(3))
    redacted = redact(f"{body}\n-----END PRIVATE KEY-----\ntail")
    assert redacted.text == "[redacted:private-key]\ntail"


def test_a_private_key_cut_off_in_the_middle_goes_to_the_end():
    assert redact("log -----BEGIN PRIVATE KEY-----\n" + key(200)).text == "log [redacted:private-key]"


@pytest.mark.parametrize(
    "text",
    [
        "SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2Fpump-7&se=1700000000&skn=device",
        "Tracking ID:0123456789abcdef0123456789abcdef-G:5-TimeStamp:09/02/2021 04:48:20",
        "the key is missing from the connection string",
        "mot de passe oublié",
    ],
)
def test_what_opens_nothing_stays(text):
    assert redact(text) == type(redact(""))(text, ())


def made_key():
    return base64.b64encode(secrets.token_bytes(32)).decode()


def holds_run_of(text, key, length=12):
    return any(key[i : i + length] in text for i in range(len(key) - length + 1))


@pytest.mark.parametrize(
    "carrier",
    [
        "cs = ('HostName=h;SharedAccessKey={first}'\n      '{second}')",
        'String cs = "HostName=h;SharedAccessKey={first}" +\n    "{second}";',
        "2026-01-05T10:00:00Z INFO HostName=h;SharedAccessKey={first}\n2026-01-05T10:00:00Z INFO {second}",
    ],
)
def test_a_key_cut_by_code_or_by_a_log_goes_whole(carrier):
    key = made_key()
    told = redact(carrier.format(first=key[:22], second=key[22:]))
    assert told.kinds
    assert not holds_run_of(told.text, key)


def test_a_key_without_its_padding_goes_where_the_word_before_it_tells():
    key = made_key().rstrip("=")
    assert not holds_run_of(redact(f"the device key {key} is refused").text, key)


def test_a_connection_string_kept_as_base64_goes_whole():
    kept = base64.b64encode(f"HostName=h;DeviceId=d;SharedAccessKey={made_key()}".encode()).decode()
    assert not holds_run_of(redact(f"connectionString: {kept}").text, kept)
