"""Every row of the catalogue, with each verdict the row has, through the real SDK against a hub on loopback."""

from __future__ import annotations

import pytest

from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.scenarios import ROWS, Scenario
from tests.fakehub.server import FakeHub


@pytest.mark.parametrize("scenario", ROWS, ids=lambda scenario: scenario.name)
def test_each_row_of_the_catalogue_comes_to_its_verdict(scenario: Scenario, authority: Authority) -> None:
    with FakeHub(authority, clock=VirtualClock()) as hub:
        diagnosis = scenario.run(hub)
        finding = scenario.finding(diagnosis.findings)
        shown = [f"{f.check} {f.status}: {f.message.format(**f.values)}" for f in diagnosis.findings]
        assert finding is not None, shown
        assert finding.status is scenario.expect, shown
        assert hub.violations == []
