"""``hubmedic slack``: people's questions in Slack, over Socket Mode; ``hubmedic slack manifest``: the app's settings page."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.commands import CONTEXT, Group, Lazy, session
from bot.i18n import N_

COMMANDS = {
    "manifest": Lazy("bot.cli.slack.manifest:command", N_("print the manifest to make the Slack app from")),
}


def _run(ctx: click.Context, **_: Any) -> None:
    if ctx.invoked_subcommand is not None:
        return
    from bot import logs

    settings = session(ctx).settings
    logs.configure(settings)
    from bot.slack.running import run_socket

    run_socket(settings)


class _Serving(Group):
    """Serves where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take nothing at all for what it is, no slip."""
        return click.Group.parse_args(self, ctx, args)


command = _Serving(
    name="slack",
    lazy=COMMANDS,
    callback=click.pass_context(_run),
    invoke_without_command=True,
    context_settings=CONTEXT,
    help=N_(
        """Answer people in Slack, over Socket Mode: no public address is needed.

\b
  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… hubmedic slack
  hubmedic slack manifest > manifest.yaml

Ends within 8 seconds of SIGTERM; answers under way are finished, here or by the next process."""
    ),
    epilog=N_("Exit status: 0 ended as told, 2 wrong usage, 3 could not run."),
)
