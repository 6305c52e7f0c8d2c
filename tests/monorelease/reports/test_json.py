from __future__ import annotations

import json
from pathlib import PurePosixPath
from textwrap import dedent

import pytest
from packaging.version import Version

from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import ReleasePlan, Scope
from monorelease.model.workspace import DependencyKind
from monorelease.planning.plan import plan_release
from monorelease.reports.json import (
    Value,
    findings_value,
    json_text,
    release_value,
    status_value,
)
from values import fragment, member, named, requires, workspace


def printed(value: Value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


UNKNOWN = Finding(
    code="unknown-member",
    problem="'agents-cor' is not a member of this workspace",
    hint="did you mean 'agents-core'?",
    path=PurePosixPath("changes/x.fix.md"),
    line=2,
)
HOMELESS = Finding(code="c", problem="p", hint="h", severity=Severity.WARNING)


def wave() -> ReleasePlan:
    """Every kind of cause, one constraint that is raised, one that follows."""
    return plan_release(
        workspace(
            member("agents-core", "1.0.43"),
            member("agents-plugin-x", "1.0.43", requires("agents-core", ">=1.0.43,<2")),
            member("app", "2.0.0", requires("agents-core", "==1.0.43"), private=True),
            member("site", "0.4", requires("app", "==2.0.0", DependencyKind.GROUP)),
            member("tool", "0.4"),
        ),
        [fragment("1042.fix.md", **{"agents-core": "patch"})],
        Config(fixed=(("agents-*",),)),
        scope=Scope(versions={named("tool"): Version("1.0")}),
    )


def test_a_plan_is_spelled_as_documented() -> None:
    """One release after the other; a program reads it, so a key that goes is a new schema."""
    assert printed(status_value(wave(), [UNKNOWN])) == golden(
        """
        {
          "schema": 1,
          "channel": "stable",
          "releases": [
            {
              "name": "agents-core",
              "path": "packages/agents-core",
              "bump": "patch",
              "from": "1.0.43",
              "to": "1.0.44",
              "private": false,
              "causes": [
                {
                  "kind": "fragment",
                  "fragment": "changes/1042.fix.md"
                }
              ],
              "fragments": [
                "changes/1042.fix.md"
              ],
              "constraints": []
            },
            {
              "name": "tool",
              "path": "packages/tool",
              "bump": "major",
              "from": "0.4",
              "to": "1.0",
              "private": false,
              "causes": [
                {
                  "kind": "requested",
                  "version": "1.0"
                }
              ],
              "fragments": [],
              "constraints": []
            },
            {
              "name": "agents-plugin-x",
              "path": "packages/agents-plugin-x",
              "bump": "patch",
              "from": "1.0.43",
              "to": "1.0.44",
              "private": false,
              "causes": [
                {
                  "kind": "fixed",
                  "with": "agents-core"
                }
              ],
              "fragments": [],
              "constraints": [
                {
                  "on": "agents-core",
                  "table": "project.dependencies",
                  "from": ">=1.0.43,<2",
                  "to": ">=1.0.44,<2"
                }
              ]
            },
            {
              "name": "app",
              "path": "packages/app",
              "bump": "patch",
              "from": "2.0.0",
              "to": "2.0.1",
              "private": true,
              "causes": [
                {
                  "kind": "dependency",
                  "on": "agents-core",
                  "constraint": "==1.0.43",
                  "table": "project.dependencies",
                  "leaves": true
                }
              ],
              "fragments": [],
              "constraints": [
                {
                  "on": "agents-core",
                  "table": "project.dependencies",
                  "from": "==1.0.43",
                  "to": "==1.0.44"
                }
              ]
            }
          ],
          "followers": [
            {
              "name": "site",
              "on": "app",
              "table": "dependency-groups.test",
              "from": "==2.0.0",
              "to": "==2.0.1"
            }
          ],
          "findings": [
            {
              "severity": "error",
              "code": "unknown-member",
              "problem": "'agents-cor' is not a member of this workspace",
              "path": "changes/x.fix.md",
              "line": 2,
              "hint": "did you mean 'agents-core'?"
            }
          ]
        }
        """
    )


def test_a_linked_member_is_told_with_whom() -> None:
    plan = plan_release(
        workspace(member("a", "1.2.0"), member("b")),
        [fragment(a="minor", b="patch")],
        Config(linked=(("*",),)),
    )

    value = json.loads(json.dumps(status_value(plan, [])))

    assert value["releases"][1]["causes"] == [
        {"kind": "fragment", "fragment": "changes/1.fix.md"},
        {"kind": "linked", "with": "a"},
    ]


def test_nothing_to_release_is_an_empty_list() -> None:
    plan = plan_release(workspace(member("a")), [], Config())

    assert status_value(plan, []) == {
        "schema": 1,
        "channel": "stable",
        "releases": [],
        "findings": [],
    }


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (Stable(), "stable"),
        (Prerelease(label=Label.ALPHA), "a"),
        (Prerelease(label=Label.CANDIDATE), "rc"),
        (Snapshot(stamp=7), "snapshot"),
    ],
)
def test_the_channel_is_one_word(channel: Channel, name: str) -> None:
    plan = plan_release(workspace(member("a")), [], Config(), channel)

    assert status_value(plan, [])["channel"] == name


def test_a_release_lists_the_files_that_change_and_its_commit() -> None:
    patch = Patch.of(
        (
            FileEdit(path=PurePosixPath("uv.lock"), before=b"1", after=b"2"),
            FileEdit(path=PurePosixPath("changes/1042.fix.md"), before=b"1", after=None),
            FileEdit(path=PurePosixPath("packages/a/CHANGELOG.md"), before=None, after=b"1"),
        )
    )

    value = release_value(wave(), [HOMELESS], patch, "0" * 40)

    assert {key: value[key] for key in value.keys() - {"releases", "followers"}} == {
        "schema": 1,
        "channel": "stable",
        "findings": [
            {
                "severity": "warning",
                "code": "c",
                "problem": "p",
                "path": None,
                "line": None,
                "hint": "h",
            }
        ],
        "files": [
            {"path": "changes/1042.fix.md", "change": "removed"},
            {"path": "packages/a/CHANGELOG.md", "change": "added"},
            {"path": "uv.lock", "change": "changed"},
        ],
        "commit": "0" * 40,
    }
    assert value.items() >= status_value(wave(), [HOMELESS]).items()


def test_a_release_that_is_not_committed_says_so() -> None:
    assert release_value(wave(), [], Patch(edits=()), None)["commit"] is None


def test_findings_alone_have_the_schema_too() -> None:
    assert printed(findings_value([UNKNOWN])) == golden(
        """
        {
          "schema": 1,
          "findings": [
            {
              "severity": "error",
              "code": "unknown-member",
              "problem": "'agents-cor' is not a member of this workspace",
              "path": "changes/x.fix.md",
              "line": 2,
              "hint": "did you mean 'agents-core'?"
            }
          ]
        }
        """
    )


def test_a_document_steers_no_terminal_and_means_the_same() -> None:
    value = {"text": "\x1b[2J\x9b\u202e é 漢\n::error::x ##[error]x", "path": "\udcff"}

    text = json_text(value)

    assert json.loads(text) == value
    assert text == golden(
        r"""
        {
          "text": "\u001b[2J\u009b\u202e é 漢\n::error::x \u0023#[error]x",
          "path": "SURROGATE"
        }
        """
    ).replace("SURROGATE", "\udcff")
