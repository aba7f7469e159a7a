"""``hubmedic chat``: a conversation about an error, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace

import click

from bot import wiring
from bot.answer import Answer, Finding
from bot.assistant import Assistant
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.progress import Progress
from bot.cli.reply_view import help_view, reply_view
from bot.cli.session import Session, is_piped
from bot.cli.turns import Piped, Typed
from bot.conversation import Conversation, Kind, Reply, follow, talk
from bot.errors import BotError
from bot.followups import Intent, Understood
from bot.i18n import N_, speaker
from bot.wording import secrets_taken
from kb.errors import KnowledgeError
from kb.locales import normalise

COMMANDS = {
    "/next": Understood(Intent.NEXT),
    "/suivant": Understood(Intent.NEXT, "", "fr"),
    "/why": Understood(Intent.WHY),
    "/pourquoi": Understood(Intent.WHY, "", "fr"),
    "/check": Understood(Intent.CHECK),
    "/verifier": Understood(Intent.CHECK, "", "fr"),
    "/vérifier": Understood(Intent.CHECK, "", "fr"),
    "/fr": Understood(Intent.SPEAK, "fr"),
    "/en": Understood(Intent.SPEAK, "en"),
}
QUIT = frozenset({"/quit", "/exit", "/q", "/quitter"})
HELP = frozenset({"/help", "/aide", "/?"})


@click.command(
    cls=Command,
    name="chat",
    context_settings=CONTEXT,
    help=N_(
        """Talk about an error: paste it, and say what came of it.

\b
  hubmedic chat
  hubmedic chat --locale fr
  printf '%s\\n' "401003" "didn't help" | hubmedic chat

A paste of many lines is one question. "didn't help" goes to the next cause, "in French" repeats the answer in French, a
number chooses. /help lists the commands."""
    ),
    epilog=N_("Ctrl-C clears the line and leaves an empty one; Ctrl-D or /quit leaves."),
)
@click.option(
    "-l",
    "--locale",
    metavar="TAG",
    help=N_("language to speak (default: that of what you write, else yours)"),
)
@click.pass_context
def command(ctx: click.Context, locale: str | None) -> int:
    """Converse until the person leaves."""
    here = session(ctx)
    if locale is not None:
        here.speak(normalise(locale))
    with Progress(here.say) as progress:
        assistant = wiring.assistant(here.settings, progress)
    chat = Chat(here, assistant, locale)
    if is_piped():
        return chat.run(Piped())
    if sys.stdout.isatty():
        print(here.say("Paste an error, or ask in your own words. /help lists the commands, Ctrl-D leaves."))
    return chat.run(Typed(wiring.data_folder() / "history"))


class Chat:
    """A conversation under way."""

    def __init__(self, here: Session, assistant: Assistant, locale: str | None) -> None:
        self._here = here
        self._ask = assistant.answer
        self._asker_locale = here.locale
        self._state = Conversation(locale=locale)

    def run(self, turns: Iterable[str]) -> int:
        """Answer turn by turn; return the exit status."""
        for text in turns:
            word = text.strip().split()[0].lower()
            if word in QUIT:
                break
            try:
                if word in HELP:
                    self._here.show(help_view(self._here.say))
                else:
                    self.say(text)
            except KeyboardInterrupt:
                self._here.remark("")
            except (BotError, KnowledgeError) as error:
                self._here.remark(self._here.say.both(*self._here.say.error(error)))
            sys.stdout.flush()
        return 0

    def say(self, text: str) -> None:
        """Take one turn and print the reply."""
        word, _, rest = text.strip().partition(" ")
        said = COMMANDS.get(word.lower())
        if said is not None:
            said = replace(said, value=rest.strip()) if said.intent is Intent.CHECK else said
            self._state, reply = follow(self._state, said, self._ask, self._asker_locale)
        elif word.startswith("/") and not rest and "/" not in word[1:]:
            raise BotError("there is no command {command}", "/help lists the commands", command=word)
        else:
            names = tuple(self._here.settings.hubs)
            self._state, reply = talk(self._state, text, self._ask, self._asker_locale, names)
        self._show(reply)

    def _show(self, reply: Reply) -> None:
        say = speaker(reply.reader)
        self._here.speak(reply.reader)
        if reply.answer is not None and (warning := secrets_taken(say, reply.answer.redacted)):
            self._here.remark(warning)
        findings: tuple[Finding, ...] = ()
        if reply.kind is Kind.CHECK and reply.answer is not None:
            findings = self._checked(reply.answer, reply.hub)
        self._here.show(reply_view(reply, say, findings))

    def _checked(self, answer: Answer, hub: str) -> tuple[Finding, ...]:
        from bot.checks.errors import CheckError
        from bot.cli.check_line import CheckLine

        line = CheckLine(self._here.say)
        try:
            return wiring.checks(self._here.settings, line.show)(answer, hub or None)
        except CheckError as error:
            raise BotError(error.message, error.hint, **error.values) from error
        finally:
            line.wipe()
