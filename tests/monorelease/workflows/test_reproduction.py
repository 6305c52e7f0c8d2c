from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import pytest
from packaging.version import Version

from monorelease.model.artifact import BuiltMember
from monorelease.workflows.reproduction import not_reproducible
from values import named

CORE = BuiltMember(
    name=named("core"),
    version=Version("1.0.0"),
    path=PurePosixPath("packages/core"),
    commit="4f2a9c1e" * 5,
    artifacts=(),
)


def wheel(place: Path, name: str, content: str, year: int = 2026) -> Path:
    place.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), content)
    return place


@pytest.mark.parametrize(
    ("name", "content", "year", "told", "help_", "is_error"),
    [
        ("core/a.py", "x", 2027, "came out with the same files, packed", "SOURCE_DATE", False),
        ("core/a.py", "y", 2026, "came out differently: core/a.py is the first", "pin", True),
        ("core/a.abi3.so", "y", 2026, "came out differently: core/a.abi3", "a compiler", True),
    ],
)
def test_how_bad_it_is_depends_on_what_differs(  # noqa: PLR0913 - the columns of a table
    tmp_path: Path, name: str, content: str, year: int, told: str, help_: str, is_error: bool
) -> None:
    before = wheel(tmp_path / "1" / "core.whl", name, "x")
    now = wheel(tmp_path / "2" / "core.whl", name, content, year)

    finding = not_reproducible(CORE, before, now)

    assert finding.code == "not-reproducible"
    assert finding.problem.startswith(f"core.whl {told}")
    assert help_ in finding.hint
    assert finding.is_error is is_error
    assert finding.path == PurePosixPath("packages/core/pyproject.toml")


def test_what_is_gone_or_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    before = wheel(tmp_path / "1" / "core.whl", "core/a.py", "x")
    broken = tmp_path / "core.whl"
    broken.write_bytes(b"x")

    found = [not_reproducible(CORE, before, now) for now in (None, broken)]

    assert [finding.problem for finding in found] == [
        "core.whl was not built again",
        "core.whl came out differently",
    ]
    assert all(finding.is_error for finding in found)
