from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from packaging.version import Version

from monorelease.formats.version_text import parse_version
from monorelease.model.finding import Finding

PATH = PurePosixPath("packages/agents-core/pyproject.toml")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.0.43", "1.0.43"),
        ("1!2026.8.post1", "1!2026.8.post1"),
        ("1.0.0-beta.2", "1.0.0b2"),
        ("v1.0", "1.0"),
        (" 1.0 ", "1.0"),
    ],
)
def test_a_version_is_read_however_it_is_spelled(text: str, version: str) -> None:
    assert parse_version(text, path=PATH) == Version(version)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("1,0,43", "did you mean '1.0.43'?", id="commas"),
        pytest.param("1.0. 43", "did you mean '1.0.43'?", id="blank-inside"),
        pytest.param("1.0.", "did you mean '1.0'?", id="stray-dot"),
        pytest.param("1.0-SNAPSHOT", "did you mean '1.0.dev0'?", id="maven"),
        pytest.param("1.0.0-alpha.beta", "did you mean '1.0.0'?", id="semver"),
        pytest.param("1.0.x", "did you mean '1.0'?", id="placeholder"),
        pytest.param("latest", "write it like 1.2.3 or 1.2.3rc1", id="word"),
        pytest.param("9" * 5_000, "write it like 1.2.3 or 1.2.3rc1", id="too-many-digits"),
        pytest.param("", "write it like 1.2.3 or 1.2.3rc1", id="empty"),
    ],
)
def test_what_is_no_version_is_a_finding_that_guesses(text: str, hint: str) -> None:
    finding = parse_version(text, path=PATH, line=3, key=("project", "version"))

    assert isinstance(finding, Finding)
    assert finding.code == "bad-version"
    assert repr(text) in finding.problem
    assert finding.hint == hint
    assert (finding.path, finding.line, finding.key) == (PATH, 3, ("project", "version"))
    assert finding.is_error
