"""Windows and homes: when they open, how they stack, and what is too much for them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack.blocks import problems_of_view
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import FEEDBACK, MODAL, refused, section


def test_a_trigger_opens_one_view_within_three_seconds(slack: FakeSlack, client: WebClient) -> None:
    trigger = slack.platform.trigger(slack.ada.id)
    client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=MODAL)

    late = slack.platform.trigger(slack.ada.id)
    slack.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=late, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2.3", view=MODAL)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"submit": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"close": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"submit": None}, "`submit` must be provided"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"blocks": [section("x")] * 101}, "no more than 100 items"),
        ({"blocks": []}, "at least 1 item"),
        ({"blocks": [{"type": "context_actions", "elements": [FEEDBACK]}]}, "unsupported type"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type"),
        ({"colour": "red"}, "invalid additional property"),
    ],
)
def test_modals_over_their_limits_are_refused(
    slack: FakeSlack, client: WebClient, change: dict[str, Any], says: str
) -> None:
    view = {name: value for name, value in (MODAL | change).items() if value is not None}

    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=view)

    assert refused(caught)["error"] == "invalid_arguments"
    assert says in " ".join(refused(caught)["errors"])


def test_a_view_of_more_than_250_kilobytes_is_too_large(slack: FakeSlack, client: WebClient) -> None:
    many = [section("x" * 2_900)] * 95

    with pytest.raises(SlackApiError, match="view_too_large"):
        client.views_publish(user_id=slack.ada.id, view={"type": "home", "blocks": many})


def test_views_stack_three_high(slack: FakeSlack, client: WebClient) -> None:
    opened = client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=MODAL)["view"]
    for _ in range(2):
        opened = client.views_push(trigger_id=slack.platform.trigger(slack.ada.id, opened["id"]), view=MODAL)[
            "view"
        ]

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        client.views_push(trigger_id=slack.platform.trigger(slack.ada.id, opened["id"]), view=MODAL)


def test_a_view_somebody_changed_meanwhile_is_not_overwritten(slack: FakeSlack, client: WebClient) -> None:
    opened = client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=MODAL)["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)

    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V404", view=MODAL)


def test_a_home_has_no_title(slack: FakeSlack, client: WebClient) -> None:
    assert problems_of_view({"type": "home", "blocks": [section("x")], "title": MODAL["title"]})

    client.views_publish(user_id=slack.ada.id, view={"type": "home", "blocks": [section("x")]})
    assert slack.home(slack.ada) is not None
