"""An unmodified Bolt app lives on the fake as it would on Slack: over sockets, over HTTP, installed by a person."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.fakeslack.bolt_app import Heard, Running, close, make_app, over_http, over_sockets, wsgi
from tests.fakeslack.delivery import Chaos
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.platform import View


@pytest.fixture(params=[over_sockets, over_http])
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    with request.param() as running:
        yield running


@pytest.fixture
def on_sockets() -> Iterator[Running]:
    with over_sockets() as running:
        yield running


def test_a_mention_comes_as_twins_and_is_answered_in_its_thread(running: Running) -> None:
    slack = running.slack
    question = slack.mention(slack.general, slack.ada, "401003")

    (answer,) = slack.wait_for_answers(question)

    assert answer.thread_ts == question.ts
    assert slack.settle()
    assert sorted(running.heard.kinds())[:2] == ["app_mention", "message"]
    assert slack.ledger().n_answered_once == 1


def test_a_direct_message_comes_alone(running: Running) -> None:
    slack = running.slack
    question = slack.dm(slack.benoit, "ça ne marche pas")

    slack.wait_for_answers(question)

    told = running.heard.last("message")
    assert told["channel_type"] == "im"
    assert running.heard.kinds().count("app_mention") == 0


def test_a_command_is_acked_and_answered_in_private(running: Running) -> None:
    slack = running.slack
    delivery = slack.slash(slack.general, slack.ada, "401003")

    (answer,) = slack.wait_for_ephemerals(slack.ada)

    assert delivery.is_acked
    assert answer.text == "you asked: 401003"
    assert slack.ephemerals(slack.benoit) == []


def test_a_button_opens_a_modal_that_checks_what_is_sent(running: Running) -> None:
    slack = running.slack
    (answer,) = slack.wait_for_answers(slack.mention(slack.general, slack.ada, "401003"))

    slack.click(answer, "Why this?", slack.benoit)
    modal: View = slack.wait_for_view(slack.benoit)
    refused = slack.submit_view(modal)
    assert refused.response == {"response_action": "errors", "errors": {"why": "say why"}}
    assert modal.is_open

    slack.submit_view(modal, {"text": "the menu moved"})
    assert not modal.is_open


def test_a_message_shortcut_brings_the_message(running: Running) -> None:
    slack = running.slack
    said = slack.say(slack.general, slack.ada, "hub says 404001")

    slack.shortcut(said, slack.benoit, "troubleshoot")

    (answer,) = slack.wait_for_ephemerals(slack.benoit)
    assert answer.text == "about: hub says 404001"


def test_edits_deletions_reactions_and_uploads_are_told(running: Running) -> None:
    slack, heard = running.slack, running.heard
    said = slack.say(slack.general, slack.ada, "hub says 401003")
    slack.edit(said, "hub says 404001")
    slack.react(said, slack.benoit, "white_check_mark")
    slack.upload(slack.general, slack.ada, "gateway.log", b"ERROR 401003\n", "the log")
    slack.delete(said)
    assert slack.settle()

    changed = heard.last("message_changed")
    assert changed["message"]["text"] == "hub says 404001"
    assert changed["previous_message"]["text"] == "hub says 401003"
    assert heard.last("reaction_added")["reaction"] == "white_check_mark"
    assert heard.last("file_share")["files"][0]["name"] == "gateway.log"
    assert heard.last("message_deleted")["deleted_ts"] == said.ts


def test_a_deleted_question_with_an_answer_leaves_a_stone(running: Running) -> None:
    slack = running.slack
    question = slack.mention(slack.general, slack.ada, "401003")
    slack.wait_for_answers(question)

    slack.delete(question)
    assert slack.settle()

    told = running.heard.last("message_changed")
    assert told["message"]["subtype"] == "tombstone"
    assert told["previous_message"]["ts"] == question.ts


def test_home_language_and_membership_are_told(running: Running) -> None:
    slack, heard = running.slack, running.heard
    channel = slack.add_channel("new", [slack.ada], with_bot=False)
    slack.mention(channel, slack.ada, "nobody hears this")
    slack.invite(channel)
    slack.open_home(slack.ada, "messages")
    slack.set_locale(slack.ada, "fr-FR")
    assert slack.settle()

    assert "app_mention" not in heard.kinds()
    assert heard.last("member_joined_channel")["channel"] == channel.id
    assert heard.last("app_home_opened")["tab"] == "messages"
    assert heard.last("user_change")["user"]["locale"] == "fr-FR"


def test_events_the_app_did_not_subscribe_to_are_not_sent(running: Running) -> None:
    slack = running.slack
    slack.app.events = frozenset({"app_mention"})
    slack.wait_for_answers(slack.mention(slack.general, slack.ada, "401003"))
    assert slack.settle()

    assert running.heard.kinds() == ["app_mention"]


def test_what_is_not_acked_is_an_error_its_user_sees(running: Running) -> None:
    slack = running.slack

    delivery = slack.slash(slack.general, slack.ada, "x", command="/unknown")

    assert not delivery.is_acked
    assert slack.user_errors[0][0] == slack.ada.id


def test_an_event_that_is_delivered_again_is_the_same_event(running: Running) -> None:
    slack = running.slack
    question = slack.dm(slack.ada, "401003")
    slack.wait_for_answers(question)
    slack.deliver_again(question)
    slack.wait_until(lambda: len(running.heard.retries) >= 2, "the retry")
    slack.slash(slack.general, slack.ada, "something after it")

    ids = {event_id for event_id, number in running.heard.retries if number == "1"}
    assert len(ids) == 1
    assert len(slack.messages(slack.im(slack.ada), question.ts)) == 1


def test_an_event_whose_ack_was_lost_is_sent_again(running: Running) -> None:
    slack = running.slack
    slack.app.events = frozenset({"app_mention"})
    slack.chaos = Chaos(lose_ack=1.0)

    question = slack.mention(slack.general, slack.ada, "401003")

    slack.wait_for_answers(question)
    assert slack.settle()
    assert [number for _, number in running.heard.retries] == ["0", "1"]
    assert slack.ledger().n_answered_once == 1
    assert slack.deliveries.by_message[question.ts][0].outcomes == ["http_timeout", "acked"]


def test_an_event_whose_first_attempt_never_arrived_is_sent_again(running: Running) -> None:
    slack = running.slack
    slack.app.events = frozenset({"app_mention"})
    slack.chaos = Chaos(drop=1.0)

    slack.mention(slack.general, slack.ada, "401003")

    assert slack.settle()
    assert [number for _, number in running.heard.retries] == ["1"]


def test_events_held_back_can_overtake_each_other_and_come_twice(running: Running) -> None:
    slack = running.slack
    slack.app.events = frozenset({"message.channels"})
    with slack.held("reversed", times=2):
        for text in ("first", "second"):
            slack.say(slack.general, slack.ada, text)
    assert slack.settle()
    slack.wait_until(lambda: len(running.heard.events) == 4, "four events")

    texts = [one["text"] for one in running.heard.events]
    assert sorted(texts) == ["first", "first", "second", "second"]
    assert len({event_id for event_id, _ in running.heard.retries}) == 2


def test_many_questions_with_twins_duplicates_drops_and_shuffles_are_all_accounted_for(
    running: Running,
) -> None:
    slack = running.slack
    slack.chaos = Chaos(duplicate=0.2, drop=0.2, lose_ack=0.2, shuffle_s=0.05, seed=7)

    for number in range(60):
        slack.mention(slack.general, slack.ada, f"question {number}")

    assert slack.settle(60)
    slack.wait_until(lambda: slack.ledger().n_answered_once == 60, "sixty answers", 30)
    assert str(slack.ledger()) == "60 questions: 60 answered once, 0 lost, 0 duplicated, 0 never delivered"


def test_a_connection_that_slack_refreshes_is_opened_anew(on_sockets: Running) -> None:
    slack = on_sockets.slack
    slack.sockets.disconnect()
    slack.wait_until(lambda: slack.sockets.n_connections >= 2, "a new connection")
    slack.wait_connected()

    slack.wait_for_answers(slack.mention(slack.general, slack.ada, "401003"))


def test_a_question_asked_while_nobody_is_connected_comes_after_a_while(on_sockets: Running) -> None:
    slack = on_sockets.slack
    slack.app.events = frozenset({"app_mention"})
    slack.sockets.cut()
    question = slack.mention(slack.general, slack.ada, "401003")
    slack.wait_connected()
    slack.clock.advance(61)

    (answer,) = slack.wait_for_answers(question)
    assert answer.text == "the answer"
    assert slack.deliveries.by_message[question.ts][0].outcomes[0] == "connection_failed"


def test_each_event_goes_to_one_of_several_connections(on_sockets: Running) -> None:
    slack = on_sockets.slack
    heard = Heard()
    second = SocketModeHandler(make_app(slack, heard), slack.app.app_token)
    second.connect()  # type: ignore[no-untyped-call]
    slack.wait_connected(2)
    slack.app.events = frozenset({"app_mention"})

    for number in range(10):
        slack.mention(slack.general, slack.ada, f"{number}")

    assert slack.settle()
    assert (len(on_sockets.heard.events), len(heard.events)) == (5, 5)
    slack.wait_until(lambda: slack.ledger().n_answered_once == 10, "ten answers")
    close(slack, second)


def test_the_eleventh_connection_is_refused_and_no_ticket_is_good_twice(on_sockets: Running) -> None:
    slack = on_sockets.slack
    with contextlib.ExitStack() as stack:
        for _ in range(9):
            stack.enter_context(connect(slack.platform.socket_url(), compression=None))
        slack.wait_connected(10)

        with pytest.raises(InvalidStatus, match="429"), connect(slack.platform.socket_url()):
            pass
    used = slack.platform.socket_url()
    with connect(used):
        pass
    with pytest.raises(InvalidStatus, match="401"), connect(used):
        pass


def test_an_envelope_that_is_not_acked_in_three_seconds_is_sent_again() -> None:
    with FakeSlack() as slack:
        slack.app.events = frozenset({"app_mention"})
        with connect(slack.platform.socket_url(), compression=None) as connection:
            assert json.loads(connection.recv())["type"] == "hello"
            slack.wait_connected()
            slack.mention(slack.general, slack.ada, "401003")

            first = json.loads(connection.recv())
            second = json.loads(connection.recv(timeout=10))
            connection.send(json.dumps({"envelope_id": second["envelope_id"]}))

            assert slack.settle()
    assert (first["retry_attempt"], second["retry_attempt"], second["retry_reason"]) == (0, 1, "timeout")
    assert first["payload"] == second["payload"]


def test_requests_are_signed_and_strangers_are_turned_away() -> None:
    with over_http() as running:
        posts = running.slack.posts
        assert posts is not None
        body = '{"type": "url_verification", "challenge": "c"}'
        kind = {"Content-Type": "application/json"}

        assert posts.post(body, kind)[0] == 200
        assert posts.post(body, kind | {"X-Slack-Signature": "v0=0"})[0] == 401
        stale = posts.signed(body, timestamp=int(time.time()) - 400)
        assert posts.post(body, kind | stale)[0] == 401


def test_an_app_that_is_not_there_is_retried_until_slack_gives_up() -> None:
    with FakeSlack() as slack:
        slack.deliver_to("http://127.0.0.1:9/slack/events")
        slack.app.events = frozenset({"app_mention"})
        question = slack.mention(slack.general, slack.ada, "401003")
        (delivery,) = slack.deliveries.by_message[question.ts]

        slack.wait_until(lambda: delivery.n_attempts == 2, "the retry at once")
        slack.clock.advance(60)
        slack.wait_until(lambda: delivery.n_attempts == 3, "the one after a minute")
        slack.clock.advance(300)

        assert slack.settle()
        assert delivery.outcomes == ["connection_failed"] * 4
        assert len(slack.ledger().undelivered) == 1


@pytest.mark.parametrize("allow", [True, False])
def test_a_person_installs_the_app_or_does_not(tmp_path: Any, allow: bool) -> None:
    with FakeSlack() as slack:
        fabrikam = slack.add_team("Fabrikam")
        carol = slack.add_user("carol", team=fabrikam)
        app = App(
            client=WebClient(base_url=slack.api_url),
            signing_secret=slack.app.signing_secret,
            oauth_settings=OAuthSettings(
                client_id=slack.app.client_id,
                client_secret=slack.app.client_secret,
                scopes=["app_mentions:read", "chat:write"],
                authorization_url=f"{slack.web.url}/oauth/v2/authorize",
                installation_store=FileInstallationStore(base_dir=str(tmp_path)),
                state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path)),
            ),
        )

        @app.event("app_mention")
        def mention(event: dict[str, Any], client: WebClient) -> None:
            client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="hello")

        with wsgi(app) as url:
            slack.app.redirect_url = f"{url}/slack/oauth_redirect"
            slack.deliver_to(f"{url}/slack/events")
            page = slack.install(f"{url}/slack/install", team=fabrikam, allow=allow)

            assert page.status == 200
            assert (fabrikam.id in slack.app.installed) is allow
            if allow:
                assert slack.app.installed[fabrikam.id].scopes == {"app_mentions:read", "chat:write"}
                channel = slack.add_channel("plant", [carol], team=fabrikam)
                slack.wait_for_answers(slack.mention(channel, carol, "401003"))


def test_a_workspace_that_removes_the_app_takes_its_token_away(on_sockets: Running) -> None:
    slack = on_sockets.slack
    slack.uninstall()
    assert slack.settle()

    assert "app_uninstalled" in on_sockets.heard.kinds()
    assert slack.bot.is_revoked
