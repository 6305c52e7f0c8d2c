from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from monorelease.adapters.difference import first_difference

FILES = {"core/__init__.py": "", "core/text.py": "x = 1\n", "core/METADATA": "Name: core\n"}
EARLIER = (1980, 1, 1, 0, 0, 0)


def wheel(path: Path, files: Mapping[str, str], date: tuple[int, ...] = EARLIER) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, date), text)  # type: ignore[arg-type]
    return path


def sdist(path: Path, files: Mapping[str, str], mode: int = 0o644, level: int = 9) -> Path:
    with tarfile.open(path, "w:gz", compresslevel=level) as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(text), mode
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({}, None),
        ({"core/text.py": "x = 2\n"}, "core/text.py"),
        ({"core/METADATA": "Name: app\n", "core/text.py": ""}, "core/text.py"),
        ({"core/zz.py": ""}, "core/zz.py"),
    ],
)
def test_the_first_file_that_differs_is_named(
    tmp_path: Path, changes: dict[str, str], first: str | None
) -> None:
    for make, end in ((wheel, ".whl"), (sdist, ".tar.gz")):
        one = make(tmp_path / f"one{end}", FILES)
        other = make(tmp_path / f"other{end}", FILES | changes)

        assert first_difference(one, other) == first
        assert first_difference(other, one) == first


def test_what_nobody_gets_does_not_count(tmp_path: Path) -> None:
    """Order, time and compression."""
    text = FILES | {"core.py": "".join(f"x = {number}\n" for number in range(9999))}
    wheels = (
        wheel(tmp_path / "1.whl", FILES),
        wheel(tmp_path / "2.whl", dict(reversed(FILES.items()))),
        wheel(tmp_path / "3.whl", FILES, (2026, 11, 22, 0, 0, 0)),
    )
    sdists = [sdist(tmp_path / f"{level}.tar.gz", text, level=level) for level in (1, 9)]

    for first, *others in (wheels, sdists):
        for other in others:
            assert first.read_bytes() != other.read_bytes()
            assert first_difference(first, other) is None


def test_who_may_run_a_file_counts(tmp_path: Path) -> None:
    program = sdist(tmp_path / "2.tar.gz", FILES, 0o755)

    assert first_difference(sdist(tmp_path / "1.tar.gz", FILES), program) == "core/__init__.py"


@pytest.mark.parametrize("end", [".whl", ".tar.gz"])
def test_what_is_no_archive_has_no_files(tmp_path: Path, end: str) -> None:
    make = wheel if end == ".whl" else sdist
    good, bad, cut = (tmp_path / f"{name}{end}" for name in ("good", "bad", "cut"))
    make(good, FILES)
    bad.write_bytes(b"x" * 2000)
    cut.write_bytes(good.read_bytes()[:-40])

    for broken in (bad, cut, tmp_path / f"missing{end}"):
        assert first_difference(good, broken) == ""
