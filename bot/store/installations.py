"""Workspaces that installed the app, and installations under way: the interfaces of slack_sdk over our tables.

slack_sdk's own stores for SQLAlchemy import its asyncio part, which since 2.1 wants a package of C code that nothing here
uses. Ours also consume a state by one statement, so that of two requests with the same state only one gets through.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.oauth import OAuthStateStore
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from bot.store.database import Database
from bot.store.schema import installation_states, installations
from bot.store.statements import insert_or_change

_LOG = logging.getLogger("hubmedic.store")
_BOT = ""
"""Stands in the column of users for the row that holds the bot's token."""


class Installations(InstallationStore):
    """Tokens of the workspaces that installed the app, under one client id: the latest of each installer, and of the bot."""

    def __init__(self, database: Database, client_id: str) -> None:
        self._database = database
        self._client_id = client_id

    @property
    def logger(self) -> logging.Logger:
        return _LOG

    def save(self, installation: Installation) -> None:
        """Keep an installation, and the bot's token with it when it has one."""
        with self._database.write() as connection:
            self._keep(connection, installation, installation.user_id)
            if installation.bot_token is not None:
                self._keep(connection, installation.to_bot(), _BOT)

    def save_bot(self, bot: Bot) -> None:
        """Keep the bot's token: what a rotation of tokens calls."""
        with self._database.write() as connection:
            self._keep(connection, bot, _BOT)

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot's token for a workspace, or for a whole organisation."""
        there = self._of(enterprise_id, None if is_enterprise_install else team_id)
        data = self._newest(and_(there, installations.c.user == _BOT))
        return None if data is None else Bot(**data)

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """An installer's installation, or without ``user_id`` the latest; always with the bot's latest token."""
        there = self._of(enterprise_id, None if is_enterprise_install else team_id)
        who = installations.c.user != _BOT if user_id is None else installations.c.user == user_id
        data = self._newest(and_(there, who))
        if data is None:
            return None
        installation = Installation(**data)
        bot = self.find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        if bot is not None:
            installation.bot_id = bot.bot_id
            installation.bot_user_id = bot.bot_user_id
            installation.bot_token = bot.bot_token
            installation.bot_scopes = bot.bot_scopes
            installation.bot_refresh_token = bot.bot_refresh_token
            installation.bot_token_expires_at = bot.bot_token_expires_at
        return installation

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Drop the bot's token of a workspace."""
        self._delete(and_(self._of(enterprise_id, team_id), installations.c.user == _BOT))

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Drop an installer's tokens, or without ``user_id`` those of every installer."""
        who = installations.c.user != _BOT if user_id is None else installations.c.user == user_id
        self._delete(and_(self._of(enterprise_id, team_id), who))

    def _keep(self, connection: Connection, what: Installation | Bot, user: str) -> None:
        row = {
            "client_id": self._client_id,
            "enterprise": what.enterprise_id or "",
            "team": "" if what.is_enterprise_install else what.team_id or "",
            "user": user,
            "data": json.dumps(vars(what)),
            "installed_at": datetime.fromtimestamp(what.installed_at, UTC),
        }
        insert_or_change(connection, installations, row, key=("client_id", "enterprise", "team", "user"))

    def _of(self, enterprise_id: str | None, team_id: str | None) -> ColumnElement[bool]:
        return and_(
            installations.c.client_id == self._client_id,
            installations.c.enterprise == (enterprise_id or ""),
            installations.c.team == (team_id or ""),
        )

    def _newest(self, which: ColumnElement[bool]) -> dict[str, Any] | None:
        query = (
            select(installations.c.data).where(which).order_by(installations.c.installed_at.desc()).limit(1)
        )
        with self._database.read() as connection:
            data = connection.scalar(query)
        return None if data is None else dict(json.loads(data))

    def _delete(self, which: ColumnElement[bool]) -> None:
        with self._database.write() as connection:
            connection.execute(delete(installations).where(which))


class InstallationStates(OAuthStateStore):
    """What ties the end of an installation to the browser that began it; each state is good once."""

    def __init__(self, database: Database, *, good_for: timedelta, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._good_for = good_for
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        return _LOG

    def issue(self, *args: object, **kwargs: object) -> str:
        """A new state; those that are over go."""
        state = secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.write() as connection:
            connection.execute(delete(installation_states).where(installation_states.c.good_until <= now))
            row = {"state": state, "good_until": now + self._good_for}
            connection.execute(insert(installation_states).values(row))
        return state

    def consume(self, state: str) -> bool:
        """Use a state up; False when it is unknown, over, or used already."""
        good = and_(installation_states.c.state == state, installation_states.c.good_until > self._clock())
        with self._database.write() as connection:
            return connection.execute(delete(installation_states).where(good)).rowcount > 0
