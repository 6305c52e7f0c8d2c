from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from textwrap import dedent

import pytest
from packaging.version import Version

from monorelease.errors import HookFailed, NoWorkspace, ReleaseError
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import Follows, Release, ReleasePlan, Scope
from monorelease.model.workspace import DependencyKind, Member, Workspace
from monorelease.planning.plan import plan_release
from monorelease.reports.terminal import (
    COLOURS,
    cause_text,
    details_text,
    findings_text,
    plan_text,
    problem_text,
    summary_text,
)
from values import fragment, member, named, requires

DEFAULTS = Config()
EVERYTHING = Scope()
FINAL = Stable()

STEERING = (
    *map(chr, (*range(0x20), *range(0x7F, 0xA0))),  # C0, DEL, C1: escape sequences and the rest
    *map(chr, (0x061C, 0x200E, 0x200F)),  # marks that turn the direction of writing
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),  # embeddings and isolates
    *map(chr, (0x2028, 0x2029)),  # separators that end lines
)
"""What a terminal, or who looks at it, could be led astray by."""

HOSTILE = "a\x1b[2J\x1b]0;owned\x07b\u202ec\r\x9bd\ne\u2028f\u200eg\n::error::forged"


def plan(
    members: Sequence[Member],
    *fragments: Fragment,
    config: Config = DEFAULTS,
    channel: Channel = FINAL,
    scope: Scope = EVERYTHING,
) -> ReleasePlan:
    return plan_release(Workspace(members=tuple(members)), fragments, config, channel, scope=scope)


def by_path(*fragments: Fragment) -> dict[PurePosixPath, Fragment]:
    return {each.path: each for each in fragments}


def text(golden: str) -> str:
    return dedent(golden).lstrip("\n")


def is_harmless(shown: str) -> bool:
    """Whether nothing but the report's own line ends steers."""
    return not set(shown) & (set(STEERING) - {"\n"})


# ── plans ───────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_a_table_of_who_from_to_how_far_and_why() -> None:
    members = [
        member("core", "1.0.43"),
        member("plugin-x", "1.0.43", requires("core", "<1.0.44")),
        member("app", "0.9", requires("plugin-x", "==1.0.43"), private=True),
        member("big", "12.0.0"),
        member("graduate", "0.4"),
    ]
    made = plan(
        members,
        fragment("1042.fix.md", core="patch"),
        fragment("+voices.feature.md", core="patch", big="minor"),
        scope=Scope(versions={named("graduate"): Version("1.0")}),
    )

    assert plan_text(made) == text(
        """
        5 packages to release

          core           1.0.43 → 1.0.44  patch  changes/1042.fix.md; changes/+voices.feature.md
          big            12.0.0 → 12.1.0  minor  changes/+voices.feature.md
          graduate       0.4 → 1.0        major  1.0 was asked for
          plugin-x       1.0.43 → 1.0.44  patch  core leaves <1.0.44 (project.dependencies)
          app (private)  0.9 → 0.9.1      patch  plugin-x leaves ==1.0.43 (project.dependencies)
        """
    )


@pytest.mark.parametrize(
    ("channel", "head"),
    [
        (Stable(), "1 package to release"),
        (Prerelease(label=Label.CANDIDATE), "1 package to pre-release (rc)"),
        (Snapshot(stamp=7), "1 package to snapshot"),
    ],
)
def test_one_package_is_no_packages(channel: Channel, head: str) -> None:
    made = plan([member("a")], fragment(a="patch"), channel=channel)

    assert plan_text(made).splitlines()[0] == head


def test_nothing_to_release_is_said_in_a_line() -> None:
    said = plan_text(plan([member("a")]))

    assert said.startswith("Nothing to release")
    assert said.endswith("\n")
    assert said.count("\n") == 1


def test_who_is_taken_along_by_a_group_is_told_with_whom() -> None:
    made = plan([member("a"), member("b")], fragment(a="patch"), config=Config(linked=(("*",),)))
    tied = plan([member("a"), member("b")], fragment(a="patch"), config=Config(fixed=(("*",),)))

    assert "b" not in {release.name for release in made.releases}
    assert plan_text(tied).splitlines()[-1] == "  b  1.0.0 → 1.0.1  patch  with a (fixed group)"


def test_colours_mark_words_and_move_nothing() -> None:
    made = plan([member("a")], fragment(a="patch"))
    coloured = plan_text(made, COLOURS)

    assert coloured.startswith("\x1b[1m1 package to release\x1b[0m\n")
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "") == plan_text(made)


# ── what it comes to ────────────────────────────────────────────────────────────────────


def edits(*paths: str, after: bytes | None = b"new") -> tuple[FileEdit, ...]:
    return tuple(FileEdit(path=PurePosixPath(p), before=b"old", after=after) for p in paths)


def test_the_summary_counts_files_constraints_and_fragments() -> None:
    members = [
        member("core"),
        member("app", "1.0.0", requires("core", "==1.0.0"), requires("core", ">=1")),
        member("site", "1.0.0", requires("core", "<1.0.1", DependencyKind.GROUP)),
    ]
    made = plan(members, fragment("1.fix.md", core="patch"), fragment("2.fix.md", core="patch"))
    removed = edits("changes/1.fix.md", "changes/2.fix.md", after=None)
    patch = Patch.of((*edits("packages/core/pyproject.toml"), *removed))

    assert summary_text(made, patch) == "\n3 files, 3 constraints raised, 2 fragments consumed\n"


def test_one_of_each_is_in_the_singular() -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", "==1.0.0"))]
    made = plan(members, fragment("1.fix.md", core="patch"))
    patch = Patch.of(edits("changes/1.fix.md", after=None))

    assert summary_text(made, patch) == "\n1 file, 1 constraint raised, 1 fragment consumed\n"


def test_a_fragment_that_stays_is_not_consumed() -> None:
    made = plan([member("a")], fragment(a="patch"), channel=Prerelease(label=Label.ALPHA))

    summary = summary_text(made, Patch.of(edits("packages/a/pyproject.toml")))

    assert summary == "\n1 file, 0 constraints raised, 0 fragments consumed\n"


def test_a_fragment_that_waits_for_other_members_is_kept_in_part() -> None:
    made = plan([member("a")], fragment("1.fix.md", a="patch"))

    summary = summary_text(made, Patch.of(edits("changes/1.fix.md")))

    assert summary == "\n1 file, 0 constraints raised, 0 fragments consumed, 1 kept in part\n"


def test_no_release_comes_to_nothing() -> None:
    assert summary_text(plan([member("a")]), Patch(edits=())) == ""


# ── details ─────────────────────────────────────────────────────────────────────────────


def test_details_show_each_fragment_once_and_each_constraint() -> None:
    members = [
        member("core"),
        member("plugin", "1.0.0", requires("core", ">=1.0,<2")),
        member("site", "1.0.0", requires("core", "==1.0.0", DependencyKind.GROUP)),
    ]
    said = (
        fragment("1.fix.md", "First line.\n\n    code", core="patch", plugin="patch"),
        fragment("2.fix.md", plugin="patch"),
        fragment("3.misc.md", plugin="none"),
    )

    assert details_text(plan(members, *said), by_path(*said)) == "\n" + text(
        """
        Fragments

          changes/1.fix.md  (core: patch, plugin: patch)
            First line.

                code
          changes/2.fix.md  (plugin: patch)
            Words.

        Constraints

          plugin  core  >=1.0,<2 → >=1.0.1,<2  project.dependencies
          site    core  ==1.0.0 → ==1.0.1      dependency-groups.test
        """
    )


def test_where_nothing_is_released_there_are_no_details() -> None:
    assert details_text(plan([member("a")]), {}) == ""


# ── findings ────────────────────────────────────────────────────────────────────────────


def finding(
    severity: Severity, path: str = "", line: int | None = None, problem: str = "it is wrong"
) -> Finding:
    return Finding(
        code="some-code",
        problem=problem,
        hint="mend it",
        severity=severity,
        path=PurePosixPath(path) if path else None,
        line=line,
    )


ERROR, WARNING = Severity


def test_findings_say_severity_place_problem_code_and_hint() -> None:
    findings = [
        finding(ERROR, "changes/1.fix.md", 2),
        finding(WARNING, "pyproject.toml"),
        finding(ERROR),
    ]

    assert findings_text(findings) == text(
        """
        error: changes/1.fix.md:2: it is wrong [some-code]
          hint: mend it
        warning: pyproject.toml: it is wrong [some-code]
          hint: mend it
        error: it is wrong [some-code]
          hint: mend it

        2 errors, 1 warning
        """
    )


@pytest.mark.parametrize(
    ("severities", "count"),
    [
        ([ERROR], "1 error"),
        ([WARNING, WARNING], "2 warnings"),
        ([WARNING, ERROR], "1 error, 1 warning"),
    ],
)
def test_what_there_is_none_of_is_not_counted(severities: list[Severity], count: str) -> None:
    assert findings_text([*map(finding, severities)]).splitlines()[-1] == count


def test_no_findings_are_no_text() -> None:
    assert findings_text([]) == ""


def test_errors_are_red_and_warnings_yellow() -> None:
    coloured = findings_text([finding(ERROR), finding(WARNING)], COLOURS)

    assert coloured.splitlines()[0].startswith("\x1b[31merror\x1b[0m: ")
    assert coloured.splitlines()[2].startswith("\x1b[33mwarning\x1b[0m: ")


# ── problems ────────────────────────────────────────────────────────────────────────────


def test_a_problem_says_where_it_is_and_what_to_do() -> None:
    lost = NoWorkspace("there is no workspace here", where="/src", hint="go into the repository")

    assert problem_text(lost) == text(
        """
        error: /src: there is no workspace here
          hint: go into the repository
        """
    )
    assert problem_text(ReleaseError("odd", hint="h"), COLOURS) == (
        "\x1b[31merror\x1b[0m: odd\n  \x1b[2mhint:\x1b[0m h\n"
    )


def test_what_another_program_said_cannot_be_taken_for_our_words() -> None:
    said = "the hook failed\nerror: forged\n  hint: forged\n::error::forged\x1b[2J"

    assert problem_text(HookFailed(said, where="a\nb", hint="repair it\nnow")) == text(
        r"""
        error: a\x0ab: the hook failed
            error: forged
              hint: forged
            \x3a:error::forged\x1b[2J
          hint: repair it\x0anow
        """
    )


# ── hostile input ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("field", ["path", "hint"])
def test_a_hostile_finding_is_harmless_and_makes_no_lines_of_its_own(field: str) -> None:
    values = {"path": "x", "hint": "z"} | {field: HOSTILE}

    shown = findings_text(
        [
            Finding(
                code="c",
                problem="y",
                hint=values["hint"],
                path=PurePosixPath(values["path"]),
            )
        ]
    )

    assert is_harmless(shown)
    assert len(shown.splitlines()) == 4


def test_what_another_program_said_is_indented_below_its_finding() -> None:
    said = Finding(code="c", problem=f"it fails:\nerror: x\n{HOSTILE}", hint="mend it")

    shown = findings_text([said])

    first, *below = shown.splitlines()
    assert is_harmless(shown)
    assert first == "error: it fails:"
    assert below[0] == "    error: x"
    assert all(line.startswith("  ") or not line for line in below[:-1])


def test_a_hostile_file_name_is_harmless_in_a_plan() -> None:
    said = fragment(f"{HOSTILE}.fix.md", HOSTILE, a="patch")
    made = plan([member("a")], said)

    assert is_harmless(plan_text(made))
    assert len(plan_text(made).splitlines()) == 3
    assert is_harmless(details_text(made, by_path(said)))


def test_hostile_words_of_a_fragment_are_harmless_line_by_line() -> None:
    said = fragment("1.fix.md", "one\x1b[31m\ntwo\u202e", a="patch")

    details = details_text(plan([member("a")], said), by_path(said))

    assert details.splitlines()[-2:] == ["    one\\x1b[31m", "    two\\x202e"]


def test_a_hostile_constraint_is_harmless() -> None:
    """Poetry's ranges may hold any white space, a carriage return too."""
    dependency = requires("core", ">=1,\r<1.0.1\x1c,\u2028!=5")
    made = plan([member("core"), member("app", "1.0.0", dependency)], fragment(core="patch"))

    assert [release.name for release in made.releases] == ["core", "app"]
    assert is_harmless(plan_text(made))
    assert is_harmless(details_text(made, by_path(fragment(core="patch"))))


@pytest.mark.parametrize("name", ["constraint", "table"])
def test_a_hostile_cause_is_harmless(name: str) -> None:
    values = {"constraint": "<2", "table": "project.dependencies"} | {name: HOSTILE}

    cause = Follows(on=named("core"), constraint=values["constraint"], table=values["table"])

    assert cause_text(cause).isprintable()


def test_a_cause_can_tell_the_version_that_is_followed() -> None:
    cause = Follows(on=named("core"), constraint="<2", table="project.dependencies")
    release = Release(
        name=named("core"),
        path=PurePosixPath("packages/core"),
        bump=Bump.MAJOR,
        current=Version("1.0"),
        target=Version("2.0"),
        private=False,
        causes=(),
        fragments=(),
        constraints=(),
    )

    assert cause_text(cause) == "core leaves <2 (project.dependencies)"
    assert cause_text(cause, release) == "core 2.0 leaves <2 (project.dependencies)"
