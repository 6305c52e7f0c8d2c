from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.model.artifact import ArtifactKind
from monorelease.model.filenames import Named, parse_filename
from values import named

WHEEL, SDIST = ArtifactKind


@pytest.mark.parametrize(
    ("filename", "version", "kind"),
    [
        ("agents_core-1.0.44-py3-none-any.whl", "1.0.44", WHEEL),
        ("Agents.Core-1.0-1b-cp311-cp311-linux_x86_64.whl", "1.0", WHEEL),
        ("agents_core-1.0.44.tar.gz", "1.0.44", SDIST),
        ("agents-core-1!2.0rc1+local.zip", "1!2.0rc1+local", SDIST),
    ],
)
def test_a_name_tells_project_version_and_kind(
    filename: str, version: str, kind: ArtifactKind
) -> None:
    told = Named(name=named("agents-core"), version=Version(version), kind=kind)

    assert parse_filename(filename) == told


@pytest.mark.parametrize(
    "filename",
    [
        "",
        "core",
        "core.tar.gz",
        "core-1.0.whl",
        "core-1.0-py3.11.egg",
        "core-1.0.tar.bz2",
        "core-one-py3-none-any.whl",
        "core-1.0-py3-none-any.whl.metadata",
        "_-1.0-py3-none-any.whl",
        "é-1.0-py3-none-any.whl",
        "-1.0.tar.gz",
        "../core-1.0.tar.gz",
    ],
)
def test_other_files_are_nobodys(filename: str) -> None:
    assert parse_filename(filename) is None


@pytest.mark.parametrize(
    "filename",
    ["core-{}-py3-none-any.whl", "core-1-{}-py3-none-any.whl", "core-{}.tar.gz", "core-{}.zip"],
)
def test_more_digits_than_python_takes_are_no_version(filename: str) -> None:
    assert parse_filename(filename.format("1" * 5_000)) is None


@pytest.mark.property
@given(st.text(max_size=40), st.sampled_from(["-py3-none-any.whl", ".tar.gz", ".zip", ""]))
def test_whatever_a_file_is_called_it_is_read_or_nobodys(stem: str, end: str) -> None:
    found = parse_filename(stem + end)

    assert found is None or found.name == named(found.name)
