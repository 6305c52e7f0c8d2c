from __future__ import annotations

import pytest

from monorelease.model.channel import Stable
from monorelease.model.config import Config
from monorelease.model.forge import Change, Posted
from monorelease.model.plan import ReleasePlan
from monorelease.model.release_branch import BranchCommit, CommitKind, Step
from monorelease.model.release_request import ReleaseRequest
from monorelease.model.value import replace
from monorelease.planning.plan import plan_release
from monorelease.reports.release_request import foreseen_text, request_text, request_value
from values import fragment, member, workspace

THEIRS = BranchCommit(
    name="abcdef" * 7,
    parent="",
    tree="",
    author="Ada \x1b[31m",
    subject="Word it better",
    kind=CommitKind.PERSON,
)
MADE = ReleaseRequest(
    base="main",
    commit="1" * 40,
    head="monorelease/main",
    plan=plan_release(
        workspace(member("core")), (fragment("1.fix.md", core="patch"),), Config(), Stable()
    ),
    findings=(),
    title="Release core 1.0.1",
    body="<!-- hidden -->\n\nMerging this.\n",
    step=Step.UPDATE,
    tip="2" * 40,
    people=(THEIRS,),
    posted=Posted(change=Change.UPDATED, address="https://forge.example/acme/tools/pull/7"),
)
NOTHING = replace(
    MADE,
    plan=ReleasePlan(channel=Stable(), releases=()),
    title="",
    body="",
    step=Step.NOTHING,
    tip="",
    people=(),
    posted=None,
)


def test_what_was_done_is_told_in_a_line_each() -> None:
    assert request_text(MADE) == (
        "Release core 1.0.1\n"
        "  branch        monorelease/main updated, on 222222222222\n"
        "  kept          abcdefabcdef Word it better (Ada \\x1b[31m)\n"
        "  pull request  updated https://forge.example/acme/tools/pull/7\n"
    )


def test_where_there_was_nothing_to_do_that_is_all() -> None:
    assert request_text(NOTHING) == "Nothing to release: no pending fragment moves a member.\n"


def test_what_was_removed_is_told() -> None:
    gone = replace(NOTHING, step=Step.REMOVE, posted=Posted(change=Change.REMOVED, address=""))

    assert request_text(gone).splitlines()[1:] == [
        "  branch        monorelease/main removed",
        "  pull request  closed",
    ]


@pytest.mark.parametrize("step", Step)
def test_every_step_has_words(step: Step) -> None:
    words = request_text(replace(MADE, step=step))

    assert ("  branch  " in words) == (step is not Step.NOTHING)


@pytest.mark.parametrize("change", Change)
def test_every_change_has_words(change: Change) -> None:
    posted = Posted(change=change, address="")

    assert "  pull request  " in request_text(replace(MADE, posted=posted))


def test_what_would_be_done_is_told_with_the_words_of_the_request() -> None:
    assert foreseen_text(replace(MADE, posted=None)) == (
        "Release core 1.0.1\n"
        "A pull request from monorelease/main to main would say:\n"
        "\n"
        "<!-- hidden -->\n"
        "\n"
        "Merging this.\n"
        "\n"
        "The branch monorelease/main would be updated, on 222222222222.\n"
        "Kept: abcdefabcdef Word it better (Ada \\x1b[31m)\n"
    )


def test_that_nothing_is_left_would_close_it() -> None:
    assert foreseen_text(NOTHING) == (
        "Nothing to release: no pending fragment moves a member.\n"
        "An open pull request from monorelease/main to main would be closed.\n"
    )


def test_a_program_is_told_everything() -> None:
    value = request_value(MADE, is_dry=False)

    assert (value["schema"], value["channel"], value["dry_run"]) == (1, "stable", False)
    assert value["branch"] == {
        "name": "monorelease/main",
        "base": "main",
        "base_commit": "1" * 40,
        "commit": "2" * 40,
        "change": "updated",
        "commits_of_people": [
            {"commit": "abcdef" * 7, "author": "Ada \x1b[31m", "subject": "Word it better"}
        ],
    }
    assert value["pull_request"] == {
        "title": "Release core 1.0.1",
        "body": "<!-- hidden -->\n\nMerging this.\n",
        "change": "updated",
        "address": "https://forge.example/acme/tools/pull/7",
    }


def test_a_program_is_told_nothing_as_null() -> None:
    value = request_value(NOTHING, is_dry=True)

    assert value["branch"] == {
        "name": "monorelease/main",
        "base": "main",
        "base_commit": "1" * 40,
        "commit": None,
        "change": "nothing",
        "commits_of_people": [],
    }
    assert value["pull_request"] == {"title": "", "body": "", "change": None, "address": None}
