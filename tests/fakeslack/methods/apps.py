"""``apps.connections.open`` and ``oauth.v2.access``: how an app gets in."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakeslack.errors import ApiError
from tests.fakeslack.methods.calls import Call, method


@method("apps.connections.open")
def connections_open(call: Call) -> dict[str, Any]:
    return {"url": call.slack.socket_url()}


@method("oauth.v2.access")
def oauth_access(call: Call) -> dict[str, Any]:
    app = call.slack.app
    client_id, secret = str(call.get("client_id", "")), str(call.get("client_secret", ""))
    basic = call.headers.get("authorization", "")
    if basic.startswith("Basic "):
        client_id, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
    if client_id != app.client_id:
        raise ApiError("invalid_client_id")
    if secret != app.client_secret:
        raise ApiError("bad_client_secret")
    given = call.slack.codes.pop(str(call.get("code", "")), None)
    if given is None:
        raise ApiError("invalid_code")
    team_id, user, scopes, redirect = given
    if call.get("redirect_uri", redirect) != redirect:
        raise ApiError("bad_redirect_uri")
    team = call.slack.world.teams[team_id]
    installed = call.slack.install(team, scopes=scopes, installer=user)
    return {
        "app_id": app.app_id,
        "authed_user": {"id": user},
        "scope": ",".join(sorted(scopes)),
        "token_type": "bot",
        "access_token": installed.bot_token,
        "bot_user_id": installed.bot_user,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
