"""``hubmedic check``: the live checks alone, of a device, a token or the way to the hub."""

from __future__ import annotations

import getpass
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bot import wiring
from bot.checks.errors import CheckError, DeviceMalformed, HubUnknown
from bot.checks.limits import DIAGNOSIS_S
from bot.checks.runner import CheckRequest, Diagnosis, start
from bot.checks.token import SasToken, find_tokens
from bot.cli.check_line import CheckLine
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.running import status_of
from bot.cli.session import Session, is_piped, read_input
from bot.errors import TextUnreadable, UsageWrong
from bot.i18n import N_, Speaker
from kb.locales import normalise

STDIN = "-"
INTERRUPTED = 130
_MOST_BYTES = 64_000
_WHOLE_S, _LEAST_S = 22.0, 5.0
"""Longest for the whole command, its start included, and what a diagnosis has at least."""


@click.command(
    cls=Command,
    name="check",
    context_settings=CONTEXT,
    options_metavar="[OPTIONS]",
    help=N_(
        """Ask an IoT hub about a device, read-only; look at a token; try the way to the hub.

\b
  hubmedic check pump-7
  hubmedic check pump-7 --hub plant --json
  pbpaste | hubmedic check pump-7 --token -
  hubmedic check --network --hub plant

Hubs are configured: HUBMEDIC_HUBS__PLANT__CONNECTION_STRING. A check never writes to a hub and never
connects as a device; it takes 20 seconds at most."""
    ),
    epilog=N_(
        "Exit status: 0 no fault found, 1 a fault is confirmed or nothing could be told, 2 wrong usage, 3 could not run."
    ),
)
@click.option("--hub", metavar="NAME", help=N_("which of the configured hubs to ask (not needed with one)"))
@click.option(
    "--token",
    metavar="TEXT|-",
    help=N_("look at a SAS token: -, from standard input, keeps it out of the shell's history"),
)
@click.option("--network", is_flag=True, help=N_("try each step of the way from this machine to the hub"))
@click.option("-l", "--locale", metavar="TAG", help=N_("language to speak (default: yours)"))
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.argument("device", required=False, metavar="[DEVICE]")
@click.pass_context
def command(
    ctx: click.Context,
    hub: str | None,
    token: str | None,
    network: bool,
    locale: str | None,
    as_json: bool,
    device: str | None,
) -> int:
    """Run the checks that were asked for and print what they found."""
    here = session(ctx)
    if locale is not None:
        here.speak(normalise(locale))
    if not (device or token or network):
        raise UsageWrong("nothing to check was named", "name a device, or add --token - or --network")
    text = _token_text(here, token) if token is not None else ""
    request = CheckRequest(
        text=text,
        device=device,
        hub=hub,
        ask_hub=bool(device or (token is not None and hub is not None)),
        network=network,
        is_quick=bool(device),
        who=_user(),
    )
    status: int | None = None
    try:
        diagnosis, is_whole = _run(here, request)
    except CheckError as error:
        if not text or isinstance(error, DeviceMalformed):
            raise
        # No hub can be asked, but the token tells something by itself.
        here.remark(here.say.both(*here.say.error(error)))
        status = None if hub is None and isinstance(error, HubUnknown) else status_of(error)
        diagnosis, is_whole = _run(here, replace(request, hub=None, ask_hub=False, network=False))
    found = find_tokens(text)
    if as_json:
        here.print_json(document(diagnosis, here.say, found[-1] if found else None))
    else:
        from bot.cli.check_view import diagnosis_view

        here.show(diagnosis_view(diagnosis, here.say, found[-1] if found else None))
    if not is_whole:
        return INTERRUPTED
    return status if status is not None else int(diagnosis.is_fault_found)


def document(diagnosis: Diagnosis, say: Speaker, token: SasToken | None = None) -> dict[str, Any]:
    """Return a diagnosis as ``hubmedic check --json`` prints it."""
    from bot.cli.as_json import finding_document, iso

    told: dict[str, Any] = {
        "device": diagnosis.device or None,
        "hub": diagnosis.hub or None,
        "findings": [finding_document(finding, say) for finding in diagnosis.findings],
    }
    if token is not None:
        told["token"] = {
            "audience": token.resource,
            "expires": iso(token.expires) if token.expires is not None else None,
            "policy": token.policy or None,
        }
    return told


def _run(here: Session, request: CheckRequest) -> tuple[Diagnosis, bool]:
    """Run the checks; a person who interrupts them gets what was found so far."""
    hubs = wiring.hubs(here.settings) if request.ask_hub or request.network else {}
    line = CheckLine(here.say)
    running = start(request, hubs, progress=line.show, deadline_s=_time_left(), paces=wiring.paces())
    try:
        diagnosis, is_whole = running.result(), True
    except KeyboardInterrupt:
        running.cancel()
        diagnosis, is_whole = running.result(), False
    line.wipe()
    return diagnosis, is_whole


def _token_text(here: Session, given: str) -> str:
    """Return the text that holds the token; it is looked at in memory and goes nowhere."""
    if given != STDIN:
        here.remark(
            here.say(
                "A token on the command line stays in the shell's history: --token - reads it from standard input."
            )
        )
        text = given
    else:
        if not is_piped():
            here.remark(here.say("Paste the token, then Ctrl-D on a line of its own."))
        from bot.decoding import decode

        text = decode(read_input(_MOST_BYTES))
    if not find_tokens(text):
        raise TextUnreadable(
            "there is no SAS token in that", "a token reads SharedAccessSignature sr=…&sig=…&se=…"
        )
    return text


def _time_left() -> float:
    """Return how long the diagnosis may take: a slow start of the command is not added to it."""
    return max(_LEAST_S, min(DIAGNOSIS_S, _WHOLE_S - _age()))


def _age() -> float:
    """Return for how many seconds this process has run; 0 where the system does not tell."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return 0.0
    return age if 0 < age < _WHOLE_S else 0.0


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "terminal"
