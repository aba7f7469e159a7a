"""``hubmedic slack manifest``: what to paste where Slack makes an app."""

from __future__ import annotations

import click

from bot.cli.commands import CONTEXT, Command, session
from bot.errors import UsageWrong
from bot.i18n import N_


@click.command(
    cls=Command,
    name="manifest",
    context_settings=CONTEXT,
    help=N_(
        """Print the manifest to make the Slack app from.

\b
  hubmedic slack manifest > manifest.yaml
  hubmedic slack manifest --url https://hubmedic.example > manifest.yaml

Without --url the app talks over Socket Mode (hubmedic slack); with it over HTTP at that address (hubmedic serve). The
scopes are those that the settings use: print it again after enabling something."""
    ),
    epilog=N_("Exit status: 0 printed, 2 wrong usage, 3 could not run."),
)
@click.option("--url", metavar="ADDRESS", help=N_("the https address that Slack reaches hubmedic serve at"))
@click.option("--json", "as_json", is_flag=True, help=N_("print it as JSON"))
@click.pass_context
def command(ctx: click.Context, url: str | None, as_json: bool) -> None:
    """Print the manifest."""
    import yaml

    from bot.slack.manifest import manifest

    if url is not None and not url.startswith("https://"):
        raise UsageWrong("Slack reaches https addresses only", "use --url https://…")
    here = session(ctx)
    made = manifest(here.settings, here.say, url)
    if as_json:
        here.print_json(made)
    else:
        click.echo(yaml.safe_dump(made, sort_keys=False, allow_unicode=True), nl=False)
