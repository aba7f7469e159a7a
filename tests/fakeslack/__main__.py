"""Slack on this machine, to try the bot by hand: ``python -m tests.fakeslack``.

It prints the variables to start the bot with, then what is typed is said to the bot, and what the bot writes is shown.
"""

from __future__ import annotations

import sys
import threading

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.reading import pressables
from tests.fakeslack.world import Message, User

HELP = """\
words              say them to the bot in #general, in the thread that is open
/new               begin a new thread
/dm WORDS          write to the bot directly
/slash WORDS       /hubmedic WORDS
/click LABEL       press a button of the bot's last message
/submit TEXT       fill in the modal that is open and send it
/as NAME           be ada (English) or benoit (French)
/advance SECONDS   let time pass
/quit"""


class Console:
    """One person at a keyboard."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.user: User = slack.ada
        self.thread_ts = ""
        self.last: Message | None = None
        self._shown: dict[str, str] = {}
        threading.Thread(target=self._watch, daemon=True).start()

    def run(self, line: str) -> bool:
        """Do what a line says; False to end."""
        word, _, rest = line.partition(" ")
        slack = self.slack
        if not line:
            return True
        if word == "/quit":
            return False
        if word == "/new":
            self.thread_ts = ""
        elif word == "/dm":
            slack.dm(self.user, rest)
        elif word == "/slash":
            slack.slash(slack.general, self.user, rest)
        elif word == "/as":
            self.user = next((one for one in (slack.ada, slack.benoit) if one.name == rest), self.user)
        elif word == "/advance":
            slack.clock.advance(float(rest))
        elif word == "/click" and self.last is not None:
            slack.click(self.last, rest, self.user)
        elif word == "/submit" and (view := slack.view(self.user)) is not None:
            names = [one["element"]["action_id"] for one in view.content["blocks"] if one["type"] == "input"]
            slack.submit_view(view, dict.fromkeys(names, rest))
        elif word.startswith("/"):
            print(HELP)
        else:
            said = slack.mention(slack.general, self.user, line, self.thread_ts or None)
            self.thread_ts = self.thread_ts or said.ts
        return True

    def _watch(self) -> None:
        world = self.slack.world
        while True:
            with world.changed:
                written = [one for channel in world.channels.values() for one in channel.messages.values()]
                for message in [*written, *world.ephemerals]:
                    text = self.slack.text(message)
                    if message.app_id and self._shown.get(message.ts) != text:
                        self._shown[message.ts] = text
                        self.last = message
                        self._show(message, text)
                world.changed.wait()

    def _show(self, message: Message, text: str) -> None:
        channel = self.slack.world.channels[message.channel]
        place = f"only {message.only_for} sees" if message.is_ephemeral else f"#{channel.name or 'direct'}"
        print(f"\n--- hubmedic, {place}{', changed' if message.n_edits else ''}\n{text}")
        if labels := [label for one in pressables(message.blocks) for label in one.labels]:
            print("    " + "  ".join(f"[{label}]" for label in labels))
        if message.pings:
            print(f"    PINGS {', '.join(message.pings)}")
        print("> ", end="", flush=True)


def main() -> None:
    """Run until told to stop."""
    with FakeSlack() as slack:
        slack.rates.off()
        print("Start the bot with:\n")
        for name, value in slack.env().items():
            print(f"  export {name}={value}")
        print(f"\n{HELP}\n")
        console = Console(slack)
        while True:
            print("> ", end="", flush=True)
            line = sys.stdin.readline()
            try:
                if not line or not console.run(line.strip()):
                    return
            except (LookupError, ValueError) as error:
                print(error)


if __name__ == "__main__":
    main()
