from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.new_file import create
from monorelease.errors import StaleTree, TreeNotWritable, UnsafePath

FILE = PurePosixPath("changes/1.fix.md")


def test_a_new_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    create(tmp_path, PurePosixPath("a/b/c.md"), b"\xff\r\n")

    assert (tmp_path / "a" / "b" / "c.md").read_bytes() == b"\xff\r\n"


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    create(tmp_path, FILE, b"first")

    with pytest.raises(StaleTree) as caught:
        create(tmp_path, FILE, b"second")

    assert (tmp_path / FILE).read_bytes() == b"first"
    assert (caught.value.where, caught.value.problem) == (str(FILE), "is there already")
    assert caught.value.hint


def test_a_link_that_is_there_is_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "changes").mkdir()
    (tmp_path / "other").write_text("kept")
    (tmp_path / FILE).symlink_to("../other")

    with pytest.raises(StaleTree):
        create(tmp_path, FILE, b"new")

    assert (tmp_path / "other").read_text() == "kept"


@pytest.mark.parametrize("where", ["changes", "changes/1.fix.md"])
def test_a_link_that_leaves_the_repository_is_refused(where: str, tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / where).parent.mkdir(parents=True)
    outside.mkdir()
    (root / where).symlink_to(outside)

    with pytest.raises(UnsafePath):
        create(root, FILE, b"new")

    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("path", ["../1.md", "/1.md", ".git/hooks/pre-commit"])
def test_a_path_that_leaves_the_repository_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()

    with pytest.raises(UnsafePath):
        create(tmp_path / "root", PurePosixPath(path), b"new")


@pytest.mark.parametrize("blocker", ["changes", "a"])
def test_a_file_where_a_folder_should_be_is_what_is_told(blocker: str, tmp_path: Path) -> None:
    (tmp_path / blocker).write_text("I am a file")
    path = FILE if blocker == "changes" else PurePosixPath("a/changes/1.fix.md")

    with pytest.raises(TreeNotWritable) as caught:
        create(tmp_path, path, b"new")

    assert caught.value.hint


needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)


@needs_permissions
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "changes").mkdir(mode=0o555)

    with pytest.raises(TreeNotWritable, match="Permission denied"):
        create(tmp_path, FILE, b"new")


FULL = """
import resource, signal, sys
from pathlib import Path, PurePosixPath
from monorelease.adapters import new_file
from monorelease.errors import TreeNotWritable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    new_file.create(Path.cwd(), PurePosixPath("notes.md"), b"x" * 2000)
except TreeNotWritable as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_on_a_full_disk_nothing_is_left_half_written(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout.startswith("notes.md: cannot be written: the disk, or a quota, is full")
    assert list(tmp_path.iterdir()) == []
