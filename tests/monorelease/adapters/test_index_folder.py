"""The folder of an index: whole at any moment, and nothing else than that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath

import pytest
from packaging.utils import NormalizedName

from killing import survives
from monorelease.adapters.index_folder import IndexFolder
from monorelease.errors import IndexUnavailable, TreeNotWritable, UnsafePath
from monorelease.formats.simple_index import HTML_TYPE, JSON_TYPE, parse_project
from monorelease.model.index import IndexedFile, Project
from sandbox import Sandbox, files_in
from values import named

CORE = named("agents-core")
INDEX = PurePosixPath("dist/index")
DATA = {"a.whl": b"wheel", "a.tar.gz": b"source"}


def indexed(filename: str) -> IndexedFile:
    return IndexedFile(filename=filename, sha256=sha256(DATA[filename]).hexdigest())


def add(folder: IndexFolder, *filenames: str) -> None:
    for filename in filenames:
        folder.add(folder.project(CORE), indexed(filename), DATA[filename])


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path, INDEX)


# ── what lies there ─────────────────────────────────────────────────────────────────────


def test_a_project_that_was_never_published_is_unknown(folder: IndexFolder) -> None:
    assert folder.project(CORE) == Project(name=CORE, is_known=False)


def test_reading_makes_nothing(folder: IndexFolder, tmp_path: Path) -> None:
    folder.project(CORE)

    assert folder.url == f"{tmp_path.as_uri()}/dist/index/"
    assert list(tmp_path.iterdir()) == []


def test_a_file_lies_beside_the_pages_that_list_it(folder: IndexFolder, tmp_path: Path) -> None:
    add(folder, "a.whl")

    project = Project(name=CORE, files=(indexed("a.whl"),))
    assert folder.project(CORE) == project
    found = files_in(tmp_path / INDEX)
    assert sorted(found) == [
        ".gitignore",
        "agents-core/a.whl",
        "agents-core/index.html",
        "agents-core/index.json",
        "index.html",
    ]
    assert found["agents-core/a.whl"] == b"wheel"
    assert parse_project(CORE, JSON_TYPE, found["agents-core/index.json"]) == project
    assert b'<a href="agents-core/">' in found["index.html"]


def test_the_root_page_lists_all_projects(folder: IndexFolder, tmp_path: Path) -> None:
    for name in (CORE, named("a")):
        folder.add(folder.project(name), indexed("a.whl"), b"wheel")

    page = (tmp_path / INDEX / "index.html").read_text()
    assert page.index('href="a/"') < page.index('href="agents-core/"')


def test_git_does_not_see_it(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "repository")
    add(IndexFolder(sandbox.root, INDEX), "a.whl")

    assert sandbox.git("status", "--porcelain", "--untracked-files=all") == ""


def test_who_wants_to_commit_it_can(folder: IndexFolder, tmp_path: Path) -> None:
    add(folder, "a.whl")
    (tmp_path / INDEX / ".gitignore").unlink()

    add(folder, "a.tar.gz")

    assert not (tmp_path / INDEX / ".gitignore").exists()


def test_a_file_that_somebody_removed_is_not_there(folder: IndexFolder, tmp_path: Path) -> None:
    add(folder, "a.whl", "a.tar.gz")
    (tmp_path / INDEX / CORE / "a.whl").unlink()

    assert folder.project(CORE).files == (indexed("a.tar.gz"),)


# ── what it is not ──────────────────────────────────────────────────────────────────────


def test_a_folder_of_something_else_is_left_alone(folder: IndexFolder, tmp_path: Path) -> None:
    (tmp_path / INDEX).mkdir(parents=True)
    (tmp_path / INDEX / "notes.txt").write_text("mine")

    with pytest.raises(IndexUnavailable) as caught:
        add(folder, "a.whl")

    assert caught.value.where == "dist/index"
    assert files_in(tmp_path) == {"dist/index/notes.txt": b"mine"}


def test_a_page_of_something_else_is_told_with_its_place(
    folder: IndexFolder, tmp_path: Path
) -> None:
    add(folder, "a.whl")
    (tmp_path / INDEX / CORE / "index.html").write_text("gone")

    with pytest.raises(IndexUnavailable) as caught:
        folder.project(CORE)

    assert str(caught.value) == (
        "dist/index/agents-core/index.html: the index answers with text that is no HTML page"
    )
    assert "dist/index" in caught.value.hint


@pytest.mark.parametrize("where", ["dist", "dist/index", "dist/index/agents-core"])
@pytest.mark.parametrize("target", ["inside", "../outside"])
def test_a_link_in_the_way_is_never_followed(where: str, target: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / target).mkdir(parents=True)
    folder = IndexFolder(root, INDEX)
    other = named("other")
    folder.add(folder.project(other), indexed("a.whl"), b"wheel")
    if (root / where).exists():
        shutil.rmtree(root / where)
    (root / where).symlink_to(root / target)

    with pytest.raises(UnsafePath):
        folder.project(CORE)
    with pytest.raises(UnsafePath):
        folder.add(Project(name=CORE, is_known=False), indexed("a.whl"), b"wheel")

    assert list((root / target).iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_written_through(
    folder: IndexFolder, tmp_path: Path
) -> None:
    add(folder, "a.whl")
    (tmp_path / "other").write_text("kept")
    (tmp_path / INDEX / CORE / "a.tar.gz").symlink_to(tmp_path / "other")

    with pytest.raises(UnsafePath):
        add(folder, "a.tar.gz")

    assert (tmp_path / "other").read_text() == "kept"


@pytest.mark.parametrize("name", ["../../..", "../../.git/hooks", "/"])
def test_a_name_does_not_lead_out(name: str, folder: IndexFolder) -> None:
    with pytest.raises(UnsafePath):
        folder.project(NormalizedName(name))


def test_a_link_that_leads_nowhere_is_told(folder: IndexFolder, tmp_path: Path) -> None:
    (tmp_path / INDEX).mkdir(parents=True)
    (tmp_path / INDEX / CORE).symlink_to("nowhere")

    with pytest.raises(IndexUnavailable, match="leads nowhere"):
        folder.project(CORE)


def test_a_folder_in_the_place_of_a_page_is_told(folder: IndexFolder, tmp_path: Path) -> None:
    (tmp_path / INDEX / CORE / "index.html").mkdir(parents=True)

    with pytest.raises(IndexUnavailable, match="is a folder"):
        folder.project(CORE)


def test_a_file_in_the_place_of_the_folder_is_told(folder: IndexFolder, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / INDEX).write_text("a file")

    with pytest.raises(TreeNotWritable) as caught:
        add(folder, "a.whl")

    assert caught.value.where == "dist/index"


# ── killed at any moment ────────────────────────────────────────────────────────────────


def roots(tmp_path: Path) -> Iterator[Path]:
    for number in count():
        root = tmp_path / str(number)
        root.mkdir()
        yield root


def test_a_run_that_is_killed_leaves_whole_pages_of_whole_files(tmp_path: Path) -> None:
    places = roots(tmp_path)
    model = next(places)
    add(IndexFolder(model, INDEX), *DATA)
    for step in count():
        root = next(places)
        folder = IndexFolder(root, INDEX)

        survived = survives(step, lambda: add(folder, *DATA))  # noqa: B023 - done at once

        check_whole(root / INDEX)
        there = [file.filename for file in folder.project(CORE).files]
        assert there == list(DATA)[: len(there)]
        add(folder, *(name for name in DATA if name not in there))
        assert files_in(root) == files_in(model)
        if survived:
            assert step > 25
            return


def check_whole(index: Path) -> None:
    """Every page can be read, and what it lists is there, with the bytes that it tells."""
    for page, kind in (("index.html", HTML_TYPE), ("index.json", JSON_TYPE)):
        for place in index.glob(f"*/{page}"):
            for file in parse_project(CORE, kind, place.read_bytes()).files:
                data = (place.parent / file.filename).read_bytes()
                assert sha256(data).hexdigest() == file.sha256
    if (index / "index.html").exists():
        assert (index / "index.html").read_text().endswith("</html>\n")
