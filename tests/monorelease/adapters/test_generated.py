from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.generated import write
from monorelease.errors import TreeNotWritable, UnreadableFile, UnsafePath

PLACE = PurePosixPath(".github/workflows/ci.yml")


def test_a_new_file_comes_with_its_folders(tmp_path: Path) -> None:
    write(tmp_path, PLACE, b"new\n")

    assert (tmp_path / PLACE).read_bytes() == b"new\n"
    assert os.listdir((tmp_path / PLACE).parent) == ["ci.yml"]  # noqa: PTH208 - hidden drafts too


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX knows them")
def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    write(tmp_path, PLACE, b"old\n")
    (tmp_path / PLACE).chmod(0o640)

    write(tmp_path, PLACE, b"new\n")

    assert (tmp_path / PLACE).read_bytes() == b"new\n"
    assert (tmp_path / PLACE).stat().st_mode & 0o777 == 0o640


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / PLACE).mkdir(parents=True)

    with pytest.raises(UnreadableFile, match="a folder"):
        write(tmp_path, PLACE, b"new\n")


def test_a_file_in_the_place_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".github").write_bytes(b"")

    with pytest.raises(TreeNotWritable):
        write(tmp_path, PLACE, b"new\n")


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root/.github").symlink_to(tmp_path / "outside")

    with pytest.raises(UnsafePath):
        write(tmp_path / "root", PLACE, b"new\n")
    assert list((tmp_path / "outside").iterdir()) == []
