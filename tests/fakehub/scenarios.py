"""Every row of the catalogue of live checks, with each verdict the row has.

The tests run all of them and ``benchmarks/checks.py`` prints them as a table.
"""

from __future__ import annotations

from tests.fakehub.rows import connections, credentials, devices, limits, names
from tests.fakehub.scenario import Scenario

ROWS: tuple[Scenario, ...] = (
    *connections.ROWS,
    *credentials.ROWS,
    *limits.ROWS,
    *devices.ROWS,
    *names.ROWS,
)
