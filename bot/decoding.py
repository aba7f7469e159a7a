"""Bytes that somebody piped in or a log holds -> text: UTF-8, UTF-16, or a code page nobody declared.

Short texts in a code page defeat statistics: ``é`` alone is a letter in dozens of them. So the two that English and
French Windows write (1252 in windows, 850 in consoles) are tried first, and charset-normalizer only where neither
gives letters.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import TextUnreadable

HEAD = 65_536
"""Bytes looked at to tell the encoding of a stream."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_WESTERN = frozenset("ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŒŸàâäæçèéêëîïñôöùûüœÿßÑÁÍÓÚáíóú«»“”‘’–—…€°·µ§ \u202f")
_CODE_PAGES = ("cp1252", "cp850")
_MOST_CONTROL = 0.03
_ALIKE = 0.8


def decode(data: bytes) -> str:
    """Return the text of some bytes; a character cut in two at the end becomes U+FFFD.

    Raises
    ------
    TextUnreadable
        If the bytes are no text.
    """
    return data.decode(encoding_of(data), errors="replace").replace("\0", "")


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text that begins with these bytes.

    Raises
    ------
    TextUnreadable
        If the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    sample = head[:HEAD]
    if (wide := _utf16(sample)) is not None:
        return wide
    controls = len(_CONTROL.findall(sample)) + (sample.count(0) if sample.count(0) * 3 > len(sample) else 0)
    if controls > _MOST_CONTROL * len(sample):
        raise TextUnreadable("this is not text", "paste the error's text, or name a log file")
    if _is_utf8(sample):
        return "utf-8"
    return _code_page(sample)


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if odd > 0.7 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.7 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None


def _is_utf8(sample: bytes) -> bool:
    """UTF-8, a broken byte here and there included: logs are cut anywhere."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if not broken:
        return True
    whole = sum(1 for character in text if character > "\x7f") - broken
    return whole > 2 * broken or (broken == 1 and text.endswith("\ufffd"))


def _code_page(sample: bytes) -> str:
    high = b"".join(_HIGH.findall(sample))
    shares = {
        page: sum(character in _WESTERN for character in high.decode(page, errors="replace"))
        / max(len(high), 1)
        for page in _CODE_PAGES
    }
    best = max(shares, key=lambda page: shares[page])
    if shares[best] >= _ALIKE:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    return guess.encoding if guess is not None else _CODE_PAGES[0]
