"""``hubmedic chat``: a conversation about an error, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace

import click

from bot import wiring
from bot.answer import Answer, Finding
from bot.assistant import MOST_CHARACTERS, Assistant
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.progress import Progress
from bot.cli.reply_view import help_view, reply_view
from bot.cli.session import Session, is_piped
from bot.cli.turns import Piped, Typed
from bot.conversation import Conversation, Kind, Reply, follow, talk
from bot.errors import BotError
from bot.followups import Intent, Understood, asks_for_help
from bot.i18n import N_, speaker
from bot.question import Question
from bot.redaction import redact
from bot.wording import secrets_taken
from kb.errors import KnowledgeError
from kb.locales import normalise
from kb.model import Outcome

COMMANDS = {
    "/next": Understood(Intent.NEXT),
    "/suivant": Understood(Intent.NEXT, "", "fr"),
    "/more": Understood(Intent.MORE),
    "/plus": Understood(Intent.MORE, "", "fr"),
    "/why": Understood(Intent.WHY),
    "/pourquoi": Understood(Intent.WHY, "", "fr"),
    "/check": Understood(Intent.CHECK),
    "/verifier": Understood(Intent.CHECK, "", "fr"),
    "/vérifier": Understood(Intent.CHECK, "", "fr"),
    "/fr": Understood(Intent.SPEAK, "fr"),
    "/en": Understood(Intent.SPEAK, "en"),
}
QUIT = frozenset(
    {"/quit", "/exit", "/q", "/quitter", "quit", "exit", "bye", "quitter", "au revoir", "logout"}
)
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
        assistant = wiring.assistant(here.basics, progress)
    chat = Chat(here, assistant, locale)
    if is_piped():
        return chat.run(Piped())
    if sys.stdout.isatty():
        from bot.cli.layout import line

        opening = here.say(
            "Paste an error, or ask in your own words. /help lists the commands, Ctrl-D leaves."
        )
        here.show([line(opening)])
    return chat.run(Typed(wiring.data_folder() / "history"))


class Chat:
    """A conversation under way."""

    def __init__(self, here: Session, assistant: Assistant, locale: str | None) -> None:
        self._here = here
        self._assistant = assistant
        self._asker_locale = here.locale
        self._state = Conversation(locale=locale)
        self._pasted: str | None = None
        """The question on the table as it came, for the signature of a token in it; in memory alone."""
        self._found: tuple[str, tuple[Finding, ...]] = ("", ())
        """What the checks told, and the question it is about: whatever is said of that from then on knows it."""

    def run(self, turns: Iterable[str]) -> int:
        """Answer turn by turn; return the exit status."""
        for text in turns:
            word = text.strip().split()[0].lower()
            if text.strip().lower() in QUIT:
                break
            try:
                if word in HELP or asks_for_help(text):
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
            names = self._here.hub_names
            plain = (
                redact(text).text if len(text) <= MOST_CHARACTERS else ""
            )  # too long is told by who answers
            if plain == self._found[0]:  # asked anew: what was read then is old
                self._found = ("", ())
            self._state, reply = talk(self._state, text, self._ask, self._asker_locale, names)
            if plain == self._state.query:
                self._pasted = text
        self._show(reply)

    def _show(self, reply: Reply) -> None:
        say = speaker(reply.reader)
        self._here.speak(reply.reader)
        if reply.answer is not None and (warning := secrets_taken(say, reply.answer.redacted)):
            self._here.remark(warning)
        if reply.kind is Kind.CHECK and reply.answer is not None:
            reply = self._checked(reply, reply.answer)
        self._here.show(reply_view(reply, say))

    def _ask(self, question: Question) -> Answer:
        answer = self._assistant.answer(question)
        query, found = self._found
        is_told = bool(query) and answer.query == query
        return wiring.with_findings(self._assistant.knowledge, answer, found) if is_told else answer

    def _checked(self, reply: Reply, answer: Answer) -> Reply:
        """The reply with what the hub says; what is confirmed is on the table from then on, all its causes shown."""
        from bot.checks.errors import CheckError
        from bot.checks.ordering import is_confirmed
        from bot.cli.check_line import CheckLine

        pasted = self._pasted if self._pasted and redact(self._pasted).text == answer.query else None
        line = CheckLine(self._here.say)
        try:
            found = wiring.checks(self._here.settings, line.show)(answer, reply.hub or None, pasted)
        except CheckError as error:
            raise BotError(error.message, error.hint, **error.values) from error
        finally:
            line.wipe()
        self._found = (answer.query, found)
        told = wiring.with_findings(self._assistant.knowledge, answer, found)
        if told.outcome is Outcome.ANSWER and is_confirmed(told.hits[0].entry, found):
            entry = told.hits[0].entry
            last = max(len(entry.remedies) - 1, 0)
            self._state = replace(self._state, entry=entry.id, cause=last, offered=())
        return replace(reply, answer=told)
