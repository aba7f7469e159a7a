"""What people do in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakeslack import actions, browser, events, reading
from tests.fakeslack.delivery import Delivery
from tests.fakeslack.methods.views import checked_view
from tests.fakeslack.platform import View
from tests.fakeslack.typed_text import as_sent, rich_text
from tests.fakeslack.workspace import Workspace
from tests.fakeslack.world import Channel, File, Message, User

_TYPES = {
    "txt": ("text/plain", "text"),
    "log": ("text/plain", "text"),
    "py": ("text/x-python", "python"),
    "json": ("application/json", "json"),
    "png": ("image/png", "png"),
    "gz": ("application/gzip", "gzip"),
    "zip": ("application/zip", "zip"),
}


class Doing(Workspace):
    """Writes, clicks, reacts, edits as people do; each is told to the app as Slack tells it."""

    def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        thread_ts: str | None = None,
        *,
        files: Sequence[File] = (),
        expects_answer: bool = False,
        is_escaped: bool = False,
    ) -> Message:
        """Write a message. ``text`` is what is typed; ``is_escaped`` when it is markup already."""
        message = Message(
            team=channel.team,
            channel=channel.id,
            ts=self.world.new_ts(),
            user=user.id,
            text=text if is_escaped else as_sent(text),
            blocks=rich_text(text, self.world.new_id("B")) if text else [],
            thread_ts=thread_ts or "",
            files=list(files),
        )
        if expects_answer:
            self._asked.questions.append(message)
        self.platform.say(message)
        return message

    def mention(
        self,
        channel: Channel,
        user: User,
        text: str,
        thread_ts: str | None = None,
        *,
        files: Sequence[File] = (),
    ) -> Message:
        """Ask the bot by its name."""
        bot = self.installed_in(channel).bot_user
        return self.say(channel, user, f"<@{bot}> {text}", thread_ts, files=files, expects_answer=True)

    def dm(
        self, user: User, text: str, thread_ts: str | None = None, *, files: Sequence[File] = ()
    ) -> Message:
        """Write to the bot directly."""
        return self.say(self.im(user), user, text, thread_ts, files=files, expects_answer=True)

    def bot_says(self, channel: Channel, name: str, text: str) -> Message:
        """Let another bot write, an alert for instance."""
        message = Message(
            team=channel.team,
            channel=channel.id,
            ts=self.world.new_ts(),
            user="",
            text=as_sent(text),
            bot_id=f"B{name.upper()}",
            subtype="bot_message",
        )
        return self.platform.say(message)

    def upload(
        self,
        channel: Channel,
        user: User,
        name: str,
        content: bytes,
        text: str = "",
        *,
        snippet: bool = False,
    ) -> Message:
        """Share a file, with words or without; a snippet is what Slack makes of a long paste."""
        return self.say(channel, user, text, files=[self.file(user, name, content, snippet=snippet)])

    def file(self, user: User, name: str, content: bytes, *, snippet: bool = False) -> File:
        """A file to attach to a message."""
        mimetype, filetype = _TYPES.get(name.rpartition(".")[2], ("application/octet-stream", "binary"))
        file_id = self.world.new_id("F")
        url = f"{self.web.url}/files/{user.team}-{file_id}/{name}"
        mode = "snippet" if snippet else "hosted"
        file = File(file_id, user.team, user.id, name, content, mimetype, filetype, mode, url)
        self.world.files[file.id] = file
        return file

    def edit(self, message: Message, text: str) -> None:
        """Change what a person wrote."""
        with self.world.changed:
            before = message.payload()
            message.history.append(message.text)
            message.text = as_sent(text)
            message.blocks = rich_text(text, self.world.new_id("B"))
            message.edited = self.world.new_ts()
        self.platform.change(message, before)

    def unfurl(self, message: Message) -> None:
        """What Slack does to a message with a link: a change that no person made."""
        self.platform.change(message, message.payload())

    def delete(self, message: Message) -> None:
        """Take a message away."""
        self.platform.remove(message)

    def react(self, message: Message, user: User, name: str) -> None:
        """React to a message."""
        with self.world.changed:
            message.reactions.append((user.id, name))
        channel = self.world.channels[message.channel]
        self.platform.tell(
            events.reaction("reaction_added", user, message, name, ts=self.world.new_ts()), channel
        )

    def join(self, channel: Channel, user: User) -> None:
        """Let a person into a channel."""
        self._join(channel, user.id)

    def invite(self, channel: Channel) -> None:
        """Let the bot into a channel."""
        self._join(channel, self.installed_in(channel).bot_user)

    def set_locale(self, user: User, locale: str) -> None:
        """Let a person choose another language in Slack."""
        user.locale = locale
        installed = self.app.installed[user.team]
        if self.app.subscribes("user_change", installed):
            payload = user.payload(include_locale=True)
            self.deliveries.event({"type": "user_change", "user": payload, "cache_ts": 1}, installed)

    def open_home(self, user: User, tab: str = "home") -> None:
        """Open the app's home, or with ``tab="messages"`` its direct message."""
        installed = self.app.installed[user.team]
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self.im(user).id,
            "tab": tab,
            "event_ts": self.world.new_ts(),
        }
        if tab == "home" and user.id in self.platform.homes:
            event["view"] = self.platform.homes[user.id].payload(self.app, installed)
        if self.app.subscribes("app_home_opened", installed):
            self.deliveries.event(event, installed)

    def slash(self, channel: Channel, user: User, text: str, command: str = "/hubmedic") -> Delivery:
        """Type a slash command."""
        payload = events.command(
            self.app,
            self.world.teams[channel.team],
            channel,
            user,
            name=command,
            text=text,
            trigger=self.platform.trigger(user.id),
            response_url=self.platform.response_url(channel.id, user.id),
        )
        delivery = self.deliveries.direct("slash_commands", payload)
        if self._is_heard(delivery, user) and delivery.response:
            self._show(payload["response_url"], delivery.response)
        return delivery

    def shortcut(self, message: Message, user: User, callback_id: str) -> Delivery:
        """Use a message shortcut."""
        channel = self.world.channels[message.channel]
        payload = self._interaction("message_action", user) | {
            "callback_id": callback_id,
            "action_ts": self.world.new_ts(),
            "message_ts": message.ts,
            "message": message.payload(),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "response_url": self.platform.response_url(channel.id, user.id, message.ts),
        }
        delivery = self.deliveries.direct("interactive", payload)
        self._is_heard(delivery, user)
        return delivery

    def click(
        self, where: Message | View, which: str, user: User | None = None, *, choice: str = ""
    ) -> Delivery:
        """Press what has this action id or label; ``choice`` says which of several."""
        blocks = where.blocks if isinstance(where, Message) else where.content["blocks"]
        found = reading.find(blocks, which)
        action = found.pressed(choice=choice or which, at=self.world.new_ts())
        if isinstance(where, View):
            user = self.world.users[where.user]
            installed = self.app.installed[where.team]
            payload = self._interaction("block_actions", user, view_id=where.id) | {
                "container": {"type": "view", "view_id": where.id},
                "view": where.payload(self.app, installed),
            }
        else:
            user = user or self.ada
            channel = self.world.channels[where.channel]
            payload = self._interaction("block_actions", user) | events.place_of(where, channel)
            payload["response_url"] = self.platform.response_url(channel.id, user.id, where.ts)
            payload["state"] = {"values": {}}
        delivery = self.deliveries.direct("interactive", payload | {"actions": [action]})
        self._is_heard(delivery, user)
        return delivery

    def submit_view(self, view: View, values: dict[str, Any] | None = None) -> Delivery:
        """Send a modal; ``values`` by action id: text, or the value of a choice. ``delivery.response`` may hold errors."""
        user = self.world.users[view.user]
        installed = self.app.installed[view.team]
        told = view.payload(self.app, installed)
        told["state"] = {"values": browser.state_of(view.content["blocks"], values or {})}
        payload = self._interaction("view_submission", user, view_id=view.id) | {
            "view": told,
            "response_urls": [],
        }
        delivery = self.deliveries.direct("interactive", payload)
        if self._is_heard(delivery, user):
            self._after_submit(view, delivery.response or {})
        return delivery

    def close_view(self, view: View) -> None:
        """Close a modal; the app hears of it where it asked to."""
        view.is_open = False
        if view.content.get("notify_on_close"):
            user, installed = self.world.users[view.user], self.app.installed[view.team]
            payload = self._interaction("view_closed", user)
            payload |= {"view": view.payload(self.app, installed), "is_cleared": False}
            self.deliveries.direct("interactive", payload)

    def _show(self, response_url: str, answer: Any) -> None:
        url = self.platform.response_urls[response_url.rpartition("/")[2]]
        with self.world.changed:
            actions.place(self.platform, url, answer)

    def _after_submit(self, view: View, answer: dict[str, Any]) -> None:
        """Do with the modal what the app's answer says."""
        action = answer.get("response_action")
        with self.world.changed:
            if action == "errors":
                self.user_errors += [
                    (view.user, f"{block}: {says}") for block, says in answer["errors"].items()
                ]
            elif action == "update":
                view.content = checked_view(answer["view"], "modal")
            elif action == "push":
                content = checked_view(answer["view"], "modal")
                view_id = self.world.new_id("V")
                self.platform.views[view_id] = View(
                    view_id, view.team, view.user, content, "0.0", view.root, view.id
                )
            elif action == "clear":
                for one in self.platform.views.values():
                    one.is_open = one.is_open and one.root != view.root
            else:
                view.is_open = False
            self.world.changed.notify_all()

    def _join(self, channel: Channel, user_id: str) -> None:
        if user_id not in channel.members:
            channel.members.append(user_id)
        event = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channel" else "G",
            "team": channel.team,
            "event_ts": self.world.new_ts(),
        }
        self.platform.tell(event, channel)
