"""Read from a pasted text what checks can use: who, which hub, which error, when, with what numbers.

Pastes come as JSON, as JSON escaped once or twice, as a Python dict or as bare log lines; the text is unescaped first
and then read by patterns, since no parser reads half a paste. What is not there is empty, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from bot.checks import stamps
from bot.checks.logs import PLAIN_ID, Event, read_events
from bot.checks.token import SAS

_ID = r"[A-Za-z0-9\-.+%_#*?!(),:=@$']{1,128}"
_HOST = re.compile(r"(?i)\b([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.azure-devices(?:-int)?\.(?:net|us|cn))\b")
_HUB_NAMED = re.compile(
    r"(?i)\bI[oO]T ?Hub '?(?P<hub>[a-z0-9][a-z0-9-]{1,48}[a-z0-9])'? (?:does not contain|is suspended|exceeded|already)"
)
_HUB_QUOTED = re.compile(r"(?i)\bI[oO]T ?Hub '(?P<hub>[a-z0-9][a-z0-9-]{1,48}[a-z0-9])'")
_DEVICE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:specified device) '(?P<device>{PLAIN_ID})'",
        rf"\bDeviceId=(?P<device>{PLAIN_ID})(?:;|\s|[\"']|$)",
        rf"[\"']?(?i:deviceId)[\"']?\s*:\s*[\"'](?P<device>{PLAIN_ID})[\"']",
        rf"(?i:username):? ?[\"']?[a-z0-9-]+\.azure-devices\.\w+/(?P<device>{PLAIN_ID})/",
        rf"/(?:devices|twins)/(?!query\b)(?P<device>{_ID}?)(?=[/?\s\"']|$)",
        rf"(?i:device (?:with )?Id) '(?P<device>{PLAIN_ID})'",
        (
            rf"[\"']errorCode[\"']:\s*404001,\s*(?:[\"']trackingId[\"']:\s*[\"'][^\"']*[\"'],\s*)?[\"']message[\"']:\s*"
            rf"[\"'](?P<device>{PLAIN_ID})[\"']"
        ),
        rf"ErrorCode:DeviceNotFound;(?P<device>{PLAIN_ID})",
        r"\bDevice '?(?P<device>[A-Za-z0-9][\w.\-]{0,127})'? (?:at IotHub|in IotHub|not registered|is not registered|authentication)",
        rf"(?i:lock was lost for device) '?(?P<device>{PLAIN_ID})",
        rf"(?i:operation for device|import error for device Id|mismatch for device Id) '(?P<device>{PLAIN_ID})'",
        # In a person's own words: only what looks like one of many, "pump-7", and not a board or a version.
        r"(?i:\b(?:device|appareil)(?: id)?|\bDeviceNot(?:Found|Online)[:;,]?) {1,3}(?P<device>[A-Za-z][A-Za-z0-9]{0,30}[-_](?:[A-Za-z0-9]{1,30}[-_]){0,6}\d{1,8})\b(?!\.\d)",
    )
)
_MODULE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"/modules/(?P<module>{PLAIN_ID})",
        rf"\bModuleId=(?P<module>{PLAIN_ID})(?:;|\s|[\"']|$)",
        rf"[\"'](?i:moduleId)[\"']\s*:\s*[\"'](?P<module>{PLAIN_ID})[\"']",
    )
)
_CODE = re.compile(
    r"(?<![\w.])(?:IH|iothub)?(?P<number>[45]\d{5}|500xxx)(?!\w|[.,]\d)"
    r"|\b(?P<name>(?:com\.microsoft|amqp):[a-z-]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|(?:[A-Z]+[a-z0-9]+){2,8}[A-Z]*)\b"
)
_SHA1, _SHA2 = r"(?:[0-9A-Fa-f]{40})", r"(?:[0-9A-Fa-f]{64})"
_PRESENTED = re.compile(rf"(?i)SHA(?:1|2|256)(?:Hash)?\s*[=:]\s*[\"']?(?P<value>{_SHA2}|{_SHA1})\b")
_CONFIGURED = re.compile(
    rf"(?i)(?:Primary|Secondary)Thumbprint[\"']?\s*[=:]\s*[\"']?(?P<value>{_SHA2}|{_SHA1})\b"
)
_COLONED = re.compile(r"(?i)\b(?:[0-9a-f]{2}:){19,31}[0-9a-f]{2}\b")
_FINGERPRINT = re.compile(
    r"(?i)(?:finger|thumb)print[^=:\n]{0,20}[=:]\s*[\"']?(?P<value>[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})\b"
)
_COUNT = re.compile(
    r"(?i)max(?:imum)?\s+allowed\s+(?P<what>message|device)s?\s+count\s*:\s*'?(?P<max>[\d.,]+)'?"
    r".{0,40}?current\s+(?:message|device)s?\s+count\s*:\s*'?(?P<now>[\d.,]+)'?",
    re.DOTALL,
)
_OPERATION = re.compile(r"(?i)operation type:\s*'?(?P<operation>[A-Za-z]\w+)")
_RULE = re.compile(
    r"(?i)authorization rule '?(?P<policy>[\w.-]{1,64})'? does not allow access for '?(?P<operation>[^'\"\n]{1,80})"
)
_PRINCIPAL = re.compile(
    r"(?i)principal .{1,160}? is not authorized for .{1,160}? due to no assigned permissions", re.DOTALL
)
# Nothing else on the line: somebody types what the device shows.
_CONNACK_ALONE = re.compile(
    r"(?im)^\W*(?:(?:mqtt|broker|client)\W{1,3})?(?:rc|state|return[_ ]code|code(?: de)? retour|connack(?: (?:return )?code)?)"
    r"[\s:=#\"'(]{0,4}(?:0x0?)?(?P<code>[1-5])\W*$"
)
_CONNACK = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)connection not accepted:\s*0x0?(?P<code>[1-5])\b",
        r"(?i)\bCONNACK\b[^\n]{0,60}?RETURN_CODE:\s*0x0?(?P<code>[1-5])\b",
        # Not Paho's "returned rc==1" nor a disconnect's result code: those count other things.
        (
            r"(?i)\bconn(?:ect(?:ion|ed)?|ack|exion)\b[^\n]{0,40}?\b(?:rc|return[_ ]code|result code|reason code|"
            r"code(?: de)? retour|code|state)\s*(?:==?|:|of)?\s*(?:0x0?)?(?P<code>[1-5])\b(?![.\d])"
        ),
        r"(?i)\bCONNACK\b[ :=(]{1,4}(?:0x0?)?(?P<code>[1-5])\b(?![.\d])",
        r"(?i)\bfailed,? (?:with )?(?:rc|state)\s*=\s*(?P<code>[1-5])\b(?![.\d])",
    )
)
_CONNACK_WORDS = (
    (re.compile(r"(?i)unacceptable ?protocol ?version|unacceptable version"), 1),
    (re.compile(r"(?i)identifier ?rejected|id rejected"), 2),
    (
        re.compile(
            r"(?i)refused:? ?\(?server ?unavailable|broker unavailable|not accepted: 0x3|MqttServerUnavailable"
        ),
        3,
    ),
    (re.compile(r"(?i)bad ?user ?name ?(?:or|/) ?password|bad username/password"), 4),
    (
        re.compile(
            r"(?i)refused:? ?[-,]? ?not ?authori[sz]ed|not authori[sz]ed to connect|RefusedNotAuthorized"
            r"|\brefusée? ?[:,-]? ?non autorisée?\b"
        ),
        5,
    ),
)
_HALF = 100_000
"""Characters of a very long text that are read at its head, and at its tail."""
_SDKS = (
    (
        re.compile(
            r"azure\.iot\.(?:device|hub)|msrest\.exceptions|pipeline_stages_\w+\.py|mqtt_transport\.py|MQTTTransportStage"
        ),
        "python",
    ),
    (re.compile(r"Microsoft\.Azure\.Devices|AmqpIot|MqttIotHubAdapter|CONNECT failed: Refused"), "dotnet"),
    (
        re.compile(
            r"com\.microsoft\.azure\.sdk\.iot|sdk\.iot\.(?:device|service)|com\.microsoft\.rest\.RestException"
        ),
        "java",
    ),
    (re.compile(r"azure-iot-device|azure-iothub|mqtt\.js returned|node_modules"), "node"),
    (re.compile(r"IOTHUB_CLIENT_|iothubtransport|iothub_\w+\.c|mqtt_client|Connection Not Accepted"), "c"),
)
_PROVISIONING = re.compile(
    r"(?i)provisioning failure|azure-devices-provisioning\.net|/registrations/|\bProvisioningTransportException|custom allocation failed"
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text says. Empty, None or () where it says nothing of the kind."""

    text: str = ""
    """Unescaped, without any SAS token."""
    codes: tuple[str, ...] = ()
    """Numbers and names of errors as written, in the order of the text."""
    hub: str = ""
    """Host name, or the bare name of the hub where the text gives no more."""
    device: str = ""
    module: str = ""
    operation: str = ""
    """What was tried: ``"CRUD"``, ``"devices/write"``."""
    policy: str = ""
    lacks_role: bool = False
    error_time: datetime | None = None
    """When the error came about, by the hub's clock."""
    presented: tuple[str, ...] = ()
    """Thumbprints of the certificate that a device showed, upper-case hexadecimal."""
    configured: tuple[str, ...] = ()
    """Thumbprints that the hub compared them with, as the message says."""
    message_count: tuple[int, int] | None = None
    """(current, allowed) messages of the day."""
    device_count: tuple[int, int] | None = None
    """(current, allowed) devices."""
    connack: int | None = None
    """Return code of a refused MQTT CONNECT, 1 to 5."""
    is_connack_all: bool = False
    """The text is that return code and nothing else."""
    sdk: str = ""
    events: tuple[Event, ...] = ()
    is_provisioning: bool = False


def read(text: str) -> Pasted:
    """Return what the text says; any text is fine. Of a very long one, head and tail are read."""
    plain = unescape(text if len(text) <= 2 * _HALF else f"{text[:_HALF]}\n{text[-_HALF:]}")
    without_tokens = SAS.sub("sr=…", plain)
    counts = {match["what"].lower(): match for match in _COUNT.finditer(without_tokens)}
    stated = stamps.hub_stamps(without_tokens)
    rule = _RULE.search(without_tokens)
    host = _HOST.search(without_tokens)
    return Pasted(
        text=without_tokens,
        codes=_codes(without_tokens),
        hub=host.group(1).lower() if host else _first((_HUB_NAMED, _HUB_QUOTED), without_tokens, "hub"),
        device=unquote(_first(_DEVICE, without_tokens, "device")),
        module=_first(_MODULE, without_tokens, "module"),
        operation=rule["operation"].strip() if rule else _first((_OPERATION,), without_tokens, "operation"),
        policy=rule["policy"] if rule else "",
        lacks_role=bool(_PRINCIPAL.search(without_tokens)),
        error_time=stated[-1].at if stated else None,
        presented=_thumbprints(without_tokens),
        configured=tuple(dict.fromkeys(m["value"].upper() for m in _CONFIGURED.finditer(without_tokens))),
        message_count=_numbers(counts.get("message")),
        device_count=_numbers(counts.get("device")),
        connack=_connack(without_tokens),
        is_connack_all=bool(_CONNACK_ALONE.fullmatch(without_tokens.strip())),
        sdk=next((name for pattern, name in _SDKS if pattern.search(without_tokens)), ""),
        events=read_events(without_tokens),
        is_provisioning=bool(_PROVISIONING.search(without_tokens)),
    )


def unescape(text: str) -> str:
    """Return the text with JSON's escapes taken off, however often it was escaped."""
    for _ in range(3):
        if "\\" not in text:
            break
        text = text.replace("\\u0026", "&").replace("\\u0027", "'").replace("\\u0022", '"')
        text = re.sub(r'\\{1,7}(["\'])', r"\1", text)
    return re.sub(r"\\{1,7}[rn](?![\w\\]*[\\/.])", "\n", text)


def _codes(text: str) -> tuple[str, ...]:
    """The hub's own numbers and names. A number counts where it is six long and a 4xx or 5xx, or stands after "IH"."""
    found: dict[str, None] = {}
    for match in _CODE.finditer(text):
        found.setdefault(match["number"] or match["name"])
    return tuple(code for code in found if code not in ("ErrorCode", "ExceptionMessage"))


def _first(patterns: tuple[re.Pattern[str], ...], text: str, group: str) -> str:
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            return match[group]
    return ""


def _thumbprints(text: str) -> tuple[str, ...]:
    configured = {match.span("value") for match in _CONFIGURED.finditer(text)}
    found = [
        match["value"].upper()
        for pattern in (_PRESENTED, _FINGERPRINT)
        for match in pattern.finditer(text)
        if match.span("value") not in configured
    ]
    found += [match.group().replace(":", "").upper() for match in _COLONED.finditer(text)]
    return tuple(dict.fromkeys(value for value in found if len(value) in (40, 64)))


def _numbers(match: re.Match[str] | None) -> tuple[int, int] | None:
    if match is None:
        return None
    now, most = (re.sub(r"\D", "", match[name]) for name in ("now", "max"))
    return (int(now), int(most)) if now and most else None


def _connack(text: str) -> int | None:
    for pattern in (*_CONNACK, _CONNACK_ALONE):
        match = pattern.search(text)
        if match:
            return int(match["code"])
    return next((code for pattern, code in _CONNACK_WORDS if pattern.search(text)), None)
