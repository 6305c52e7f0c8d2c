"""What a machine reads: plans, findings and explanations as JSON values, with a schema number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monorelease.model.channel import name_of
from monorelease.model.finding import Finding
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    ConstraintUpdate,
    Follows,
    Release,
    ReleasePlan,
    Requested,
    TiedTo,
)
from monorelease.reports.printable import printable_json

SCHEMA = 1
"""Raised when a program that reads these values would have to be changed."""

Value = dict[str, object]


def json_text(value: Mapping[str, object]) -> str:
    """The value as one document, to be read by people too: nothing in it steers a terminal."""
    import json

    return printable_json(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def status_value(plan: ReleasePlan, findings: Sequence[Finding]) -> Value:
    """What ``status --json`` prints."""
    value: Value = {
        "schema": SCHEMA,
        "channel": name_of(plan.channel),
        "releases": [_release(release) for release in plan.releases],
    }
    if plan.followers:
        value["followers"] = [
            {"name": update.member, **_constraint(update)} for update in plan.followers
        ]
    return value | {"findings": _findings(findings)}


def release_value(
    plan: ReleasePlan, findings: Sequence[Finding], patch: Patch, commit: str | None
) -> Value:
    """What ``release --json`` prints: the plan, and every file that changes with it."""
    files = [{"path": str(edit.path), "change": _change(edit)} for edit in patch.edits]
    return {**status_value(plan, findings), "files": files, "commit": commit}


def findings_value(findings: Sequence[Finding]) -> Value:
    """What ``check --json`` prints."""
    return {"schema": SCHEMA, "findings": _findings(findings)}


def _change(edit: FileEdit) -> str:
    if edit.before is None:
        return "added"
    return "removed" if edit.after is None else "changed"


def _findings(findings: Iterable[Finding]) -> list[Value]:
    return [
        {
            "severity": finding.severity.value,
            "code": finding.code,
            "problem": finding.problem,
            "path": str(finding.path) if finding.path else None,
            "line": finding.line,
            "hint": finding.hint,
        }
        for finding in findings
    ]


def _release(release: Release) -> Value:
    return {
        "name": release.name,
        "path": str(release.path),
        "bump": release.bump.word,
        "from": str(release.current),
        "to": str(release.target),
        "private": release.private,
        "causes": [cause_value(cause) for cause in release.causes],
        "fragments": [str(path) for path in release.fragments],
        "constraints": [_constraint(update) for update in release.constraints],
    }


def _constraint(update: ConstraintUpdate) -> Value:
    return {
        "on": update.dependency.on,
        "table": update.dependency.table,
        "from": update.before,
        "to": update.after,
    }


def cause_value(cause: Cause) -> Value:
    """One cause, by its kind."""
    match cause:
        case ChangedBy(fragment=path):
            return {"kind": "fragment", "fragment": str(path)}
        case Follows(on=on, constraint=constraint, table=table, leaves=leaves):
            return {
                "kind": "dependency",
                "on": on,
                "constraint": constraint,
                "table": table,
                "leaves": leaves,
            }
        case TiedTo(kind=kind, partner=partner):
            return {"kind": kind.value, "with": partner}
        case Requested(version=version):
            return {"kind": "requested", "version": str(version)}
