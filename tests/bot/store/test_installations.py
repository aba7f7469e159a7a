from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.store.database import Database
from bot.store.installations import Installations, InstallationStates

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def installation(
    user: str = "U1", team: str | None = "T1", minutes: int = 0, **other: object
) -> Installation:
    given = {
        "app_id": "A1",
        "enterprise_id": None,
        "team_id": team,
        "team_name": "Contoso",
        "bot_token": f"xoxb-{secrets.token_hex(8)}",
        "bot_id": "B1",
        "bot_user_id": "UB",
        "bot_scopes": "chat:write,commands",
        "user_id": user,
        "user_scopes": "",
        "installed_at": (NOW + timedelta(minutes=minutes)).timestamp(),
    }
    return Installation(**(given | other))  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database) -> Installations:
    return Installations(database, "client-1")


def test_a_workspace_is_found_with_everything_it_came_with(store: Installations) -> None:
    installed = installation()
    store.save(installed)

    found = store.find_installation(enterprise_id=None, team_id="T1")
    bot = store.find_bot(enterprise_id=None, team_id="T1")

    assert found is not None
    assert bot is not None
    assert vars(found) == vars(installed)
    assert vars(bot) == vars(installed.to_bot())


def test_workspaces_and_apps_are_kept_apart(database: Database, store: Installations) -> None:
    store.save(installation())

    assert store.find_bot(enterprise_id=None, team_id="T2") is None
    assert store.find_bot(enterprise_id="E1", team_id="T1") is None
    assert Installations(database, "client-2").find_bot(enterprise_id=None, team_id="T1") is None


def test_the_latest_installer_is_found_and_each_by_name(store: Installations) -> None:
    store.save(installation("U2", minutes=5))
    store.save(installation("U1"))

    latest = store.find_installation(enterprise_id=None, team_id="T1")
    first = store.find_installation(enterprise_id=None, team_id="T1", user_id="U1")

    assert latest is not None
    assert latest.user_id == "U2"
    assert first is not None
    assert first.user_id == "U1"
    assert store.find_installation(enterprise_id=None, team_id="T1", user_id="U3") is None


def test_an_older_installer_has_the_bots_latest_token(store: Installations) -> None:
    store.save(installation("U1"))
    newer = installation("U2", minutes=5)
    store.save(newer)

    found = store.find_installation(enterprise_id=None, team_id="T1", user_id="U1")

    assert found is not None
    assert found.bot_token == newer.bot_token


def test_a_token_that_rotated_takes_the_place_of_the_old_one(store: Installations) -> None:
    installed = installation()
    store.save(installed)
    bot = installed.to_bot()
    bot.bot_token = f"xoxb-{secrets.token_hex(8)}"
    store.save_bot(bot)

    found = store.find_bot(enterprise_id=None, team_id="T1")

    assert found is not None
    assert found.bot_token == bot.bot_token


def test_an_installation_for_a_whole_organisation_serves_its_workspaces(store: Installations) -> None:
    store.save(installation(team=None, enterprise_id="E1", is_enterprise_install=True))

    found = store.find_bot(enterprise_id="E1", team_id="T7", is_enterprise_install=True)

    assert found is not None


def test_a_workspace_that_removes_the_app_is_gone(store: Installations) -> None:
    store.save(installation("U1"))
    store.save(installation("U2"))
    store.save(installation(team="T2"))

    store.delete_all(enterprise_id=None, team_id="T1")

    assert store.find_bot(enterprise_id=None, team_id="T1") is None
    assert store.find_installation(enterprise_id=None, team_id="T1") is None
    assert store.find_bot(enterprise_id=None, team_id="T2") is not None


def test_one_installers_tokens_can_go_alone(store: Installations) -> None:
    store.save(installation("U1"))
    store.save(installation("U2"))

    store.delete_installation(enterprise_id=None, team_id="T1", user_id="U1")

    assert store.find_installation(enterprise_id=None, team_id="T1", user_id="U1") is None
    assert store.find_installation(enterprise_id=None, team_id="T1", user_id="U2") is not None


def test_a_state_is_good_once_however_many_ask_at_once(database: Database) -> None:
    states = InstallationStates(database, good_for=timedelta(minutes=10), clock=lambda: NOW)
    state = states.issue()

    with ThreadPoolExecutor(4) as pool:
        consumed = list(pool.map(states.consume, [state] * 8))

    assert consumed.count(True) == 1


def test_a_state_is_good_for_a_time(database: Database) -> None:
    now = [NOW]
    states = InstallationStates(database, good_for=timedelta(minutes=10), clock=lambda: now[0])
    state = states.issue()
    now[0] += timedelta(minutes=10)

    assert not states.consume(state)
    assert not states.consume("made-up")
