from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.artifact import Artifact, VerifiedBuild
from monorelease.model.index import IndexedFile, Project
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Gap,
    Pending,
    PlannedTag,
    PublishPlan,
    ReleasedMember,
    Upload,
)
from monorelease.model.value import replace
from monorelease.model.workspace import Workspace
from monorelease.planning.pending import Seen, find_pending
from monorelease.planning.publication import plan_publication
from publications import COMMIT, PYPI, build_of, built, released, sdist, wheel
from scenes import OFFERED, Scene, arrived, reachable, scenes, sights
from values import member, named, requires, workspace

SPACE = workspace(member("app", "1.0.44", requires("core")), member("core", "1.0.44"))
CORE, APP = released("core"), released("app")
CORE_BUILT = built("core", wheel("core"), sdist("core"))
APP_BUILT = built("app", wheel("app"), sdist("app"))
ALL = VerifiedBuild(build=build_of(CORE_BUILT, APP_BUILT))


def pending(member: ReleasedMember = CORE, gap: Gap | None = Gap.NO_FILES, **left: bool) -> Pending:
    flags = {"tag_here": False, "tag_there": False, "announce": False} | left
    return Pending(member=member, gap=gap, **flags)


def listed(files: Mapping[Artifact, str | None] | None = None, *new: str) -> Seen:
    """An index with these files, all of the core's; names in `new` are not known to it."""
    found = tuple(IndexedFile(filename=a.filename, sha256=s) for a, s in (files or {}).items())
    projects = {
        name: Project(name=name, files=found if name == CORE.name else (), is_known=name not in new)
        for name in SPACE.names
    }
    return Seen(projects=projects, tags_here={}, tags_there=None)


def plan(
    *left: Pending, verified: VerifiedBuild | None = ALL, seen: Seen | None = None
) -> PublishPlan:
    return plan_publication(PYPI, SPACE, left, verified, seen or listed())


def sent(plan: PublishPlan) -> list[Upload]:
    return [file for file in plan.files if isinstance(file, Upload)]


# ── properties ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(st.data())
def test_after_the_uploads_no_file_is_pending(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    world = data.draw(sights(scene))

    after = arrived(world, scene.plan(world).files)

    left = find_pending(scene.released, after, scene.wheels_only)
    assert [p.member.name for p in left if p.gap is not None] == []
    assert sent(scene.plan(after)) == []


@pytest.mark.property
@given(st.data())
def test_interrupted_anywhere_it_goes_on_with_exactly_the_rest(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    world = data.draw(sights(scene))
    untagged = replace(world, tags_here={}, tags_there={})
    uploads = sent(scene.plan(untagged))
    place = data.draw(st.integers(0, len(uploads)))

    again = scene.plan(arrived(untagged, uploads[:place]))

    assert sent(again) == uploads[place:]


@pytest.mark.property
@given(st.data())
def test_a_snapshot_without_tags_is_finished_too(data: st.DataObject) -> None:
    """The source distribution comes last: until it is there, the version is not."""
    drawn: Scene = data.draw(scenes(most_wheels_only=0))
    scene = drawn._replace(released=tuple(replace(m, tag="") for m in drawn.released))
    empty = {m.name: Project(name=m.name, is_known=False) for m in scene.released}
    world = Seen(projects=empty, tags_here={}, tags_there=None)
    uploads = sent(scene.plan(world))
    place = data.draw(st.integers(0, len(uploads)))

    again = sent(scene.plan(arrived(world, uploads[:place])))

    assert set(again) == set(uploads[place:])


@pytest.mark.property
@given(st.data())
def test_a_file_is_sent_once_and_only_where_it_is_missing(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    world = data.draw(sights(scene))
    plan = scene.plan(world)
    there = {file.filename for p in world.projects.values() for file in p.files}

    names = [file.artifact.filename for file in plan.files]
    assert len(names) == len(set(names))
    for file in plan.files:
        kind = AlreadyThere if file.artifact.filename in there else Upload
        assert isinstance(file, kind)


@pytest.mark.property
@given(st.data())
def test_what_a_file_requires_is_there_or_comes_before_it(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    order = [file.name for file in plan.files]

    for place, name in enumerate(order):
        for needed in reachable(name, scene.workspace, OFFERED):
            is_circle = name in reachable(needed, scene.workspace, OFFERED)
            assert is_circle or needed not in order[place:]


@pytest.mark.property
@given(st.data())
def test_files_stand_in_the_order_of_the_waves_and_of_the_manifest(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    artifacts = {m.name: m.artifacts for m in scene.build.members}

    in_waves = [name for wave in plan.waves for name in wave]
    assert [f.artifact for f in plan.files] == [a for name in in_waves for a in artifacts[name]]
    assert set(plan.new_names) <= set(in_waves)


@pytest.mark.property
@given(st.data())
def test_where_the_index_has_other_bytes_nothing_is_overwritten(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    other = data.draw(st.sampled_from(["f" * 64, None]))
    projects = {
        m.name: Project(
            name=m.name,
            files=tuple(
                IndexedFile(filename=a.filename, sha256=other)
                for a in data.draw(st.sets(st.sampled_from(m.artifacts)))
            ),
        )
        for m in scene.build.members
    }
    there = {file.filename for p in projects.values() for file in p.files}

    plan = scene.plan(Seen(projects=projects, tags_here={}, tags_there=None))

    for file in plan.files:
        match file:
            case Conflict(theirs=theirs):
                assert file.artifact.filename in there
                assert theirs == other
            case _:
                assert file.artifact.filename not in there


@pytest.mark.property
@given(st.data())
def test_before_anything_is_built_all_but_the_files_is_known(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    world = data.draw(sights(scene))
    left = [p for p in find_pending(scene.released, world, scene.wheels_only) if p.gap]
    verified = VerifiedBuild(build=scene.build)

    before = plan_publication(PYPI, scene.workspace, left, None, world)

    after = plan_publication(PYPI, scene.workspace, left, verified, world)
    assert before == replace(after, files=())


# ── files ───────────────────────────────────────────────────────────────────────────────


def test_each_file_has_one_of_three_fates() -> None:
    first, second = CORE_BUILT.artifacts
    name, version, other = CORE.name, CORE.version, "f" * 64

    assert plan(pending(), seen=listed({first: first.sha256, second: other})).files == (
        AlreadyThere(name=name, version=version, artifact=first),
        Conflict(name=name, version=version, artifact=second, theirs=other),
    )
    assert plan(pending(), seen=listed({second: None})).files == (
        Upload(name=name, version=version, artifact=first),
        Conflict(name=name, version=version, artifact=second, theirs=None),
    )


def test_dependencies_come_first_and_new_names_in_that_order() -> None:
    found = plan(pending(APP), pending(CORE), seen=listed(None, "app", "core"))

    assert found.waves == ((named("core"),), (named("app"),))
    assert [file.name for file in found.files] == ["core", "core", "app", "app"]
    assert found.new_names == (named("core"), named("app"))


def test_a_name_without_files_is_not_new() -> None:
    assert plan(pending()).new_names == ()


def test_what_was_built_and_is_not_pending_has_no_part_in_it() -> None:
    found = plan(pending(APP))

    assert found.waves == ((named("app"),),)
    assert {file.name for file in found.files} == {"app"}


def test_what_was_built_of_a_member_without_a_gap_is_looked_at() -> None:
    """A wheel for one more platform may be missing, though installers find others."""
    first, second = CORE_BUILT.artifacts

    found = plan(pending(CORE, None, tag_here=True), seen=listed({first: first.sha256}))

    assert [type(file) for file in found.files] == [AlreadyThere, Upload]
    assert found.files[1].artifact == second


@pytest.mark.parametrize(
    "member",
    [replace(CORE, commit="e" * 40), released("core", "1.0.45")],
    ids=["commit", "version"],
)
def test_what_was_built_from_something_else_is_not_published(member: ReleasedMember) -> None:
    found = plan(pending(member))

    assert found.files == ()
    assert found.waves == ((named("core"),),)


def test_without_anything_to_upload_there_is_no_wave() -> None:
    found = plan(pending(CORE, None, tag_here=True), verified=None)

    assert (found.waves, found.files, found.new_names) == ((), (), ())


# ── tags, announcements ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("make", "push"), [(True, True), (True, False), (False, True)])
def test_a_tag_that_has_to_go_somewhere_is_planned(make: bool, push: bool) -> None:  # noqa: FBT001 - the table's columns
    found = plan(pending(tag_here=make, tag_there=push))

    assert found.tags == (
        PlannedTag(
            name="core-v1.0.44",
            member=CORE.name,
            version=CORE.version,
            commit=COMMIT,
            make=make,
            push=push,
        ),
    )


def test_a_tag_that_is_where_it_should_be_is_not_planned() -> None:
    assert plan(pending()).tags == ()


def test_a_tag_that_comes_first_is_planned_wherever_it_is() -> None:
    (tag,) = plan(pending(replace(CORE, tag_first=True))).tags

    assert (tag.first, tag.make, tag.push) == (True, False, False)


def test_what_has_no_tag_is_not_tagged() -> None:
    assert plan(pending(replace(CORE, tag="", tag_first=True))).tags == ()


def test_what_is_not_announced_yet_is() -> None:
    assert plan(pending(CORE, announce=True), pending(APP)).announcements == (CORE,)


# ── an index that knows nobody ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("new", "is_so"), [([], False), (["core"], False), (["app"], False), (["core", "app"], True)]
)
def test_an_index_knows_nobody_that_knows_no_name_at_all(new: list[str], *, is_so: bool) -> None:
    assert plan(pending(), pending(APP), seen=listed({}, *new)).knows_nobody is is_so
    assert plan(pending(tag_here=True), seen=listed({}, *new)).knows_nobody is is_so


def asked(space: Workspace, *names: str) -> bool:
    """Whether an index knows nobody that was asked for `names`, of which it has none."""
    projects = {named(n): Project(name=named(n), is_known=False) for n in names}
    seen = Seen(projects=projects, tags_here={}, tags_there=None)
    return plan_publication(PYPI, space, (), None, seen).knows_nobody


def test_an_index_that_was_asked_for_some_alone_may_know_the_others() -> None:
    assert not asked(SPACE, "core")
    assert asked(SPACE, "core", "app")


def test_whoever_is_never_published_need_not_be_known() -> None:
    others = member("tool", "1.0", private=True), member("young", None)

    assert asked(workspace(*SPACE, *others), "core", "app")


def test_that_a_single_member_is_new_says_nothing_of_the_index() -> None:
    assert not asked(workspace(member("core")), "core")
