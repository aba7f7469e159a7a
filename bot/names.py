"""What a paste calls the hub, the device and the module it is about, wherever it says so: commands are filled in with it.

Told are only names that stand alone of their kind: where a log speaks of two devices, which one a command is meant
for is not ours to guess. Give it text without secrets; a name is never taken from one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

_SET = r"""\\{0,4}["']?\s{0,4}(?:[:=]|%3[Dd])\s{0,4}\\{0,4}["']?"""
"""Between a field and its value: ``DeviceId=``, ``"deviceId": "``, the same escaped twice, ``device_id: ``."""
_SLASH = r"(?:/|%(?:25)?2[Ff]|\\/)"
_VALUE = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
_PATTERNS = {
    "hub": (
        r"(?<![\w.%-])([A-Za-z0-9][A-Za-z0-9-]{1,48}[A-Za-z0-9])\.azure-devices\.(?:net|cn|us|de)\b",
        r"(?<=%2[Ff])([A-Za-z0-9][A-Za-z0-9-]{1,48}[A-Za-z0-9])\.azure-devices\.(?:net|cn|us|de)\b",
        rf"(?i:\b(?:iot_?-?)?hub_?-?name){_SET}({_VALUE})",
        r"--hub-name[ =]{1,4}[\"']?([A-Za-z0-9][A-Za-z0-9-]{1,48})",
        r"(?i:\biot ?hub) {1,4}\\{0,4}['\"]([A-Za-z0-9][A-Za-z0-9-]{1,48})['\"\\]",
    ),
    "device": (
        rf"(?i:\b(?:connection-?)?device[_ -]?id){_SET}({_VALUE})",
        rf"(?<![\w-])--device-id[ =]{{1,4}}[\"']?({_VALUE})",
        rf"(?i:\.azure-devices\.(?:net|cn|us|de)){_SLASH}(?:devices{_SLASH})?(?!devices\b|twins\b|messages\b|\$|\?)({_VALUE})(?:{_SLASH}|[?&\s\"']|%3[Ff])",
        rf"{_SLASH}(?:devices|twins){_SLASH}(?!query\b|\$)({_VALUE})",
        rf"(?<![\w$/])devices/(?!query\b|\$)({_VALUE})(?=/)",
        rf"(?i:\bdevice)(?i: (?:with )?id)? {{1,4}}\\{{0,4}}['\"]({_VALUE})['\"\\]",
        rf"(?i:\bappareil) {{1,4}}\\{{0,4}}['\"«]\s?({_VALUE})\s?['\"\\»]",
    ),
    "module": (
        rf"(?i:\b(?:connection-?)?module[_ -]?id){_SET}({_VALUE})",
        rf"(?<![\w-])--module-id[ =]{{1,4}}[\"']?({_VALUE})",
        rf"{_SLASH}modules{_SLASH}(?!\$)({_VALUE})",
    ),
    "registration": (rf"(?i:\bregistration[_ -]?id){_SET}({_VALUE})",),
}
_SIGNS = ("device", "hub", "module", "registration", "twins", "appareil")
"""One of these stands, in lower case, in every text that names something."""
_NO_NAME = frozenset(
    {"null", "none", "undefined", "unknown", "string", "true", "false", "not", "is", "redacted"}
)
_MOST_CHARACTERS = 100_000


def names_in(text: str) -> dict[str, str]:
    """Return what the text calls hub, device, module and registration, each where it names exactly one."""
    lowered = text[:_MOST_CHARACTERS].lower()
    if not any(sign in lowered for sign in _SIGNS):
        return {}
    found: dict[str, str] = {}
    for name, patterns in _compiled().items():
        held = dict.fromkeys(_values(patterns, text[:_MOST_CHARACTERS]))
        if len({value.lower() if name == "hub" else value for value in held}) == 1:
            found[name] = next(iter(held))
    return found


def _values(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[str]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            value = unquote(match.group(1)).rstrip(".:-")
            if value and value.lower() not in _NO_NAME and not value.lower().endswith(".azure-devices.net"):
                yield value


@cache
def _compiled() -> dict[str, tuple[re.Pattern[str], ...]]:
    """The patterns, compiled when a text first names something: most questions name nothing."""
    return {name: tuple(map(re.compile, patterns)) for name, patterns in _PATTERNS.items()}
