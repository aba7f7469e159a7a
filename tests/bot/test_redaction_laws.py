"""No key that people paste survives in any of the wrappings it is pasted in; what is harmless stays. Keys are made here."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import quopri
import shlex
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import redact

RUN = 12
TEMPLATES = Path(__file__).parents[3] / "shared" / "research" / "live-checks.md"


def made(seed: int, n_bytes: int = 32) -> bytes:
    """Bytes as chance gives them; shrunk towards zeros they would be no key."""
    return hashlib.shake_256(str(seed).encode()).digest(n_bytes)


def b64(seed: int, n_bytes: int = 32) -> str:
    return base64.b64encode(made(seed, n_bytes)).decode()


def letters(seed: int, length: int) -> str:
    return "".join(c for c in b64(seed, 3 * length) if c.isalnum())[:length]


KEYS = {
    "32 bytes": b64,
    "64 bytes": lambda seed: b64(seed, 64),
    "identifiable": lambda seed: letters(seed, 33) + "AIoTC" + letters(seed + 1, 5) + "=",
}
FORMS = {
    "device string": ("HostName=contoso.azure-devices.net;DeviceId=pump-7;SharedAccessKey={key}", KEYS),
    "owner string": (
        "HostName=contoso.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey={key}",
        KEYS,
    ),
    "event hubs": (
        "Endpoint=sb://c.servicebus.windows.net/;SharedAccessKeyName=l;SharedAccessKey={key};EntityPath=e",
        KEYS,
    ),
    "storage": (
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={key};EndpointSuffix=core.windows.net",
        KEYS,
    ),
    "token": (
        "SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2Fpump-7&sig={key}&se=1700000000",
        {"escaped": lambda seed: quote(b64(seed), safe="")},
    ),
    "storage token": (
        "https://x.blob.core.windows.net/c?sv=2021-01-01&sig={key}&se=2026-01-01",
        {"escaped": lambda seed: quote(b64(seed), safe="")},
    ),
    "registry": ('{{"symmetricKey":{{"primaryKey":"{key}","secondaryKey":null}}}}', KEYS),
    "group key": ("group_key = {key}", KEYS),
    "prose": ("my primary key is {key} and it is refused", KEYS),
    "bare": ("{key}", KEYS),
    "glued": ("expected{key}got", KEYS),
    "hexadecimal": ("device key: {key}", {"hex": lambda seed: made(seed).hex()}),
    "hexadecimal, bare": ("got {key} from the board", {"hex": lambda seed: made(seed).hex().upper()}),
    "private key": (
        "-----BEGIN EC PRIVATE KEY-----\n{key}\n-----END EC PRIVATE KEY-----",
        {"48": lambda s: b64(s, 48)},
    ),
    "slack": ("token {key} here", {"bot": lambda seed: "xox" + "b-123456789012-" + letters(seed, 24)}),
    "jwt": (
        "access_token: {key}",
        {
            "jwt": lambda seed: (
                "eyJ" + ".".join((letters(seed, 30), letters(seed + 1, 40), letters(seed + 2, 43)))
            )
        },
    ),
    "header": ("Authorization: Bearer {key}", {"opaque": lambda seed: letters(seed, 40)}),
    "client secret": (
        "AZURE_CLIENT_SECRET={key}",
        {"entra": lambda seed: letters(seed, 3) + "8Q~" + letters(seed, 34)},
    ),
}


def split(text: str, width: int) -> str:
    return "\n".join(
        line[i : i + width] for line in text.split("\n") for i in range(0, max(len(line), 1), width)
    )


def prefixed(text: str) -> str:
    return "\n".join(f"2026-01-05T10:00:00.000Z INFO  {line}" for line in text.split("\n"))


WRAPPINGS = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON twice": lambda text: json.dumps({"body": json.dumps({"cs": text})}),
    "Python": repr,
    "URL": lambda text: quote(text, safe=""),
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "secret of Kubernetes": lambda text: f"data:\n  conn: {base64.b64encode(text.encode()).decode()}\n",
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "mail, quoted": lambda text: "\n".join(
        "> " + line for line in quopri.encodestring(text.encode()).decode().split("\n")
    ),
    "80 columns": lambda text: split(text, 80),
    "50 columns": lambda text: split(text, 50),
    "shell": lambda text: f"export CS={shlex.quote(text)}",
    "shell, double": lambda text: 'az iot --login "' + text.replace('"', '\\"') + '"',
    "properties": lambda text: "cs=" + text.replace("=", "\\=").replace(":", "\\:"),
    "log": prefixed,
    "syslog": lambda text: f"Jan  5 10:00:00 gw app[312]: {text}",
    "colours": lambda text: f"\x1b[31m{text}\x1b[0m",
    "code": lambda text: (
        "cs = (\n" + "\n".join(f"    '{text[i : i + 40]}'" for i in range(0, len(text), 40)) + ")"
    ),
}
OUTER = sorted(WRAPPINGS.keys() - {"80 columns", "50 columns", "code"})
"""What is wrapped once more after it was cut is found too, but a cut inside an escape can be beyond telling."""

forms = st.sampled_from([(text, make) for text, keys in FORMS.values() for make in keys.values()])
wrappings = st.sampled_from(list(WRAPPINGS))


def survives(secret: str, text: str) -> bool:
    """Whether a run of the secret stands in the text in any of the spellings a reader would recognise."""
    joined = text.replace("\n", "").replace("\\", "").replace("'", "").replace(" ", "").replace("=", "")
    quoted = quote(secret, safe="")
    # Of "//" alone, escaped twice, a dozen characters stand in every escaped address.
    spellings = (
        (secret, RUN),
        (html.escape(secret), RUN),
        (quoted, 2 * RUN),
        (quote(quoted, safe=""), 3 * RUN),
    )
    runs = ((one.replace("=", ""), length) for one, length in spellings)
    return any(run[i : i + length] in joined for run, length in runs for i in range(len(run) - length + 1))


def in_base64(secret: str, text: str) -> bool:
    """Whether the text holds base64 that holds the secret."""
    pieces = "".join(c if c.isalnum() or c in "+/=" else " " for c in text.replace("\n", "")).split()
    decoded = (
        base64.b64decode(piece[: len(piece) // 4 * 4] + "", validate=False)
        for piece in pieces
        if len(piece) > 40
    )
    return any(secret[: RUN * 2].encode() in one for one in decoded)


@given(st.integers(0), forms, wrappings)
@settings(max_examples=400)
def test_no_key_survives_a_wrapping(seed, form, wrapping):
    template, make = form
    secret = make(seed)
    told = redact(WRAPPINGS[wrapping](template.format(key=secret)))
    assert told.kinds
    assert not survives(secret, told.text)
    assert not in_base64(secret, told.text)


@given(st.integers(0), forms, wrappings, st.sampled_from(OUTER))
@settings(max_examples=400)
def test_no_key_survives_two_wrappings(seed, form, inner, outer):
    template, make = form
    secret = make(seed)
    told = redact(WRAPPINGS[outer](WRAPPINGS[inner](template.format(key=secret))))
    assert told.kinds
    assert not survives(secret, told.text)


# Of ten thousand such, one is beyond telling: the same ones each time, so that no run fails by chance.
@given(st.integers(0), forms, wrappings, st.sampled_from(OUTER), st.sampled_from(OUTER))
@settings(max_examples=200, derandomize=True)
def test_no_key_survives_three_wrappings(seed, form, inner, between, outer):
    template, make = form
    secret = make(seed)
    told = redact(WRAPPINGS[outer](WRAPPINGS[between](WRAPPINGS[inner](template.format(key=secret)))))
    assert not survives(secret, told.text)


@given(
    st.integers(0),
    st.sampled_from([32, 64]),
    st.lists(st.integers(1, 42), min_size=1, max_size=4, unique=True),
    st.sampled_from([" ", "  ", "\n", "\r\n", " \n    "]),
    st.sampled_from(
        ["the key is {key} and it is refused", "la clé est {key}", "SharedAccessKey={key}", "key: {key}."]
    ),
)
@settings(max_examples=300)
def test_a_key_cut_by_blanks_in_a_sentence_goes_whole(seed, n_bytes, cuts, blank, sentence):
    secret = b64(seed, n_bytes)
    pieces = [secret[a:b] for a, b in pairwise([0, *sorted(cuts), len(secret)])]
    told = redact(sentence.format(key=blank.join(pieces)))
    assert not survives(secret, told.text)
    assert all(piece not in told.text for piece in pieces if len(piece) > 5)


@given(st.integers(0), st.integers(0, 400), st.sampled_from(FORMS["device string"][0:1]))
@settings(max_examples=20)
def test_a_key_in_a_long_log_goes_wherever_it_stands_and_the_rest_stays(seed, at, template):
    lines = [
        f'2026-01-05T10:00:{n % 60:02}Z INFO pump-{n} trackingId={GUID} {{"path":"c:\\\\x"}} key missing = no'
        for n in range(400)
    ]
    secret = b64(seed)
    told = redact("\n".join([*lines[:at], template.format(key=secret), *lines[at:]]))
    kept = template.format(key="[redacted:shared-access-key]")
    assert told.text == "\n".join([*lines[:at], kept, *lines[at:]])


@given(st.integers(0), st.sampled_from([44, 88]), st.data())
def test_an_unlabelled_key_cut_anywhere_goes_whole(seed, length, data):
    secret = b64(seed, {44: 32, 88: 64}[length])
    at = data.draw(st.integers(1, length - 1))
    for text in (f"{secret[:at]}\n{secret[at:]}", f"got {secret[:at]}\n    {secret[at:]}\nand then"):
        assert not survives(secret, redact(text).text)


HEX = hashlib.sha256(b"x").hexdigest()
GUID = "86a27ea6-a0ae-4dcd-8d5b-7f0d0a3b0a14"
TRACKING = "86a27ea6a0ae4dcd8d5b7f0d0a3b0a14-G:10-TimeStamp:11/24/2026 10:43:55"
HARMLESS = [
    f"Thumbprint does not match configuration: Thumbprint: SHA1Hash={HEX[:40]}, SHA2Hash={HEX}",
    f"Configuration: PrimaryThumbprint={HEX}, SecondaryThumbprint={HEX.upper()}",
    f'{{"x509Thumbprint":{{"primaryThumbprint":"{HEX.upper()}","secondaryThumbprint":null}}}}',
    f"SHA256 Fingerprint={':'.join(HEX[i : i + 2].upper() for i in range(0, 64, 2))}",
    f"sha256 Fingerprint={HEX}",
    f"l’empreinte du certificat est {HEX}",
    f"Pulled mcr.microsoft.com/azureiotedge-agent@sha256:{HEX}",
    f"/var/lib/docker/containers/{HEX}/{HEX}-json.log",
    f"{HEX}  gateway-1.2.tar.gz",
    f"Tracking ID:{TRACKING}",
    f'{{"errorCode":401003,"trackingId":"{TRACKING}","message":"x","correlationId":"{GUID}"}}',
    f"/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Devices/IotHubs/contoso",
    'etag: "AAAAAAAAAAE=", If-Match: W/"MTIzNDU2Nzg5MA=="',
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "com/microsoft/azure/sdk/iot/device/transport/mqtt/MqttIotHubConnection=DEBUG",
    "SPRING_CLOUD_AZURE_EVENTHUBS_PROCESSOR_CHECKPOINT_STORE_CONTAINER_NAME=checkpoints",
    "Microsoft.Azure.Devices.Client.Transport.Mqtt.MqttIotHubAdapterFactory.CreateAsync()",
    "$iothub/methods/POST/reboot/?$rid=1 devices/pump-7/messages/events/temperatureAlert=true&$.ct=application%2Fjson",
    "the parts MqttClient IoTHubConnection SessionState reason= and AmqpClient IoTHubConnection LinkState reason=",
    'labels a1B2 c3D4 name="x" other="y" edgeAgent edgeHub IoTEdgeModuleClient retryCount=',
    "body: "
    + base64.b64encode(b'{"temperature": 21.5, "humidity": 40, "unit": "celsius", "ok": true}').decode(),
]


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize(
    "wrapping", ["as it is", "JSON", "JSON twice", "URL", "log", "syslog", "HTML", "mail, quoted"]
)
def test_what_is_no_secret_stays(text, wrapping):
    wrapped = WRAPPINGS[wrapping](text)
    assert redact(wrapped) == type(redact(""))(wrapped, ())


@pytest.mark.parametrize("following", ["2026-01-05T10:00:00Z INFO pump-0 is up", "next pump", "401003"])
@pytest.mark.parametrize("template", ["SharedAccessKey={key}", "key: {key}", "x {key}"])
def test_a_key_at_the_end_of_a_line_takes_nothing_of_the_next_one_along(template, following):
    told = redact(f"before\n{template.format(key=b64(7))}\n{following}\nafter").text
    assert told.endswith(f"]\n{following}\nafter")


def test_a_thumbprint_stays_beside_a_key_in_hexadecimal():
    key = made(1).hex()
    told = redact(f'{{"deviceKey":"{key}","thumbprint":"{HEX}"}}')
    assert HEX in told.text
    assert not survives(key, told.text)


@pytest.mark.skipif(not TEMPLATES.exists(), reason="the list of message templates is not here")
def test_the_messages_of_the_hub_stay_as_they_are():
    values = {
        "trk": TRACKING, "hub": "contoso-hub", "dev": "pump-7", "mod": "m1", "pol": "iothubowner", "n": "401003",
        "40hex": HEX[:40], "64hex": HEX, "hex": HEX, "guid": GUID, "ts": "11/24/2026 10:43:55", "op": "CRUD",
    }  # fmt: skip
    rows = [
        row
        for row in TEMPLATES.read_text(encoding="utf-8").splitlines()
        if row.startswith("| ") and row[2].isdigit()
    ]
    assert len(rows) > 100
    for row in rows:
        text = row.split("|")[2]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        assert redact(text).text == text
