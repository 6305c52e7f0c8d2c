from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.compatibility import Trial, TrialKind
from monorelease.model.index import IndexedFile, Project
from monorelease.model.workspace import DependencyKind, Member, Workspace
from monorelease.planning.compatibility import (
    Constrained,
    Stage,
    plan_trials,
    runtime_requirements,
)
from values import member, named, requires, workspace

EXTRA, GROUP = DependencyKind.EXTRA, DependencyKind.GROUP


def project(name: str, *versions: str, yanked: str = "") -> Project:
    files = tuple(
        IndexedFile(
            filename=f"{name.replace('-', '_')}-{version}-py3-none-any.whl",
            sha256=None,
            yanked="" if version == yanked else None,
        )
        for version in versions
    )
    return Project(name=named(name), files=files)


def trials(
    space: Workspace,
    targets: Mapping[str, str],
    *projects: Project,
    then: Mapping[str, Sequence[Constrained]] | None = None,
) -> list[tuple[str, str]]:
    """Each trial's kind in a letter, and what is installed."""
    stage = Stage(
        workspace=space,
        targets={named(name): Version(version) for name, version in targets.items()},
        projects={each.name: each for each in projects},
        required=lambda m: runtime_requirements(m.dependencies),
        required_then=lambda m, _: (then or {}).get(m.name, runtime_requirements(m.dependencies)),
    )
    return [(trial.kind.value[0], " ".join(trial.install)) for trial in plan_trials(stage)]


CORE = member("core", "1.0")
PLUGIN = member("plugin", "1.0", requires("core", ">=0.9,<2"))
SPACE = workspace(CORE, PLUGIN)


def test_what_is_published_is_tried_with_what_is_new() -> None:
    found = trials(SPACE, {"core": "1.1"}, project("core", "1.0"), project("plugin", "0.8", "1.0"))

    assert found == [("p", "plugin==1.0 core==1.1")]


def test_what_is_new_is_tried_with_the_lowest_that_it_lets_in() -> None:
    index = project("core", "0.8", "0.9", "1.0"), project("plugin")

    assert trials(SPACE, {"plugin": "1.1"}, *index) == [("l", "plugin==1.1 core==0.9")]


def test_who_is_released_too_is_tried_both_ways() -> None:
    index = project("core", "1.0"), project("plugin", "1.0")

    found = trials(SPACE, {"core": "1.1", "plugin": "1.1"}, *index)

    assert found == [("p", "plugin==1.0 core==1.1"), ("l", "plugin==1.1 core==1.0")]


@pytest.mark.parametrize(
    ("targets", "projects"),
    [
        ({}, [project("core", "1.0"), project("plugin", "1.0")]),
        ({"core": "2.0"}, [project("core", "1.0"), project("plugin", "1.0")]),
        ({"core": "1.1"}, [project("core", "1.0"), project("plugin")]),
        ({"core": "1.1"}, [project("core", "1.0")]),
        ({"core": "1.1"}, [project("core", "1.0"), project("plugin", "1.0rc1")]),
        ({"core": "1.1"}, [project("core", "1.0"), project("plugin", "1.0", yanked="1.0")]),
        ({"plugin": "1.1"}, [project("core", "0.8"), project("plugin")]),
        ({"plugin": "1.1"}, [project("core", "0.9rc1"), project("plugin")]),
        ({"plugin": "1.1", "core": "1.1"}, [project("core", "1.1"), project("plugin", "1.1")]),
    ],
    ids=[
        "nothing new",
        "what is published keeps the new one out",
        "nothing published",
        "not asked for",
        "pre-releases alone",
        "yanked",
        "nothing is as high as the floor",
        "nothing final is",
        "all of it is out",
    ],
)
def test_where_nothing_meets_nothing_is_tried(
    targets: dict[str, str], projects: list[Project]
) -> None:
    assert trials(SPACE, targets, *projects) == []


def test_constraints_of_what_is_published_are_those_of_then() -> None:
    index = project("core", "1.0"), project("plugin", "1.0")
    pinned = runtime_requirements([requires("core", "==1.0")])

    assert trials(SPACE, {"core": "1.1"}, *index, then={"plugin": pinned}) == []


def test_private_members_extras_and_groups_are_no_users() -> None:
    space = workspace(
        CORE,
        member("kit", "1.0", requires("core", ">=1"), private=True),
        member("extra", "1.0", requires("core", ">=1", EXTRA), requires("core", "", GROUP)),
    )
    index = project("core", "1.0"), project("kit", "1.0"), project("extra", "1.0")

    assert trials(space, {"core": "1.1", "kit": "1.1", "extra": "1.1"}, *index) == []


def test_of_requirements_split_by_markers_all_have_to_hold() -> None:
    split = member("plugin", "1.0", requires("core", ">=1.0"), requires("core", "<1.2"))
    direct = member("direct", "1.0", requires("core", None))
    space = workspace(CORE, split, direct)
    index = project("core", "0.9", "1.0"), project("plugin", "1.0"), project("direct", "1.0")

    assert trials(space, {"core": "1.2"}, *index) == [("p", "direct==1.0 core==1.2")]
    assert trials(space, {"plugin": "1.1", "direct": "1.1"}, *index) == [
        ("l", "plugin==1.1 core==1.0"),
        ("l", "direct==1.1 core==0.9"),
    ]


def test_a_trial_says_what_it_is_about() -> None:
    space = workspace(
        CORE, member("tts", "1.0"), member("app", "1.0", *(requires("core"), requires("tts")))
    )
    stage = Stage(
        workspace=space,
        targets={named("core"): Version("1.1"), named("tts"): Version("1.2")},
        projects={named("app"): project("app", "1.0")},
        required=lambda m: runtime_requirements(m.dependencies),
        required_then=lambda m, _: runtime_requirements(m.dependencies),
    )

    assert plan_trials(stage) == (
        Trial(
            kind=TrialKind.PUBLISHED_DEPENDENTS,
            member=named("app"),
            install=("app==1.0", "core==1.1", "tts==1.2"),
            against=("core==1.1", "tts==1.2"),
        ),
    )


VERSIONS = ("0.9", "1.0", "1.1", "2.0")


@pytest.mark.property
@given(
    st.sampled_from(["", ">=1.0", ">=1,<2", "==1.0", "~=1.0", "<1"]),
    st.sets(st.sampled_from(VERSIONS)),
    st.sets(st.sampled_from(VERSIONS)),
    st.dictionaries(st.sampled_from(["core", "plugin"]), st.sampled_from(["1.2", "2.1"])),
)
def test_what_is_installed_together_satisfies_the_constraint(
    text: str, cores: set[str], plugins: set[str], targets: dict[str, str]
) -> None:
    plugin: Member = member("plugin", "1.0", requires("core", text))
    space = workspace(CORE, plugin)
    published: dict[NormalizedName, set[str]] = {named("core"): cores, named("plugin"): plugins}

    found = trials(space, targets, project("core", *cores), project("plugin", *plugins))

    for kind, install in found:
        pins = dict(pin.split("==") for pin in install.split())
        assert Requirement(f"core{text}").specifier.contains(pins["core"])
        new, old = ("core", "plugin") if kind == "p" else ("plugin", "core")
        assert pins[new] == targets[new]
        assert pins[old] in published[named(old)]
