from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.content import Content, temporary
from monorelease.adapters.preflight import missing_folders, survey, writable_places
from monorelease.adapters.record import Entry
from monorelease.errors import StaleTree, TreeNotWritable, UnsafePath
from monorelease.model.patch import FileEdit, Patch

NOBODY = 65534


def edit(path: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


def patch(*edits: FileEdit) -> Patch:
    return Patch.of(edits)


def plant(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(b"old")


def test_every_file_that_differs_is_named_at_once(tmp_path: Path) -> None:
    plant(tmp_path, "changed", "appeared", "fine", "folder/inner")

    with pytest.raises(StaleTree) as caught:
        survey(
            tmp_path,
            patch(
                edit("changed", b"older", b"new"),
                edit("appeared", None, b"new"),
                edit("gone", b"old", b"new"),
                edit("folder", b"old", b"new"),
                edit("fine", b"old", b"new"),
                edit("missing", None, b"new"),
            ),
        )

    assert caught.value.problem.endswith(": appeared, changed, folder, gone")


def test_one_file_that_differs_is_where_the_problem_is(tmp_path: Path) -> None:
    with pytest.raises(StaleTree) as caught:
        survey(tmp_path, patch(edit("gone", b"old", b"new")))

    assert caught.value.where == "gone"


def test_line_ends_count(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\n")

    with pytest.raises(StaleTree):
        survey(tmp_path, patch(edit("file", b"a\n", b"b\n")))


def test_every_path_that_leaves_is_named_at_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for name in ("one", "two"):
        (root / name).symlink_to(tmp_path)

    with pytest.raises(UnsafePath) as caught:
        survey(root, patch(edit("one/x", None, b""), edit("two", None, b""), edit("x", None, b"")))

    assert "one: " in caught.value.problem
    assert "two: " in caught.value.problem


def test_two_names_for_one_file_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, "real")
    (tmp_path / "alias").symlink_to("real")

    with pytest.raises(UnsafePath, match="same file as alias"):
        survey(tmp_path, patch(edit("real", b"old", b"a"), edit("alias", b"old", b"b")))


def test_files_behind_a_link_to_a_folder_go_by_their_own_names(tmp_path: Path) -> None:
    """So that they are known again when git, or a hook, names them."""
    plant(tmp_path, "libs/x/file")
    (tmp_path / "packages").symlink_to("libs")
    (tmp_path / "libs/x/alias").symlink_to("file")

    for name in ("file", "alias"):
        (entry,) = survey(tmp_path, patch(edit(f"packages/x/{name}", b"old", b"new")))
        assert str(entry.path) == f"libs/x/{name}"


def entries(root: Path, *edits: FileEdit) -> tuple[Entry, ...]:
    return survey(root, patch(*edits))


def test_permissions_are_kept(tmp_path: Path) -> None:
    plant(tmp_path, "script")
    (tmp_path / "script").chmod(0o751)

    (changed,) = entries(tmp_path, edit("script", b"old", b"new"))

    assert changed.before == Content(data=b"old", mode=0o751)
    assert changed.after == Content(data=b"new", mode=0o751)


def test_whatever_is_read_only_is_named_at_once_whoever_asks(tmp_path: Path) -> None:
    plant(tmp_path, "file", "folder/file", "fine")
    (tmp_path / "file").chmod(0o444)
    (tmp_path / "folder").chmod(0o555)
    edits = [edit(path, b"old", None) for path in ("file", "folder/file", "fine")]

    try:
        with pytest.raises(TreeNotWritable) as caught:
            writable_places(tmp_path, entries(tmp_path, *edits, edit("folder/new/x", None, b"")))
    finally:
        (tmp_path / "folder").chmod(0o755)

    assert caught.value.problem == (
        "cannot be written: file (it is read-only), folder/file (its folder is read-only), "
        "folder/new/x (its folder is read-only)"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_belongs_to_somebody_else_is_refused() -> None:
    with tempfile.TemporaryDirectory() as name:  # others may not look into pytest's own folders
        root = Path(name)
        root.chmod(0o755)
        plant(root, "file", "mine/file")
        os.chown(root / "mine", NOBODY, NOBODY)
        surveyed = entries(root, *(edit(path, b"old", b"new") for path in ("file", "mine/file")))
        said = as_nobody(lambda: str(writable_places(root, surveyed)))

    assert said == (
        "cannot be written: file (its folder is read-only), mine/file (it is read-only)"
    )


def as_nobody(act: Callable[[], str]) -> str:
    """What `act` returns, or the problem it meets, without root's rights."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            os.setresuid(NOBODY, NOBODY, NOBODY)
            os.write(writer, act().encode())
        except TreeNotWritable as refused:
            os.write(writer, refused.problem.encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read().decode()
    os.waitpid(pid, 0)
    return said


def test_a_link_is_written_through_but_never_removed_through(tmp_path: Path) -> None:
    plant(tmp_path, "real")
    (tmp_path / "alias").symlink_to("real")
    written = writable_places(tmp_path, entries(tmp_path, edit("alias", b"old", b"new")))

    assert written == {PurePosixPath("alias"): tmp_path / "real"}
    with pytest.raises(TreeNotWritable, match="it is a link"):
        writable_places(tmp_path, entries(tmp_path, edit("alias", b"old", None)))


def test_a_file_in_the_place_of_a_draft_or_a_folder_is_in_the_way(tmp_path: Path) -> None:
    plant(tmp_path, "file", "other")
    temporary(tmp_path / "file").write_bytes(b"somebody's")

    with pytest.raises(TreeNotWritable) as caught:
        writable_places(
            tmp_path, entries(tmp_path, edit("file", b"old", b""), edit("other/new", None, b""))
        )

    assert ".file.monorelease is in the way" in caught.value.problem
    assert "other is not a folder" in caught.value.problem


def test_a_name_too_long_for_a_draft_is_said_before_anything_happens(tmp_path: Path) -> None:
    plant(tmp_path, "x" * 250)

    with pytest.raises(TreeNotWritable, match="too long"):
        writable_places(tmp_path, entries(tmp_path, edit("x" * 250, b"old", b"new")))


def test_missing_folders_are_counted_parents_first(tmp_path: Path) -> None:
    plant(tmp_path, "a/file")
    paths = [PurePosixPath(path) for path in ("a/b/c/x", "a/b/y", "a/z", "d/x", "w")]

    assert [str(path) for path in missing_folders(tmp_path, paths)] == ["a/b", "a/b/c", "d"]
