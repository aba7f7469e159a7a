"""``hubmedic ask``: one question or pasted error, one answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from bot import wiring
from bot.answer import Answer
from bot.assistant import MOST_CHARACTERS, Assistant
from bot.cli.commands import CONTEXT, Command, session
from bot.cli.parameters import Number
from bot.cli.progress import Progress
from bot.cli.session import Session, argument_text, is_piped, read_input
from bot.errors import NothingAsked, SettingsUnusable, TextUnreadable, UsageWrong
from bot.i18n import N_
from bot.question import Question
from kb.locales import normalise
from kb.model import Outcome

STDIN = "-"
_FLAGS = frozenset({"--json", "--why", "-h", "--help"})
_WITH_VALUE = frozenset({"-l", "--locale", "--limit"})
_ANY_HUB = ""


def split(
    arguments: Sequence[str], hubs: Collection[str] = (), *, is_text_piped: bool = False
) -> tuple[list[str], list[str]]:
    """Part the options that are known from the text; whatever else is text, ``--`` and ``->`` included.

    ``--check`` may be followed by the name of a hub: a configured one, or a single word with exactly one further
    argument beside it (``--check lab "the whole question"``), or with none where the question is piped in.
    ``--check=NAME`` is always a name.
    """
    options: list[str] = []
    text: list[str] = []
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        name, equals, _ = argument.partition("=")
        position += 1
        if argument in _FLAGS or (equals and name in (*_WITH_VALUE, "--check") and name.startswith("--")):
            options.append(argument)
        elif argument in _WITH_VALUE:
            options += arguments[position - 1 : position + 1]
            position += 1
        elif argument == "--check":
            following = arguments[position] if position < len(arguments) else ""
            rest = len(text) + len(arguments) - position - 1
            if _is_hub(following, hubs, n_others=rest + is_text_piped):
                options.append(f"--check={following}")
                position += 1
            else:
                options.append("--check=")
        else:
            text.append(argument)
    return options, text


def _is_hub(word: str, hubs: Collection[str], *, n_others: int) -> bool:
    if word.lower() in {hub.lower() for hub in hubs}:
        return True
    return n_others == 1 and word[:1].isalpha() and word.replace("-", "").replace("_", "").isalnum()


class AskCommand(Command):
    """A command whose arguments are text unless they are one of its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Part options from text before click sees either."""
        hubs = session(ctx).hub_names if "--check" in args else ()
        options, text = split(args, hubs, is_text_piped=bool(hubs) and is_piped())
        if options and options[-1] in _WITH_VALUE:
            raise UsageWrong(
                "option {name} needs a value",
                "{command} -h shows how it is called",
                name=options[-1],
                command=ctx.command_path,
            )
        return super().parse_args(ctx, [*options, "--", *text])


def question_text(words: Sequence[str]) -> str:
    """Return what is asked: the words, or what is piped in where there are none or a lone ``-``.

    Raises
    ------
    NothingAsked
        If there is neither.
    TextUnreadable
        If what is piped in is no text, or too long for one question.
    """
    if words and list(words) != [STDIN]:
        return " ".join(map(argument_text, words))
    if not words and not is_piped():
        raise NothingAsked(
            "nothing was asked", 'write the question after ask, or pipe it in: hubmedic ask "…"'
        )
    from bot.decoding import decode

    data = read_input(MOST_CHARACTERS * 4)
    if len(data) > MOST_CHARACTERS * 4:
        raise TextUnreadable(
            "this is too long for one question: more than {most} characters",
            "hubmedic triage FILE reads a log of any size; or paste the lines around the error",
            most=MOST_CHARACTERS,
        )
    return decode(data)


@click.command(
    cls=AskCommand,
    name="ask",
    context_settings=CONTEXT,
    options_metavar="[OPTIONS]",
    help=N_(
        """Answer one question or pasted error.

\b
  hubmedic ask "device gets 401003 after an hour"
  journalctl -u gateway -n 50 | hubmedic ask - --locale fr
  hubmedic ask --check lab "IotHub 'contoso' does not contain the specified device 'pump-7'"

What is none of the options below is text; without text, what is piped in is read."""
    ),
    epilog=N_("Exit status: 0 answered, 1 nothing found, 2 wrong usage, 3 could not run."),
)
@click.option(
    "-l",
    "--locale",
    metavar="TAG",
    help=N_("language to answer in (default: the question's own, else yours)"),
)
@click.option(
    "--limit",
    type=Number(least=1),
    default=3,
    metavar="N",
    help=N_("most entries to choose from (default: 3)"),
)
@click.option("--why", is_flag=True, help=N_("show how the candidates compare"))
@click.option(
    "--check",
    metavar="[HUB]",
    help=N_("also ask the hub about the cause; HUB is one of the configured names"),
)
@click.option("--json", "as_json", is_flag=True, help=N_("print one JSON object"))
@click.argument("text", nargs=-1, metavar="[TEXT]... | -")
@click.pass_context
def command(
    ctx: click.Context,
    locale: str | None,
    limit: int,
    why: bool,
    check: str | None,
    as_json: bool,
    text: tuple[str, ...],
) -> int:
    """Answer one question."""
    here = session(ctx)
    if locale is not None:
        here.speak(normalise(locale))
    question = Question(question_text(text), locale, here.locale, limit)
    with Progress(here.say) as progress:
        assistant = wiring.assistant(here.basics, progress)
    answer = assistant.answer(question)
    is_of_a_file = len(text) == 1 and is_file(text[0])
    here.speak(answer.reader)
    status = 0 if answer.outcome is not Outcome.NONE else 1
    if check is not None:
        answer, status = _checked(here, assistant, answer, check or None, question.text, status)
    _print(here, answer, why=why, as_json=as_json)
    if is_of_a_file:
        here.remark(
            here.say(
                "{name} is a file: its name was looked up, not its text; hubmedic triage {name} reads it, hubmedic ask - < {name} too",
                name=text[0],
            )
        )
    return status


def is_file(word: str) -> bool:
    """Return whether a word names a file that is there, as a file meant to be read does."""
    try:
        return Path(word).is_file()
    except (OSError, ValueError):  # longer than a name can be
        return False


def _checked(
    here: Session, assistant: Assistant, answer: Answer, hub: str | None, text: str, status: int
) -> tuple[Answer, int]:
    """The answer with what the hub says; where the hub cannot be asked, the answer all the same."""
    from bot.checks.errors import CheckError
    from bot.cli.check_line import CheckLine

    line = CheckLine(here.say)
    try:
        run = wiring.checks(here.settings, line.show)
        return wiring.with_findings(assistant.knowledge, answer, run(answer, hub, text)), status
    except (CheckError, SettingsUnusable) as error:
        here.remark(here.say.both(*here.say.error(error)))
        return answer, 2 if hub is not None else status
    finally:
        line.wipe()


def _print(here: Session, answer: Answer, **options: Any) -> None:
    if options.pop("as_json"):
        from bot.cli.as_json import answer_document

        here.print_json(answer_document(answer, here.say))
        return
    from bot.cli.views import answer_view
    from bot.wording import secrets_taken

    if warning := secrets_taken(here.say, answer.redacted):
        here.remark(warning)
    here.show(answer_view(answer, here.say, **options))
