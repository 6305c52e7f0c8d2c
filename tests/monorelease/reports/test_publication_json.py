from __future__ import annotations

import json
from textwrap import dedent

from packaging.version import Version

from monorelease.model.config import LOCAL_INDEX
from monorelease.model.finding import Finding, Severity
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Gap,
    Outcome,
    Pending,
    TagReceipt,
    Upload,
)
from monorelease.model.value import replace
from monorelease.reports.json import Value
from monorelease.reports.publication_json import (
    build_value,
    nothing_value,
    pending_value,
    publish_value,
    verdict_value,
)
from publications import (
    COMMIT,
    PYPI,
    build_of,
    built,
    news,
    page_on,
    publication,
    publish_plan,
    receipt,
    released,
    sdist,
    tag_of,
    wheel,
)
from values import named

WARNING = Finding(code="c", problem="p", hint="h", severity=Severity.WARNING)
HASHES = {"<commit>": COMMIT, "<a>": "a" * 64, "<b>": "b" * 64, "<theirs>": "f" * 64}


def golden(text: str) -> str:
    """The text, with long hexadecimal digits in the place of their names."""
    for name, digits in HASHES.items():
        text = text.replace(name, digits)
    return dedent(text).lstrip("\n")


def printed(value: Value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_what_is_pending_is_spelled_as_documented() -> None:
    member = released("core")
    pending = [
        Pending(member=member, gap=Gap.NO_WHEEL, tag_here=True, tag_there=False, announce=True)
    ]

    assert printed(pending_value(pending, LOCAL_INDEX, ())) == golden(
        """
        {
          "schema": 1,
          "index": {
            "name": "local",
            "rehearsal": true
          },
          "pending": [
            {
              "name": "core",
              "version": "1.0.44",
              "path": "packages/core",
              "commit": "<commit>",
              "tag": "core-v1.0.44",
              "gap": "no-wheel",
              "make_tag": true,
              "push_tag": false,
              "announce": true
            }
          ],
          "roll_up": null,
          "findings": []
        }
        """
    )


def test_a_page_that_is_missing_is_pending_alone_too() -> None:
    assert pending_value([], PYPI, (), page_on("core"))["roll_up"] == {
        "tag": "wave-2026-11-22-7c11c8a",
        "commit": COMMIT,
        "members": ["core"],
    }


def test_a_member_without_a_gap_has_nothing_to_upload() -> None:
    pending = Pending(
        member=released("core"), gap=None, tag_here=False, tag_there=True, announce=False
    )
    value = pending_value([pending], PYPI, ())

    assert value["index"] == {"name": "pypi", "rehearsal": False}
    assert '"gap": null' in printed(value)


def test_a_build_is_spelled_as_documented() -> None:
    build = build_of(built("core", wheel("core"), sdist("core")))

    assert printed(build_value(build, ())) == golden(
        """
        {
          "schema": 1,
          "members": [
            {
              "name": "core",
              "version": "1.0.44",
              "path": "packages/core",
              "commit": "<commit>",
              "files": [
                {
                  "filename": "core-1.0.44-py3-none-any.whl",
                  "kind": "wheel",
                  "sha256": "<a>",
                  "size": 81234
                },
                {
                  "filename": "core-1.0.44.tar.gz",
                  "kind": "sdist",
                  "sha256": "<b>",
                  "size": 70234
                }
              ]
            }
          ],
          "findings": []
        }
        """
    )


def test_a_verdict_is_spelled_as_documented() -> None:
    assert printed(verdict_value(build_of(built("core")), [WARNING], is_verified=True)) == golden(
        """
        {
          "schema": 1,
          "verified": true,
          "members": [
            {
              "name": "core",
              "version": "1.0.44",
              "path": "packages/core",
              "commit": "<commit>",
              "files": []
            }
          ],
          "findings": [
            {
              "severity": "warning",
              "code": "c",
              "problem": "p",
              "path": null,
              "line": null,
              "hint": "h"
            }
          ]
        }
        """
    )


def test_a_dry_run_is_spelled_as_documented() -> None:
    version = Version("1.0.44")
    plan = publish_plan(
        Upload(name=named("core"), version=version, artifact=wheel("core")),
        AlreadyThere(name=named("core"), version=version, artifact=sdist("core")),
        Conflict(name=named("x"), version=version, artifact=wheel("x"), theirs="f" * 64),
        waves=(("core",), ("x",)),
        tags=(tag_of("core", push=False, first=True),),
        announce=("core",),
        new_names=("x",),
    )

    assert printed(publish_value(plan, [])) == golden(
        """
        {
          "schema": 1,
          "index": {
            "name": "pypi",
            "rehearsal": false
          },
          "dry_run": true,
          "waves": [
            [
              "core"
            ],
            [
              "x"
            ]
          ],
          "new_names": [
            "x"
          ],
          "files": [
            {
              "name": "core",
              "version": "1.0.44",
              "filename": "core-1.0.44-py3-none-any.whl",
              "kind": "wheel",
              "sha256": "<a>",
              "size": 81234,
              "action": "upload"
            },
            {
              "name": "core",
              "version": "1.0.44",
              "filename": "core-1.0.44.tar.gz",
              "kind": "sdist",
              "sha256": "<b>",
              "size": 70234,
              "action": "already-there"
            },
            {
              "name": "x",
              "version": "1.0.44",
              "filename": "x-1.0.44-py3-none-any.whl",
              "kind": "wheel",
              "sha256": "<a>",
              "size": 81234,
              "action": "conflict",
              "theirs": "<theirs>"
            }
          ],
          "tags": [
            {
              "name": "core-v1.0.44",
              "member": "core",
              "version": "1.0.44",
              "commit": "<commit>",
              "make": true,
              "push": false,
              "first": true
            }
          ],
          "announcements": [
            {
              "name": "core",
              "version": "1.0.44",
              "path": "packages/core",
              "commit": "<commit>",
              "tag": "core-v1.0.44"
            }
          ],
          "roll_up": null,
          "findings": []
        }
        """
    )


def test_receipts_are_spelled_as_documented() -> None:
    done = publication(
        receipt("core", wheel("core"), Outcome.UPLOADED, 0.12345),
        receipt("core", sdist("core"), Outcome.HELD_BACK, why="requires x: no"),
        tags=(TagReceipt(tag=tag_of("core"), is_made=True, is_pushed=False, why="taken"),),
        announced=(news("core", "## 1.0.44rc1\n", "1.0.44rc1"),),
        seconds=1.23456,
        trouble="502 from the forge",
    )

    assert printed(publish_value(done, [WARNING])) == golden(
        """
        {
          "schema": 1,
          "index": {
            "name": "pypi",
            "rehearsal": false
          },
          "dry_run": false,
          "complete": false,
          "seconds": 1.235,
          "receipts": [
            {
              "name": "core",
              "version": "1.0.44",
              "filename": "core-1.0.44-py3-none-any.whl",
              "kind": "wheel",
              "sha256": "<a>",
              "size": 81234,
              "outcome": "uploaded",
              "seconds": 0.123,
              "why": ""
            },
            {
              "name": "core",
              "version": "1.0.44",
              "filename": "core-1.0.44.tar.gz",
              "kind": "sdist",
              "sha256": "<b>",
              "size": 70234,
              "outcome": "held-back",
              "seconds": 0.0,
              "why": "requires x: no"
            }
          ],
          "tags": [
            {
              "name": "core-v1.0.44",
              "member": "core",
              "version": "1.0.44",
              "commit": "<commit>",
              "made": true,
              "pushed": false,
              "why": "taken"
            }
          ],
          "announced": [
            {
              "name": "core",
              "version": "1.0.44rc1",
              "prerelease": true,
              "notes": "## 1.0.44rc1\\n"
            }
          ],
          "rolled_up": "",
          "trouble": "502 from the forge",
          "findings": [
            {
              "severity": "warning",
              "code": "c",
              "problem": "p",
              "path": null,
              "line": null,
              "hint": "h"
            }
          ]
        }
        """
    )


def test_a_page_on_a_wave_is_spelled_as_documented() -> None:
    assert publish_value(replace(publish_plan(), roll_up=page_on("core")), ())["roll_up"] == {
        "tag": "wave-2026-11-22-7c11c8a",
        "commit": COMMIT,
        "members": ["core"],
    }


def test_nothing_to_publish_is_complete() -> None:
    assert printed(nothing_value(LOCAL_INDEX, ())) == golden(
        """
        {
          "schema": 1,
          "index": {
            "name": "local",
            "rehearsal": true
          },
          "dry_run": false,
          "complete": true,
          "seconds": 0.0,
          "receipts": [],
          "tags": [],
          "announced": [],
          "rolled_up": "",
          "trouble": "",
          "findings": []
        }
        """
    )
