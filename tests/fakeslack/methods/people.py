"""``users.*``, ``usergroups.*``, ``team.info``, ``bots.info``, ``auth.test``: who is who."""

from __future__ import annotations

from typing import Any

from tests.fakeslack.errors import ApiError
from tests.fakeslack.methods.calls import Call, method


@method("api.test")
def api_test(call: Call) -> dict[str, Any]:
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Call) -> dict[str, Any]:
    team = call.slack.world.teams[call.installed.team]
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.slack.world.users[call.installed.bot_user].name,
        "team_id": team.id,
        "user_id": call.installed.bot_user,
        "bot_id": call.installed.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info")
def user_info(call: Call) -> dict[str, Any]:
    user = call.slack.world.users.get(call.need("user"))
    if user is None or user.team != call.installed.team:
        raise ApiError("user_not_found")
    return {"user": user.payload(include_locale=call.flag("include_locale"))}


@method("users.list")
def user_list(call: Call) -> dict[str, Any]:
    members = [
        user.payload(include_locale=call.flag("include_locale"))
        for user in call.slack.world.users.values()
        if user.team == call.installed.team
    ]
    return call.page(members, "members", most=1000)


@method("usergroups.list")
def group_list(call: Call) -> dict[str, Any]:
    groups = []
    for group in call.slack.world.groups.values():
        if group.team != call.installed.team:
            continue
        told: dict[str, Any] = {
            "id": group.id,
            "team_id": group.team,
            "is_usergroup": True,
            "handle": group.handle,
            "name": group.handle,
            "date_delete": 0,
        }
        if call.flag("include_users"):
            told["users"] = group.members
        groups.append(told)
    return {"usergroups": groups}


@method("usergroups.users.list")
def group_users(call: Call) -> dict[str, Any]:
    group = call.slack.world.groups.get(call.need("usergroup"))
    if group is None or group.team != call.installed.team:
        raise ApiError("no_such_subteam")
    return {"users": group.members}


@method("team.info")
def team_info(call: Call) -> dict[str, Any]:
    team = call.slack.world.teams[call.installed.team]
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


@method("bots.info")
def bot_info(call: Call) -> dict[str, Any]:
    if call.get("bot", call.installed.bot_id) != call.installed.bot_id:
        raise ApiError("bot_not_found")
    return {
        "bot": {
            "id": call.installed.bot_id,
            "deleted": False,
            "name": "hubmedic",
            "updated": 1767607200,
            "app_id": call.slack.app.app_id,
            "user_id": call.installed.bot_user,
        }
    }
