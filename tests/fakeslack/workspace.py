"""What every part of the driver stands on: the platform, who and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakeslack import events
from tests.fakeslack.app import Installed
from tests.fakeslack.delivery import Deliveries, Delivery
from tests.fakeslack.ledger import Asked
from tests.fakeslack.platform import Platform
from tests.fakeslack.posts import Posts
from tests.fakeslack.sockets import Sockets
from tests.fakeslack.web import Web
from tests.fakeslack.world import Channel, Team, User, UserGroup


class Workspace:
    """A workspace with two people, a public and a private channel, and the app in both."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.clock, self.world = self.platform.clock, self.platform.world
        self.faults, self.rates, self.app = self.platform.faults, self.platform.rates, self.platform.app
        self.deliveries = Deliveries(self.platform)
        self.web = Web(self.platform)
        self.sockets = Sockets(self.platform, self.deliveries)
        self.posts: Posts | None = None
        self.user_errors: list[tuple[str, str]] = []
        """What users saw go wrong: who, and ``operation_timeout`` or what the app answered."""
        self._asked = Asked()
        self.team = self.add_team("Contoso")
        self.ada = self.add_user("ada", locale="en-US")
        self.benoit = self.add_user("benoit", locale="fr-FR")
        self.bot: Installed = self.platform.install(self.team)
        self.general = self.add_channel("general", [self.ada, self.benoit])
        self.private = self.add_channel("ops", [self.ada, self.benoit], kind="group")

    def add_team(self, name: str) -> Team:
        """A workspace; the app is in it once it is installed there."""
        team = Team(self.world.new_id("T"), name, name.lower())
        self.world.teams[team.id] = team
        return team

    def add_user(
        self, name: str, *, locale: str = "en-US", team: Team | None = None, is_admin: bool = False
    ) -> User:
        """A person."""
        user = User(self.world.new_id("U"), (team or self.team).id, name, locale, is_admin=is_admin)
        self.world.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        members: Sequence[User],
        *,
        kind: str = "channel",
        team: Team | None = None,
        with_bot: bool = True,
    ) -> Channel:
        """A channel with people in it, and the bot unless told otherwise."""
        team_id = (team or self.team).id
        ids = [user.id for user in members]
        if with_bot and team_id in self.app.installed:
            ids.append(self.app.installed[team_id].bot_user)
        channel = Channel(self.world.new_id("C"), team_id, name, kind, ids)
        self.world.channels[channel.id] = channel
        return channel

    def add_group(self, handle: str, members: Sequence[User]) -> UserGroup:
        """A group that can be tagged."""
        group = UserGroup(self.world.new_id("S"), self.team.id, handle, [user.id for user in members])
        self.world.groups[group.id] = group
        return group

    def im(self, user: User) -> Channel:
        """The direct message of a person with the bot."""
        return self.world.direct(user.team, [user.id, self.app.installed[user.team].bot_user])

    def installed_of(self, team: Team) -> Installed:
        """The app in a workspace."""
        return self.app.installed[team.id]

    def installed_in(self, channel: Channel) -> Installed:
        """The app in the workspace of a channel."""
        return self.app.installed[channel.team]

    def _interaction(self, kind: str, user: User, view_id: str = "") -> dict[str, Any]:
        team = self.world.teams[user.team]
        return events.interaction(kind, self.app, team, user, trigger=self.platform.trigger(user.id, view_id))

    def _is_heard(self, delivery: Delivery, user: User) -> bool:
        """Whether the app acked; a user whose click it did not ack sees an error."""
        if not delivery.is_acked:
            outcome = delivery.outcomes[-1] if delivery.outcomes else "http_timeout"
            self.user_errors.append((user.id, "operation_timeout" if outcome == "http_timeout" else outcome))
        return delivery.is_acked
