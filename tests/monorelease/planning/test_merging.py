from __future__ import annotations

from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.artifact import ArtifactKind, Build, BuiltMember
from monorelease.model.finding import Finding
from monorelease.model.publication import Gap, Pending
from monorelease.model.value import replace
from monorelease.planning.merging import check_complete, merge
from monorelease.planning.pending import find_pending
from publications import COMMIT, build_of, built, released, sdist, wheel
from scenes import Scene, scenes, sights
from values import named

LINUX = built("core", wheel("core", tags="cp311"), sdist("core"))
MACOS = built("core", wheel("core", tags="cp312"), sdist("core"))
OTHER = "e" * 40


def pending(name: str = "core", gap: Gap | None = Gap.NO_FILES) -> Pending:
    return Pending(member=released(name), gap=gap, tag_here=False, tag_there=False, announce=False)


@st.composite
def shares(draw: st.DrawFn, build: Build) -> list[tuple[str, Build]]:
    """The build in up to four parts, which may overlap; together they have every file."""
    count = draw(st.integers(1, 4))
    jobs: list[list[BuiltMember]] = [[] for _ in range(count)]
    for member in build.members:
        parts: list[list[str]] = [[] for _ in range(count)]
        for artifact in member.artifacts:
            for job in draw(st.sets(st.integers(0, count - 1), min_size=1)):
                parts[job].append(artifact.filename)
        for job, names in enumerate(parts):
            found = tuple(a for a in member.artifacts if a.filename in names)
            if found:
                jobs[job].append(replace(member, artifacts=found))
    return [(f"job-{job}", Build(members=tuple(found))) for job, found in enumerate(jobs)]


# ── properties ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(st.data())
def test_what_was_built_in_parts_is_whole_again(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())

    whole, findings = merge(data.draw(shares(scene.build)))

    assert findings == ()
    assert {m.name for m in whole.members} == {m.name for m in scene.build.members}
    originals = {m.name: m for m in scene.build.members}
    for member in whole.members:
        original = originals[member.name]
        assert set(member.artifacts) == set(original.artifacts)
        assert len(member.artifacts) == len(original.artifacts)
        assert replace(member, artifacts=()) == replace(original, artifacts=())


@pytest.mark.property
@given(st.data())
def test_the_order_agrees_with_every_manifest(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    parts = data.draw(shares(scene.build))

    whole, _ = merge(data.draw(st.permutations(parts)))

    place = {member.name: number for number, member in enumerate(whole.members)}
    for _, part in parts:
        for earlier, later in pairwise(part.members):
            assert place[earlier.name] < place[later.name]


@pytest.mark.property
@given(st.data())
def test_wheels_come_before_source_distributions(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())

    whole, _ = merge(data.draw(shares(scene.build)))

    for member in whole.members:
        kinds = [artifact.kind for artifact in member.artifacts]
        assert kinds == sorted(kinds, key=[ArtifactKind.WHEEL, ArtifactKind.SDIST].index)


@pytest.mark.property
@given(st.data())
def test_a_file_with_other_bytes_is_found_and_the_first_is_kept(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    place = data.draw(st.integers(0, len(scene.build.members) - 1))
    member = scene.build.members[place]
    artifact = data.draw(st.sampled_from(member.artifacts))
    forged = Build(members=(replace(member, artifacts=(replace(artifact, sha256="0" * 64),)),))

    whole, findings = merge([("good", scene.build), ("bad", forged)])

    assert whole == scene.build
    assert [finding.code for finding in findings] == ["artifacts-differ"]
    assert artifact.filename in findings[0].problem


@pytest.mark.property
@given(st.data())
def test_a_whole_build_is_complete_whatever_is_pending(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    left = find_pending(scene.released, data.draw(sights(scene)), scene.wheels_only)

    assert list(check_complete(scene.build, left, scene.wheels_only)) == []
    assert len(list(check_complete(Build(members=()), left))) == sum(bool(p.gap) for p in left)


# ── merging ─────────────────────────────────────────────────────────────────────────────


def test_wheels_for_several_platforms_add_up() -> None:
    whole, findings = merge([("linux", build_of(LINUX)), ("macos", build_of(MACOS))])

    assert findings == ()
    assert [a.filename for m in whole.members for a in m.artifacts] == [
        "core-1.0.44-cp311-none-any.whl",
        "core-1.0.44-cp312-none-any.whl",
        "core-1.0.44.tar.gz",
    ]


def test_no_builds_are_an_empty_one() -> None:
    assert merge([]) == (Build(members=()), ())


def test_a_member_without_every_kind_of_file_is_not_judged_here() -> None:
    alone = build_of(built("core", wheel("core")), built("app", sdist("app")))

    assert merge([("here", alone)]) == (alone, ())


def test_a_dependency_of_a_later_manifest_still_comes_first() -> None:
    core, app = built("core", wheel("core")), built("app", wheel("app"))
    more = built("app", wheel("app", tags="cp311"))

    whole, _ = merge([("a", build_of(app)), ("b", build_of(core, more))])

    assert [member.name for member in whole.members] == ["core", "app"]


def test_where_manifests_do_not_agree_the_first_appearance_counts() -> None:
    a, b, c = (built(name, wheel(name)) for name in "abc")

    whole, _ = merge([("x", build_of(b, a)), ("y", build_of(a, b, c))])

    assert [member.name for member in whole.members] == ["b", "a", "c"]


def test_other_bytes_by_one_name_are_told_with_both_folders() -> None:
    forged = replace(sdist("core"), sha256="c" * 64)

    _, findings = merge([("linux", build_of(LINUX)), ("macos", build_of(built("core", forged)))])

    assert findings == (
        Finding(
            code="artifacts-differ",
            problem=f"core-1.0.44.tar.gz has sha256 {'b' * 64} in linux, and {'c' * 64} in macos",
            hint="let one job alone build what is the same for all platforms, or make the build "
            "reproducible",
        ),
    )


@pytest.mark.parametrize(
    ("stray", "told"),
    [
        (replace(MACOS, commit=OTHER), "1.0.44 of packages/core at commit eeeeeeeeeeee"),
        (replace(MACOS, path=PurePosixPath("x")), "1.0.44 of x at commit 4f2a9c1e4f2a"),
        (
            replace(MACOS, version=released("core", "1.0.45").version),
            "1.0.45 of packages/core at commit 4f2a9c1e4f2a",
        ),
    ],
    ids=["commit", "path", "version"],
)
def test_what_was_built_from_something_else_is_left_out(stray: BuiltMember, told: str) -> None:
    forged = replace(stray, artifacts=(replace(sdist("core"), sha256="c" * 64), *stray.artifacts))

    whole, findings = merge([("linux", build_of(LINUX)), ("macos", build_of(forged))])

    assert whole == build_of(LINUX)
    assert findings == (
        Finding(
            code="builds-disagree",
            problem="core is 1.0.44 of packages/core at commit 4f2a9c1e4f2a in linux, and "
            f"{told} in macos",
            hint="let every job build the same commit, and throw old artifacts away",
        ),
    )


# ── what is missing ─────────────────────────────────────────────────────────────────────


def test_what_is_pending_and_was_not_built_is_found() -> None:
    assert list(check_complete(build_of(), [pending()])) == [
        Finding(
            code="not-built",
            problem="core 1.0.44 is pending (not on the index), and was not built",
            hint="add the folder that has it with --from, or publish the others alone: "
            "--only '*,!core'",
        )
    ]


def test_what_has_nothing_to_upload_need_not_be_built() -> None:
    assert list(check_complete(build_of(), [pending(gap=None)])) == []


def test_what_was_built_and_is_not_pending_is_no_matter() -> None:
    stray = replace(built("app", wheel("app")), commit=OTHER)

    assert list(check_complete(build_of(LINUX, stray), [pending()])) == []


@pytest.mark.parametrize("gap", [Gap.NO_FILES, None])
@pytest.mark.parametrize(
    ("found", "told"),
    [
        (replace(LINUX, commit=OTHER), "1.0.44 of packages/core at commit eeeeeeeeeeee"),
        (
            replace(LINUX, version=released("core", "1.0.43").version),
            "1.0.43 of packages/core at commit 4f2a9c1e4f2a",
        ),
    ],
    ids=["commit", "version"],
)
def test_what_was_built_from_something_else_than_the_release_is_found(
    found: BuiltMember, told: str, gap: Gap | None
) -> None:
    (finding,) = check_complete(build_of(found), [pending(gap=gap)])

    assert finding.code == "built-elsewhere"
    assert finding.problem == (
        f"core was built as {told}, and is released as 1.0.44 by commit {COMMIT[:12]}"
    )


@pytest.mark.parametrize(
    ("gap", "member", "word"),
    [
        (Gap.NO_SDIST, built("core", wheel("core")), "source distribution"),
        (Gap.NO_WHEEL, built("core", sdist("core")), "wheel"),
    ],
)
def test_what_was_built_fills_the_gap(gap: Gap, member: BuiltMember, word: str) -> None:
    (finding,) = check_complete(build_of(member), [pending(gap=gap)])

    assert finding == Finding(
        code="not-built",
        problem=f"core 1.0.44 is pending ({gap.value}), and no {word} of it was built",
        hint=f"build the {word} in one of the jobs, and add its folder with --from",
    )
    assert list(check_complete(build_of(LINUX), [pending(gap=gap)])) == []


@pytest.mark.parametrize("gap", [Gap.NO_FILES, Gap.UNKNOWN_NAME])
def test_a_version_that_is_not_there_at_all_needs_both(gap: Gap) -> None:
    def missing(member: BuiltMember, *wheels_only: str) -> list[str]:
        names = {named(name) for name in wheels_only}
        found = check_complete(build_of(member), [pending(gap=gap)], names)
        return [finding.problem.rpartition(" no ")[2] for finding in found]

    assert missing(built("core", wheel("core"))) == ["source distribution of it was built"]
    assert missing(built("core", sdist("core"))) == ["wheel of it was built"]
    assert missing(built("core", wheel("core")), "core") == []
    assert missing(LINUX) == []
