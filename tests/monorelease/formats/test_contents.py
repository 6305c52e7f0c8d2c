from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePosixPath

import pytest

from monorelease.formats.contents import parse_contents
from monorelease.model.artifact import Artifact, ArtifactKind
from monorelease.model.contents import Archive, Contents
from monorelease.model.finding import Finding
from wheels import record_of

WHEEL = "core-1.0.0-py3-none-any.whl"
SDIST = "core-1.0.0.tar.gz"
INFO = "core-1.0.0.dist-info"
MANIFEST = PurePosixPath("packages/core/pyproject.toml")
METADATA = b"Metadata-Version: 2.4\nName: core\nVersion: 1.0.0\n"
IN_WHEEL = {
    "core/__init__.py": b"",
    f"{INFO}/METADATA": METADATA,
    f"{INFO}/WHEEL": b"Wheel-Version: 1.0\n",
    f"{INFO}/entry_points.txt": b"[console_scripts]\ncore = core:main\n",
}
IN_SDIST = {"core-1.0.0/PKG-INFO": METADATA, "core-1.0.0/pyproject.toml": b""}


def read(
    filename: str,
    files: Mapping[str, bytes],
    *problems: str,
) -> tuple[Contents, tuple[Finding, ...]]:
    kind = ArtifactKind.WHEEL if filename == WHEEL else ArtifactKind.SDIST
    artifact = Artifact(filename=filename, kind=kind, sha256="", size=0)
    archive = Archive(
        filename=filename,
        files=tuple(files),
        texts=files,
        digests={name: sha256(data).hexdigest() for name, data in files.items()},
        problems=problems,
    )
    return parse_contents(artifact, archive, MANIFEST)


def recorded(files: Mapping[str, bytes]) -> dict[str, bytes]:
    record = f"{INFO}/RECORD"
    return {**files, record: record_of(files, record)}


def without(name: str) -> dict[str, bytes]:
    return recorded({each: data for each, data in IN_WHEEL.items() if each != name})


def test_a_wheel_is_understood() -> None:
    contents, findings = read(WHEEL, recorded(IN_WHEEL))

    assert findings == ()
    assert contents.kind is ArtifactKind.WHEEL
    assert contents.metadata is not None
    assert contents.metadata.name == "core"
    assert contents.modules == ("core",)
    assert [str(point) for point in contents.entry_points] == ["core = core:main"]
    assert set(contents.files) == {*IN_WHEEL, f"{INFO}/RECORD"}


def test_a_source_distribution_is_understood() -> None:
    contents, findings = read(SDIST, IN_SDIST)

    assert findings == ()
    assert contents.kind is ArtifactKind.SDIST
    assert contents.metadata is not None
    assert contents.modules == ()


def test_a_link_to_what_is_not_in_it_is_told_with_what_helps() -> None:
    """Hatchling packs the link that a member has for the LICENSE of the whole repository."""
    artifact = Artifact(filename=SDIST, kind=ArtifactKind.SDIST, sha256="", size=0)
    links = {"core-1.0.0/LICENSE": "../../LICENSE"}
    files = (*IN_SDIST, *links)
    archive = Archive(filename=SDIST, files=files, texts=IN_SDIST, links_out=links)

    _, [finding] = parse_contents(artifact, archive, MANIFEST)

    assert finding.is_error
    assert finding.code == "link-outside"
    assert finding.problem == (
        f"{SDIST}: core-1.0.0/LICENSE is a link to ../../LICENSE, which is not in it"
    )
    assert finding.hint.startswith("no installer unpacks that: have a copy of the file")


@pytest.mark.parametrize(
    ("platform", "codes"),
    [
        ("linux_x86_64", ["not-portable"]),
        ("manylinux_2_28_x86_64", []),
        ("musllinux_1_2_x86_64", []),
        ("macosx_11_0_arm64", []),
        ("win_amd64", []),
        ("any", []),
        ("any-and-more-and-more", []),
    ],
)
def test_a_wheel_for_one_linux_alone_is_a_warning(platform: str, codes: list[str]) -> None:
    """An index of one's own may take it; a name that is none is told of by others."""
    name = f"core-1.0.0-cp311-cp311-{platform}.whl"
    artifact = Artifact(filename=name, kind=ArtifactKind.WHEEL, sha256="", size=0)
    files = recorded(IN_WHEEL)
    digests = {path: sha256(data).hexdigest() for path, data in files.items()}
    archive = Archive(filename=name, files=tuple(files), texts=files, digests=digests)

    _, findings = parse_contents(artifact, archive, MANIFEST)

    assert [finding.code for finding in findings] == codes
    assert not any(finding.is_error for finding in findings)


def test_an_archive_that_cannot_be_read_is_one_finding() -> None:
    contents, [finding] = read(WHEEL, {}, "cannot be read: no zip file")

    assert contents == Contents(filename=WHEEL, kind=ArtifactKind.WHEEL)
    assert finding.code == "broken-archive"
    assert finding.problem == f"{WHEEL}: cannot be read: no zip file"
    assert finding.path == MANIFEST


def test_what_is_wrong_with_an_archive_does_not_hide_the_rest() -> None:
    _, findings = read(SDIST, {}, "x is in it twice")
    _, more = read(SDIST, {"core-1.0.0/setup.py": b""}, "x is in it twice")

    assert [finding.code for finding in findings] == ["broken-archive"]
    assert [finding.code for finding in more] == ["broken-archive", "bad-sdist"]


@pytest.mark.parametrize("name", ["METADATA", "WHEEL"])
def test_dist_info_is_complete(name: str) -> None:
    _, [finding] = read(WHEEL, without(f"{INFO}/{name}"))

    assert finding.code == "bad-wheel"
    assert finding.problem == f"{WHEEL}: there is no {INFO}/{name}"


def test_a_wheel_has_a_record() -> None:
    _, [finding] = read(WHEEL, IN_WHEEL)

    assert finding.problem == f"{WHEEL}: there is no {INFO}/RECORD"


def test_a_wheel_needs_no_entry_points() -> None:
    contents, findings = read(WHEEL, without(f"{INFO}/entry_points.txt"))

    assert (contents.entry_points, findings) == ((), ())


@pytest.mark.parametrize(
    ("folders", "told"),
    [([], "there is none"), ([INFO, "other-2.dist-info"], f"there is {INFO}, other-2.dist-info")],
)
def test_there_is_one_dist_info(folders: list[str], told: str) -> None:
    contents, [finding] = read(WHEEL, {"top.py": b""} | {f"{f}/METADATA": b"" for f in folders})

    assert contents.metadata is None
    assert finding.code == "bad-wheel"
    assert told in finding.problem


def test_dist_info_is_that_of_the_wheel() -> None:
    files = {name.replace("core-1.0.0", "core-1.0.1"): data for name, data in IN_WHEEL.items()}
    record = "core-1.0.1.dist-info/RECORD"
    _, [finding] = read(WHEEL, {**files, record: record_of(files, record)})

    assert finding.code == "bad-wheel"
    assert "core-1.0.1.dist-info belongs to another wheel" in finding.problem


def test_what_was_changed_after_the_build_is_told() -> None:
    _, [finding] = read(WHEEL, recorded(IN_WHEEL) | {"core/__init__.py": b"import evil\n"})

    assert finding.code == "bad-wheel"
    assert "core/__init__.py is not what RECORD says" in finding.problem


def test_a_thousand_changes_are_not_a_thousand_findings() -> None:
    added = {f"core/m{number}.py": b"" for number in range(1000)}
    _, findings = read(WHEEL, recorded(IN_WHEEL) | added)

    assert len(findings) == 6
    assert findings[-1].problem == f"{WHEEL}: and 995 more such files"


def test_metadata_that_are_invalid_are_told_field_by_field() -> None:
    bad = METADATA + b"Requires-Python: three\nRequires-Dist: >1\n"
    contents, findings = read(SDIST, {"core-1.0.0/PKG-INFO": bad})

    assert contents.metadata is None
    assert [finding.code for finding in findings] == ["bad-metadata", "bad-metadata"]
    assert findings[0].problem.startswith(f"{SDIST}: core-1.0.0/PKG-INFO: ")


def test_an_entry_point_that_is_none_is_told() -> None:
    files = recorded(IN_WHEEL | {f"{INFO}/entry_points.txt": b"[g]\na b c\n"})
    _, [finding] = read(WHEEL, files)

    assert (finding.code, finding.problem) == (
        "bad-entry-point",
        f"{WHEEL}: 'a b c' is no entry point",
    )


def test_a_source_distribution_has_one_folder() -> None:
    _, [finding] = read(SDIST, IN_SDIST | {"core/stray.py": b"", "other.txt": b""})

    assert finding.code == "bad-sdist"
    assert "2 files outside of core-1.0.0/, core/stray.py first" in finding.problem


def test_a_source_distribution_may_be_a_zip_file() -> None:
    contents, findings = read("core-1.0.0.zip", IN_SDIST)

    assert findings == ()
    assert contents.metadata is not None
