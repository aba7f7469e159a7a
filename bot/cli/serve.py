"""``hubmedic serve``: people's questions in Slack, over HTTP."""

from __future__ import annotations

import click

from bot.cli.commands import CONTEXT, Command, session
from bot.i18n import N_


@click.command(
    cls=Command,
    name="serve",
    context_settings=CONTEXT,
    help=N_(
        """Answer people in Slack, over HTTP.

\b
  SLACK_BOT_TOKEN=xoxb-… SLACK_SIGNING_SECRET=… hubmedic serve
  SLACK_CLIENT_ID=… SLACK_CLIENT_SECRET=… SLACK_SIGNING_SECRET=… hubmedic serve

Slack sends to /slack/events. With a client id any workspace installs the app at /slack/install; with a bot token alone
that one workspace is served. /healthz, /readyz and /metrics are for whoever watches over it. Listens on PORT (3000).
Ends within 8 seconds of SIGTERM; answers under way are finished, here or by the next process."""
    ),
    epilog=N_("Exit status: 0 ended as told, 2 wrong usage, 3 could not run."),
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Serve."""
    from bot import logs

    settings = session(ctx).settings
    logs.configure(settings)
    from bot.web import serve

    serve(settings)
