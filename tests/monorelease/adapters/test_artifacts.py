from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path, PurePosixPath

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.adapters.artifacts import measure, read_folder, store
from monorelease.errors import BadManifest, TreeNotWritable
from monorelease.formats.build_manifest import MANIFEST
from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from sandbox import files_in

CORE = canonicalize_name("core")
WHEEL, SDIST = "core-{}-py3-none-any.whl", "core-{}.tar.gz"


def built(folder: Path, version: str, *forms: str) -> tuple[Build, dict[str, Path]]:
    """A build of core, whose files hold their own names."""
    folder.mkdir(exist_ok=True)
    files = {form.format(version): folder / form.format(version) for form in forms}
    for name, file in files.items():
        file.write_text(name)
    artifacts = tuple(measure(file, CORE, Version(version)) for file in files.values())
    member = BuiltMember(
        name=CORE,
        version=Version(version),
        path=PurePosixPath("packages/core"),
        commit="a" * 40,
        artifacts=artifacts,
    )
    return Build(members=(member,)), files


def stored(tmp_path: Path, version: str = "1.0", *forms: str) -> tuple[Build, Path]:
    build, files = built(tmp_path / "scratch", version, *(forms or (WHEEL, SDIST)))
    store(build, files, tmp_path / "dist")
    return build, tmp_path / "dist"


def refusal(folder: Path) -> str:
    with pytest.raises(BadManifest) as caught:
        read_folder(folder)
    assert caught.value.where == str(folder / MANIFEST)
    assert "monorelease build" in caught.value.hint
    return caught.value.problem


def test_a_file_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "core-1.0.tar.gz"
    file.write_bytes(b"x" * 100_000)

    assert measure(file, CORE, Version("1.0")) == Artifact(
        filename="core-1.0.tar.gz",
        kind=ArtifactKind.SDIST,
        sha256=hashlib.sha256(b"x" * 100_000).hexdigest(),
        size=100_000,
    )


def test_what_is_stored_is_read_again(tmp_path: Path) -> None:
    build, dist = stored(tmp_path)

    assert read_folder(dist) == (build, {a.filename: dist / a.filename for a in build.artifacts})
    assert sorted(files_in(dist)) == [
        ".gitignore",
        *sorted(a.filename for a in build.artifacts),
        MANIFEST,
    ]
    assert (dist / ".gitignore").read_text() == "*\n"


def test_files_of_an_earlier_build_go_and_everything_else_stays(tmp_path: Path) -> None:
    _, dist = stored(tmp_path, "1.0")
    for name in ("core-0.9.tar.gz", "notes.txt"):
        (dist / name).write_text("mine")
    (dist / ".gitignore").write_text("*.whl\n")

    build, _ = stored(tmp_path, "1.1", WHEEL)

    found = files_in(dist)
    assert sorted(found) == sorted(
        [".gitignore", WHEEL.format("1.1"), MANIFEST, "core-0.9.tar.gz", "notes.txt"]
    )
    assert found[".gitignore"] == b"*.whl\n"
    assert read_folder(dist)[0] == build


def test_the_same_can_be_stored_again(tmp_path: Path) -> None:
    stored(tmp_path)
    build, dist = stored(tmp_path)

    assert read_folder(dist)[0] == build


def test_a_manifest_that_nobody_can_read_condemns_no_file(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / MANIFEST).write_text('{"schema": 1, "members": [{"files": [{"filename": "../x"}]}]}')
    (tmp_path / "x").touch()

    build, _ = stored(tmp_path)

    assert read_folder(dist)[0] == build
    assert (tmp_path / "x").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    dist, theirs = tmp_path / "dist", tmp_path / "theirs"
    dist.mkdir()
    theirs.write_text("theirs")
    for name in (WHEEL.format("1.0"), f".{WHEEL.format('1.0')}.monorelease", MANIFEST):
        (dist / name).symlink_to(theirs)

    build, _ = stored(tmp_path)

    assert theirs.read_text() == "theirs"
    assert read_folder(dist)[0] == build


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file")

    with pytest.raises(TreeNotWritable) as caught:
        stored(tmp_path)

    assert caught.value.where == str(tmp_path / "dist")


def test_every_file_that_is_not_what_was_built_is_named(tmp_path: Path) -> None:
    forms = [WHEEL, SDIST, "core-{}-cp311-cp311-win32.whl", "core-{}-cp312-cp312-win32.whl"]
    _, dist = stored(tmp_path, "1.0", *forms)
    wheel, sdist, linked, folder = (dist / form.format("1.0") for form in forms)
    wheel.write_text(wheel.name.upper())
    sdist.unlink()
    elsewhere = tmp_path / "elsewhere"
    linked.rename(elsewhere)
    linked.symlink_to(elsewhere)
    folder.write_text("longer than it was when it was built")

    assert refusal(dist) == (
        "what lies there is not what was built: core-1.0-py3-none-any.whl has other bytes; "
        "core-1.0.tar.gz is missing; core-1.0-cp311-cp311-win32.whl is not a file; "
        "core-1.0-cp312-cp312-win32.whl has 36 bytes, not 30"
    )


def test_a_folder_without_a_manifest_has_no_build(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "there is no build here: it has no manifest"
    assert refusal(tmp_path / "missing") == "there is no build here: it has no manifest"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
def test_a_manifest_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MANIFEST)

    assert refusal(tmp_path) == "is not a file"


def test_a_manifest_that_leads_to_itself_is_said(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).symlink_to(MANIFEST)

    assert refusal(tmp_path).startswith("cannot be read: ")
