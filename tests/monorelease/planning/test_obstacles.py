from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.model.config import LOCAL_INDEX
from monorelease.model.finding import Finding, Severity
from monorelease.model.index import IndexTarget
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    PublishPlan,
    ReleasedMember,
    Upload,
)
from monorelease.model.value import replace
from monorelease.planning import obstacles
from monorelease.planning.obstacles import CHECKS, Circumstances, check_publication
from publications import COMMIT, PYPI, publish_plan, released, tag_of, wheel
from scenes import Scene, scenes, sights
from values import named

CORE, APP = released("core"), released("app")
SOUND = Circumstances(
    releases=(CORE, APP),
    branch="main",
    wanted_branch="main",
    remote="origin",
    tags_there={},
    credentials="the variable MONORELEASE_INDEX_PYPI_TOKEN",
)
"""Nothing speaks against publishing."""

OTHER = "e" * 40


def upload(name: str, version: str = "1.0.44") -> Upload:
    return Upload(name=named(name), version=Version(version), artifact=wheel(name))


def plan_of(*names: str, index: IndexTarget = PYPI, new: Sequence[str] = ()) -> PublishPlan:
    return publish_plan(*map(upload, names or ("core", "app")), index=index, new_names=tuple(new))


def found(
    circumstances: Circumstances = SOUND, plan: PublishPlan | None = None, **changes: object
) -> list[Finding]:
    return list(check_publication(plan or plan_of(), replace(circumstances, **changes)))


def codes(
    circumstances: Circumstances = SOUND, plan: PublishPlan | None = None, **changes: object
) -> list[str]:
    return [finding.code for finding in found(circumstances, plan, **changes)]


def test_where_nothing_is_wrong_nothing_is_found() -> None:
    assert found() == []


def test_every_check_is_run() -> None:
    named_checks = {name for name in vars(obstacles) if name.startswith("check_")}

    assert {check.__name__ for check in CHECKS} == named_checks - {"check_publication"}


def test_everything_is_found_at_once() -> None:
    conflict = Conflict(
        name=CORE.name, version=CORE.version, artifact=wheel("core"), theirs="f" * 64
    )
    plan = publish_plan(
        conflict, upload("app", "1.0+a"), index=PYPI, waves=(("core", "app", "new"),),
        new_names=("new",),
    )  # fmt: skip

    assert codes(
        SOUND,
        plan,
        releases=(CORE, replace(APP, version=Version("1.0+a")), replace(CORE, name=named("new"))),
        dirty=(PurePosixPath("a"),),
        branch="topic",
        unpushed={COMMIT},
        tags_here={CORE.tag: OTHER},
        credentials="",
    ) == [
        "dirty-tree",
        "wrong-branch",
        "unpushed-commit",
        "tag-taken",
        "tag-taken",
        "file-conflict",
        "local-version",
        "no-credentials",
        "new-names",
    ]


@pytest.mark.property
@given(st.data())
def test_in_what_order_the_world_was_asked_does_not_matter(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = scene.plan(data.draw(sights(scene)))
    commits = sorted({member.commit for member in scene.released})
    unpushed = data.draw(st.lists(st.sampled_from(commits), unique=True))
    tags = {m.tag: data.draw(st.sampled_from([*commits, OTHER])) for m in scene.released}
    before = replace(SOUND, releases=scene.released, unpushed=unpushed, tags_here=tags)

    after = replace(before, unpushed=unpushed[::-1], tags_here=dict(reversed(list(tags.items()))))

    assert found(before, plan) == found(after, plan)


@pytest.mark.property
@given(st.data())
def test_a_rehearsal_asks_for_no_remote_no_branch_and_no_credentials(data: st.DataObject) -> None:
    scene: Scene = data.draw(scenes())
    plan = replace(scene.plan(data.draw(sights(scene))), index=LOCAL_INDEX)
    circumstances = Circumstances(
        releases=scene.released,
        branch=data.draw(st.sampled_from(["", "main", "topic"])),
        wanted_branch=data.draw(st.sampled_from(["", "main"])),
        remote=data.draw(st.sampled_from(["", "origin"])),
        unpushed={member.commit for member in scene.released},
    )

    assert found(circumstances, plan) == []


# ── tree, branch, commits ───────────────────────────────────────────────────────────────


def test_uncommitted_files_are_named() -> None:
    assert found(dirty=(PurePosixPath("packages/core/a.py"),)) == [
        Finding(
            code="dirty-tree",
            problem="1 file is changed and not committed: packages/core/a.py",
            hint="commit them, or put them aside with `git stash --include-untracked`: what is "
            "published is built from commits",
        )
    ]


def test_of_many_uncommitted_files_five_are_named() -> None:
    (finding,) = found(dirty=tuple(map(PurePosixPath, "abcdefg")))

    assert finding.problem == ("7 files are changed and not committed: a, b, c, d, e and 2 more")
    (finding,) = found(dirty=tuple(map(PurePosixPath, "abcde")))
    assert finding.problem == "5 files are changed and not committed: a, b, c, d and e"


def test_a_rehearsal_wants_a_clean_tree_too() -> None:
    assert codes(SOUND, plan_of(index=LOCAL_INDEX), dirty=(PurePosixPath("a"),)) == ["dirty-tree"]


def test_another_branch_is_refused() -> None:
    assert found(branch="topic") == [
        Finding(
            code="wrong-branch",
            problem="this is branch 'topic', and releases are published from 'main'",
            hint="`git switch main`, or let `publish.branch` in [tool.monorelease] name another "
            "one",
        )
    ]


def test_any_branch_will_do_where_none_is_wanted() -> None:
    assert codes(branch="topic", wanted_branch="") == []


def test_a_commit_of_the_branch_may_be_checked_out_by_itself() -> None:
    assert codes(branch="") == []
    assert codes(branch="", unpushed={COMMIT}) == ["unpushed-commit"]


def test_without_a_remote_nobody_can_tell_of_which_branch_a_commit_is() -> None:
    (finding,) = found(branch="", remote="", unpushed={COMMIT})

    assert finding.code == "wrong-branch"
    assert finding.problem == "no branch is checked out, and releases are published from 'main'"


def test_a_release_commit_that_is_not_pushed_is_refused_with_those_it_released() -> None:
    third = released("lone", commit=OTHER)

    assert found(releases=(CORE, third, APP), unpushed={COMMIT, "0" * 40}) == [
        Finding(
            code="unpushed-commit",
            problem="commit 4f2a9c1e4f2a is not on origin/main: it released core and app",
            hint="push it first (`git push origin main`): tags and what is published refer to it",
        )
    ]


@pytest.mark.parametrize(
    ("branch", "where", "command"),
    [("topic", "origin/topic", "git push origin topic"), ("", "origin", "git push origin")],
)
def test_where_any_branch_will_do_the_present_one_is_pushed(
    branch: str, where: str, command: str
) -> None:
    (finding,) = found(wanted_branch="", branch=branch, unpushed={COMMIT})

    assert f"is not on {where}:" in finding.problem
    assert f"`{command}`" in finding.hint


def test_tags_that_nobody_else_will_see_are_told_of() -> None:
    plan = publish_plan(upload("core"), tags=(tag_of("core"),))

    [finding] = found(plan=plan, remote="", missing_remote="origin")

    assert (finding.code, finding.severity) == ("no-remote", Severity.WARNING)
    assert finding.problem == "there is no remote 'origin': the tags stay in this clone"
    assert codes(remote="", missing_remote="origin") == []


def test_without_a_remote_nothing_has_to_be_pushed() -> None:
    assert codes(remote="", unpushed={COMMIT}) == []


def test_a_snapshot_may_be_made_of_any_commit_on_any_branch() -> None:
    index = replace(PYPI, snapshots=True)
    snapshot = replace(CORE, tag="", version=Version("1.1.dev20261122"))

    assert (
        codes(
            SOUND, plan_of("core", index=index), releases=(snapshot,), branch="topic",
            unpushed={COMMIT},
        )
        == []
    )  # fmt: skip


# ── tags, files ─────────────────────────────────────────────────────────────────────────


def test_a_tag_of_another_commit_in_this_clone_is_refused() -> None:
    assert found(tags_here={CORE.tag: OTHER, APP.tag: COMMIT}) == [
        Finding(
            code="tag-taken",
            problem="tag core-v1.0.44 in this clone is on commit eeeeeeeeeeee, and core 1.0.44 was "
            "released by 4f2a9c1e4f2a",
            hint="if the tag is a mistake, take it away (`git tag --delete core-v1.0.44`); if it "
            "was published from there, release a new version of core",
        )
    ]


def test_a_tag_of_another_commit_on_the_remote_is_refused() -> None:
    (finding,) = found(tags_here={CORE.tag: COMMIT}, tags_there={CORE.tag: OTHER})

    assert finding.problem == (
        "tag core-v1.0.44 on origin is on commit eeeeeeeeeeee, and core 1.0.44 was released by "
        "4f2a9c1e4f2a"
    )
    assert "`git push --delete origin core-v1.0.44`" in finding.hint


def test_tags_of_a_remote_that_gets_none_do_not_matter() -> None:
    assert codes(tags_there=None) == []


@pytest.mark.parametrize(
    ("theirs", "code", "words"),
    [
        ("f" * 64, "file-conflict", f"with other content: our sha256 is {'a' * 64}, theirs is fff"),
        (None, "file-unknown", f"perhaps with other content: our sha256 is {'a' * 64}, theirs is "),
    ],
)
def test_a_file_that_is_taken_is_refused(theirs: str | None, code: str, words: str) -> None:
    conflict = Conflict(name=CORE.name, version=CORE.version, artifact=wheel("core"), theirs=theirs)

    (finding,) = found(SOUND, publish_plan(conflict))

    assert finding.code == code
    assert finding.problem.startswith(f"pypi has core-1.0.44-py3-none-any.whl already, {words}")
    assert finding.hint == (
        "a file name is never taken twice: release a new version of core, or publish the files "
        "that were built the first time, with --from DIR"
    )


def test_a_hash_that_is_not_told_is_said_to_be_so() -> None:
    conflict = Conflict(name=CORE.name, version=CORE.version, artifact=wheel("core"), theirs=None)

    (finding,) = found(SOUND, publish_plan(conflict))

    assert finding.problem.endswith("theirs is not told")


def test_what_was_rehearsed_before_can_be_taken_out() -> None:
    conflict = Conflict(
        name=CORE.name, version=CORE.version, artifact=wheel("core"), theirs="f" * 64
    )

    (finding,) = found(SOUND, publish_plan(conflict, index=LOCAL_INDEX))

    assert finding.hint == (
        "take core-1.0.44-py3-none-any.whl out of dist/index, and rehearse again"
    )


# ── versions ────────────────────────────────────────────────────────────────────────────


def of_version(text: str) -> tuple[ReleasedMember, ...]:
    return (replace(CORE, version=Version(text)), APP)


def test_a_snapshot_is_refused_where_it_would_stay() -> None:
    assert found(releases=of_version("1.1.dev20261122")) == [
        Finding(
            code="snapshot-refused",
            problem="pypi takes no snapshots, for what is there stays there: core 1.1.dev20261122",
            hint="publish --to an index with `snapshots = true` (the local one has it), or "
            "release final versions",
        )
    ]


def test_a_local_version_is_for_one_machine() -> None:
    assert found(releases=of_version("1.1+abc")) == [
        Finding(
            code="local-version",
            problem="a local version (with a +) is for one machine alone: core 1.1+abc",
            hint="release versions without a +: indexes for others refuse them; one of your own "
            "takes them with `snapshots = true`",
        )
    ]


@pytest.mark.parametrize(
    ("version", "index", "expected"),
    [
        ("1.1.dev1", PYPI, ["snapshot-refused"]),
        ("1.1.dev1", replace(PYPI, snapshots=True), []),
        ("1.1.dev1", LOCAL_INDEX, []),
        ("1.1.dev1", replace(LOCAL_INDEX, snapshots=False), ["snapshot-refused"]),
        ("1.1+abc", PYPI, ["local-version"]),
        ("1.1+abc", replace(PYPI, snapshots=True), []),
        ("1.1+abc", LOCAL_INDEX, []),
        ("1.1+abc", replace(LOCAL_INDEX, snapshots=False), ["snapshot-refused"]),
        ("1.1.dev1+abc", PYPI, ["local-version"]),
        ("1.1rc1", PYPI, []),
    ],
)
def test_which_versions_an_index_admits(
    version: str, index: IndexTarget, expected: list[str]
) -> None:
    assert codes(SOUND, plan_of(index=index), releases=of_version(version)) == expected


def test_only_what_is_uploaded_must_be_admitted() -> None:
    assert codes(SOUND, plan_of("app"), releases=of_version("1.1+abc")) == []


# ── credentials, names ──────────────────────────────────────────────────────────────────


def test_without_credentials_nothing_is_begun() -> None:
    index = replace(PYPI, name="our-own.index")

    assert found(SOUND, plan_of(index=index), credentials="") == [
        Finding(
            code="no-credentials",
            problem="nothing says who may upload to our-own.index: no variable, no keyring, no "
            "trusted publishing",
            hint="set MONORELEASE_INDEX_OUR_OWN_INDEX_TOKEN, or `keyring set "
            "https://upload.pypi.example/legacy/ __token__`, or run in a workflow that the index "
            "trusts",
        )
    ]


def test_what_is_half_there_is_told() -> None:
    half = "UV_PUBLISH_USERNAME is set, and UV_PUBLISH_PASSWORD is not"

    (finding,) = found(credentials="", half_credentials=half)

    assert finding.problem == f"nothing says who may upload to pypi: {half}"


def test_the_keyring_is_asked_for_the_configured_user() -> None:
    (finding,) = found(SOUND, plan_of(index=replace(PYPI, username="robot")), credentials="")

    assert "legacy/ robot`" in finding.hint


@pytest.mark.parametrize(
    "plan",
    [
        publish_plan(),
        publish_plan(
            AlreadyThere(name=CORE.name, version=CORE.version, artifact=wheel("core")),
        ),
    ],
    ids=["no files", "all there"],
)
def test_who_uploads_nothing_needs_no_credentials(plan: PublishPlan) -> None:
    assert codes(SOUND, plan, credentials="") == []


def test_before_it_is_built_everybody_in_a_wave_has_something_to_upload() -> None:
    assert codes(SOUND, publish_plan(waves=(("core",),)), credentials="") == ["no-credentials"]


def test_new_names_are_read_once_more() -> None:
    assert found(SOUND, plan_of(new=["core", "app"])) == [
        Finding(
            code="new-names",
            problem="pypi does not know core and app yet",
            hint="look for typing mistakes: the first upload registers a name for good",
            severity=Severity.WARNING,
        )
    ]
    (finding,) = found(SOUND, plan_of(new=["core"]))
    assert finding.problem == "pypi does not know core yet"


def test_where_the_index_knows_nobody_its_address_may_be_wrong() -> None:
    plan = replace(plan_of(new=["core", "app"]), knows_nobody=True)

    (finding,) = found(SOUND, plan)

    assert finding == Finding(
        code="new-names",
        problem="pypi does not know core and app yet",
        hint="it knows none of these members: either every name is new, and is registered for "
        "good by its first upload, or `url` is not its simple API: look at "
        "https://pypi.example/simple/",
        severity=Severity.WARNING,
    )
    assert codes(SOUND, replace(plan, index=LOCAL_INDEX)) == []


def test_more_new_names_than_a_day_takes_are_spread_over_several() -> None:
    index = replace(PYPI, new_projects_per_day=4)

    _, finding = found(SOUND, plan_of(index=index, new="abcdefghi"))

    assert finding == Finding(
        code="many-new-names",
        problem="9 names are new, and pypi registers 4 in 24 hours: it takes 3 days",
        hint="first come a, b, c and d; then the upload stops cleanly, and the same command goes "
        "on a day later",
        severity=Severity.WARNING,
    )


@pytest.mark.parametrize(
    ("limit", "count", "days"),
    [(4, 4, 0), (4, 5, 2), (4, 8, 2), (1, 2, 2), (None, 9, 0)],
)
def test_days_are_counted(limit: int | None, count: int, days: int) -> None:
    index = replace(PYPI, new_projects_per_day=limit)

    findings = found(SOUND, plan_of(index=index, new="abcdefghi"[:count]))[1:]

    assert [f.problem.rpartition("takes ")[2] for f in findings] == [f"{days} days"] * bool(days)


def test_in_a_rehearsal_every_name_may_be_new() -> None:
    assert codes(SOUND, plan_of(index=LOCAL_INDEX, new=["core"])) == []
