from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.tree import Tree
from monorelease.errors import UnreadableFile, UnsafePath


def plant(root: Path, *files: str) -> Path:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(file.encode())
    return root


def names(paths: tuple[PurePosixPath, ...]) -> list[str]:
    return [str(path) for path in paths]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    tree = Tree(plant(tmp_path, "a/file"))
    first = tree.read(PurePosixPath("a/file"))
    (tmp_path / "a" / "file").write_bytes(b"changed")

    assert first == b"a/file"
    assert tree.read(PurePosixPath("a/file")) == b"a/file"
    assert Tree(tmp_path).read(PurePosixPath("a/file")) == b"changed"


def test_a_missing_file_is_none_and_stays_so(tmp_path: Path) -> None:
    tree = Tree(tmp_path)

    assert tree.read(PurePosixPath("missing/file")) is None
    plant(tmp_path, "missing/file")
    assert tree.read(PurePosixPath("missing/file")) is None


def test_a_folder_in_place_of_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()

    with pytest.raises(UnreadableFile) as caught:
        Tree(tmp_path).read(PurePosixPath("pyproject.toml"))

    assert caught.value.where == "pyproject.toml"


def test_a_link_is_followed_inside_and_refused_outside(tmp_path: Path) -> None:
    root = plant(tmp_path / "root", "docs/changes.md")
    plant(tmp_path, "secret")
    (root / "CHANGELOG.md").symlink_to("docs/changes.md")
    (root / "stolen.md").symlink_to("../secret")

    assert Tree(root).read(PurePosixPath("CHANGELOG.md")) == b"docs/changes.md"
    with pytest.raises(UnsafePath, match=r"leads out"):
        Tree(root).read(PurePosixPath("stolen.md"))


def test_existence_covers_files_and_folders(tmp_path: Path) -> None:
    tree = Tree(plant(tmp_path, "a/file"))

    assert tree.exists(PurePosixPath("a"))
    assert tree.exists(PurePosixPath("a/file"))
    assert not tree.exists(PurePosixPath("a/other"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("packages/*", ["packages/a-b", "packages/a1", "packages/a2", "packages/b"]),
        ("packages/a?", ["packages/a1", "packages/a2"]),
        ("packages/[a-a]*", ["packages/a-b", "packages/a1", "packages/a2"]),
        ("packages/a1", ["packages/a1"]),
        ("./packages/a1/", ["packages/a1"]),
        ("packages/missing", []),
        ("packages/a1/file", []),
        ("packages/a1/file/*", []),
        ("*/a1", ["packages/a1"]),
        ("libs/**/core-*", ["libs/core-1", "libs/x/core-2", "libs/x/y/core-3"]),
        ("libs/**", ["libs", "libs/core-1", "libs/x", "libs/x/core-2", "libs/x/y"]),
        ("**/**/core-3", ["libs/x/y/core-3"]),
        (".", ["."]),
        ("packages/.hidden", ["packages/.hidden"]),
        ("packages/.h*", ["packages/.hidden"]),
        ("node_modules/*", ["node_modules/a1"]),
        ("PACKAGES/*", []),
    ],
)
def test_a_pattern_names_folders_in_the_order_of_their_names(
    pattern: str, expected: list[str], tmp_path: Path
) -> None:
    plant(
        tmp_path,
        *(f"packages/{name}/file" for name in ("b", "a2", "a1", "a-b", ".hidden", "__pycache__")),
        "packages/README.md",
        "libs/core-1/file",
        "libs/x/core-2/file",
        "libs/x/y/core-3/file",
        "libs/.venv/core-4/file",
        "node_modules/a1/file",
    )
    found = names(Tree(tmp_path).folders(pattern))

    if pattern == "libs/**":
        found.remove("libs/x/y/core-3")
    assert found == expected


@pytest.mark.parametrize("pattern", ["../*", "/etc/*", "packages/../*", ".git/*", "a\0"])
def test_a_pattern_cannot_climb(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafePath):
        Tree(tmp_path).folders(pattern)


def test_linked_folders_are_listed_but_not_entered_when_they_lead_out(tmp_path: Path) -> None:
    root = plant(tmp_path / "root", "real/inner/file")
    plant(tmp_path / "outside", "inner/file")
    (root / "packages").mkdir()
    (root / "packages" / "in").symlink_to("../real")
    (root / "packages" / "loop").symlink_to("loop")
    assert names(Tree(root).folders("packages/*/*")) == ["packages/in/inner"]

    (root / "packages" / "out").symlink_to(tmp_path / "outside")

    assert names(Tree(root).folders("packages/*")) == ["packages/in", "packages/out"]
    for pattern in ("packages/*/*", "packages/out", "packages/out/*"):
        with pytest.raises(UnsafePath):
            Tree(root).folders(pattern)


def test_a_link_to_a_folder_above_does_not_make_the_search_endless(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/file")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)

    assert names(Tree(tmp_path).folders("**/b")) == ["a/b"]


def test_files_are_listed_by_suffix_and_nothing_odd_is_left_out(tmp_path: Path) -> None:
    plant(tmp_path, "changes/2.fix.md", "changes/10.fix.md", "changes/x.txt", "changes/.hidden.md")
    plant(tmp_path, "changes/folder.md/file")
    (tmp_path / "changes" / "dead.md").symlink_to("nowhere")
    tree = Tree(tmp_path)

    assert names(tree.files(PurePosixPath("changes"), ".md")) == [
        "changes/10.fix.md",
        "changes/2.fix.md",
        "changes/dead.md",
    ]
    with pytest.raises(UnreadableFile, match="nowhere"):
        tree.read(PurePosixPath("changes/dead.md"))
    assert tree.files(PurePosixPath("missing"), ".md") == ()
    assert tree.files(PurePosixPath("changes/x.txt"), ".md") == ()


def test_files_of_the_root_itself_are_listed(tmp_path: Path) -> None:
    assert names(Tree(plant(tmp_path, "a.md")).files(PurePosixPath(), ".md")) == ["a.md"]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system takes Unicode only")
def test_a_name_that_is_not_unicode_can_be_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_bytes(b"words")
    tree = Tree(tmp_path)
    (path,) = tree.files(PurePosixPath(), ".md")

    assert tree.read(path) == b"words"
