from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.config import Config
from monorelease.model.fragment import Fragment
from monorelease.model.index import IndexedFile, Project
from monorelease.model.withdrawal import Mending, Pin, Standing, Step, Withdrawal
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.checks import Inspection
from monorelease.planning.plan import plan_release
from monorelease.planning.withdrawal import concerned_members, plan_withdrawal
from values import fragment, member, named, requires, workspace
from workspaces import Input, inputs

DEFAULTS = Config()
FIXED = Config(fixed=(("core", "plugin-*"),))
FAMILY = workspace(
    member("core", "1.1"),
    member("plugin-a", "1.1", requires("core", ">=1.1")),
    member("plugin-b", "1.1", requires("core", ">=1.0")),
    member("tool", "0.3"),
)
"""Of the plugins, which are released with the core, one needs what it was released with."""


def pin(text: str) -> Pin:
    name, version = text.split("==")
    return Pin(name=named(name), version=Version(version))


def project(name: str, *versions: str) -> Project:
    """Each version with a wheel and an sdist; ``-`` before it says yanked, ``/`` the wheel only."""
    files = []
    for text in versions:
        version = text.lstrip("-/")
        for filename, marks in (
            (f"{name}-{version}-py3-none-any.whl", "-/"),
            (f"{name}-{version}.tar.gz", "-"),
        ):
            yanked = "Bad." if text[0] in marks else None
            files.append(IndexedFile(filename=filename, sha256=None, yanked=yanked))
    return Project(name=named(name), files=tuple(files))


def index(**versions: str) -> Mapping[NormalizedName, Project]:
    return {named(n): project(n, *text.split()) for n, text in versions.items()}


def tree(
    space: Workspace = FAMILY, config: Config = DEFAULTS, fragments: Sequence[Fragment] = ()
) -> Inspection:
    plan = plan_release(space, fragments, config)
    return Inspection(workspace=space, fragments=fragments, config=config, plan=plan)


PLAIN = tree()
GROUPED = tree(config=FIXED)


def withdraw(
    wanted: str,
    projects: Mapping[NormalizedName, Project],
    inspection: Inspection = PLAIN,
    *,
    is_taken_back: bool = False,
) -> Withdrawal:
    pins = [pin(text) for text in wanted.split()]
    return plan_withdrawal(pins, projects, inspection, is_taken_back=is_taken_back)


def the_step(withdrawal: Withdrawal) -> Step:
    (step,) = withdrawal.steps
    return step


def codes(withdrawal: Withdrawal) -> list[str]:
    return [finding.code for finding in withdrawal.findings]


def texts(pins: Sequence[Pin]) -> list[str]:
    return [str(each) for each in pins]


# ── what is to be done ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("listed", "standing", "left", "given_back"),
    [
        ("0.3", Standing.OFFERED, ["tool-0.3-py3-none-any.whl", "tool-0.3.tar.gz"], []),
        ("/0.3", Standing.IN_PART, ["tool-0.3.tar.gz"], ["tool-0.3-py3-none-any.whl"]),
        ("-0.3", Standing.YANKED, [], ["tool-0.3-py3-none-any.whl", "tool-0.3.tar.gz"]),
    ],
)
def test_a_step_names_the_files_that_are_not_as_they_should_be(
    listed: str, standing: Standing, left: list[str], given_back: list[str]
) -> None:
    there = index(tool=f"{listed} 0.2")

    yanking = withdraw("tool==0.3", there)
    giving = withdraw("tool==0.3", there, is_taken_back=True)

    assert (the_step(yanking).standing, list(the_step(yanking).files)) == (standing, left)
    assert (the_step(giving).standing, list(the_step(giving).files)) == (standing, given_back)
    assert [bool(yanking.left), bool(giving.left)] == [bool(left), bool(given_back)]


@pytest.mark.parametrize(
    ("wanted", "listed", "instead"),
    [
        ("tool==0.3", "0.3 0.2 0.1", "0.2"),
        ("tool==0.3", "0.3 -0.2 0.1", "0.1"),
        ("tool==0.3", "0.3 /0.2", "0.2"),
        ("tool==0.2", "0.3 0.2", "0.3"),
        ("tool==0.3 tool==0.2", "0.3 0.2 0.1", "0.1"),
        ("tool==0.3", "0.4rc1 0.3 0.2", "0.2"),
    ],
)
def test_installers_get_the_highest_final_version_that_remains(
    wanted: str, listed: str, instead: str
) -> None:
    withdrawal = withdraw(wanted, index(tool=listed))

    assert {step.instead for step in withdrawal.steps} == {Version(instead)}
    assert codes(withdrawal) == []


def test_that_nothing_would_be_left_is_told_once() -> None:
    withdrawal = withdraw("tool==0.3 tool==0.2", index(tool="0.3 0.2"))

    assert [step.instead for step in withdrawal.steps] == [None, None]
    assert codes(withdrawal) == ["nothing-left"]
    assert "no version of tool is left" in withdrawal.findings[0].problem
    assert not withdrawal.findings[0].is_error


def test_that_only_pre_releases_would_be_left_is_told() -> None:
    withdrawal = withdraw("tool==0.3", index(tool="0.3 0.4rc1"))

    assert the_step(withdrawal).instead == Version("0.4rc1")
    assert codes(withdrawal) == ["nothing-left"]
    assert "only pre-releases of tool are left, up to 0.4rc1" in withdrawal.findings[0].problem


def test_what_is_given_back_is_left_and_can_be_chosen_again() -> None:
    withdrawal = withdraw("tool==0.3", index(tool="-0.3 0.2"), is_taken_back=True)

    assert the_step(withdrawal).instead == Version("0.3")
    assert the_step(withdrawal).mending is Mending.MISSING  # nothing better than itself
    assert codes(withdrawal) == []
    assert withdrawal.is_taken_back


def test_a_version_asked_for_twice_is_one_step() -> None:
    assert len(withdraw("tool==0.3 tool==0.3.0", index(tool="0.3")).steps) == 1


# ── versions that the index does not have ─────────────────────────────────────────────────


def test_an_unknown_version_is_an_error_with_the_near_one() -> None:
    withdrawal = withdraw("tool==0.33 tool==0.2", index(tool="0.3 0.2"))

    assert [str(step.pin) for step in withdrawal.steps] == ["tool==0.2"]
    assert codes(withdrawal) == ["no-such-version"]
    assert withdrawal.findings[0].is_error
    assert withdrawal.findings[0].problem == "the index has no tool 0.33"
    assert withdrawal.findings[0].hint == "did you mean '0.3'?"


def test_where_no_version_is_near_those_that_there_are_are_told_newest_first() -> None:
    withdrawal = withdraw("tool==7", index(tool="0.2 0.10"))

    assert withdrawal.findings[0].hint == "it has 0.10 and 0.2"


@pytest.mark.parametrize("there", [index(), index(tool="")])
def test_a_member_that_was_never_published_has_nothing_to_yank(
    there: Mapping[NormalizedName, Project],
) -> None:
    withdrawal = withdraw("tool==0.3", there)

    assert (withdrawal.steps, codes(withdrawal)) == ((), ["nothing-to-yank"])
    assert withdrawal.findings[0].is_error


# ── the order ─────────────────────────────────────────────────────────────────────────────


def test_dependents_go_first_and_older_versions_before_newer_ones() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "1.1", "plugin-b": "1.1"})
    wanted = "core==1.0 plugin-a==1.1 core==1.1 plugin-b==1.1"

    withdrawal = withdraw(wanted, there)

    assert texts([step.pin for step in withdrawal.steps]) == [
        "plugin-b==1.1",
        "plugin-a==1.1",
        "core==1.0",
        "core==1.1",
    ]


def test_plugins_go_before_the_core_though_an_extra_of_the_core_names_them() -> None:
    space = workspace(
        member("core", "1.1", requires("plugin", kind=DependencyKind.EXTRA)),
        member("plugin", "1.1", requires("core", ">=1.1")),
    )

    withdrawal = withdraw("core==1.1 plugin==1.1", index(core="1.1", plugin="1.1"), tree(space))

    assert texts([step.pin for step in withdrawal.steps]) == ["plugin==1.1", "core==1.1"]


def test_giving_back_is_the_other_way_round() -> None:
    there = index(core="-1.1 -1.0", **{"plugin-a": "-1.1"})

    withdrawal = withdraw("core==1.0 plugin-a==1.1 core==1.1", there, is_taken_back=True)

    pins = [step.pin for step in withdrawal.steps]
    assert texts(pins) == ["core==1.1", "core==1.0", "plugin-a==1.1"]


# ── who is affected ───────────────────────────────────────────────────────────────────────


def test_those_who_are_left_without_are_told_and_named_in_one_command() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "1.1", "plugin-b": "1.1"})

    withdrawal = withdraw("core==1.1", there)

    assert [str(each.pin) for each in withdrawal.affected] == ["plugin-a==1.1"]
    assert texts(withdrawal.together) == ["plugin-a==1.1", "core==1.1"]
    assert codes(withdrawal) == ["stranded"]
    assert withdrawal.findings[0].problem.endswith(": plugin-a==1.1")


def test_those_who_pin_it_are_told_apart() -> None:
    space = workspace(
        member("core", "1.1"),
        member("app", "2.0", requires("core", "==1.1")),
        member("plugin", "3.0", requires("core", ">=1.1")),
    )

    withdrawal = withdraw("core==1.1", index(core="1.1 1.0", app="2.0", plugin="3.0"), tree(space))

    assert codes(withdrawal) == ["stranded", "still-pulls"]
    assert withdrawal.findings[0].problem.endswith(": plugin==3.0")
    assert withdrawal.findings[1].problem.endswith(": app==2.0")


def test_who_needs_those_who_go_along_goes_along_too() -> None:
    """The pin goes on installing the core; once it is yanked itself, nothing else will do."""
    space = workspace(
        member("core", "1.1"),
        member("app", "2.0", requires("core", "==1.1")),
        member("top", "3.0", requires("app", ">=2")),
    )

    withdrawal = withdraw("core==1.1", index(core="1.1 1.0", app="2.0", top="3.0"), tree(space))

    assert [str(each.pin) for each in withdrawal.affected] == ["app==2.0"]
    assert texts(withdrawal.together) == ["top==3.0", "app==2.0", "core==1.1"]


def test_who_goes_with_it_is_not_affected() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "1.1 1.0", "plugin-b": "1.1"})

    withdrawal = withdraw("core==1.1 plugin-a==1.1", there)

    assert (withdrawal.affected, withdrawal.together, codes(withdrawal)) == ((), (), [])


def test_giving_a_dependent_back_before_what_it_requires_is_told() -> None:
    there = index(core="-1.1 1.0", **{"plugin-a": "-1.1", "plugin-b": "1.1"})

    alone = withdraw("plugin-a==1.1", there, is_taken_back=True)
    both = withdraw("plugin-a==1.1 core==1.1", there, is_taken_back=True)

    assert (codes(alone), alone.together, alone.whole) == (["stranded"], (), ())
    assert "take the yank" in alone.findings[0].hint
    assert codes(both) == []


def test_giving_one_back_does_not_tell_of_others() -> None:
    there = index(core="-1.1", tool="-0.3", **{"plugin-a": "1.1"})

    assert withdraw("tool==0.3", there, is_taken_back=True).affected == ()


def test_what_no_yank_keeps_away_is_no_news_when_it_is_given_back() -> None:
    space = workspace(member("core", "1.0"), member("app", "2.0", requires("core", ">=1.1")))

    giving = withdraw(
        "app==2.0", index(core="1.0 1.2rc1", app="-2.0"), tree(space), is_taken_back=True
    )

    assert giving.affected == ()


# ── the fixed group ───────────────────────────────────────────────────────────────────────


def test_the_rest_of_a_fixed_group_is_told() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "1.1 1.0", "plugin-b": "1.1"})

    withdrawal = withdraw("plugin-b==1.1", there, GROUPED)

    assert codes(withdrawal) == ["nothing-left", "group-stays"]
    assert withdrawal.findings[1].problem.endswith("stay: plugin-a==1.1 and core==1.1")
    assert withdrawal.together == ()
    assert texts(withdrawal.whole) == ["plugin-b==1.1", "plugin-a==1.1", "core==1.1"]


def test_who_is_affected_already_is_not_told_again_as_a_part_of_the_group() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "1.1 1.0", "plugin-b": "1.1 1.0"})

    withdrawal = withdraw("core==1.1", there, GROUPED)

    assert codes(withdrawal) == ["stranded", "group-stays"]
    assert withdrawal.findings[1].problem.endswith("stay: plugin-b==1.1")


def test_only_the_same_version_and_only_what_is_offered_belongs_to_the_group() -> None:
    there = index(core="1.1 1.0", **{"plugin-a": "-1.1 1.0", "plugin-b": "1.0"})

    withdrawal = withdraw("core==1.1", there, GROUPED)

    assert (codes(withdrawal), withdrawal.whole) == ([], ())


def test_giving_back_leaves_the_group_alone() -> None:
    there = index(core="-1.1", **{"plugin-a": "1.1", "plugin-b": "1.1"})

    giving = withdraw("core==1.1", there, GROUPED, is_taken_back=True)

    assert (codes(giving), giving.together, giving.whole) == ([], (), ())


def test_a_linked_group_may_be_torn_apart() -> None:
    there = index(core="1.1 1.0", **{"plugin-b": "1.1 1.0"})

    withdrawal = withdraw("core==1.1", there, tree(config=Config(linked=(("core", "plugin-*"),))))

    assert (codes(withdrawal), withdrawal.whole) == ([], ())


# ── the way out ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "listed", "is_pending", "mending", "version"),
    [
        ("tool==0.3", "0.3 0.2", False, Mending.MISSING, None),
        ("tool==0.3", "0.3 0.2", True, Mending.PENDING, "0.3.1"),
        ("tool==0.2", "0.3 0.2", True, Mending.OUT, "0.3"),
        ("tool==0.2", "0.2", True, Mending.RELEASED, "0.3"),
        ("tool==0.4", "0.4 0.2", False, Mending.MISSING, None),
        ("tool==0.2", "-0.3 0.2", True, Mending.PENDING, "0.3.1"),
        ("tool==0.2", "-0.3 0.2", False, Mending.MISSING, None),
        ("tool==0.3 tool==0.2", "0.3 0.2", False, Mending.MISSING, None),
    ],
)
def test_how_far_a_better_version_has_come(
    wanted: str, listed: str, mending: Mending, version: str | None, *, is_pending: bool
) -> None:
    fragments = [fragment(tool="patch")] if is_pending else []

    steps = withdraw(wanted, index(tool=listed), tree(fragments=fragments)).steps

    told = {(step.mending, step.mended_by) for step in steps}
    assert told == {(mending, version and Version(version))}


def test_a_member_without_a_version_has_nothing_better() -> None:
    space = workspace(member("tool", None))

    assert (
        the_step(withdraw("tool==0.2", index(tool="0.2"), tree(space))).mending is Mending.MISSING
    )


# ── whom it may concern ───────────────────────────────────────────────────────────────────


def test_dependents_and_groups_are_concerned_and_so_on_and_what_is_private_is_not() -> None:
    space = workspace(
        member("core"),
        member("app", "1.0", requires("plugin-a")),
        member("plugin-a"),
        member("plugin-b"),
        member("tests", "1.0", requires("core"), private=True),
        member("suite", "1.0", requires("tests")),
        member("tool"),
    )

    assert concerned_members([named("core")], space, FIXED) == (
        "core",
        "app",
        "plugin-a",
        "plugin-b",
        "suite",
    )
    assert concerned_members([named("tool")], space, FIXED) == ("tool",)


# ── for whatever there is ─────────────────────────────────────────────────────────────────


@st.composite
def situations(draw: st.DrawFn) -> tuple[Input, list[Pin], Mapping[NormalizedName, Project]]:
    """A workspace, an index on which some of it is, in part yanked, and what to yank."""
    given_input = draw(inputs())
    pins, projects = [], {}
    for each in given_input.workspace:
        versions = sorted({str(each.version), "0.0.1", "98rc1", "97"})
        there = draw(st.lists(st.sampled_from(versions), unique=True))
        marks = draw(st.lists(st.sampled_from(["", "-", "/"]), min_size=4, max_size=4))
        if not each.private:
            listed = [f"{mark}{text}" for mark, text in zip(marks, there, strict=False)]
            projects[each.name] = project(each.name, *listed)
            pins += [Pin(name=each.name, version=Version(text)) for text in versions]
    wanted = draw(st.lists(st.sampled_from(pins), max_size=4)) if pins else []
    return given_input, wanted, projects


def decide(
    given_input: Input,
    wanted: Sequence[Pin],
    projects: Mapping[NormalizedName, Project],
    *,
    is_taken_back: bool = False,
) -> Withdrawal:
    space, fragments, config = given_input
    return plan_withdrawal(
        wanted, projects, tree(space, config, fragments), is_taken_back=is_taken_back
    )


def carried_out(
    withdrawal: Withdrawal, projects: Mapping[NormalizedName, Project]
) -> Mapping[NormalizedName, Project]:
    """The index after every step."""
    due = {name for step in withdrawal.left for name in step.files}
    yanked = None if withdrawal.is_taken_back else "Bad."
    return {
        name: Project(
            name=name,
            files=tuple(
                IndexedFile(filename=f.filename, sha256=None, yanked=yanked)
                if f.filename in due
                else f
                for f in each.files
            ),
        )
        for name, each in projects.items()
    }


@pytest.mark.property
@given(situation=situations(), is_taken_back=st.booleans())
def test_after_it_is_carried_out_nothing_is_left_to_do(
    situation: tuple[Input, list[Pin], Mapping[NormalizedName, Project]],
    *,
    is_taken_back: bool,
) -> None:
    given_input, wanted, projects = situation
    first = decide(given_input, wanted, projects, is_taken_back=is_taken_back)

    again = decide(given_input, wanted, carried_out(first, projects), is_taken_back=is_taken_back)

    assert again.left == ()
    assert [(s.pin, s.instead) for s in again.steps] == [(s.pin, s.instead) for s in first.steps]
    assert (again.affected, again.findings) == (first.affected, first.findings)


@pytest.mark.property
@given(situations())
def test_every_version_that_was_asked_for_is_one_step_or_one_error(
    situation: tuple[Input, list[Pin], Mapping[NormalizedName, Project]],
) -> None:
    given_input, wanted, projects = situation

    withdrawal = decide(given_input, wanted, projects)

    errors = [finding for finding in withdrawal.findings if finding.is_error]
    assert {step.pin for step in withdrawal.steps} <= set(wanted)
    assert len(withdrawal.steps) + len(errors) == len(set(wanted))


@pytest.mark.property
@given(situations())
def test_what_is_yanked_together_leaves_nobody_behind(
    situation: tuple[Input, list[Pin], Mapping[NormalizedName, Project]],
) -> None:
    given_input, wanted, projects = situation
    alone = decide(given_input, wanted, projects)

    together = decide(given_input, alone.together or [s.pin for s in alone.steps], projects)
    whole = decide(given_input, alone.whole or [s.pin for s in together.steps], projects)

    assert {step.pin for step in alone.steps} <= {step.pin for step in together.steps}
    assert (together.affected, together.together) == ((), ())
    assert (whole.affected, whole.together, whole.whole) == ((), (), ())
    assert "group-stays" not in codes(whole)


@pytest.mark.property
@given(situations())
def test_dependents_come_before_what_they_require(
    situation: tuple[Input, list[Pin], Mapping[NormalizedName, Project]],
) -> None:
    """Circles aside, also those through a member that stays: there nobody is first."""
    given_input, wanted, projects = situation
    space = given_input.workspace
    names = [step.pin.name for step in decide(given_input, wanted, projects).steps]

    reach: dict[NormalizedName, set[NormalizedName]] = {}
    for name in names:
        open_ends = [name]
        while open_ends:
            for d in space[open_ends.pop()].dependencies:
                if d.is_published and d.on not in reach.setdefault(name, set()):
                    reach[name].add(d.on)
                    open_ends.append(d.on)
    for place, name in enumerate(names):
        for later in names[place + 1 :]:
            is_needed_by_later = name in reach.get(later, ())
            assert not is_needed_by_later or later in reach.get(name, ())
