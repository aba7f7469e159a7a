"""How a text looks that software printed: its marks, its words of trouble, its open parts.

Prose tells about errors in the same words. What sets a message apart is its shape: inline code of several words, quotation
marks from end to end, ``{0}`` or ``<name>`` in it, no word that speaks to the reader.
"""

from __future__ import annotations

import re

from kb import blocks as b

_PROGRAM = re.compile(
    r"[{};]\s*$|^\s*(?:using|import|from|def|class|public|private|static|var|const|let|#include|SELECT|<\?xml"
    r"|</?\w+[ >])"
)
_COMMAND = re.compile(
    r"^\s*(?:[$>#]\s"
    r"|(?:sudo|docker|az|systemctl|journalctl|iotedge|npm|pip3?|python3?|dotnet|java|kubectl|curl|wget|git|cd|ls|cat|echo|export"
    r"|set|net|netsh|sc|ping|nslookup|openssl|mosquitto_\w+|telnet|nano|vi|chmod|chown|rm|cp|mv|mkdir|apt(?:-get)?|yum|snap"
    r"|ip|ifconfig|gacutil|btstask|ssomanage|ssoconfig|regsvcs|msiexec|cl|link|nmake|editbin|dumpbin|lib)\s)",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"error|fail|exception|denied|refused|invalid|cannot|can't|could ?n[o']t|unable|not found|timed? ?out|warn|fatal|panic"
    r"|abort|expired|unauthorized|forbidden|reject|missing|unsupported|unknown|not "
    r"|erreur|échec|echou|échou|impossible|introuvable|refus|expir"
    r"|fehler|fehlgeschlagen|ungültig|errore|erro\b|fallo"
    r"|失败|错误|失敗|錯誤|エラー|오류|ошибк|błąd|chyba|fel\b|hata|fout",
    re.IGNORECASE,
)
"""Words that errors are told with, in the languages of the documents."""
_OPEN_PART = re.compile(r"\\?\*|\{[^{}\n]{0,40}\}|%\d|%[sdx]\b|<[A-Za-z][^<>\n]{0,40}>|\b[xX]{4,}\b")
_WHOLE_QUOTED = re.compile(r"^\s*[\"“«„「'‘]\s*(.+?)\s*[\"”»“」'’][.,]?\s*$", re.DOTALL)
_ADDRESS = re.compile(
    r"^(?:you|your|if|when|this|these|the following|for more|note|in this|to |after|before|see "
    r"|vous|votre|si |quand|lorsque|cette?|ces|pour|après|avant|consultez"
    r"|wenn|sie |dies|um |nach|cuando|si usted|para |quando|se |per |als |om |als u)\b",
    re.IGNORECASE,
)
"""How a sentence opens that speaks to the reader."""
_FIELD_LINE = re.compile(r"^[\w .'’-]{2,40}\s?[:：=]\s*[\w .:,'’()/\\<>{}$-]{0,42}$")
_END = re.compile(r"[.!?;:)\"”»'’]\s*$")
_CHARACTERS_A_WORD = 3
"""Of Chinese, Japanese or Korean, where no blanks set words apart: about what a word of a message takes."""


def n_words(text: str) -> int:
    """Return how many words a text holds."""
    return b.n_words_in(text, characters_a_word=_CHARACTERS_A_WORD)


def tells_trouble(text: str) -> bool:
    """Tell whether a text has a word that errors are told with."""
    return bool(_TROUBLE.search(text))


def has_open_part(text: str) -> bool:
    """Tell whether a text has a part that stands for a value: ``{0}``, ``%s``, ``<name>``, ``*``, ``xxxx``."""
    return bool(_OPEN_PART.search(text))


def is_command(text: str) -> bool:
    """Tell whether a line is typed rather than printed: ``$ docker ps``."""
    return bool(_COMMAND.match(text))


def is_program(line: str) -> bool:
    """Tell whether a line is source code."""
    return bool(_PROGRAM.search(line))


def speaks_to_reader(text: str) -> bool:
    """Tell whether a text opens as documents do and messages don't: "If you see …", "For more information …"."""
    return bool(_ADDRESS.match(text))


def is_field(text: str) -> bool:
    """Tell whether a line tells about a message and is none: "Event ID: 324"."""
    value = re.split(r"[:：=]", text, maxsplit=1)[-1]
    return bool(_FIELD_LINE.match(text)) and (n_words(value) < 3 or not tells_trouble(value))


def is_quotation(text: str) -> bool:
    """Tell whether a text stands in quotation marks from end to end."""
    return bool(_WHOLE_QUOTED.match(text)) and text.count('"') in (0, 2)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends with a mark that closes a sentence, rather than in the middle of one."""
    return bool(_END.search(text))


def is_code_message(text: str) -> bool:
    """Tell whether inline code is a message, rather than a command, a piece of a program or a name."""
    if n_words(text) < 2 or is_command(text) or " --" in text or is_program(text):
        return False
    if tells_trouble(text):
        return True
    return n_words(text) >= 3 and text[:1].isupper() and "=" not in text.split()[0]


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around the whole of it; one that quotes inside stays as it is."""
    match = _WHOLE_QUOTED.match(text)
    if (
        match
        and not re.search(r"[\"“”«»]", match.group(1))
        and not (text.strip()[0] in "'‘" and re.search(r"['‘’]", match.group(1)))
    ):
        return match.group(1)
    return text
