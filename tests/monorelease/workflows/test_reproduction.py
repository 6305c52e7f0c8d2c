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


def test_the_same_files_packed_otherwise_are_a_warning(tmp_path: Path) -> None:
    before = wheel(tmp_path / "1" / "core.whl", "core/a.py", "x")
    now = wheel(tmp_path / "2" / "core.whl", "core/a.py", "x", 2027)

    finding = not_reproducible(CORE, before, now)

    assert not finding.is_error
    assert finding.problem.startswith("core.whl came out with the same files, packed otherwise")
    assert "SOURCE_DATE_EPOCH" in finding.hint


@pytest.mark.parametrize(
    ("name", "hint"), [("core/a.py", "pin what its build requires"), ("core/a.so", "a compiler")]
)
def test_other_files_are_an_error_with_a_likely_cause(tmp_path: Path, name: str, hint: str) -> None:
    before = wheel(tmp_path / "1" / "core.whl", name, "x")
    now = wheel(tmp_path / "2" / "core.whl", name, "y")

    finding = not_reproducible(CORE, before, now)

    assert finding.is_error
    assert (finding.code, finding.path) == (
        "not-reproducible",
        PurePosixPath("packages/core/pyproject.toml"),
    )
    assert finding.problem == (
        f"core.whl came out differently: {name} is the first file that is not the same"
    )
    assert finding.hint.startswith(hint)


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
