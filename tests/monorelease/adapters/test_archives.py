from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monorelease.adapters import archives
from monorelease.adapters.archives import digest_of, open_archive
from wheels import build, project, write


def zip_of(
    folder: Path, files: Mapping[str, bytes], name: str = "core-1.0-py3-none-any.whl"
) -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return folder / name


def tar_of(folder: Path, *members: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    place = folder / "core-1.0.tar.gz"
    with tarfile.open(place, "w:gz") as archive:
        for each in members:
            info = each if isinstance(each, tarfile.TarInfo) else tarfile.TarInfo(each[0])
            data = b"" if isinstance(each, tarfile.TarInfo) else each[1]
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return place


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_what_hatchling_builds_is_opened_without_a_problem(tmp_path: Path) -> None:
    write(tmp_path, project("core"))
    wheel, sdist = map(open_archive, build(tmp_path / "packages/core", tmp_path / "dist"))

    assert wheel.problems == sdist.problems == ()
    assert wheel.filename == "core-1.0.0-py3-none-any.whl"
    assert wheel.files[0] == "core/__init__.py"
    assert {*wheel.texts} == {f"core-1.0.0.dist-info/{n}" for n in ("METADATA", "WHEEL", "RECORD")}
    assert wheel.digests["core/__init__.py"] == sha256(b"").hexdigest()
    assert {*wheel.digests} == {*wheel.files}
    assert {"core-1.0.0/PKG-INFO", "core-1.0.0/src/core/__init__.py"} <= {*sdist.files}
    assert sdist.texts["core-1.0.0/PKG-INFO"].startswith(b"Metadata-Version: ")
    assert sdist.digests == {}


def test_a_source_distribution_may_be_a_zip_file(tmp_path: Path) -> None:
    archive = open_archive(zip_of(tmp_path, {"core-1.0/PKG-INFO": b"x"}, "core-1.0.zip"))

    assert archive.texts == {"core-1.0/PKG-INFO": b"x"}


def test_folders_are_no_files(tmp_path: Path) -> None:
    wheel = open_archive(zip_of(tmp_path, {"core/": b"", "core/a.py": b""}))
    sdist = open_archive(tar_of(tmp_path, entry("core-1.0", tarfile.DIRTYPE), ("core-1.0/a", b"")))

    assert wheel.files == ("core/a.py",)
    assert sdist.files == ("core-1.0/a",)


LEAVING = [
    "../evil",
    "core/../../evil",
    "/etc/passwd",
    "\\\\server\\evil",
    "C:/evil",
    "a\\..\\evil",
]


@pytest.mark.parametrize("name", LEAVING)
def test_nothing_is_unpacked_outside_of_its_folder(name: str, tmp_path: Path) -> None:
    for archive in (
        open_archive(zip_of(tmp_path, {name: b"", "core/a.py": b""})),
        open_archive(tar_of(tmp_path, (name, b""), ("core/a.py", b""))),
    ):
        [problem] = archive.problems
        assert "would be unpacked outside of its folder" in problem
        assert archive.files == ("core/a.py",)


def test_a_file_is_in_it_once(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile knows that it is told to do wrong
        with zipfile.ZipFile(tmp_path / "core-1.0-py3-none-any.whl", "w") as archive:
            archive.writestr("core/a.py", b"good")
            archive.writestr("core/a.py", b"evil")
    wheel = open_archive(tmp_path / "core-1.0-py3-none-any.whl")
    sdist = open_archive(tar_of(tmp_path, ("core/a.py", b"good"), ("core/a.py", b"evil")))

    assert wheel.problems == sdist.problems == ("core/a.py is in it twice",)
    assert wheel.digests["core/a.py"] == sha256(b"good").hexdigest()


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_there_are_no_devices(kind: bytes, tmp_path: Path) -> None:
    archive = open_archive(tar_of(tmp_path, entry("core-1.0/null", kind)))

    assert archive.problems == ("'core-1.0/null' is a device or a pipe",)


@pytest.mark.parametrize(
    ("kind", "target", "is_fine"),
    [
        (tarfile.SYMTYPE, "b.txt", True),
        (tarfile.SYMTYPE, "../LICENSE", True),
        (tarfile.SYMTYPE, "../../../etc/passwd", False),
        (tarfile.SYMTYPE, "/etc/passwd", False),
        (tarfile.LNKTYPE, "core-1.0/b.txt", True),
        (tarfile.LNKTYPE, "../b.txt", False),
    ],
)
def test_a_link_that_leaves_the_archive_is_known(
    kind: bytes, target: str, *, is_fine: bool, tmp_path: Path
) -> None:
    archive = open_archive(tar_of(tmp_path, entry("core-1.0/docs/a.txt", kind, target)))

    assert archive.files == ("core-1.0/docs/a.txt",)
    assert archive.links_out == ({} if is_fine else {"core-1.0/docs/a.txt": target})
    assert archive.problems == ()


def test_a_bomb_is_not_set_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1_000_000)
    zeros = bytes(600_000)

    for place in (
        zip_of(tmp_path, {"a": zeros, "b": zeros}),
        tar_of(tmp_path, ("a", zeros), ("b", zeros)),
    ):
        archive = open_archive(place)
        assert archive.files == ()
        assert archive.problems[-1].startswith("it unpacks to more than")


def test_a_bomb_that_lies_about_its_size_is_broken(tmp_path: Path) -> None:
    """zipfile reads no more than was claimed, and then finds the checksum wrong."""
    place = zip_of(tmp_path, {"a": bytes(1_000_000)})
    data = bytearray(place.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 10)
    place.write_bytes(data)

    [problem] = open_archive(place).problems

    assert "CRC" in problem


def test_what_follows_the_last_file_is_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1_000_000)
    place = tar_of(tmp_path, ("core-1.0/a", b""))
    place.write_bytes(place.read_bytes() + gzip.compress(bytes(3_000_000)))

    [problem] = open_archive(place).problems

    assert problem.startswith("it unpacks to more than")


def test_a_header_may_not_claim_any_length(tmp_path: Path) -> None:
    """An extended header is read whole, so its length must be believable."""
    place = tmp_path / "core-1.0.tar.gz"
    header = entry("x", tarfile.XHDTYPE)
    header.size = 5 * 1024**3
    place.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1024)))

    [problem] = open_archive(place).problems

    assert problem == "a header in it is larger than any file that matters"


def test_there_are_not_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 10)
    names = {f"core/{number}.py": b"" for number in range(11)}

    for place in (zip_of(tmp_path, names), tar_of(tmp_path, *names.items())):
        assert open_archive(place).problems == ("there are more than 10 files in it",)


def test_metadata_are_not_a_book(tmp_path: Path) -> None:
    data = bytes(33 * 1024**2)

    for place, name in (
        (zip_of(tmp_path, {"core-1.0.dist-info/METADATA": data}), "core-1.0.dist-info/METADATA"),
        (tar_of(tmp_path, ("core-1.0/PKG-INFO", data)), "core-1.0/PKG-INFO"),
    ):
        assert open_archive(place).problems == (f"{name} is larger than 32 MiB",)


@pytest.mark.parametrize("name", ["core-1.0-py3-none-any.whl", "core-1.0.tar.gz", "core-1.0.zip"])
@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"\x1f\x8b\x08", b"<html>404</html>"])
def test_what_is_no_archive_is_a_problem(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)

    archive = open_archive(tmp_path / name)

    assert archive.files == ()
    assert archive.problems[-1].startswith("cannot be read: ")


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    [problem] = open_archive(tmp_path / "core-1.0.tar.gz").problems

    assert problem.startswith("cannot be read: ")


def test_a_password_is_a_problem(tmp_path: Path) -> None:
    place = zip_of(tmp_path, {"a": b"x"})
    data = bytearray(place.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    place.write_bytes(data)

    [problem] = open_archive(place).problems

    assert "encrypted" in problem


@pytest.mark.parametrize("name", ["core-1.0.0-py3-none-any.whl", "core-1.0.0.tar.gz"])
@pytest.mark.property
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_whatever_happens_to_the_bytes_is_a_problem_or_nothing(
    name: str, data: st.DataObject, tmp_path: Path
) -> None:
    good = tmp_path / "dist" / name
    if not good.exists():
        write(tmp_path, project("core"))
        build(tmp_path / "packages/core", tmp_path / "dist")
    content = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    spoilt = tmp_path / name
    spoilt.write_bytes(content[: data.draw(st.integers(0, len(content)))])

    archive = open_archive(spoilt)

    assert archive.filename == name
    assert archive.files or archive.problems


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = os.urandom(100_000)
    (tmp_path / "file").write_bytes(data)

    assert digest_of(tmp_path / "file") == (sha256(data).hexdigest(), 100_000)
