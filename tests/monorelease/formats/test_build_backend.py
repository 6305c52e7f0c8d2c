from __future__ import annotations

import tomllib

import pytest
from packaging.version import Version

from monorelease.formats.build_backend import why_not_plain

HERE = Version("1.33.0")
SYSTEM = '[build-system]\nrequires = ["hatchling>=1.27"]\nbuild-backend = "hatchling.build"\n'
PROJECT = '[project]\nname = "core"\nversion = "1"\n'


def why_not(text: str, *, has_hatch_toml: bool = False) -> str:
    return why_not_plain(tomllib.loads(text), HERE, has_hatch_toml=has_hatch_toml)


@pytest.mark.parametrize(
    "text",
    [
        SYSTEM + PROJECT,
        SYSTEM + PROJECT + "dynamic = []\n",
        SYSTEM + '[project]\ndynamic = ["version"]\n[tool.hatch.version]\npath = "core.py"\n',
        SYSTEM + '[tool.hatch.version]\nsource = "regex"\npath = "core.py"\npattern = "x"\n',
        SYSTEM + '[tool.hatch.build.targets.wheel]\npackages = ["src/core"]\n',
        SYSTEM + "[tool.hatch.build.hooks]\n",
        SYSTEM + "[tool.hatch.metadata]\nallow-direct-references = true\n",
        SYSTEM.replace("hatchling>=1.27", "hatchling"),
        SYSTEM.replace("hatchling>=1.27", "hatchling ==1.33.*"),
    ],
)
def test_hatchling_alone_is_plain(text: str) -> None:
    assert why_not(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PROJECT, "its build backend is setuptools"),
        (SYSTEM.replace("hatchling.build", "flit_core.buildapi"), "backend is flit_core.buildapi"),
        (SYSTEM + 'backend-path = ["."]\n', "its build backend is a part of the repository"),
        ('[build-system]\nbuild-backend = "hatchling.build"', "requires more than hatchling"),
        (SYSTEM.replace('"]', '", "hatch-vcs"]'), "requires more than hatchling"),
        (SYSTEM.replace('["hatchling>=1.27"]', "[27]"), "requires more than hatchling"),
        (SYSTEM.replace("hatchling>=1.27", "-e ."), "requires '-e .', which cannot be read"),
        (SYSTEM.replace("hatchling>=1.27", "core"), "its build requires core"),
        (SYSTEM.replace("hatchling>", "hatchling[x]>"), "its build requires hatchling[x]>=1.27"),
        (SYSTEM.replace(">=1.27", "@ file:///x"), "its build requires hatchling@ file:///x"),
        (
            SYSTEM.replace("1.27", "1; python_version<'4'"),
            "its build requires hatchling>=1; python_version<'4'",
        ),
        (SYSTEM.replace(">=1.27", ">=2"), "requires hatchling>=2, and 1.33.0 is here"),
        (SYSTEM + '[project]\ndynamic = ["version", "readme"]', "its metadata is dynamic"),
        (SYSTEM + '[tool.hatch.version]\nsource = "code"', "its version comes from 'code'"),
        (SYSTEM + '[tool.hatch.version]\nsource = "env"', "its version comes from 'env'"),
        (SYSTEM + '[tool.hatch.version]\nsource = "vcs"', "its version comes from 'vcs'"),
        (SYSTEM + "[tool.hatch.metadata.hooks.custom]", "it has metadata hooks"),
        (SYSTEM + "[tool.hatch.build.hooks.custom]", "it has build hooks"),
        (SYSTEM + "[tool.hatch.build.targets.wheel.hooks.custom]", "it has build hooks"),
        (SYSTEM + "[tool.hatch.build.targets.sdist.hooks.mypyc]", "it has build hooks"),
        (SYSTEM + "[tool.hatch.build.targets.custom]", "it has a builder of its own"),
    ],
)
def test_what_may_run_other_code_or_another_hatchling_is_not(text: str, reason: str) -> None:
    assert why_not(text).endswith(reason)


def test_settings_beside_the_manifest_are_not_read_twice() -> None:
    reason = why_not(SYSTEM + PROJECT, has_hatch_toml=True)

    assert reason == "a hatch.toml lies beside its pyproject.toml"


def test_a_prerelease_of_hatchling_is_judged_like_any_other() -> None:
    data = tomllib.loads(SYSTEM)

    assert why_not_plain(data, Version("2.0rc1"), has_hatch_toml=False) == ""
