from __future__ import annotations

import pytest

from monorelease.model.publication import RollUp
from publications import COMMIT, released


@pytest.mark.parametrize(
    ("versions", "is_prerelease"),
    [(["1.0rc1"], True), (["1.0rc1", "2.0a1"], True), (["1.0rc1", "2.0"], False)],
)
def test_a_wave_with_one_final_version_is_no_pre_release(
    versions: list[str], *, is_prerelease: bool
) -> None:
    members = tuple(released("core", version) for version in versions)

    assert RollUp(tag="wave", commit=COMMIT, members=members).is_prerelease == is_prerelease
