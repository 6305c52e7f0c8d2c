from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters import content
from monorelease.adapters.content import Content
from monorelease.errors import UnreadableFile

NAME = PurePosixPath("file")


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_and_permissions_come_back_as_they_were_put(tmp_path: Path) -> None:
    given = Content(data=b"\xef\xbb\xbfa\r\n\xff", mode=0o640)
    content.put(tmp_path / "new" / "folder" / "file", given)

    assert content.read(tmp_path / "new" / "folder" / "file", NAME) == given
    assert listing(tmp_path / "new" / "folder") == ["file"]


def test_a_new_file_gets_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"")
    content.put(tmp_path / "ours", Content(data=b"", mode=None))

    ours, theirs = ((tmp_path / name).stat().st_mode for name in ("ours", "theirs"))
    assert stat.S_IMODE(ours) == stat.S_IMODE(theirs)


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    assert content.read(tmp_path / "missing", NAME) is None
    assert content.read(tmp_path / "missing" / "below", NAME) is None
    assert content.read(tmp_path / "file" / "below", NAME) is None


@pytest.fixture
def patience() -> Iterator[None]:
    """Ten seconds for what would wait for ever."""

    def tell(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, tell)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("patience")
def test_a_folder_and_a_pipe_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UnreadableFile, match="pipe"):
        content.read(tmp_path / "pipe", NAME)
    with pytest.raises(UnreadableFile, match="folder"):
        content.read(tmp_path, NAME)


def test_a_draft_that_a_dead_run_left_is_replaced_and_a_planted_link_not_followed(
    tmp_path: Path,
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    content.temporary(tmp_path / "file").symlink_to(victim)

    content.put(tmp_path / "file", Content(data=b"new", mode=None))

    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "file").read_bytes() == b"new"
    assert not (tmp_path / "file").is_symlink()


def test_a_failed_put_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    (tmp_path / "folder" / "below").mkdir(parents=True)

    with pytest.raises(OSError, match="directory"):
        content.put(tmp_path / "folder", Content(data=b"new", mode=None))

    assert listing(tmp_path) == ["folder"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_in_plain_words(number: int) -> None:
    refusal = content.refusal(OSError(number, os.strerror(number)), NAME)

    assert "full" in refusal.problem
    assert refusal.where == "file"
    assert "space" in refusal.hint


def test_permissions_that_are_unknown_are_no_difference() -> None:
    known, other = Content(data=b"x", mode=0o644), Content(data=b"x", mode=0o755)
    unknown = Content(data=b"x", mode=None)

    assert content.same(known, unknown)
    assert not content.same(known, other)
    assert not content.same(known, None)
    assert content.same(None, None)
