"""What more than one surface is tried with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakeslack.driver import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """A Slack of the test's own."""
    with FakeSlack() as slack:
        slack.rates.off()
        yield slack
