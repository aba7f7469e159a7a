"""Every row of the catalogue, with each verdict the row has, through the real SDK against a hub on loopback."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.answer import Finding
from bot.checks.catalogue import TITLES
from bot.checks.runner import Diagnosis
from bot.i18n import speaker
from tests.fakehub.handler import Seen
from tests.fakehub.scenario import Scenario
from tests.fakehub.scenarios import ROWS

OutcomeOf = Callable[[Scenario], tuple[Diagnosis, tuple[Seen, ...]]]
ENGLISH, FRENCH = speaker("en"), speaker("fr")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_of_the_catalogue_comes_to_its_verdict(row: Scenario, outcome_of: OutcomeOf) -> None:
    diagnosis, violations = outcome_of(row)
    finding = row.finding(diagnosis.findings)
    shown = [f"{f.check} {f.status}: {f.message.format(**f.values)}" for f in diagnosis.findings]
    assert finding is not None, shown
    assert finding.status is row.expect, shown
    assert violations == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_each_row_says_is_said_in_french_too(row: Scenario, outcome_of: OutcomeOf) -> None:
    found = outcome_of(row)[0].findings
    assert [sentence for finding in found for sentence in _untranslated(finding)] == []


def test_every_fault_has_a_name_in_french() -> None:
    assert [title for title in TITLES.values() if FRENCH(title) == title] == []


def _untranslated(finding: Finding) -> list[str]:
    said = [finding.message, finding.would_tell, finding.lag or ""]
    return [one for one in said if one and FRENCH(one, **finding.values) == ENGLISH(one, **finding.values)]


def test_no_two_scenarios_go_by_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
