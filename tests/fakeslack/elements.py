"""What may stand inside blocks: buttons, menus, inputs, pieces of rich text, each with Slack's limits."""

from __future__ import annotations

from typing import Any

from tests.fakeslack.shapes import (
    Check,
    Problems,
    address,
    boolean,
    list_of,
    one_of,
    problem,
    record,
    string,
    text_of,
    typed,
    whole,
)

ACTION_ID = string(255, least=1)
PLACEHOLDER = text_of(150, plain=True)

CONFIRM = record(
    {"title": text_of(100, plain=True), "text": text_of(300), "confirm": text_of(30, plain=True)},
    {"deny": text_of(30, plain=True), "style": one_of("primary", "danger")},
)
OPTION = record(
    {"text": text_of(75), "value": string(150, least=1)},
    {"description": text_of(75), "url": address()},
)
OPTION_GROUP = record({"label": text_of(75, plain=True), "options": list_of(OPTION, most=100)}, {})
FEEDBACK_BUTTON = record(
    {"text": text_of(75, plain=True), "value": string(2000, least=1)}, {"accessibility_label": string(75)}
)
IMAGE_FIELDS: dict[str, Check] = {
    "image_url": address(),
    "slack_file": record({}, {"id": string(255), "url": address()}),
}


def _image(value: Any, where: str) -> Problems:
    yield from record({"alt_text": string(2000, least=1)}, IMAGE_FIELDS)(value, where)
    if ("image_url" in value) == ("slack_file" in value):
        yield problem("must define either `image_url` or `slack_file`", where)


IMAGE: Check = _image

_BUTTON = record(
    {"text": text_of(75, plain=True)},
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "url": address(),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
_COMMON: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}


def _menu(*, many: bool = False, **own: Check) -> Check:
    more: dict[str, Check] = {"placeholder": PLACEHOLDER, **_COMMON, **own}
    if many:
        more["max_selected_items"] = whole(1, 1000)
    return record({}, more)


def _static_menu(*, many: bool) -> Check:
    initial = {"initial_options": list_of(OPTION, most=100)} if many else {"initial_option": OPTION}
    base = _menu(
        many=many,
        options=list_of(OPTION, most=100),
        option_groups=list_of(OPTION_GROUP, most=100),
        **initial,
    )

    def check(value: Any, where: str) -> Problems:
        yield from base(value, where)
        if ("options" in value) == ("option_groups" in value):
            yield problem("must define either `options` or `option_groups`", where)

    return check


def _input(**own: Check) -> Check:
    return record({}, {"action_id": ACTION_ID, "placeholder": PLACEHOLDER, "focus_on_load": boolean, **own})


_TEXT_INPUT = {
    "multiline": boolean,
    "min_length": whole(0, 3000),
    "max_length": whole(1, 3000),
    "initial_value": string(3000),
    "dispatch_action_config": record({}, {"trigger_actions_on": list_of(string(64), most=2)}),
}
_CHOICES = record(
    {"options": list_of(OPTION, most=10)},
    {**_COMMON, "initial_options": list_of(OPTION, most=10), "initial_option": OPTION},
)

MENUS: dict[str, Check] = {
    "static_select": _static_menu(many=False),
    "multi_static_select": _static_menu(many=True),
    "external_select": _menu(min_query_length=whole(0, 100), initial_option=OPTION),
    "multi_external_select": _menu(many=True, min_query_length=whole(0, 100)),
    "users_select": _menu(initial_user=string(32)),
    "multi_users_select": _menu(many=True, initial_users=list_of(string(32), most=100)),
    "conversations_select": _menu(
        initial_conversation=string(32),
        default_to_current_conversation=boolean,
        response_url_enabled=boolean,
        filter=record({}, {"include": list_of(string(16), most=4), "exclude_bot_users": boolean}),
    ),
    "channels_select": _menu(initial_channel=string(32), response_url_enabled=boolean),
    "datepicker": _menu(initial_date=string(10)),
    "timepicker": _menu(initial_time=string(5), timezone=string(64)),
    "datetimepicker": _menu(initial_date_time=whole(0, 9_999_999_999)),
    "checkboxes": _CHOICES,
    "radio_buttons": _CHOICES,
}
ACTIONS: dict[str, Check] = {
    **MENUS,
    "button": _BUTTON,
    "overflow": record({"options": list_of(OPTION, most=5)}, _COMMON),
}
ACCESSORIES: dict[str, Check] = {**ACTIONS, "image": IMAGE}
INPUTS: dict[str, Check] = {
    **MENUS,
    "plain_text_input": _input(**_TEXT_INPUT),
    "rich_text_input": _input(),
    "email_text_input": _input(initial_value=string(3000)),
    "url_text_input": _input(initial_value=string(3000)),
    "number_input": _input(is_decimal_allowed=boolean, initial_value=string(64), min_value=string(64)),
    "file_input": _input(filetypes=list_of(string(16), most=50), max_files=whole(1, 10)),
}
CONTEXT: dict[str, Check] = {"image": IMAGE, "plain_text": text_of(3000), "mrkdwn": text_of(3000)}
CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": record(
        {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}, {"action_id": ACTION_ID}
    ),
    "icon_button": record(
        {"icon": one_of("trash"), "text": text_of(75, plain=True)},
        {
            "action_id": ACTION_ID,
            "accessibility_label": string(75),
            "value": string(2000),
            "visible_to_user_ids": list_of(string(32), most=10),
            "confirm": CONFIRM,
        },
    ),
}

_STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_TEXT = record({"text": string(12_000, least=1)}, {"style": _STYLE})
_LINK = record({"url": address()}, {"text": string(3000), "style": _STYLE, "unsafe": boolean})
_PIECES: dict[str, Check] = {
    "text": _TEXT,
    "link": _LINK,
    "emoji": record({"name": string(255, least=1)}, {"skin_tone": whole(1, 6), "unicode": string(64)}),
    "user": record({"user_id": string(32, least=1)}, {"style": _STYLE}),
    "usergroup": record({"usergroup_id": string(32, least=1)}, {"style": _STYLE}),
    "channel": record({"channel_id": string(32, least=1)}, {"style": _STYLE}),
    "team": record({"team_id": string(32, least=1)}, {"style": _STYLE}),
    "broadcast": record({"range": one_of("here", "channel", "everyone")}, {}),
    "date": record(
        {"timestamp": whole(0, 1 << 40), "format": string(255, least=1)},
        {"url": address(), "fallback": string(255)},
    ),
    "color": record({"value": string(16, least=1)}, {}),
}
_MOST_PIECES = 10_000
_SECTION = record({"elements": list_of(typed(_PIECES), most=_MOST_PIECES, least=0)}, {})
RICH_TEXT: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record(
        {"elements": list_of(typed(_PIECES), most=_MOST_PIECES, least=0)}, {"border": whole(0, 1)}
    ),
    "rich_text_preformatted": record(
        {"elements": list_of(typed({"text": _TEXT, "link": _LINK}), most=_MOST_PIECES)},
        {"border": whole(0, 1), "language": string(64)},
    ),
    "rich_text_list": record(
        {
            "style": one_of("bullet", "ordered"),
            "elements": list_of(typed({"rich_text_section": _SECTION}), most=_MOST_PIECES),
        },
        {"indent": whole(0, 8), "offset": whole(0, 10_000), "border": whole(0, 1)},
    ),
}
