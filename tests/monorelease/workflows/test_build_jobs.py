from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from buildable import HATCH_VCS, package, released
from monorelease.adapters.build_job import Job
from monorelease.errors import UsageProblem
from monorelease.workflows.build_jobs import build_jobs, linked_versions
from monorelease.workflows.sources import sources
from sandbox import Sandbox
from values import named

ROOT = {"pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'}


def requiring(requirement: str) -> str:
    """A build system that requires hatchling, and this."""
    return (
        f'[build-system]\nrequires = ["hatchling", "{requirement}"]\n'
        'build-backend = "hatchling.build"\n'
    )


def jobs_of(sandbox: Sandbox, *names: str, **linked: str) -> dict[str, Job]:
    """What is to be built for these members, in order."""
    sandbox.write(ROOT)
    sandbox.commit("All")
    members = [released(sandbox, name) for name in names]
    versions = {named(name): Version(version) for name, version in linked.items()}
    with sources(sandbox.root, members) as snapshots:
        return {str(job.name): job for job in build_jobs(members, snapshots, versions, ())}


def pins(job: Job) -> dict[str, str]:
    return {name: str(version) for name, version in job.pins.items()}


def test_what_a_build_requires_comes_first_and_has_no_source_distribution(
    sandbox: Sandbox,
) -> None:
    """All of it, and what this requires to be built and installed."""
    sandbox.write(package("core", system=requiring("hook>=1")))
    sandbox.write(package("hook", "1.2.0", system=requiring("tool"), more='dependencies = ["dep"]'))
    sandbox.write(package("tool") | package("dep") | package("other"))

    jobs = jobs_of(sandbox, "core")

    assert [*jobs][-2:] == ["hook", "core"]
    assert {*jobs} == {"core", "hook", "tool", "dep"}
    assert {name for name, job in jobs.items() if job.wheel_only} == {"hook", "tool", "dep"}
    assert pins(jobs["core"]) == {"hook": "1.2.0", "dep": "1.0.0"}
    assert set(jobs["core"].needs) == {"hook", "dep"}
    assert pins(jobs["hook"]) == {"tool": "1.0.0"}


def test_what_is_released_itself_is_built_whole(sandbox: Sandbox) -> None:
    sandbox.write(package("core", system=requiring("hook")) | package("hook"))

    jobs = jobs_of(sandbox, "core", "hook")

    assert [*jobs] == ["hook", "core"]
    assert not jobs["hook"].wheel_only
    assert jobs["core"].needs == ("hook",)


def test_what_was_built_elsewhere_is_not_built_again(sandbox: Sandbox) -> None:
    """It has the version that it has there, and brings what it requires from there."""
    sandbox.write(package("core", system=requiring("hook")) | package("dep"))
    sandbox.write(package("hook", more='dependencies = ["dep"]'))

    jobs = jobs_of(sandbox, "core", hook="1.0.1", dep="1.0.0", stranger="3")

    assert [*jobs] == ["core"]
    assert jobs["core"].needs == ()
    assert pins(jobs["core"]) == {"hook": "1.0.1", "dep": "1.0.0"}


@pytest.mark.parametrize("requirement", ["hook<1", "tagged"])
def test_another_version_than_there_is_comes_from_an_index(
    sandbox: Sandbox, requirement: str
) -> None:
    """So does one whose version only its tag could tell."""
    sandbox.write(package("core", system=requiring(requirement)) | package("hook"))
    sandbox.write(package("tagged", "", system=HATCH_VCS))

    jobs = jobs_of(sandbox, "core")

    assert [*jobs] == ["core"]
    assert pins(jobs["core"]) == {}


@pytest.mark.parametrize(("requirement", "helpers"), [("hub", {"hub"}), ("hub[all]", {"hub", "x"})])
def test_extras_count_where_they_are_asked_for(
    sandbox: Sandbox, requirement: str, helpers: set[str]
) -> None:
    """Else every plugin would be built for the sake of one that builds with their core."""
    sandbox.write(package("core", system=requiring(requirement)))
    sandbox.write(package("hub", more='[project.optional-dependencies]\nall = ["x"]\n'))
    sandbox.write(package("x", system=requiring("hub"), more='dependencies = ["hub"]'))

    assert {*jobs_of(sandbox, "core")} == {"core", *helpers}


def test_the_newest_wheel_of_each_project_counts(tmp_path: Path) -> None:
    for folder, names in {"1": ("a-1.9", "b_c-2.0"), "2": ("a-1.10", "a-1.2")}.items():
        for name in names:
            place = tmp_path / folder / f"{name}-py3-none-any.whl"
            place.parent.mkdir(exist_ok=True)
            place.touch()
    for name in ("a-3.0.tar.gz", "wheel.whl", "d-1-py3-none-any.whl.part"):
        (tmp_path / "2" / name).touch()

    found = linked_versions([tmp_path / "1", tmp_path / "2"])

    assert {name: str(version) for name, version in found.items()} == {"a": "1.10", "b-c": "2.0"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem) as caught:
        linked_versions([tmp_path, tmp_path / "wave-1"])

    assert caught.value.problem == f"there is no folder {tmp_path / 'wave-1'}"
    assert caught.value.hint == "name one that an earlier build went into: --find-links DIR"
