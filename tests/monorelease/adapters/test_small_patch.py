from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters import content
from monorelease.adapters.small_patch import write_all
from monorelease.adapters.state import state_folder
from monorelease.errors import StaleTree, TreeNotWritable, UnsafePath
from monorelease.model.patch import FileEdit, Patch
from sandbox import files_in


def edit(path: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


PATCH = Patch.of(
    (
        edit("a/new.md", None, b"new"),
        edit("b.md", b"old", b"other"),
        edit("c.md", b"gone", None),
        edit("d/e/last.md", None, b"last"),
    )
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "b.md").write_bytes(b"old")
    (root / "c.md").write_bytes(b"gone")
    return root


def test_all_files_are_written(root: Path) -> None:
    write_all(root, PATCH)

    assert files_in(root) == {"a/new.md": b"new", "b.md": b"other", "d/e/last.md": b"last"}
    assert not state_folder(root).exists()


@pytest.mark.parametrize("failing", ["new.md", "b.md", "c.md", "last.md"])
def test_where_one_cannot_be_written_all_are_as_before(
    failing: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, put = files_in(root), content.put

    def refuse(place: Path, after: content.Content | None, *, synced: bool = False) -> None:
        if place.name == failing and (after is None or after.data not in {b"old", b"gone"}):
            raise OSError(28, "No space left on device")
        put(place, after, synced=synced)

    monkeypatch.setattr(content, "put", refuse)

    with pytest.raises(TreeNotWritable, match="full"):
        write_all(root, PATCH)

    assert files_in(root) == before
    assert not (root / "a").exists()
    assert not (root / "d").exists()


def test_nothing_is_written_over_what_is_not_known(root: Path) -> None:
    (root / "b.md").write_bytes(b"edited")
    before = files_in(root)

    with pytest.raises(StaleTree):
        write_all(root, PATCH)

    assert files_in(root) == before


def test_nothing_is_written_elsewhere(root: Path, tmp_path: Path) -> None:
    (root / "a").symlink_to(tmp_path)

    with pytest.raises(UnsafePath):
        write_all(root, PATCH)

    assert not (tmp_path / "new.md").exists()
