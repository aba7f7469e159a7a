"""What the bot says of itself."""

from __future__ import annotations

from bot.i18n import Speaker
from bot.slack import blocks as b
from bot.slack.rich import piece, section

COMMAND = "/hubmedic"
_HUSH = frozenset(
    (
        "mute",
        "quiet",
        "be quiet",
        "stop",
        "shut up",
        "silence",
        "tais-toi",
        "chut",
        "stop it",
        "arrête",
        "muet",
    )
)


def is_hush(text: str) -> bool:
    """Whether somebody wants it quiet in a thread."""
    return text.strip().strip("!.").strip().lower() in _HUSH


def help_card(say: Speaker) -> b.Message:
    """Return how to ask, in a few lines."""
    title = say("Paste an error, or say what you see. I answer with the documented cause and fix.")
    lines = [
        ("", say("Mention me, write to me directly, or use the shortcut “Troubleshoot this message”.")),
        (
            "",
            say(
                "In a thread I answer in, just go on: “didn't help”, “tell me more”, “en français”, a device's name."
            ),
        ),
        (f"{COMMAND} ask …", say("answers only you")),
        (f"{COMMAND} lang fr", say("from now on in French; lang auto: in the language you write")),
        (f"{COMMAND} mute", say("I keep quiet in this channel until I am called; unmute ends it")),
        (f"{COMMAND} forget me", say("deletes what I keep about you")),
    ]
    items = [
        section([piece(code, style="code"), piece(f"  {words}")] if code else [piece(words)])
        for code, words in lines
    ]
    return b.Message(
        b.fallback(title),
        (
            b.paragraph(title, style="bold"),
            b.rich([{"type": "rich_text_list", "style": "bullet", "elements": items}]),
        ),
    )
