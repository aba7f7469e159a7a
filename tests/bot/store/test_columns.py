from __future__ import annotations

import json
import secrets
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import redact
from bot.store.audit import Audit, Audited
from bot.store.claims import Claims, Place, Wanted
from bot.store.columns import refuse_secrets
from bot.store.database import Database
from bot.store.errors import SecretRefused

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_a_text_that_was_not_redacted_is_refused_and_not_told(database: Database) -> None:
    key = secrets.token_urlsafe(32)
    work = json.dumps({"text": f"HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey={key}="})

    with pytest.raises(SecretRefused, match="shared-access-key") as caught:
        Claims(database).take(
            Wanted(Place("T1", "C1", "1.1"), "Ev1", "U1", "mention", work),
            owner="me",
            now=NOW,
            lease=timedelta(seconds=10),
        )

    assert key not in "".join(traceback.format_exception(caught.value))
    assert Claims(database).find(Place("T1", "C1", "1.1")) is None


def test_a_field_of_ours_called_token_makes_no_secret_of_its_value(database: Database) -> None:
    work = json.dumps(
        {"token": "1763978400.000100", "key": "401003-iothubunauthorized#expired", "password": "no"}
    )

    taken = Claims(database).take(
        Wanted(Place("T1", "C1", "1.1"), "Ev1", "U1", "mention", work),
        owner="me",
        now=NOW,
        lease=timedelta(seconds=10),
    )

    assert taken is not None
    assert taken.work == work


@given(st.text())
def test_whatever_was_redacted_is_taken(text: str) -> None:
    refuse_secrets(redact(text).text)


def test_times_come_back_as_utc_whatever_zone_they_had(database: Database) -> None:
    paris = timezone(timedelta(hours=1))
    line = Audited(datetime(2026, 1, 5, 11, tzinfo=paris), "T1", "C1", "U1", "lab", "pump-7", (), 0.5)

    Audit(database).write(line)

    (read,) = Audit(database).lines(NOW - timedelta(hours=1))
    assert read.at == NOW
    assert read.at.utcoffset() == timedelta()


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="zone"):
        Audit(database).write(Audited(datetime(2026, 1, 5), "T1", "C1", "U1", "lab", "pump-7", (), 0.5))


def test_a_paste_with_nul_characters_can_be_kept(database: Database) -> None:
    work = json.dumps({"text": "device\x00pump"})

    taken = Claims(database).take(
        Wanted(Place("T1", "C1", "1.1"), "Ev1", "U1", "mention", work),
        owner="me",
        now=NOW,
        lease=timedelta(seconds=10),
    )

    assert taken is not None
    found = Claims(database).find(taken.place)
    assert found is not None
    assert json.loads(found.work) == {"text": "device\N{REPLACEMENT CHARACTER}pump"}
