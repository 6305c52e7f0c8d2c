"""What runs of publishing begin with: no configuration of this machine in this process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from fault_table import FaultTable
from pypi_server import UV
from sandbox import FIXED


@pytest.fixture(autouse=True)
def impersonal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git and dates are the same on every machine; without uv there is nothing to run."""
    if shutil.which(UV) is None:
        pytest.skip("needs uv: run the tests through hatch, or install it")
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Iterator[FaultTable]:
    """The table of faults; ``--update`` writes what came out."""
    table = FaultTable(is_updated=bool(request.config.getoption("--update")))
    yield table
    table.close()
