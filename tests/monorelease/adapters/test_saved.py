from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.content import Content
from monorelease.adapters.saved import Saved, copies, next_number, save_copy

FILE = PurePosixPath("packages/a/file")


def content(data: bytes) -> Content:
    return Content(data=data, mode=0o640)


def test_a_copy_is_named_and_holds_what_was_there(tmp_path: Path) -> None:
    save_copy(tmp_path, 1, FILE, content(b"edited"))

    (saved,) = copies(tmp_path, 1)

    assert saved == Saved(path=FILE, copy=tmp_path / "saved" / "1" / FILE)
    assert saved.copy.read_bytes() == b"edited"
    assert saved.copy.stat().st_mode & 0o777 == 0o640


def test_another_version_is_kept_beside_the_first_and_the_same_one_only_once(
    tmp_path: Path,
) -> None:
    for data in (b"one", b"two", b"one", b"two", b"three"):
        save_copy(tmp_path, 1, FILE, content(data))

    kept = copies(tmp_path, 1)

    assert [saved.path for saved in kept] == [FILE] * 3
    assert [saved.copy.read_bytes() for saved in kept] == [b"one", b"two", b"three"]


def test_each_run_has_a_number_of_its_own_once_it_has_kept_something(tmp_path: Path) -> None:
    assert next_number(tmp_path) == 1
    assert copies(tmp_path, 1) == ()
    save_copy(tmp_path, 1, FILE, content(b"one"))
    save_copy(tmp_path, 1, FILE, content(b"two"))
    assert next_number(tmp_path) == 2
    save_copy(tmp_path, 11, FILE, content(b"three"))
    (tmp_path / "saved" / "notes").mkdir()

    assert next_number(tmp_path) == 12
    assert len(copies(tmp_path, 11)) == 1
