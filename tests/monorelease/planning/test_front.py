"""What the floor shows to others, before they know its rooms."""

from __future__ import annotations

import pytest

from monorelease import planning


def test_a_name_comes_from_its_room() -> None:
    from monorelease.planning.plan import plan_release

    assert planning.plan_release is plan_release


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = planning.nonsense
