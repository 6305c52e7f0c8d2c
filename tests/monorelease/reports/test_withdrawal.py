from __future__ import annotations

import json
import shlex
from textwrap import dedent

import pytest
from packaging.version import Version

from monorelease.model.config import LOCAL_INDEX
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from monorelease.model.withdrawal import Affected, Effect, Mending, Pin, Standing, Step, Withdrawal
from monorelease.reports.json import json_text
from monorelease.reports.terminal import COLOURS
from monorelease.reports.withdrawal import (
    done_text,
    question_text,
    withdrawal_text,
    withdrawal_value,
)
from publications import PYPI
from values import named


def pin(text: str) -> Pin:
    name, version = text.split("==")
    return Pin(name=named(name), version=Version(version))


def step(
    text: str,
    standing: Standing = Standing.OFFERED,
    *,
    instead: str | None = "1.0",
    mending: Mending = Mending.OUT,
    mended_by: str | None = None,
) -> Step:
    files = () if standing is Standing.YANKED else (f"{text.replace('==', '-')}.tar.gz",)
    return Step(
        pin=pin(text),
        standing=standing,
        files=files,
        instead=Version(instead) if instead else None,
        mending=mending,
        mended_by=Version(mended_by) if mended_by else None,
    )


def withdrawal(*steps: Step, is_taken_back: bool = False) -> Withdrawal:
    return Withdrawal(
        steps=steps,
        affected=(),
        together=(),
        whole=(),
        findings=(),
        is_taken_back=is_taken_back,
    )


LEFT_BEHIND = Affected(
    pin=pin("plugin==1.1"),
    on=named("core"),
    constraint=">=1.1,<2",
    table="project.dependencies",
    effect=Effect.STRANDED,
)
REMINDER = """\
A yank deletes nothing: who pins the version still gets it, its files can never be replaced,
and --undo takes it back.
"""


def test_a_person_reads_how_things_stand_who_is_left_behind_and_what_to_do() -> None:
    asked = withdrawal(
        step("tool==0.3", Standing.IN_PART, instead=None),
        step("core==1.1", mending=Mending.MISSING),
    )
    asked = replace(
        asked,
        affected=(LEFT_BEHIND,),
        together=(pin("plugin==1.1"), pin("tool==0.3"), pin("core==1.1")),
    )

    assert withdrawal_text(asked, PYPI, "Crashes at exit.") == dedent(
        """\
        2 versions to yank on pypi

          tool  0.3  yanked in part  installers will choose nothing: none is left
          core  1.1  offered         installers will choose 1.0

        Left behind:

          plugin  1.1  cannot be installed  requires core >=1.1,<2 (project.dependencies)

        All at once, so that nobody is left behind:

          monorelease yank plugin==1.1 tool==0.3 core==1.1 --to pypi --reason 'Crashes at exit.'

        By hand, in this order:

          1. on the page of tool: Manage → Releases → 0.3 → Options → Yank
          2. on the page of core: Manage → Releases → 1.1 → Options → Yank
          reason: Crashes at exit.

          An index without such pages cannot yank: release a fix instead.
          To see what is done, run this again; its exit status is 0 once all of it is:
          monorelease yank tool==0.3 core==1.1 --to pypi

        For a fix:

          monorelease add --patch core -m 'What was mended.'
          monorelease release --commit
          monorelease publish --to pypi

        A yank deletes nothing: who pins the version still gets it, its files can never be replaced,
        and --undo takes it back.
        """
    )


def test_what_is_done_is_told_as_done() -> None:
    text = withdrawal_text(withdrawal(step("core==1.1", Standing.YANKED)), PYPI, "")

    assert text == (
        "Nothing left to do: yanked on pypi\n\n"
        f"  core  1.1  yanked  installers choose 1.0\n\n{REMINDER}"
    )


def test_a_yank_is_taken_back_in_the_same_way() -> None:
    back = replace(step("core==1.1", instead="1.1"), standing=Standing.YANKED)

    assert withdrawal_text(withdrawal(back, is_taken_back=True), PYPI, "") == dedent(
        """\
        1 version to offer again on pypi

          core  1.1  yanked  installers will choose it

        By hand, in this order:

          1. on the page of core: Manage → Releases → 1.1 → Options → Un-yank

          An index without such pages cannot yank: release a fix instead.
          To see what is done, run this again; its exit status is 0 once all of it is:
          monorelease yank core==1.1 --to pypi --undo
        """
    )


def test_a_yank_that_was_taken_back_is_offered_again() -> None:
    given_back = replace(step("core==1.1", instead="1.1"), files=())

    assert withdrawal_text(withdrawal(given_back, is_taken_back=True), PYPI, "") == (
        "Nothing left to do: offered again on pypi\n\n  core  1.1  offered  installers choose it\n"
    )


def test_in_a_folder_nobody_has_to_press_anything() -> None:
    text = withdrawal_text(withdrawal(step("core==1.1")), LOCAL_INDEX, "")

    assert text.startswith("1 version to yank on local\n")
    assert "By hand" not in text


def test_where_no_reason_is_given_one_is_asked_for() -> None:
    text = withdrawal_text(withdrawal(step("core==1.1")), PYPI, "")

    assert "  reason: installers show it; have one ready\n" in text


def test_the_whole_group_has_a_command_of_its_own() -> None:
    asked = replace(withdrawal(step("core==1.1")), whole=(pin("kit==1.1"), pin("core==1.1")))

    assert (
        "With all that the fixed group released at the same version:\n\n"
        "  monorelease yank kit==1.1 core==1.1 --to pypi\n"
    ) in withdrawal_text(asked, PYPI, "")


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        ([step("core==1.1")], []),
        (
            [
                step("core==1.0", mending=Mending.MISSING),
                step("core==1.1", mending=Mending.MISSING),
                step("tool==0.3", mending=Mending.MISSING),
            ],
            [
                "monorelease add --patch core,tool -m 'What was mended.'",
                "monorelease release --commit",
                "monorelease publish --to pypi",
            ],
        ),
        (
            [
                step("core==1.0", mending=Mending.PENDING, mended_by="1.2"),
                step("core==1.1", mending=Mending.PENDING, mended_by="1.2"),
                step("tool==0.3", mending=Mending.PENDING, mended_by="0.4"),
            ],
            [
                "fragments are pending for core 1.2, tool 0.4: if they mend it,",
                "monorelease release --commit",
                "monorelease publish --to pypi",
            ],
        ),
        (
            [step("core==1.1", mending=Mending.RELEASED, mended_by="1.2")],
            [
                "core 1.2 is released and not published: if it mends it,",
                "monorelease publish --to pypi",
            ],
        ),
    ],
)
def test_the_way_to_a_fix_begins_where_it_is(steps: list[Step], lines: list[str]) -> None:
    text = withdrawal_text(withdrawal(*steps), PYPI, "")

    _, _, fix = text.partition("For a fix:\n\n")
    shown = fix.partition("\n\n")[0].split("\n")
    assert [line.strip() for line in shown if line] == lines


def test_a_reason_steers_neither_the_terminal_nor_the_shell() -> None:
    reason = "It's $(rm -rf /)\x1b[2J `bad`"
    asked = replace(withdrawal(step("core==1.1")), together=(pin("core==1!1.1"),))

    text = withdrawal_text(asked, PYPI, reason)

    assert "\x1b" not in text
    (command,) = [line for line in text.split("\n") if "core==1!1.1" in line]
    assert shlex.split(command)[-1] == reason.replace("\x1b", "\\x1b")


def test_heads_are_marked_on_a_terminal() -> None:
    text = withdrawal_text(withdrawal(step("core==1.1")), LOCAL_INDEX, "", COLOURS)

    assert text.startswith("\x1b[1m1 version to yank on local\x1b[0m\n")


@pytest.mark.parametrize(
    ("is_taken_back", "question"),
    [(False, "Yank 1 version on local"), (True, "Take the yank of 1 version back on local")],
)
def test_the_question_says_what_would_be_done_and_where(
    question: str, *, is_taken_back: bool
) -> None:
    asked = withdrawal(
        step("core==1.1"), step("tool==0.3", Standing.YANKED), is_taken_back=is_taken_back
    )

    assert question_text(asked, LOCAL_INDEX) == question


def test_what_was_done_is_a_line_for_each_version() -> None:
    done = {pin("tool==0.3"): ["tool-0.3.tar.gz"], pin("core==1.1"): ["a.whl", "b.whl"]}

    assert done_text(done, is_taken_back=False) == (
        "yanked tool==0.3 (1 file)\nyanked core==1.1 (2 files)\n"
    )
    assert done_text(done, is_taken_back=True).startswith("given back tool==0.3 (1 file)\n")


def test_a_program_reads_the_same() -> None:
    asked = replace(
        withdrawal(
            step("tool==0.3", Standing.IN_PART, instead=None, mending=Mending.MISSING),
            step("core==1.1", Standing.YANKED, mended_by="1.2"),
        ),
        affected=(LEFT_BEHIND,),
        together=(pin("plugin==1.1"),),
        whole=(pin("kit==1.1"),),
        findings=(Finding(code="stranded", problem="p", hint="h"),),
    )

    value = withdrawal_value(asked, PYPI, "Bad.", {pin("core==1.1"): ["core-1.1.tar.gz"]})

    assert json.loads(json_text(value)) == {
        "schema": 1,
        "index": {"name": "pypi", "rehearsal": False},
        "undo": False,
        "complete": False,
        "reason": "Bad.",
        "steps": [
            {
                "name": "tool",
                "version": "0.3",
                "standing": "in-part",
                "files": ["tool-0.3.tar.gz"],
                "instead": None,
                "mending": "missing",
                "mended_by": None,
            },
            {
                "name": "core",
                "version": "1.1",
                "standing": "yanked",
                "files": [],
                "instead": "1.0",
                "mending": "out",
                "mended_by": "1.2",
            },
        ],
        "affected": [
            {
                "name": "plugin",
                "version": "1.1",
                "on": "core",
                "constraint": ">=1.1,<2",
                "table": "project.dependencies",
                "effect": "stranded",
            }
        ],
        "together": ["plugin==1.1"],
        "whole": ["kit==1.1"],
        "changed": ["core-1.1.tar.gz"],
        "findings": [
            {
                "severity": "error",
                "code": "stranded",
                "problem": "p",
                "path": None,
                "line": None,
                "hint": "h",
            }
        ],
    }
