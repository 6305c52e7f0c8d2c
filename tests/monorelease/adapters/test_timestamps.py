from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from monorelease.adapters.difference import first_difference
from monorelease.adapters.timestamps import date

EPOCH = 1_795_000_000
LATER = EPOCH + 1000
LONG = f"core-1.0/{'deep/' * 30}file.py"


def sdist(place: Path, mtime: float, *, packed: int = EPOCH, user: str = "ada") -> Path:
    """A source distribution with a folder, a program, a link and a name of many letters."""
    with (
        place.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=packed) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, kind, mode in (
            ("core-1.0", tarfile.DIRTYPE, 0o700),
            ("core-1.0/run", tarfile.REGTYPE, 0o775),
            ("core-1.0/same", tarfile.SYMTYPE, 0o777),
            (LONG, tarfile.REGTYPE, 0o664),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.mtime = kind, mode, mtime
            info.uname, info.uid, info.linkname = user, 1000, "run" if kind == b"2" else ""
            info.size = 3 if info.isreg() else 0
            archive.addfile(info, io.BytesIO(b"x=1") if info.isreg() else None)
    return place


def test_whoever_packs_it_and_when_it_is_the_same_file(tmp_path: Path) -> None:
    """A fraction of a second has a header of its own."""
    first = sdist(tmp_path / "1.tar.gz", LATER, packed=LATER)
    second = sdist(tmp_path / "2.tar.gz", LATER + 5.5, packed=LATER + 6, user="ben")
    before = sdist(tmp_path / "0.tar.gz", LATER)

    date(first, EPOCH)
    date(second, EPOCH)

    assert first.read_bytes() == second.read_bytes()
    assert first_difference(before, first) is None
    with tarfile.open(first) as archive:
        infos = archive.getmembers()
    assert {(info.mtime, info.uid, info.uname) for info in infos} == {(EPOCH, 0, "")}
    assert [info.mode for info in infos] == [0o755, 0o755, 0o755, 0o644]
    assert infos[-1].name == LONG
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.tar.gz", "1.tar.gz", "2.tar.gz"]


def test_what_is_older_than_its_commit_keeps_its_time(tmp_path: Path) -> None:
    place = sdist(tmp_path / "1.tar.gz", 499_162_500, packed=LATER)

    date(place, EPOCH)

    with tarfile.open(place) as archive:
        assert {info.mtime for info in archive} == {499_162_500}
    assert int.from_bytes(place.read_bytes()[4:8], "little") == EPOCH


@pytest.mark.parametrize("mtime", [0, EPOCH])
def test_what_tells_no_later_time_keeps_its_bytes(tmp_path: Path, mtime: int) -> None:
    place = sdist(tmp_path / "1.tar.gz", mtime, packed=0)
    before = place.read_bytes()

    date(place, EPOCH)

    assert place.read_bytes() == before


@pytest.mark.parametrize("name", ["core-1.0.tar.gz", "core-1.0.zip", "core-1.0-py3-none-any.whl"])
def test_what_is_no_such_archive_is_left_alone(tmp_path: Path, name: str) -> None:
    """A half of one is noticed when it is packed anew."""
    half = sdist(tmp_path / "whole", LATER).read_bytes()[:-30]
    for content in (b"no archive", half):
        place = tmp_path / name
        place.write_bytes(content)

        date(place, EPOCH)

        assert place.read_bytes() == content
        assert not place.with_name(f".{name}").exists()
