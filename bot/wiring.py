"""Where the parts meet: settings, folders, knowledge, assistant, checks. Surfaces come here for all of them.

Whatever is slow to import is imported by the function that needs it, so that a question pays only for itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from platformdirs import user_cache_path, user_data_path, user_state_path

from bot.answer import Answer, Finding
from bot.assistant import Assistant
from bot.settings import Basics, Settings, read_basics, read_settings
from bot.sources import Progress, open_source, read_source
from kb.errors import KnowledgeError, UnknownEntry
from kb.locales import normalise

if TYPE_CHECKING:
    from bot.checks.gather import Progress as CheckProgress
    from bot.checks.hub import HubSettings
    from bot.checks.limits import Paces
    from kb.model import Entry
    from kb.search import KnowledgeBase

NAME = "hubmedic"


class RunChecks(Protocol):
    """Runs the live checks for an answer."""

    def __call__(self, answer: Answer, hub: str | None, text: str | None = None) -> tuple[Finding, ...]:
        """``hub`` names a configured one, None leaves the choice to the paste; ``text`` is the paste as it came, where
        it is still at hand: the signature of a token in it can be tested then, and goes nowhere.
        """


def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings(os.environ)


def basics() -> Basics:
    """Return what a question needs of the settings, without reading the others."""
    return read_basics(os.environ)


def cache_folder() -> Path:
    """Return where what can be made again is kept; a folder of the user's in the temporary one where home is closed."""
    folder = user_cache_path(NAME, appauthor=False)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        return folder
    return _temporary()


def data_folder() -> Path:
    """Return where what a user would miss is kept: history, accepted wordings, the store."""
    return user_data_path(NAME, appauthor=False)


def aliases_file(chosen: Basics) -> Path:
    """Return the file of accepted wordings."""
    return Path(chosen.aliases).expanduser() if chosen.aliases else data_folder() / "aliases.jsonl"


def open_knowledge(chosen: Basics, progress: Progress | None = None) -> KnowledgeBase:
    """Open the knowledge base that the settings name, indexing its documents first where that has to be done."""
    return open_source(
        read_source(chosen.kb), cache_folder(), aliases=aliases_file(chosen), progress=progress
    )


def assistant(chosen: Basics, progress: Progress | None = None) -> Assistant:
    """Return the assistant over the knowledge base that the settings name."""
    knowledge = open_knowledge(chosen, progress)
    return Assistant(knowledge, refine=partial(_with_what_the_text_tells, knowledge))


def terminal_locale(chosen_locale: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the locale of the person at a terminal: the setting, else ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, else English."""
    if chosen_locale:
        return normalise(chosen_locale)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            with suppress(KnowledgeError):
                return normalise(value)
            break
    return "en"


def hubs(chosen: Settings) -> dict[str, HubSettings]:
    """Return the configured hubs by name, as the checks know them."""
    from bot.checks.hub import HubSettings

    return {
        name: HubSettings(name, one.connection_string, one.host, one.ca_file)
        for name, one in chosen.hubs.items()
    }


@cache
def paces() -> Paces:
    """Return the pace at which hubs are asked, shared by the processes of this user on this machine."""
    from bot.checks.limits import Paces
    from bot.checks.turns import FileTurns

    return Paces(turns=FileTurns(user_state_path(NAME, appauthor=False) / "turns.sqlite"))


def checks(chosen: Settings, progress: CheckProgress | None = None) -> RunChecks:
    """Return what runs the live checks over the configured hubs; raises :class:`bot.checks.errors.CheckError` when run."""

    def run(answer: Answer, hub: str | None, text: str | None = None) -> tuple[Finding, ...]:
        from bot.checks.runner import CheckRequest, diagnose

        best = answer.hits[0] if answer.hits else None
        request = CheckRequest(
            text=answer.query if text is None else text,
            identifiers=best.entry.identifiers if best else (),
            captures=best.captures if best else {},
            hub=hub,
            who="terminal",
        )
        return diagnose(request, hubs(chosen), progress=progress, paces=paces()).findings

    return run


def with_findings(knowledge: KnowledgeBase, answer: Answer, findings: Sequence[Finding]) -> Answer:
    """Return an answer with what was found: the entry and the cause that are confirmed first, got from the knowledge base
    where the search had not come upon them.
    """
    from bot.checks.ordering import with_findings

    def fetch(entry_id: str) -> Entry | None:
        try:
            return knowledge.entry(entry_id, answer.locale)
        except UnknownEntry:  # another tree than the packaged articles
            return None

    return with_findings(answer, findings, fetch)


def _with_what_the_text_tells(knowledge: KnowledgeBase, answer: Answer, text: str) -> Answer:
    """The answer with what the paste itself confirms or rules out; nothing is loaded where it has nothing to tell."""
    from bot.checks import look_at_paste

    best = answer.hits[0] if answer.hits else None
    findings = look_at_paste(
        text,
        identifiers=best.entry.identifiers if best else (),
        captures=best.captures if best else {},
    )
    return with_findings(knowledge, answer, findings) if findings else answer


def _temporary() -> Path:
    """A folder in the shared temporary one that nobody else could have prepared."""
    import tempfile

    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"{NAME}-{owner}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if not hasattr(os, "getuid") or folder.stat().st_uid == owner:
            return folder
    return Path(tempfile.mkdtemp(prefix=f"{NAME}-"))
