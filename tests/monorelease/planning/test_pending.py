from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.index import IndexedFile, Project
from monorelease.model.publication import Gap, Pending, ReleasedMember
from monorelease.model.value import replace
from monorelease.planning.pending import Seen, check_settled, find_pending
from publications import COMMIT, released
from scenes import Scene, scenes, sights
from values import named

CORE = released("core", "1.1.0")
WHEEL, SDIST = "core-1.1.0-py3-none-any.whl", "core-1.1.0.tar.gz"
NOTHING: Mapping[str, str] = {}
TAGGED = {CORE.tag: COMMIT}
ELSEWHERE = {CORE.tag: "e" * 40}


def seen(
    *filenames: str,
    here: Mapping[str, str] = TAGGED,
    there: Mapping[str, str] | None = TAGGED,
    unannounced: tuple[str, ...] = (),
) -> Seen:
    files = tuple(IndexedFile(filename=name, sha256=None) for name in filenames)
    return Seen(
        projects={CORE.name: Project(name=CORE.name, files=files)},
        tags_here=here,
        tags_there=there,
        unannounced=frozenset(map(named, unannounced)),
    )


def left(world: Seen, member: ReleasedMember = CORE, wheels_only: str = "") -> Pending | None:
    found = find_pending([member], world, {named(wheels_only)} if wheels_only else ())
    return found[0] if found else None


def gap(*filenames: str, wheels_only: str = "") -> Gap | None:
    found = left(seen(*filenames), wheels_only=wheels_only)
    return found.gap if found else None


# ── properties ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(st.data())
def test_a_version_is_there_when_a_wheel_and_what_else_it_needs_is(data: st.DataObject) -> None:
    scene = data.draw(scenes())
    world = data.draw(sights(scene))
    gaps = {p.member.name: p.gap for p in find_pending(scene.released, world, scene.wheels_only)}

    for built in scene.build.members:
        listed = {file.filename for file in world.projects[built.name].files}
        kinds = {a.kind for a in built.artifacts if a.filename in listed}
        assert (gaps.get(built.name) is None) == (kinds == {a.kind for a in built.artifacts})


@pytest.mark.property
@given(st.data())
def test_who_is_pending_has_something_left_and_no_other(data: st.DataObject) -> None:
    scene = data.draw(scenes())
    world = data.draw(sights(scene))
    found = find_pending(scene.released, world, scene.wheels_only)

    assert all(p.gap or p.tag_here or p.tag_there or p.announce for p in found)
    names = {pending.member.name for pending in found}
    assert [p.member for p in found] == [m for m in scene.released if m.name in names]
    there = world.tags_there
    for member in scene.released:
        if member.name not in names:
            assert member.tag in world.tags_here or (there and member.tag in there)
            assert there is None or member.tag in there
            assert member.name not in world.unannounced


@pytest.mark.property
@given(st.data())
def test_the_order_in_which_the_world_answers_does_not_matter(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    world = data.draw(sights(scene))
    projects = {
        name: replace(project, files=project.files[::-1])
        for name, project in reversed(list(world.projects.items()))
    }
    again = replace(
        world, projects=projects, tags_here=dict(reversed(list(world.tags_here.items())))
    )

    assert find_pending(scene.released, again, scene.wheels_only) == find_pending(
        scene.released, world, scene.wheels_only
    )


# ── files ───────────────────────────────────────────────────────────────────────────────


def test_with_a_wheel_a_source_distribution_and_a_tag_nothing_is_left() -> None:
    assert left(seen(WHEEL, SDIST)) is None


@pytest.mark.parametrize(
    ("filenames", "expected"),
    [
        ((), Gap.NO_FILES),
        ((WHEEL,), Gap.NO_SDIST),
        ((SDIST,), Gap.NO_WHEEL),
        (("core-1.0.9-py3-none-any.whl", "core-1.0.9.tar.gz"), Gap.NO_FILES),
        (("core-1.1.0-py3.11.egg", "core-1.1.0.win32.exe"), Gap.NO_FILES),
        ((WHEEL, "core-1.1.0.tar.bz2"), Gap.NO_SDIST),
        ((SDIST, "core-1.1.0.whl"), Gap.NO_WHEEL),
        (("other-1.1.0-py3-none-any.whl", "other-1.1.0.tar.gz"), Gap.NO_FILES),
    ],
)
def test_a_gap_is_named(filenames: tuple[str, ...], expected: Gap) -> None:
    assert gap(*filenames) is expected


@pytest.mark.parametrize(
    "filenames",
    [
        ("core-1.1-py3-none-any.whl", "core-1.1.tar.gz"),
        ("core-1.1.0.0-py3-none-any.whl", "core-1.1.tar.gz"),
        ("Core-1.1.0-1-cp311-cp311-linux_x86_64.whl", SDIST),
        (WHEEL, "core-1.1.0.zip"),
    ],
)
def test_a_version_may_be_spelled_in_other_ways(filenames: tuple[str, ...]) -> None:
    assert gap(*filenames) is None


def test_without_source_distributions_a_wheel_will_do() -> None:
    assert gap(WHEEL, wheels_only="core") is None
    assert gap(WHEEL, wheels_only="app") is Gap.NO_SDIST


def test_without_source_distributions_a_wheel_must_be_there_all_the_same() -> None:
    assert gap(SDIST, wheels_only="core") is Gap.NO_WHEEL
    assert gap(wheels_only="core") is Gap.NO_FILES


def test_a_name_that_the_index_does_not_know_is_new() -> None:
    project = Project(name=CORE.name, is_known=False)

    found = left(replace(seen(), projects={CORE.name: project}))

    assert found is not None
    assert found.gap is Gap.UNKNOWN_NAME


def test_a_yanked_version_is_there() -> None:
    files = tuple(IndexedFile(filename=f, sha256=None, yanked="broken") for f in (WHEEL, SDIST))

    world = replace(seen(), projects={CORE.name: Project(name=CORE.name, files=files)})

    assert left(world) is None


# ── tags, announcements ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (NOTHING, NOTHING, (True, True)),
        (NOTHING, None, (True, False)),
        (TAGGED, NOTHING, (False, True)),
    ],
)
def test_a_tag_is_made_here_and_pushed_there(
    here: Mapping[str, str], there: Mapping[str, str] | None, expected: tuple[bool, bool]
) -> None:
    found = left(seen(WHEEL, SDIST, here=here, there=there))

    assert found == Pending(
        member=CORE, gap=None, tag_here=expected[0], tag_there=expected[1], announce=False
    )


def test_a_tag_that_the_remote_has_is_not_made_again() -> None:
    """A second object of one name would refuse to be fetched."""
    assert left(seen(WHEEL, SDIST, here=NOTHING, there=TAGGED)) is None


@pytest.mark.parametrize(
    ("here", "there"), [(ELSEWHERE, NOTHING), (NOTHING, ELSEWHERE), (ELSEWHERE, None)]
)
def test_a_tag_on_another_commit_is_not_pending(
    here: Mapping[str, str], there: Mapping[str, str] | None
) -> None:
    assert left(seen(WHEEL, SDIST, here=here, there=there)) is None


def test_what_the_forge_does_not_tell_of_is_announced() -> None:
    assert left(seen(WHEEL, SDIST, unannounced=("core",))) == Pending(
        member=CORE, gap=None, tag_here=False, tag_there=False, announce=True
    )


def test_a_snapshot_has_no_tag_and_is_not_announced() -> None:
    snapshot = replace(CORE, tag="")
    bare = replace(seen(here=NOTHING, there=NOTHING), unannounced=(CORE.name,))

    found = left(bare, snapshot)

    assert found == Pending(
        member=snapshot, gap=Gap.NO_FILES, tag_here=False, tag_there=False, announce=False
    )
    whole = replace(seen(WHEEL, SDIST, here=NOTHING, there=NOTHING), unannounced=(CORE.name,))
    assert left(whole, snapshot) is None


def test_a_release_commit_that_is_not_the_one_that_was_published_is_told_of() -> None:
    app = replace(released("app", "1.1.0"), commit=COMMIT)
    world = replace(seen(WHEEL, SDIST), tags_here=ELSEWHERE | {app.tag: "e" * 40})

    [finding] = check_settled([CORE, app], (), world)

    assert not finding.is_error
    assert finding.problem == (
        f"published from {'e' * 12}, as the tags say, and released by {COMMIT[:12]}: core and app"
    )


def test_what_is_pending_or_tagged_where_it_should_be_is_not() -> None:
    pending = left(seen(here=ELSEWHERE))
    assert pending is not None

    assert list(check_settled([CORE], [pending], seen(here=ELSEWHERE))) == []
    assert list(check_settled([CORE], (), seen(WHEEL, SDIST))) == []
    assert list(check_settled([CORE], (), seen(WHEEL, SDIST, here=NOTHING))) == []
