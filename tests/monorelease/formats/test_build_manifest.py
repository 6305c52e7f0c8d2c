from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.errors import BadManifest
from monorelease.formats.build_manifest import MANIFEST, format_manifest, kind_of, parse_manifest
from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember

WHERE = PurePosixPath("dist", MANIFEST)
CORE, V1 = canonicalize_name("core"), Version("1.0")

GOOD = Build(
    members=(
        BuiltMember(
            name=CORE,
            version=Version("1.0.44"),
            path=PurePosixPath("packages/core"),
            commit="a" * 40,
            artifacts=(
                Artifact(
                    filename="core-1.0.44-py3-none-any.whl",
                    kind=ArtifactKind.WHEEL,
                    sha256="b" * 64,
                    size=5120,
                ),
                Artifact(
                    filename="core-1.0.44.tar.gz",
                    kind=ArtifactKind.SDIST,
                    sha256="c" * 64,
                    size=0,
                ),
            ),
        ),
        BuiltMember(
            name=canonicalize_name("app"),
            version=Version("2!1.0rc1+local.1"),
            path=PurePosixPath(),
            commit="d" * 64,
            artifacts=(
                Artifact(
                    filename="app-2!1.0rc1+local.1-cp311-cp311-manylinux_2_28_x86_64.whl",
                    kind=ArtifactKind.WHEEL,
                    sha256="e" * 64,
                    size=2**40,
                ),
            ),
        ),
    )
)


def document() -> Any:  # noqa: ANN401 - JSON, to be spoilt
    return json.loads(format_manifest(GOOD))


def refusal(data: object) -> str:
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(BadManifest) as caught:
        parse_manifest(text, WHERE)
    assert caught.value.where == "dist/monorelease.json"
    assert caught.value.hint == "build again: monorelease build"
    return caught.value.problem.removeprefix("this is no manifest of a build: ")


def spoilt(key: str, value: object, *, file: bool = False) -> str:
    data = document()
    table = data["members"][0]["files"][0] if file else data["members"][0]
    table[key] = value
    return refusal(data)


def test_the_manifest_lists_members_in_order_with_their_files() -> None:
    data = document()
    first = data["members"][0]

    assert data["schema"] == 1
    assert [(m["name"], m["order"]) for m in data["members"]] == [("core", 1), ("app", 2)]
    assert {key: first[key] for key in ("version", "path", "commit")} == {
        "version": "1.0.44",
        "path": "packages/core",
        "commit": "a" * 40,
    }
    assert first["files"][1] == {
        "filename": "core-1.0.44.tar.gz",
        "kind": "sdist",
        "sha256": "c" * 64,
        "size": 0,
    }


def test_what_is_written_is_read_again() -> None:
    assert parse_manifest(format_manifest(GOOD).encode(), WHERE) == GOOD


def test_keys_of_later_versions_are_passed_over() -> None:
    data = document()
    data["made-by"] = data["members"][0]["note"] = "x"

    assert parse_manifest(json.dumps(data).encode(), WHERE) == GOOD


_NAMES = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True).map(canonicalize_name)
_VERSIONS = st.from_regex(
    r"([1-9]!)?[0-9]{1,3}(\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\.post[0-9])?(\.dev[0-9])?(\+[a-z]{1,4})?",
    fullmatch=True,
).map(Version)


@st.composite
def _artifacts(draw: st.DrawFn, name: str, version: Version) -> tuple[Artifact, ...]:
    stem = f"{name.replace('-', '_')}-{version}"
    wheel = f"{stem}-{draw(st.sampled_from(['', '1-', '2b-']))}py3-none-any.whl"
    names = draw(st.sampled_from([[wheel], [wheel, f"{stem}.tar.gz"], [f"{stem}.tar.gz"]]))
    return tuple(
        Artifact(
            filename=filename,
            kind=ArtifactKind.WHEEL if filename.endswith(".whl") else ArtifactKind.SDIST,
            sha256=draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
            size=draw(st.integers(0, 2**60)),
        )
        for filename in names
    )


@st.composite
def _builds(draw: st.DrawFn) -> Build:
    names = draw(st.lists(_NAMES, max_size=4, unique=True))
    versions = {name: draw(_VERSIONS) for name in names}
    return Build(
        members=tuple(
            BuiltMember(
                name=name,
                version=versions[name],
                path=PurePosixPath(draw(st.sampled_from([".", "packages/a", "libs/ä b"]))),
                commit=draw(st.from_regex(r"[0-9a-f]{40}([0-9a-f]{24})?", fullmatch=True)),
                artifacts=draw(_artifacts(name, versions[name])),
            )
            for name in names
        )
    )


@pytest.mark.property
@given(_builds())
def test_every_build_survives_its_manifest(build: Build) -> None:
    assert parse_manifest(format_manifest(build).encode(), WHERE) == build


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@pytest.mark.property
@given(st.data())
def test_whatever_stands_in_a_manifest_it_is_read_or_refused(data: st.DataObject) -> None:
    value, tables = document(), []
    tables += [value, *value["members"], *value["members"][0]["files"]]
    table = data.draw(st.sampled_from(tables))
    table[data.draw(st.sampled_from(sorted(table)))] = data.draw(_JSON)

    try:
        build = parse_manifest(json.dumps(value).encode(), WHERE)
    except BadManifest:
        return
    assert parse_manifest(format_manifest(build).encode(), WHERE) == build


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe\xff", "codec can't decode"),
        (b"[" * 100_000, "it is nested too deeply"),
        ([], "'schema' is missing, or not of type int"),
        ({"schema": True, "members": []}, "'schema' is missing, or not of type int"),
        ({"schema": 2, "members": []}, "its schema is not 1: another monorelease wrote it"),
        ({"schema": 1, "members": {}}, "'members' is missing, or not of type list"),
        ({"schema": 1, "members": ["core"]}, "'name' is missing, or not of type str"),
    ],
)
def test_what_is_no_manifest_is_refused(data: object, problem: str) -> None:
    assert problem in refusal(data)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("name", "-core", "name is invalid"),
        ("version", "latest", "Invalid version"),
        ("order", 2, "core does not stand in its place"),
        ("order", 1.0, "not of type int"),
        ("files", [], "core has no files"),
        ("path", "../core", "leads out of the repository"),
        ("path", "/etc", "leads out of the repository"),
        ("path", "a\0b", "cannot stand where it stands"),
        ("commit", "a" * 39, "cannot stand where it stands"),
        ("commit", "A" * 40, "cannot stand where it stands"),
        ("commit", "HEAD", "cannot stand where it stands"),
    ],
)
def test_a_member_that_cannot_be_is_refused(key: str, value: object, problem: str) -> None:
    assert problem in spoilt(key, value)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("filename", "core-1.0.43-py3-none-any.whl", "is not of core 1.0.44"),
        ("filename", "../core-1.0.44-py3-none-any.whl", "is no plain file name"),
        ("kind", "sdist", "core-1.0.44-py3-none-any.whl is a wheel"),
        ("sha256", "b" * 63, "cannot stand where it stands"),
        ("sha256", "B" * 64, "cannot stand where it stands"),
        ("size", -1, "has less than no bytes"),
        ("size", True, "not of type int"),
        ("size", "5120", "not of type int"),
    ],
)
def test_a_file_that_cannot_be_is_refused(key: str, value: object, problem: str) -> None:
    assert problem in spoilt(key, value, file=True)


def test_nothing_is_there_twice() -> None:
    members, files = document(), document()
    members["members"].append(members["members"][0] | {"order": 3})
    files["members"][0]["files"].append(files["members"][0]["files"][0])

    assert refusal(members) == "core is there twice"
    assert refusal(files) == "core-1.0.44-py3-none-any.whl is there twice"


@pytest.mark.parametrize(
    "filename",
    [
        "",
        ".whl",
        "..",
        "core-1.0-py3-none-any.whl/..",
        "core-1.0-py3-none-a/b.whl",
        "core-1.0-py3-none-a\\b.whl",
        "core-1.0-py3-none-any.whl\n",
        "core-1.0-py3-none-any.whl\0",
        "-core-1.0-py3-none-any.whl",
        "core-1.0.tar.gz ",
        "cöre-1.0.tar.gz",
        f"core-1.0-py3-none-{'a' * 250}.whl",
    ],
)
def test_a_name_that_means_more_than_a_file_is_no_name(filename: str) -> None:
    with pytest.raises(ValueError, match="is no plain file name"):
        kind_of(filename, CORE, V1)


@pytest.mark.parametrize(
    ("filename", "problem"),
    [
        ("core-1.0.zip", "is neither a wheel nor a source distribution"),
        ("core-1.0.tar.gz.asc", "is neither a wheel nor a source distribution"),
        ("core-1.0.whl", "is neither a wheel nor a source distribution"),
        ("core.tar.gz", "is neither a wheel nor a source distribution"),
        ("other-1.0.tar.gz", "is not of core 1.0"),
        ("core-1.0.1.tar.gz", "is not of core 1.0"),
    ],
)
def test_a_file_of_something_else_is_no_artifact(filename: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        kind_of(filename, CORE, V1)


def test_a_name_may_be_spelled_in_every_way_that_means_the_same() -> None:
    assert kind_of("Core-1.0.0-py3-none-any.whl", CORE, V1) is ArtifactKind.WHEEL
    assert kind_of("core-1.tar.gz", CORE, V1) is ArtifactKind.SDIST
