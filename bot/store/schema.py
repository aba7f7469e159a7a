"""Every table, on one page. The migrations build exactly these; a test holds that.

Ids of Slack (teams, channels, users, ``ts``) are text as Slack writes them. ``ts`` of what is no message (a slash
command, an edit) is made by whoever claims it and only has to be unique in its channel.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from bot.store.columns import Identity, RedactedJson, RedactedText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SLACK_ID = String(32)
TS = String(128)


def _required(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    return Column(name, kind, nullable=False)


deliveries = Table(
    "deliveries",
    metadata,
    Column("event_id", String(128), primary_key=True),
    _required("received_at", UtcDateTime()),
)
"""Events of Slack seen so far: a retry comes with the id of its first attempt.

No index by age, here and on claims: only the purge would use it, and every claim would pay for it before its ack.
"""

claims = Table(
    "claims",
    metadata,
    Column("id", Identity, primary_key=True),
    _required("team", SLACK_ID),
    _required("channel", SLACK_ID),
    _required("ts", TS),
    _required("thread_ts", TS),
    _required("user", SLACK_ID),
    _required("kind", SLACK_ID),
    _required("work", RedactedJson()),
    _required("state", String(8)),
    _required("owner", String(160)),
    _required("lease_until", UtcDateTime()),
    _required("token", Integer()),
    _required("message_ts", TS),
    _required("is_withdrawn", Boolean()),
    _required("claimed_at", UtcDateTime()),
    Column("posted_at", UtcDateTime()),
    Column("done_at", UtcDateTime()),
    UniqueConstraint("team", "channel", "ts"),
    Index(
        "ix_claims_unfinished",
        "lease_until",
        sqlite_where=text("state <> 'done'"),
        postgresql_where=text("state <> 'done'"),
    ),
)
"""Questions somebody answers, or has answered: one row a message, whatever number of events told of it."""

threads = Table(
    "threads",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("channel", SLACK_ID, primary_key=True),
    Column("thread_ts", TS, primary_key=True),
    _required("user", SLACK_ID),
    _required("state", RedactedJson()),
    _required("version", Integer()),
    _required("updated_at", UtcDateTime()),
    Index(None, "updated_at"),
)

people = Table(
    "people",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("user", SLACK_ID, primary_key=True),
    _required("language", String(35)),
    _required("is_muted", Boolean()),
    _required("updated_at", UtcDateTime()),
)

mutes = Table(
    "mutes",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("channel", SLACK_ID, primary_key=True),
    Column("thread_ts", TS, primary_key=True),
    _required("user", SLACK_ID),
    _required("muted_at", UtcDateTime()),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Identity, primary_key=True),
    _required("team", SLACK_ID),
    _required("channel", SLACK_ID),
    _required("ts", TS),
    _required("user", SLACK_ID),
    _required("kind", SLACK_ID),
    _required("language", String(35)),
    _required("locale", String(35)),
    _required("text", RedactedText()),
    _required("outcome", String(8)),
    _required("confidence", Float()),
    _required("entries", RedactedJson()),
    _required("result", String(16)),
    _required("asked_at", UtcDateTime()),
    UniqueConstraint("team", "channel", "ts"),
    Index(None, "asked_at"),
)

votes = Table(
    "votes",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("channel", SLACK_ID, primary_key=True),
    Column("message_ts", TS, primary_key=True),
    Column("user", SLACK_ID, primary_key=True),
    _required("question_ts", TS),
    _required("entry", RedactedText()),
    _required("is_up", Boolean()),
    _required("reason", String(64)),
    _required("comment", RedactedText()),
    _required("voted_at", UtcDateTime()),
    Index(None, "team", "channel", "question_ts"),
    Index(None, "voted_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("channel", SLACK_ID, primary_key=True),
    Column("question_ts", TS, primary_key=True),
    _required("user", SLACK_ID),
    _required("scheduled_id", String(64)),
    _required("state", String(16)),
    _required("post_at", UtcDateTime()),
    Index(None, "post_at"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("team", SLACK_ID, primary_key=True),
    Column("channel", SLACK_ID, primary_key=True),
    Column("thread_ts", TS, primary_key=True),
    _required("user", SLACK_ID),
    _required("question", RedactedText()),
    _required("tried", RedactedJson()),
    _required("tagged", String(64)),
    _required("language", String(35)),
    _required("opened_at", UtcDateTime()),
    _required("closed_by", SLACK_ID),
    Column("closed_at", UtcDateTime()),
    Index(None, "opened_at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Identity, primary_key=True),
    _required("team", SLACK_ID),
    _required("channel", SLACK_ID),
    _required("thread_ts", TS),
    _required("asker", SLACK_ID),
    _required("author", SLACK_ID),
    _required("language", String(35)),
    _required("question", RedactedText()),
    _required("fix", RedactedText()),
    _required("state", String(16)),
    _required("drafted_at", UtcDateTime()),
    Column("closed_at", UtcDateTime()),
    UniqueConstraint("team", "channel", "thread_ts"),
    Index(None, "drafted_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Identity, primary_key=True),
    _required("at", UtcDateTime()),
    _required("team", SLACK_ID),
    _required("channel", SLACK_ID),
    _required("user", SLACK_ID),
    _required("hub", String(255)),
    _required("device", RedactedText()),
    _required("calls", RedactedJson()),
    _required("seconds", Float()),
    Index(None, "at"),
)

installations = Table(
    "installations",
    metadata,
    Column("client_id", SLACK_ID, primary_key=True),
    Column("enterprise", SLACK_ID, primary_key=True),
    Column("team", SLACK_ID, primary_key=True),
    Column("user", SLACK_ID, primary_key=True),
    _required("data", Text()),
    _required("installed_at", UtcDateTime()),
)
"""Tokens of workspaces: the one place that holds secrets, since Slack wants them back."""

installation_states = Table(
    "installation_states",
    metadata,
    Column("state", TS, primary_key=True),
    _required("good_until", UtcDateTime()),
)

turns = Table(
    "turns",
    metadata,
    Column("name", String(255), primary_key=True),
    _required("next_at", Float(53)),
)
"""When the next turn at each hub is, by the database's own clock: replicas together keep the pace that a hub allows."""

entries = Table(
    "entries",
    metadata,
    Column("entry", String(512), primary_key=True),
    Column("locale", String(35), primary_key=True),
    _required("digest", String(32)),
    _required("news", String(8)),
    _required("since", UtcDateTime()),
    Index(None, "news", "since"),
)
"""What each entry read like when it was last served, and since when: what is new is told in people's homes."""
