"""What every surface says of a reply before its answer, or in its place; pure, as :mod:`bot.wording` is."""

from __future__ import annotations

from bot.conversation import Kind, Reply
from bot.i18n import N_, Speaker

LEADS = {
    Kind.CAUSE: N_("Then perhaps this:"),
    Kind.NEXT: N_("Then it may be something else:"),
    Kind.MORE: N_("All that I have on this:"),
}
"""What stands above an answer."""
SEEN_ALL = N_("You have seen all that I have on this. It comes from this page:")
IN_VAIN = {
    Kind.NOTHING_LEFT: N_("That was all I know about it."),
    Kind.NOTHING_YET: N_("I have nothing to offer on this yet."),
}
"""What is said where there is nothing more, before the question that would help."""
_SAID = {
    Kind.THANKS: N_("You're welcome."),
    Kind.WORKED: N_("Good to hear."),
    Kind.NOTED: N_("Then tell me what you see."),
}


def only_said(say: Speaker, reply: Reply) -> str:
    """Return the sentence that a reply without an answer is."""
    if reply.kind in _SAID:
        return say(_SAID[reply.kind])
    if reply.kind is Kind.SPEAK:
        return say("English from now on.") if say.language == "en" else say("French from now on.")
    if reply.kind is Kind.NO_CHOICE and reply.n_offered:
        return say("There is no such number: choose one from 1 to {last}.", last=reply.n_offered)
    if reply.kind is Kind.NO_CHOICE:
        return say("There is nothing to choose from right now: paste an error, or say what you see.")
    return say("Ask something first: paste an error, or say what you see.")
