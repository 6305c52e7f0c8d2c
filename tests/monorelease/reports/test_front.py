"""What the floor shows to others, before they know its rooms."""

from __future__ import annotations

import pytest

from monorelease import reports


def test_a_name_comes_from_its_room() -> None:
    from monorelease.reports.json import status_value

    assert reports.status_value is status_value


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = reports.nonsense
