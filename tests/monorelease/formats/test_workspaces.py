from __future__ import annotations

import tomllib

import pytest

from monorelease.formats.workspaces import Globs, member_globs
from monorelease.model.config import Config

UV = "[tool.uv.workspace]\nmembers = ['uv/*']\nexclude = ['uv/old']\n"
HATCH = "[tool.hatch.envs.default]\nworkspace.members = ['hatch/*']\n"
PDM = "[tool.pdm.workspace]\nmembers = ['pdm/*']\n"


def globs_of(text: str, config: Config | None = None) -> Globs:
    return member_globs(tomllib.loads(text), config or Config())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            UV + HATCH + PDM,
            Globs(members=("uv/*",), excludes=("uv/old",), source="tool.uv.workspace"),
        ),
        (HATCH + PDM, Globs(members=("hatch/*",), source="tool.hatch.envs")),
        (PDM, Globs(members=("pdm/*",), source="tool.pdm.workspace")),
        ("", Globs(members=("packages/*",), source="packages/*")),
        ("[tool.uv.workspace]\nmembers = []", Globs(members=("packages/*",), source="packages/*")),
    ],
)
def test_the_first_table_that_names_members_counts(text: str, expected: Globs) -> None:
    assert globs_of(text) == expected


def test_the_configuration_counts_before_all_of_them() -> None:
    config = Config(members=("libs/*", "apps/*"), exclude=("apps/demo",))

    assert globs_of(UV, config) == Globs(
        members=("libs/*", "apps/*"), excludes=("apps/demo",), source="tool.monorelease"
    )


def test_the_configuration_may_exclude_what_another_table_names() -> None:
    assert globs_of(UV, Config(exclude=("uv/new",))).excludes == ("uv/old", "uv/new")


PACKAGE = "[project]\nname = 'x'\n[build-system]\nrequires = []\n"


@pytest.mark.parametrize("table", [UV, HATCH, PDM])
def test_a_root_that_is_a_package_is_a_member_of_its_workspace(table: str) -> None:
    assert globs_of(PACKAGE + table).members[0] == "."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[project]\nname = 'x'\n{UV}", id="never-built"),
        pytest.param(f"[build-system]\nrequires = []\n{UV}", id="no-name"),
        pytest.param(f"{PACKAGE}[tool.uv]\npackage = false\n{UV}", id="virtual"),
        pytest.param(f"{PACKAGE}[tool.poetry]\npackage-mode = false\n{UV}", id="frame"),
        pytest.param(f"{PACKAGE}[tool.pdm]\ndistribution = false\n{PDM}", id="application"),
        pytest.param(PACKAGE, id="no-workspace"),
    ],
)
def test_other_roots_are_none(text: str) -> None:
    assert "." not in globs_of(text).members


def test_hatch_names_members_in_strings_and_tables() -> None:
    text = (
        "[tool.hatch.envs.default]\n"
        "workspace.members = [{path = 'a', features = ['x']}, 'b/*', {features = ['y']}, 1]\n"
    )

    assert globs_of(text).members == ("a", "b/*")


def test_the_environments_of_hatch_count_together() -> None:
    """What one environment leaves out may still be released; what all leave out is not."""
    text = (
        "[tool.hatch.envs.default]\n"
        "workspace = {members = ['tools/x'], exclude = ['old', 'a']}\n"
        "[tool.hatch.envs.lint]\ndetached = true\n"
        "[tool.hatch.envs.dev.workspace]\n"
        "members = ['tools/x', 'packages/*']\nexclude = ['b', 'old']\n"
    )

    globs = globs_of(text)

    assert globs.members == ("tools/x", "packages/*")
    assert globs.excludes == ("old",)
