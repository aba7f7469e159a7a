"""Pictures of the answer card for the README: the real blocks of a real answer, drawn by a headless browser.

    CHROMIUM=chromium python -m benchmarks.picture

Drawn in the manner of Slack, by hand: close enough to show what stands where.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot import wiring
from bot.conversation import Kind, Reply
from bot.i18n import speaker
from bot.question import Question
from bot.slack.cards import Offers, card
from bot.slack.refs import Ref

DOCS = Path(__file__).parents[1] / "docs"
_ASKED = "IotHub 'contoso-hub' does not contain the specified device 'pump-7'"
_WIDTH, _HEIGHT = 760, {"en": 860, "fr": 880}
_STYLE = """
body{margin:0;padding:18px 22px;font:15px/1.46 Lato,'DejaVu Sans',sans-serif;color:#1d1c1d;background:#fff}
.who{display:flex;gap:10px;margin-bottom:6px}.face{width:36px;height:36px;border-radius:8px;background:#0b6e6e;color:#fff;
display:flex;align-items:center;justify-content:center;font-weight:700}.name b{margin-right:6px}.app{background:#e8e8e8;font-size:10px;
padding:1px 4px;border-radius:3px;color:#616061}.body{margin-left:46px}h3{font-size:18px;margin:4px 0 2px}.small{color:#616061;font-size:12px;margin:2px 0}
p{margin:6px 0 2px}pre{background:#f8f8f8;border:1px solid #ddd;border-radius:4px;padding:7px 9px;margin:4px 0;font-size:12.5px;white-space:pre-wrap}
code{background:#f6f6f6;border:1px solid #ddd;border-radius:3px;color:#c01343;padding:1px 3px;font-size:12.5px}ol,ul{margin:4px 0;padding-left:26px}
a{color:#1264a3;text-decoration:none}.row{display:flex;flex-wrap:wrap;gap:8px;margin:10px 0 4px}.button{border:1px solid #bbb;border-radius:4px;
padding:4px 12px;font-weight:700;font-size:13px}.primary{background:#007a5a;color:#fff}blockquote{border-left:4px solid #ddd;margin:4px 0;padding-left:10px}
"""


def main() -> int:
    """Write docs/answer-card-en.png and -fr.png."""
    assistant = wiring.assistant(wiring.settings())
    for language in _HEIGHT:
        answer = assistant.answer(Question(_ASKED, asker_locale=language))
        offers = Offers(may_check=True, has_humans=True)
        message = card(Reply(Kind.ANSWER, answer), speaker(language), Ref("1", "1"), offers)
        page = f'<meta charset="utf-8"><style>{_STYLE}</style>{_page("".join(map(_block, message.blocks)))}'
        _draw(page, DOCS / f"answer-card-{language}.png", _HEIGHT[language])
    return 0


def _draw(page: str, target: Path, height: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "card.html"
        source.write_text(page, encoding="utf-8")
        browser = os.environ.get("CHROMIUM", "chromium")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        ]
        command = [
            browser,
            *options,
            f"--window-size={_WIDTH},{height}",
            f"--screenshot={target}",
            source.as_uri(),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90)


def _page(body: str) -> str:
    name = '<div class="name"><b>hubmedic</b><span class="app">APP</span></div>'
    return f'<div class="who"><div class="face">h</div>{name}</div><div class="body">{body}</div>'


def _block(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h3>{_text(block['text'])}</h3>"
    if kind == "context":
        return "".join(f'<div class="small">{_text(one)}</div>' for one in block["elements"])
    if kind == "rich_text":
        return "".join(map(_rich, block["elements"]))
    if kind == "actions":
        return f'<div class="row">{"".join(map(_button, block["elements"]))}</div>'
    if kind == "context_actions":
        thumbs = [block["elements"][0][f"{side}_button"] for side in ("positive", "negative")]
        return f'<div class="row">{"".join(map(_button, thumbs))}</div>'
    return ""


def _rich(element: dict[str, Any]) -> str:
    inside = element["elements"]
    if element["type"] == "rich_text_preformatted":
        return f"<pre>{_pieces(inside)}</pre>"
    if element["type"] == "rich_text_quote":
        return f"<blockquote>{_pieces(inside)}</blockquote>"
    if element["type"] == "rich_text_list":
        tag = "ol" if element["style"] == "ordered" else "ul"
        items = "".join(f"<li>{_pieces(one['elements'])}</li>" for one in inside)
        return f'<{tag} start="{element.get("offset", 0) + 1}">{items}</{tag}>'
    words = _pieces(inside)
    if words.startswith("<b><br>"):  # the empty line that stands before a label
        words = "<b>" + words.removeprefix("<b><br>")
    return f"<p>{words}</p>"


def _pieces(pieces: Iterable[dict[str, Any]]) -> str:
    return "".join(map(_piece, pieces))


def _piece(piece: dict[str, Any]) -> str:
    words = html.escape(str(piece.get("text") or piece.get("url") or "")).replace("\n", "<br>")
    if piece["type"] == "link":
        return f'<a href="#">{words}</a>'
    for name, tag in (("code", "code"), ("bold", "b"), ("italic", "i")):
        if piece.get("style", {}).get(name):
            words = f"<{tag}>{words}</{tag}>"
    return words


def _button(element: dict[str, Any]) -> str:
    return f'<span class="button {element.get("style", "")}">{_text(element["text"])}</span>'


def _text(text: dict[str, Any]) -> str:
    return html.escape(str(text["text"]))


if __name__ == "__main__":
    sys.exit(main())
