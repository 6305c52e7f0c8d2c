from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Outcome,
    PublishPlan,
    Receipt,
    Upload,
)
from monorelease.model.value import replace
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.held_back import ARRIVED, held_back, releasable_tags
from monorelease.planning.waves import waves
from publications import publish_plan, receipt, released, sdist, tag_of, wheel
from scenes import INSTALLED, OFFERED, Scene, reachable, scenes, sights
from values import member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind


def upload(name: str) -> Upload:
    each = released(name)
    return Upload(name=each.name, version=each.version, artifact=wheel(name))


def held(space: Workspace, *stopped: str, there: str = "") -> dict[str, str]:
    """Who waits for whom, where everything is to be uploaded, except `there`."""
    names = [name for name in space.names if name != there]
    found = waves(space, names)
    plan = publish_plan(*map(upload, names), waves=found)
    return {str(k): v for k, v in held_back(plan, space, set(map(named, stopped))).items()}


def draw_stopped(data: st.DataObject, plan: PublishPlan) -> frozenset[NormalizedName]:
    names = sorted({file.name for file in plan.files if isinstance(file, Upload)})
    return data.draw(st.frozensets(st.sampled_from(names))) if names else frozenset()


# ── properties ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(st.data())
def test_nobody_waits_who_needs_nothing_that_stopped(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    stopped = draw_stopped(data, plan)

    for name, cause in held_back(plan, scene.workspace, stopped).items():
        assert cause in stopped
        assert cause in reachable(name, scene.workspace, OFFERED)
        assert name not in stopped


@pytest.mark.property
@given(st.data())
def test_whoever_cannot_be_installed_without_waits(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    stopped = draw_stopped(data, plan)
    found = held_back(plan, scene.workspace, stopped)

    for file in plan.files:
        needs_one = stopped & reachable(file.name, scene.workspace, INSTALLED)
        if isinstance(file, Upload) and needs_one and file.name not in stopped:
            assert file.name in found


@pytest.mark.property
@given(st.data())
def test_what_is_sent_wave_after_wave_can_be_installed(data: st.DataObject) -> None:
    """All that it requires is there too, unless a circle ties them."""
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    broken = draw_stopped(data, plan)
    due = {file.name for file in plan.files if isinstance(file, Upload)}
    stopped: set[NormalizedName] = set()
    there = set(scene.workspace.names) - due

    for wave in plan.waves:
        out = stopped | held_back(plan, scene.workspace, stopped).keys()
        for name in wave:
            if name in due and name not in out:
                (stopped if name in broken else there).add(name)

    for name in there & due:
        for needed in reachable(name, scene.workspace, OFFERED):
            assert needed in there or name in reachable(needed, scene.workspace, OFFERED)


@pytest.mark.property
@given(st.data())
def test_in_what_order_they_stopped_does_not_matter(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    stopped = sorted(draw_stopped(data, plan))

    forth = held_back(plan, scene.workspace, dict.fromkeys(stopped, "failed"))
    back = held_back(plan, scene.workspace, dict.fromkeys(reversed(stopped), "failed"))
    assert list(forth.items()) == list(back.items())


@pytest.mark.property
@given(st.data())
def test_a_member_is_tagged_once_all_of_it_is_on_the_index(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    receipts = [
        Receipt(
            name=file.name,
            version=file.version,
            artifact=file.artifact,
            outcome=data.draw(st.sampled_from(Outcome)),
        )
        for file in plan.files
        if isinstance(file, Upload)
    ]
    failed = {r.name for r in receipts if r.outcome not in ARRIVED}

    due = [tag for tag in plan.tags if tag.make or tag.push]
    assert releasable_tags(plan, receipts) == tuple(t for t in due if t.member not in failed)


# ── who waits ───────────────────────────────────────────────────────────────────────────


def test_dependents_wait_all_the_way_and_others_go_on() -> None:
    space = workspace(
        member("core"),
        member("plugin", "1", requires("core")),
        member("app", "1", requires("plugin")),
        member("lone"),
    )

    assert held(space, "core") == {"plugin": "core", "app": "core"}
    assert held(space) == {}


def test_the_nearest_cause_is_named() -> None:
    space = workspace(
        member("core"),
        member("tool"),
        member("plugin", "1", requires("tool")),
        member("app", "1", requires("plugin")),
        member("site", "1", requires("app"), requires("core")),
    )

    assert held(space, "core", "tool") == {"plugin": "tool", "app": "tool", "site": "core"}


def test_a_circle_waits_together() -> None:
    space = workspace(
        member("a", "1", requires("b")),
        member("b", "1", requires("c")),
        member("c", "1", requires("a")),
    )

    assert held(space, "b") == {"a": "b", "c": "b"}


def test_a_plugin_that_failed_holds_back_no_other_through_an_extra_of_the_core() -> None:
    space = workspace(
        member("core", "1", requires("plugin-a", kind=EXTRA), requires("plugin-b", kind=EXTRA)),
        member("plugin-a", "1", requires("core")),
        member("plugin-b", "1", requires("core")),
    )

    assert held(space, "plugin-a") == {}
    assert held(space, "core") == {"plugin-a": "core", "plugin-b": "core"}


def test_who_is_there_already_passes_it_on_and_waits_not() -> None:
    space = workspace(
        member("core"), member("middle", "1", requires("core")),
        member("app", "1", requires("middle")),
    )  # fmt: skip

    assert held(space, "core", there="middle") == {"app": "core"}


def test_who_has_nothing_to_upload_does_not_wait() -> None:
    space = workspace(member("core"), member("app", "1", requires("core")))
    app = AlreadyThere(name=named("app"), version=released("app").version, artifact=wheel("app"))
    plan = publish_plan(upload("core"), app, waves=(("core",), ("app",)))

    assert held_back(plan, space, {named("core")}) == {}


def test_a_dependency_group_holds_nobody_back() -> None:
    space = workspace(member("core"), member("app", "1", requires("core", kind=GROUP)))

    assert held(space, "core") == {}


# ── tags ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("outcome", "is_tagged"),
    [
        (Outcome.UPLOADED, True),
        (Outcome.ALREADY_THERE, True),
        (Outcome.FAILED, False),
        (Outcome.HELD_BACK, False),
    ],
)
def test_a_tag_says_that_every_file_arrived(outcome: Outcome, is_tagged: bool) -> None:  # noqa: FBT001 - the table's column
    second = replace(upload("core"), artifact=sdist("core"))
    plan = publish_plan(upload("core"), second, tags=(tag_of("core"),))
    receipts = [
        receipt("core", wheel("core"), Outcome.UPLOADED),
        receipt("core", sdist("core"), outcome),
    ]

    assert releasable_tags(plan, receipts) == ((tag_of("core"),) if is_tagged else ())
    assert releasable_tags(plan, receipts[:1]) == ()


def test_a_file_that_is_there_needs_no_receipt() -> None:
    there = AlreadyThere(
        name=named("core"), version=released("core").version, artifact=wheel("core")
    )

    assert releasable_tags(publish_plan(there, tags=(tag_of("core"),)), ()) == (tag_of("core"),)


def test_a_member_with_a_conflict_is_not_tagged() -> None:
    conflict = Conflict(
        name=named("core"), version=released("core").version, artifact=wheel("core"), theirs=None
    )

    assert releasable_tags(publish_plan(conflict, tags=(tag_of("core"),)), ()) == ()


def test_who_had_nothing_to_upload_is_tagged() -> None:
    assert releasable_tags(publish_plan(tags=(tag_of("core"),)), ()) == (tag_of("core"),)


def test_who_should_have_been_built_and_was_not_is_not_tagged() -> None:
    plan = publish_plan(waves=(("core",),), tags=(tag_of("core"),))

    assert releasable_tags(plan, ()) == ()


def test_a_tag_that_comes_first_was_made_before() -> None:
    assert releasable_tags(publish_plan(tags=(tag_of("core", first=True),)), ()) == ()


def test_a_tag_that_is_where_it_should_be_is_left_alone() -> None:
    assert releasable_tags(publish_plan(tags=(tag_of("core", make=False, push=False),)), ()) == ()
