from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.new_file import append, create
from monorelease.errors import ReleaseError, StaleTree, TreeNotWritable, UnsafePath

FILE = PurePosixPath("changes/1.fix.md")


# ── create ──────────────────────────────────────────────────────────────────────────────


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
    getattr(new_file, sys.argv[1])(Path.cwd(), PurePosixPath("notes.md"), eval(sys.argv[2]))
except TreeNotWritable as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize(
    ("verb", "data", "before"), [("create", "b'x' * 2000", None), ("append", "'x' * 2000", b"old")]
)
def test_on_a_full_disk_nothing_is_left_half_written(
    verb: str, data: str, before: bytes | None, tmp_path: Path
) -> None:
    if before is not None:
        (tmp_path / "notes.md").write_bytes(before)

    ended = subprocess.run(
        [sys.executable, "-c", FULL, verb, data],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout.startswith("notes.md: cannot be written: the disk, or a quota, is full")
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == ({} if before is None else {"notes.md": before})


# ── append ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, b"new\nend\n", id="no-file"),
        pytest.param(b"", b"new\nend\n", id="an-empty-file"),
        pytest.param(b"old\n", b"old\n\nnew\nend\n", id="a-blank-line-between"),
        pytest.param(b"old", b"old\n\nnew\nend\n", id="the-last-line-is-ended"),
        pytest.param(b"old\r\n", b"old\r\n\r\nnew\r\nend\r\n", id="windows-newlines-stay"),
        pytest.param(b"a\r\nb", b"a\r\nb\r\n\r\nnew\r\nend\r\n", id="windows-without-the-last"),
        pytest.param(
            b"\xef\xbb\xbf\xc3\xa9\n", b"\xef\xbb\xbf\xc3\xa9\n\nnew\nend\n", id="byte-order-mark"
        ),
    ],
)
def test_text_is_added_at_the_end_in_the_files_own_newlines(
    before: bytes | None, after: bytes, tmp_path: Path
) -> None:
    if before is not None:
        (tmp_path / "notes.md").write_bytes(before)

    append(tmp_path, PurePosixPath("notes.md"), "new\nend\n")

    assert (tmp_path / "notes.md").read_bytes() == after
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]


def test_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("old\n")
    (tmp_path / "notes.md").chmod(0o750)

    append(tmp_path, PurePosixPath("notes.md"), "new\n")

    assert (tmp_path / "notes.md").stat().st_mode & 0o777 == 0o750


def test_a_link_inside_is_followed_and_one_that_leaves_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "real.md").write_text("old\n")
    (root / "link.md").symlink_to("real.md")
    (tmp_path / "outside.md").write_text("kept\n")
    (root / "stolen.md").symlink_to("../outside.md")

    append(root, PurePosixPath("link.md"), "new\n")
    with pytest.raises(UnsafePath):
        append(root, PurePosixPath("stolen.md"), "new\n")

    assert (root / "real.md").read_text() == "old\n\nnew\n"
    assert (root / "link.md").is_symlink()
    assert (tmp_path / "outside.md").read_text() == "kept\n"


def test_a_folder_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "notes.md").mkdir()

    with pytest.raises(ReleaseError, match="is a folder"):
        append(tmp_path, PurePosixPath("notes.md"), "new\n")


def test_a_file_that_is_no_text_is_said_and_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_bytes(b"\xff\n")

    with pytest.raises(ReleaseError, match="UTF-8"):
        append(tmp_path, PurePosixPath("notes.md"), "new\n")

    assert (tmp_path / "notes.md").read_bytes() == b"\xff\n"
