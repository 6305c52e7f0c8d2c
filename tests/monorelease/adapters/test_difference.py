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
        ({}, ""),
        ({"core/text.py": "x = 2\n"}, "core/text.py"),
        ({"core/METADATA": "Name: app\n", "core/text.py": ""}, "core/text.py"),
        ({"core/zz.py": ""}, "core/zz.py"),
    ],
)
def test_the_first_file_that_differs_is_named(
    tmp_path: Path, changes: dict[str, str], first: str
) -> None:
    for make, end in ((wheel, ".whl"), (sdist, ".tar.gz")):
        one = make(tmp_path / f"one{end}", FILES)
        other = make(tmp_path / f"other{end}", FILES | changes)

        assert first_difference(one, other) == first
        assert first_difference(other, one) == first


def test_files_in_another_order_differ_at_the_first_that_is_elsewhere(tmp_path: Path) -> None:
    backwards = dict(reversed(FILES.items()))

    assert first_difference(
        wheel(tmp_path / "1.whl", FILES), wheel(tmp_path / "2.whl", backwards)
    ) == ("core/__init__.py")


def test_times_and_permissions_count(tmp_path: Path) -> None:
    later = wheel(tmp_path / "2.whl", FILES, (2026, 11, 22, 0, 0, 0))
    program = sdist(tmp_path / "2.tar.gz", FILES, 0o755)

    assert first_difference(wheel(tmp_path / "1.whl", FILES), later) == "core/__init__.py"
    assert first_difference(sdist(tmp_path / "1.tar.gz", FILES), program) == "core/__init__.py"


def test_compression_is_no_file(tmp_path: Path) -> None:
    text = {"core.py": "".join(f"x = {number}\n" for number in range(9999))}
    fast, small = (sdist(tmp_path / f"{n}.tar.gz", text, level=n) for n in (1, 9))

    assert fast.read_bytes() != small.read_bytes()
    assert first_difference(fast, small) == ""


@pytest.mark.parametrize("end", [".whl", ".tar.gz"])
def test_what_is_no_archive_has_no_files(tmp_path: Path, end: str) -> None:
    make = wheel if end == ".whl" else sdist
    good, bad, cut = (tmp_path / f"{name}{end}" for name in ("good", "bad", "cut"))
    make(good, FILES)
    bad.write_bytes(b"x" * 2000)
    cut.write_bytes(good.read_bytes()[:-40])

    for broken in (bad, cut, tmp_path / f"missing{end}"):
        assert first_difference(good, broken) == ""
