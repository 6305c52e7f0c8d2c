"""A peer's planner on 300 monorepos: where its answers are ours, and where we decide otherwise."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.constraint import Constraint
from monorelease.model.fragment import Entry, Fragment
from monorelease.model.plan import ReleasePlan
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace
from monorelease.planning.checks import Inspection, check_release
from monorelease.planning.plan import plan_release

Case = dict[str, Any]

CASES = Path(__file__).parents[4] / "shared" / "oracle" / "cases-300.jsonl.gz"
KINDS = {
    "runtime": DependencyKind.RUNTIME,
    "peer": DependencyKind.RUNTIME,
    "optional": DependencyKind.EXTRA,
    "dev": DependencyKind.GROUP,
}

DECIDED_OTHERWISE = {
    "pre mode": "a pre-release is a flag of one run here, not a mode with a state file; and a "
    "pre-release inside a range does not drag dependents along (PEP 440 installers take it)",
    "snapshot": "a snapshot is X.Y.Z.devN here, not 0.0.0-NAME: PyPI has no dist-tags",
}
"""Whole families of cases that are not compared, each with the decision behind it."""

DIFFERS = {
    "gen-000047": {"lotus": (("minor", "3.2.0"), None)},
}
"""Single cases, as ours and theirs. In 000047 `lotus` requires `quartz` by ``workspace:~``, and a
fixed group lifts `quartz` to the group's next version. The peer overwrites the old version of
`quartz` with the group's and finds the published range still fitting; here a release keeps
its own `from`, the range that was published is left, and `lotus` is released."""


def cases() -> list[Case]:
    if not CASES.exists():
        return []
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


ALL = cases()
needs_cases = pytest.mark.skipif(not ALL, reason="the peer's answers are not beside this clone")


def family(case: Case) -> str | None:
    """Why this case is not compared; None where it is."""
    if case.get("pre"):
        return "pre mode"
    return "snapshot" if case.get("snapshot") is not None else None


COMPARED = [case for case in ALL if family(case) is None and "error" not in case["expected"]]
REFUSED = [case for case in ALL if family(case) is None and "error" in case["expected"]]


@needs_cases
@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case["id"])
def test_the_plan_is_the_peers_plan(case: Case) -> None:
    ours, theirs = ours_of(plan_of(case)), theirs_of(case)
    names = ours.keys() | theirs.keys()

    differing = {n: (ours.get(n), theirs.get(n)) for n in names if ours.get(n) != theirs.get(n)}

    assert differing == DIFFERS.get(case["id"], {})


@needs_cases
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["id"])
def test_what_the_peer_refuses_is_an_error_with_file_and_line(case: Case) -> None:
    workspace, fragments, config = translated(case)
    plan = plan_release(workspace, fragments, config)
    inspection = Inspection(workspace=workspace, fragments=fragments, config=config, plan=plan)

    errors = [f for f in check_release(inspection) if f.is_error and f.path and f.line]

    assert {f.code for f in errors} <= {"unknown-member", "ignored-member"}
    assert errors


@needs_cases
def test_nearly_all_cases_are_compared() -> None:
    left_out = [case for case in ALL if family(case)]

    assert len(COMPARED) + len(REFUSED) >= 250
    assert {family(case) for case in left_out} == set(DECIDED_OTHERWISE)


def plan_of(case: Case) -> ReleasePlan:
    workspace, fragments, config = translated(case)
    return plan_release(workspace, fragments, config)


def ours_of(plan: ReleasePlan) -> dict[str, tuple[str, str]]:
    return {r.name: (r.bump.word, str(r.target)) for r in plan.releases}


def theirs_of(case: Case) -> dict[str, tuple[str, str]]:
    return {
        release["name"]: (release["type"], release["newPep440"])
        for release in case["expected"]["releases"]
        if release["type"] != "none"
    }


def translated(case: Case) -> tuple[Workspace, tuple[Fragment, ...], Config]:
    """The case in our words."""
    versions = {p["name"]: Version(p["pep440"]) for p in case["packages"]}
    only_workspace = case["config"].get("bumpVersionsWithWorkspaceProtocolOnly", False)
    workspace = Workspace(
        members=tuple(member_of(p, versions, only_workspace) for p in case["packages"])
    )
    return workspace, tuple(map(fragment_of, case["changesets"])), config_of(case)


def config_of(case: Case) -> Config:
    config = case["config"]
    versions_private = config.get("privatePackages", {}).get("version", False)
    unversioned = [p["name"] for p in case["packages"] if p.get("private") and not versions_private]
    always = config.get("updateInternalDependents") == "always"
    return Config(
        fixed=tuple(map(tuple, config["fixed"])),
        linked=tuple(map(tuple, config["linked"])),
        ignore=(*config["ignore"], *unversioned),
        dependents=DependentsPolicy.ALWAYS if always else DependentsPolicy.OUT_OF_RANGE,
        major_on_zero=Bump.MAJOR,
    )


def member_of(package: Case, versions: dict[str, Version], only_workspace: bool) -> Member:  # noqa: FBT001 - a translation
    return Member(
        name=canonicalize_name(package["name"]),
        written_name=package["name"],
        path=PurePosixPath("packages", package["name"]),
        version=versions[package["name"]],
        version_source=None,
        private=package.get("private", False),
        dependencies=tuple(dependencies_of(package, versions, only_workspace)),
    )


def dependencies_of(
    package: Case,
    versions: dict[str, Version],
    only_workspace: bool,  # noqa: FBT001 - a translation
) -> Iterator[Dependency]:
    for name, specs in package["deps"].items():
        for place, spec in enumerate(specs if isinstance(specs, list) else [specs]):
            if only_workspace and not spec.get("workspace"):
                continue
            yield Dependency(
                on=canonicalize_name(name),
                kind=KINDS[spec["kind"]],
                table=spec["kind"],
                key=(spec["kind"], name, place),
                prefix=name,
                constraint=Constraint.parse(range_of(spec["pep440"], versions[name])),
                suffix="",
            )


def range_of(written: str, current: Version) -> str:
    """The peer's workspace protocol, spelled out as the range that it publishes."""
    major, minor, micro = current.release
    match written:
        case "workspace":
            return f"=={current}"
        case "workspace:~":
            return f">={current},<{major}.{minor + 1}"
        case "workspace:^" if major:
            return f">={current},<{major + 1}"
        case "workspace:^" if minor:
            return f">={current},<0.{minor + 1}"
        case "workspace:^":
            return f">={current},<0.0.{micro + 1}"
        case _:
            return written


def fragment_of(changeset: Case) -> Fragment:
    return Fragment(
        path=PurePosixPath("changes", f"{changeset['id']}.fix.md"),
        id=changeset["id"],
        category="fix",
        entries=tuple(
            Entry(
                name=canonicalize_name(release["name"]),
                bump=Bump.from_word(release["type"]),
                line=line,
            )
            for line, release in enumerate(changeset["releases"], 2)
        ),
        text=changeset["summary"],
    )
