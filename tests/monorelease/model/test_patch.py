"""Patches are sorted, without effectless edits, inside the repository, and can be reversed."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.model.patch import FileEdit, Patch


def edit(path: str, before: bytes | None = b"old", after: bytes | None = b"new") -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


def test_edits_are_sorted_and_those_without_effect_are_dropped() -> None:
    patch = Patch.of((edit("b"), edit("c", b"same", b"same"), edit("a")))

    assert [str(e.path) for e in patch.edits] == ["a", "b"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "a/../../outside"])
def test_an_edit_stays_inside_the_repository(path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside"):
        edit(path)


def test_a_file_has_one_edit() -> None:
    with pytest.raises(ValueError, match="two edits"):
        Patch(edits=(edit("a"), edit("a")))


def test_what_is_reversed_twice_is_as_it_was() -> None:
    patch = Patch.of((edit("a", None, b"new"), edit("b", b"old", None)))

    assert patch.reversed().edits[0] == edit("a", b"new", None)
    assert patch.reversed().reversed() == patch
