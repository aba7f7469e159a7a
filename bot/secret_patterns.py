"""What secrets look like: one line a kind, group 1 being what must go.

A pattern carries literal hints so that a text without them is passed over at the speed of a substring search. Values
never begin with ``[redacted:`` or with a placeholder such as ``<key>`` or ``***``: there is nothing to hide in those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class SecretPattern:
    """One shape of secret."""

    kind: str
    source: str
    hints: tuple[str, ...]
    """Lower-case literals of which at least one stands in any text with a match."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled when a hint is first seen: all of them together take as long as a search."""
        return re.compile(self.source)


_REAL = r"(?!\[redacted:|[<{$]|\*{3}|x{4}|\.{3}|…|(?:none|null|true|false|undefined)\b)"
"""What follows is a value, neither a placeholder nor something taken out already."""
_SET = r"""["']?\s{0,4}[=:]\s{0,4}["']?"""
_WORD = r"(?<![^\W_])"
"""Where a name begins, also behind the underscore of ``AZURE_CLIENT_SECRET``."""
_BASE64_32 = r"[A-Za-z0-9+/_-]{43}="
_BASE64_64 = r"[A-Za-z0-9+/_-]{86}=="
_KEY_NAME = (
    r"(?:primary|secondary|symmetric|device|group|enrol?lment|master|account|access|storage|policy|iothubowner)"
    r"(?:[ _-]?access)?[ _-]?key"
)
_CLE = r"cl(?:é|e|e\u0301)s?\s(?:d[’']acc(?:è|e)s\s)?(?:primaire|secondaire|sym(?:é|e)trique|d[’']acc(?:è|e)s|partag(?:é|e)e)"


def _pattern(kind: str, regex: str, *hints: str) -> SecretPattern:
    return SecretPattern(kind, regex, hints)


PATTERNS = (
    _pattern(
        "shared-access-key",
        rf"(?i)\bShared(?:Access|Secret)(?:Key|Value){_SET}{_REAL}([A-Za-z0-9+/_%-]{{6,160}}={{0,2}})",
        "shared",
    ),
    _pattern("signature", rf"(?i)\bsig(?:nature)?={_REAL}([A-Za-z0-9+/%_-]{{8,}}={{0,2}})", "sig"),
    _pattern(
        "signature",
        r"(?i)\bsig(?:nature)?[\"']?\s{0,4}[:=]\s{0,4}[\"']?([A-Za-z0-9+/%_-]{20,}={0,2})",
        "sig",
    ),
    _pattern(
        "identifiable-key", r"(?<![A-Za-z0-9+/_-])([A-Za-z0-9+/]{33}AIoT[A-P][A-Za-z0-9+/]{5}=)", "aiot"
    ),
    _pattern(
        "symmetric-key",
        rf"(?i)[\"'](?:primary|secondary)_?key[\"']\s{{0,4}}:\s{{0,4}}[\"']{_REAL}([^\"'\r\n]{{8,512}})[\"']",
        "key",
    ),
    _pattern(
        "symmetric-key",
        rf"(?i){_WORD}{_KEY_NAME}(?:\s(?:is|est)\s|{_SET}){_REAL}([A-Za-z0-9+/_-]{{16,}}={{0,2}})",
        "key",
    ),
    _pattern(
        "symmetric-key", rf"(?i)\b{_CLE}(?:\sest\s|{_SET}){_REAL}([A-Za-z0-9+/_-]{{16,}}={{0,2}})", "cl"
    ),
    _pattern(
        "symmetric-key",
        rf"(?i)(?<![\w-])--?(?:[a-z]{{1,12}}-){{0,2}}(?:key|sas-token|pk|sk)[ =]{{1,4}}[\"']?{_REAL}([A-Za-z0-9+/_-]{{16,}}={{0,2}})",
        "-key",
        "-pk",
        "-sk",
        "token",
    ),
    _pattern("base64-key", rf"(?<![A-Za-z0-9+/_-])({_BASE64_64}|{_BASE64_32})(?![A-Za-z0-9+/=])", "="),
    # The padding is lost when a key is copied by hand, and in base64url; the word before it tells what it is.
    _pattern(
        "base64-key",
        r"(?i)\b(?:key|cl[ée])[\"'\s:=>]{1,4}([A-Za-z0-9+/_-]{40,88})(?![A-Za-z0-9+/_-])",
        "key",
        "cl",
    ),
    _pattern(
        "connection-string",
        rf"(?i)\bconnection[_-]?string{_SET}{_REAL}([A-Za-z0-9+/]{{60,4096}}={{0,2}})",
        "connection",
    ),
    _pattern(
        "password", r"\bmosquitto_(?:pub|sub)\b[^\n]{0,240}?\s-P\s{1,4}[\"']?([^\s\"']{4,512})", "mosquitto_"
    ),
    _pattern(
        "slack-token",
        r"(?i)\b(xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,})",
        "xox",
        "xapp-",
    ),
    _pattern(
        "slack-token",
        r"(?i)https://hooks\.slack\.com/((?:services|workflows|triggers)/[A-Za-z0-9/_-]+)",
        "hooks.slack",
    ),
    # Whole, or cut off behind a header that can only be a token's: other JSON kept as base64 is a message's body.
    _pattern(
        "jwt",
        r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,8192}(?:\.[A-Za-z0-9_-]{0,8192})?"
        r"|eyJ(?:hbGci|0eXAi|raWQi|4NXQ|4NWMi|lbmMi|ub25j)[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]{0,8192}){0,2})",
        "eyj",
    ),
    _pattern(
        "authorization",
        rf"(?i)\bauthorization{_SET}{_REAL}((?:Bearer|Basic|Digest|Negotiate)\s{{1,4}}(?!\[redacted:)[^\r\n\"']+)",
        "authorization",
    ),
    _pattern("authorization", rf"(?i)\bbearer\s{{1,4}}{_REAL}([A-Za-z0-9._~+/-]{{20,}}={{0,2}})", "bearer"),
    _pattern("client-secret", r"(?<![\w~.-])([\w~.-]{3}[78]Q~[\w~.-]{31,34})", "q~"),
    _pattern("client-secret", rf"(?i){_WORD}client_?-?secret{_SET}{_REAL}([^\s\"'&;,]{{8,512}})", "secret"),
    _pattern("api-key", rf"(?i){_WORD}(?:x-)?api[_-]?key{_SET}{_REAL}([A-Za-z0-9._~+/=-]{{12,512}})", "key"),
    _pattern(
        "token",
        rf"(?i){_WORD}(?:access|refresh|id|auth|api|session|security|sas)[_-]?token{_SET}{_REAL}(?!Shared)([A-Za-z0-9._~+/=-]{{16,}})",
        "token",
    ),
    _pattern("aws-key", r"\b((?:AKIA|ASIA)[A-Z0-9]{16})\b", "akia", "asia"),
    _pattern("aws-key", rf"(?i)\baws_?secret_?(?:access_?)?key{_SET}{_REAL}([A-Za-z0-9+/]{{30,}})", "secret"),
    _pattern(
        "github-token", r"\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})", "gh", "github_pat"
    ),
    _pattern("gitlab-token", r"\b(glpat-[A-Za-z0-9_-]{16,})", "glpat-"),
    _pattern("google-key", r"\b(AIza[A-Za-z0-9_-]{30,})", "aiza"),
    _pattern("password", r"://[^\s/:@\"'<>]{0,64}:(?!\[redacted:)([^\s@/\"'<>]{1,128})@", "://"),
    _pattern(
        "password",
        rf"(?i){_WORD}(?:pass(?:word|wd|phrase)|mot\sde\spasse|mdp){_SET}{_REAL}(?!SharedAccess|refused|incorrect|invalid|error)([^\s\"';&,]{{3,256}})",
        "pass",
        "mdp",
    ),
    # In quotes a password may hold blanks.
    _pattern(
        "password",
        rf"(?i){_WORD}(?:pass(?:word|wd|phrase)|mot\sde\spasse|mdp)[\"']?\s{{0,4}}[=:]\s{{0,4}}\"{_REAL}(?!SharedAccess)"
        r"([^\"\r\n]{3,256})\"",
        "pass",
        "mdp",
    ),
    _pattern(
        "password",
        r"(?i)#\s?define\s{1,8}\w{0,40}(?:pass(?:word|wd|phrase|)|pwd|secret|token|key)\w{0,40}\s{1,40}"
        rf"\"{_REAL}(?!HostName|SharedAccess)([^\"\r\n]{{3,512}})\"",
        "define",
    ),
    _pattern(
        "password",
        r"(?i)\bcurl\b[^\n]{0,240}?\s(?:-u|--user)[ =]{0,2}[\"']?[^\s:\"']{1,64}:(?!\[redacted:|[<{$])([^\s\"']{3,256})",
        "curl",
    ),
    _pattern("password", rf"(?i)\bpwd=[\"']?{_REAL}(?!SharedAccess|/|\w:\\)([^\s\"';&,]{{2,256}})", "pwd"),
)

EXACT = (
    _pattern("shared-access-key", rf"(?i)\bSharedAccessKey=({_BASE64_64}|{_BASE64_32})", "sharedaccesskey"),
    _pattern("signature", r"(?i)\bsig=([A-Za-z0-9+/%]{40,86}?(?:%3D|=))", "sig="),
    _pattern("base64-key", rf"(?<![A-Za-z0-9+/_-])({_BASE64_64}|{_BASE64_32})(?![A-Za-z0-9+/=])", "="),
    _pattern(
        "jwt", r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})", "eyj"
    ),
)
"""Secrets whose length is known: they are looked for across a line break too."""

SAS = re.compile(
    r"(?i)\bSharedAccessSignature(?:\s{1,4}|=\s{0,4}|:\s{0,4})[\"']?([A-Za-z]{1,16}=[^\s\"'<>,;]+)"
)
SAS_KEPT = ("sr", "se", "skn", "sharedaccesssignature sr")
# A blank at which a line was cut may be lost.
PRIVATE_KEY_EDGE = re.compile(r"-----(BEGIN|END) ?(?:[A-Z0-9]{1,12} ?){0,3}?PRIVATE ?KEY-----")
PRIVATE_KEY_LINE = re.compile(
    r"[ \t>|]{0,40}(?:[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{1,15}={0,2}(?=\s*$)|[A-Za-z-]{4,24}: [^\r\n]{1,80}|)[ \t]{0,40}(?:\r?\n)?"
)
"""A line of base64, a header such as ``Proc-Type: 4,ENCRYPTED``, or the blank line below it."""
