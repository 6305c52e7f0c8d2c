"""What stories of teams begin with: a team on each forge, and no configuration of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import FIXED
from teams import Team, team_on


@pytest.fixture(autouse=True)
def impersonal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git and dates are the same on every machine."""
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Team]:
    """A team on GitHub, whose jobs run in this process."""
    with team_on("github", tmp_path) as team:
        team.is_quick = True
        yield team
