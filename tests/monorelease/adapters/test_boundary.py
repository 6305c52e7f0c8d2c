from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.boundary import Boundary, check_inside
from monorelease.errors import UnreadableFile, UnsafePath


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("../sibling", id="climbs"),
        pytest.param("packages/../../sibling", id="climbs-late"),
        pytest.param("packages/../inside", id="climbs-and-stays-inside"),
        pytest.param(".git/hooks/pre-commit", id="git"),
        pytest.param(".GIT/config", id="git-on-a-forgetful-file-system"),
        pytest.param("vendored/.git/config", id="git-of-a-submodule"),
        pytest.param("changes/\0.md", id="nul"),
    ],
)
def test_a_path_that_leaves_the_files_of_the_repository_is_refused(
    path: str, tmp_path: Path
) -> None:
    with pytest.raises(UnsafePath):
        check_inside(PurePosixPath(path))
    with pytest.raises(UnsafePath):
        Boundary(tmp_path).locate(PurePosixPath(path))


@pytest.mark.parametrize("path", [".", ".github/x", "gitignore", ".gitignore", "a..b/..c", "git/x"])
def test_an_ordinary_path_is_located_below_the_root(path: str, tmp_path: Path) -> None:
    assert Boundary(tmp_path).locate(PurePosixPath(path)) == tmp_path / path


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_bytes(b"")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "real" / "link").symlink_to(tmp_path / "real" / "file")

    boundary = Boundary(tmp_path)

    assert boundary.locate(PurePosixPath("folder/file")) == tmp_path / "real" / "file"
    assert boundary.locate(PurePosixPath("folder/link")) == tmp_path / "real" / "file"
    assert boundary.locate(PurePosixPath("folder/new/file")) == tmp_path / "real" / "new" / "file"


def test_a_root_that_is_reached_through_a_link_is_no_escape(tmp_path: Path) -> None:
    (tmp_path / "root" / "a").mkdir(parents=True)
    (tmp_path / "alias").symlink_to("root")

    located = Boundary(tmp_path / "alias").locate(PurePosixPath("a/file"))

    assert located == tmp_path / "root" / "a" / "file"


@pytest.mark.parametrize("target", ["../outside", "../outside/file", ".git", ".git/config", "/"])
def test_a_link_that_leaves_is_refused_by_name(target: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in (root / ".git", tmp_path / "outside"):
        folder.mkdir(parents=True)
    (root / ".git" / "config").write_bytes(b"")
    (tmp_path / "outside" / "file").write_bytes(b"")
    (root / "link").symlink_to(target)

    for path in ("link", "link/below"):
        with pytest.raises(UnsafePath) as caught:
            Boundary(root).locate(PurePosixPath(path))

        assert caught.value.where == "link"


def test_a_link_that_leads_nowhere_or_in_a_circle_is_said(tmp_path: Path) -> None:
    (tmp_path / "dead").symlink_to("missing")
    (tmp_path / "circle").symlink_to("circle")

    for name in ("dead", "circle"):
        with pytest.raises(UnreadableFile) as caught:
            Boundary(tmp_path).locate(PurePosixPath(name))

        assert caught.value.where == name


def test_a_name_that_no_disk_takes_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="too long"):
        Boundary(tmp_path).locate(PurePosixPath("x" * 300))
