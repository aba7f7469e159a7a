"""Sort the records of a log into groups: what the documents know, and what they don't by shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.redaction import redact, unmarked
from bot.triage.moments import without_moment
from bot.triage.shapes import has_sign, is_error, shape, skeleton
from bot.triage.tally import Known, Totals, Unknown
from kb.identifiers import key
from kb.model import Found, Hit, Outcome

_SURELY_NAMED = 0.65
_SURELY_PRINTED = 0.6
_MOST_SKELETONS = 50_000
_MOST_SHAPES = 20_000
_MOST_UNKNOWN = 5_000
_MOST_DEVICES = 1_000
_MOST_LINES = 40
_MOST_TELLING = 3
_MOST_EXAMPLE = 300
_MOST_SEARCHES = 20_000
"""A log that was searched for more shapes than that says the same in ever other words."""
_FIRST_WORDS = 6
"""Words at the beginning that are a line's shape from there on."""

_LONG = 4
"""Digits above which a number is a code wherever it stands; shorter ones only count after a word such as "error"."""
_LONG_CODES = re.compile(rb"(?<![\w.,:/-])[1-9]\d{4,9}(?![\w]|[.,]\d)")
_VARYING = re.compile(
    rb"(?i:event|error|erreur|code|status|warning)(?i:\s?id)?\W{0,4}(\d{3,9})\b|\b([A-Z]{1,6}-?\d{3,7})\b|\b(0x[0-9A-Fa-f]{4,16})\b"
)
"""What tells two errors of one skeleton apart: looked for only in lines of a skeleton that once had any."""
_DIGITS_ALIKE = bytes(0x30 if 0x30 <= byte <= 0x39 else byte for byte in range(256))
_INDENTED = frozenset(b" \t}])^")
_GOES_ON = (
    b"Traceback (most", b"Caused by:", b"Suppressed:", b"--- End of", b"During handling", b"The above exception", b"... ", b"at ",
)  # fmt: skip
_MAY_GO_ON = frozenset(start[0] for start in _GOES_ON)
_TELLING = (b"rror", b"xception", b"Caused by", b"essage", b"denied", b"refused", b"ailed")
_LAST_OF_TRACE = re.compile(rb"[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b")
_JAVA_EXCEPTION = re.compile(rb"(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Error|Exception)\b")
_DEVICE = re.compile(
    rb"""(?ix) \bdevice(?:_?\ ?id|\ name)?\\*["']?\s*[:=]\s*\\*["']?(?P<named>[a-z0-9][\w.:%+#-]{0,127})
    | /devices/(?P<path>[^/?&\s"'\\]{1,128}) | \bdevice\s+\\*["'](?P<quoted>[^"'\s\\]{1,128})
    | \bdevice\ (?=[\w.-]*\d)(?P<bare>[a-z][\w.-]{0,126}\w)(?![\w./(])"""
)

Find = Callable[[str], Found]


@dataclass(slots=True)
class _Verdict:
    """What is known of a shape."""

    tally: Known | Unknown | None
    device: re.Pattern[bytes] | None = None
    """Finds the device in lines of this shape."""
    varies: bool = False
    """Lines of this skeleton carry codes, and each code has a verdict of its own."""


_VARIES = _Verdict(None, varies=True)


class Sorter:
    """Takes lines, keeps groups. Memory is bounded: by the entries, and by how many shapes are remembered."""

    def __init__(self, find: Find, identifiers: Iterable[str], clock: Callable[[], datetime]) -> None:
        """``clock`` tells the year of times that say none: a log may be followed across New Year."""
        self._find = find
        self._codes = frozenset(key(one).encode() for one in identifiers)
        lengths = [len(one) for one in self._codes if one.isdigit() and len(one) > _LONG]
        self._digits = b"0" * min(lengths, default=_LONG + 1)
        self._clock = clock
        self.known: dict[str, Known] = {}
        self.unknown: dict[str, Unknown] = {}
        self.totals = Totals()
        self.on_seen: Callable[[Known | Unknown, str], None] | None = None
        """Called for every record that belongs to a group."""
        self._skeletons: dict[tuple[bytes, ...], _Verdict] = {}
        self._shapes: dict[str, _Verdict] = {}
        self._record: list[bytes] = []
        self._is_traced = False
        self._encoding = "utf-8"

    def take(self, lines: list[bytes], encoding: str = "utf-8") -> None:
        """Take the next lines."""
        self._encoding = encoding
        self.totals.n_lines += len(lines)
        for line in lines:
            if not line:
                continue
            start = line[0]
            if start in _INDENTED or (start in _MAY_GO_ON and line.startswith(_GOES_ON)):
                self._is_traced = self._is_traced or line.startswith(b"Traceback")
                if len(self._record) < _MOST_LINES:
                    self._record.append(line)
                continue
            if b"Error" in line or b"xception" in line:
                if self._is_traced and _LAST_OF_TRACE.match(line):
                    self._record.append(line)
                    continue
                # Java prints the exception below the line that logs it, at its very beginning.
                if len(self._record) == 1 and _JAVA_EXCEPTION.match(line) and has_sign(self._record[0]):
                    self._record.append(line)
                    continue
            if self._record:
                self._sort(self._record)
            self._record = [line]
            self._is_traced = False

    def flush(self) -> None:
        """Take the record under way for whole: the file ends here, or nothing more came."""
        if self._record:
            self._sort(self._record)
        self._record, self._is_traced = [], False

    def settle(self) -> None:
        """Read the times of what was seen; to be called at the end of a file, before the groups are shown."""
        for tally in (*self.known.values(), *self.unknown.values()):
            tally.settle(self._encoding, self._clock())

    def _sort(self, record: list[bytes]) -> None:
        self.totals.n_records += 1
        first = record[0]
        codes = self._codes_in(first)
        name: tuple[bytes, ...] = (skeleton(first), *codes)
        if len(record) > 1:
            told = [line for line in record[1:] if any(sign in line for sign in _TELLING)][-_MOST_TELLING:]
            name = (*name, *map(skeleton, told))
        verdict = self._skeletons.get(name)
        if verdict is None:
            verdict = self._judged(name, record, codes, may_vary=not codes)
        if verdict.varies:
            codes = _varying(first)
            name = (*name, *codes)
            verdict = self._skeletons.get(name) or self._judged(name, record, codes, may_vary=False)
        tally = verdict.tally
        if tally is None:
            return
        whole = first if len(record) == 1 else b"\n".join(record)
        tally.see(whole)
        if (
            verdict.device is not None
            and len(tally.devices) < _MOST_DEVICES
            and (match := verdict.device.search(whole))
        ):
            value = next(group for group in match.groups() if group)
            tally.devices[value.decode(self._encoding, errors="replace")] = None
        if self.on_seen is not None:
            tally.settle(self._encoding, self._clock())
            self.on_seen(tally, whole.decode(self._encoding, errors="replace"))

    def _codes_in(self, line: bytes) -> list[bytes]:
        """Long numbers in a line that the documents know as codes; most lines have no run of digits that long."""
        if self._digits not in line.translate(_DIGITS_ALIKE):
            return []
        return [code for code in _LONG_CODES.findall(line) if code in self._codes]

    def _judged(
        self, name: tuple[bytes, ...], record: list[bytes], codes: list[bytes], *, may_vary: bool
    ) -> _Verdict:
        """Look at a skeleton for the first time."""
        verdict = _VARIES if may_vary and _varying(record[0]) else self._looked_at(record, codes)
        if len(self._skeletons) >= _MOST_SKELETONS:
            _forget_half(self._skeletons)
        self._skeletons[name] = verdict
        return verdict

    def _looked_at(self, record: list[bytes], codes: list[bytes]) -> _Verdict:
        whole = b"\n".join(record)
        known = [code.decode() for code in codes if key(code.decode()).encode() in self._codes]
        if not known and not has_sign(whole):
            return _Verdict(None)
        text = whole.decode(self._encoding, errors="replace").replace("\r", "")
        first, *others = text.split("\n")
        told = [line for line in others if any(sign.decode() in line for sign in _TELLING)][-_MOST_TELLING:]
        shapes = [shape(without_moment(line)) for line in (first, *told)]
        name = "\n".join([*shapes, *known])
        if self.totals.n_searched > _MOST_SEARCHES:
            name = " ".join(name.split()[:_FIRST_WORDS])
            shapes = [name]
        verdict = self._shapes.get(name)
        if verdict is None:
            # What went wrong stands last in a stack trace: "worker died" may be said of any of them.
            verdict = self._searched(text, " … ".join((shapes[0], *shapes[1:][-1:])))
            if len(self._shapes) >= _MOST_SHAPES:
                _forget_half(self._shapes)
            self._shapes[name] = verdict
        if verdict.tally is not None:
            verdict.tally.name_hub(text)
        return verdict

    def _searched(self, text: str, named: str) -> _Verdict:
        self.totals.n_searched += 1
        redacted = redact(text)
        self.totals.redacted |= dict.fromkeys(redacted.kinds)
        found = self._find(without_moment(unmarked(redacted.text)))
        hit = found.candidates[0] if found.candidates else None
        example = _short(redacted.text)
        if hit is not None and _is_told(found.outcome, hit):
            known = self.known.get(hit.entry.id)
            if known is None:
                others = tuple(one.entry for one in found.hits if one.entry.id != hit.entry.id)
                known = Known(entry=hit.entry, alternatives=others, example=example)
                self.known[hit.entry.id] = known
            known.confidence = max(known.confidence, hit.confidence)
            return _Verdict(known, _device_finder(text, hit.captures.get("device", "")))
        if not any(map(is_error, text.split("\n", 8)[:8])):
            return _Verdict(None)
        unknown = self.unknown.get(named)
        if unknown is None:
            self._make_room()
            unknown = self.unknown[named] = Unknown(shape=redact(named).text, example=example)
        return _Verdict(unknown, _DEVICE)

    def _make_room(self) -> None:
        """Give up the shapes seen once, oldest first, when there are too many."""
        if len(self.unknown) < _MOST_UNKNOWN:
            return
        rare = [name for name, tally in self.unknown.items() if tally.count <= 1] or list(self.unknown)
        for name in rare[: max(len(rare) // 2, 1)]:
            del self.unknown[name]
            self.totals.n_forgotten += 1
        self._skeletons.clear()  # verdicts that still point at them
        self._shapes.clear()


def _varying(line: bytes) -> list[bytes]:
    return [next(filter(None, groups)) for groups in _VARYING.findall(line)]


def _is_told(outcome: Outcome, hit: Hit) -> bool:
    """A name or a message of the documents stands in the text; words alone are no reason to call a log line known.

    A person can choose between entries that a message fits in part; in a report a guess would look like knowledge.
    """
    if outcome is Outcome.NONE:
        return False
    if hit.reasons.get("identifier", 0.0) >= _SURELY_NAMED:
        return True
    return bool(hit.matched) and (outcome is Outcome.ANSWER or hit.reasons["message"] >= _SURELY_PRINTED)


def _device_finder(text: str, device: str) -> re.Pattern[bytes]:
    """A pattern that finds the device in further lines of the shape: what stands where this one's does."""
    at = text.find(device) if device else -1
    before = re.search(r"[^\d\n]{3,24}$", text[:at]) if at > 0 else None
    if before is None:
        return _DEVICE
    return re.compile(re.escape(before.group().encode()) + rb"([^\s'\",;&\\]{1,128})")


def _short(text: str) -> str:
    """A record in one line: its first, and of a stack trace the last that tells, which is the exception."""
    first, *others = [line.strip() for line in text.split("\n") if line.strip()] or [""]
    told = [line for line in others if any(sign.decode() in line for sign in _TELLING)]
    return " … ".join(
        line if len(line) <= _MOST_EXAMPLE else line[: _MOST_EXAMPLE - 1] + "…"
        for line in (first, *told[-1:])
    )


def _forget_half(
    table: dict[object, _Verdict] | dict[tuple[bytes, ...], _Verdict] | dict[str, _Verdict],
) -> None:
    for name in list(table)[: len(table) // 2]:
        del table[name]  # type: ignore[arg-type]
