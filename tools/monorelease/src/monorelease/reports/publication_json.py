"""What a machine reads of publishing: what is left, what was built, what was or would be done."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.model.artifact import Artifact, Build
from monorelease.model.finding import Finding
from monorelease.model.index import IndexTarget
from monorelease.model.publication import (
    AlreadyThere,
    Announcement,
    Conflict,
    Pending,
    PlannedFile,
    PlannedTag,
    Publication,
    PublishPlan,
    Receipt,
    ReleasedMember,
    RollUp,
    TagReceipt,
    Upload,
)
from monorelease.reports.json import SCHEMA, Value, findings_value

_MILLISECONDS = 3
"""Digits of a number of seconds: the rest is noise."""


def pending_value(
    pending: Sequence[Pending],
    target: IndexTarget,
    findings: Sequence[Finding],
    roll_up: RollUp | None = None,
) -> Value:
    """What ``pending --json`` prints."""
    value = _opening(target) | {
        "pending": [_pending(each) for each in pending],
        "roll_up": _roll_up(roll_up),
    }
    return value | findings_value(findings)


def build_value(build: Build, findings: Sequence[Finding]) -> Value:
    """What ``build --json`` prints."""
    return {"schema": SCHEMA, "members": _members(build)} | findings_value(findings)


def verdict_value(build: Build, findings: Sequence[Finding], *, is_verified: bool) -> Value:
    """What ``verify --json`` prints: whether `build` may be published, and what was found."""
    value: Value = {"schema": SCHEMA, "verified": is_verified, "members": _members(build)}
    return value | findings_value(findings)


def publish_value(done: PublishPlan | Publication, findings: Sequence[Finding]) -> Value:
    """What ``publish --json`` prints: what came of it, or what a dry run would do."""
    value = _publication(done) if isinstance(done, Publication) else _plan(done)
    return value | findings_value(findings)


def nothing_value(target: IndexTarget, findings: Sequence[Finding]) -> Value:
    """What ``publish --json`` prints where nothing is left to do."""
    plan = PublishPlan(index=target, waves=(), files=(), tags=(), announcements=())
    return publish_value(Publication(plan=plan, receipts=(), tags=(), announced=()), findings)


def _opening(target: IndexTarget) -> Value:
    index = {"name": target.name, "rehearsal": target.is_rehearsal}
    return {"schema": SCHEMA, "index": index}


def _pending(pending: Pending) -> Value:
    return _member(pending.member) | {
        "gap": pending.gap and pending.gap.name.lower().replace("_", "-"),
        "make_tag": pending.tag_here,
        "push_tag": pending.tag_there,
        "announce": pending.announce,
    }


def _member(member: ReleasedMember) -> Value:
    return {
        "name": member.name,
        "version": str(member.version),
        "path": str(member.path),
        "commit": member.commit,
        "tag": member.tag,
    }


def _members(build: Build) -> list[Value]:
    return [
        {
            "name": member.name,
            "version": str(member.version),
            "path": str(member.path),
            "commit": member.commit,
            "files": [_artifact(artifact) for artifact in member.artifacts],
        }
        for member in build.members
    ]


def _artifact(artifact: Artifact) -> Value:
    return {
        "filename": artifact.filename,
        "kind": artifact.kind.value,
        "sha256": artifact.sha256,
        "size": artifact.size,
    }


def _file(file: PlannedFile | Receipt) -> Value:
    return {"name": file.name, "version": str(file.version)} | _artifact(file.artifact)


def _plan(plan: PublishPlan) -> Value:
    return _opening(plan.index) | {
        "dry_run": True,
        "waves": [list(wave) for wave in plan.waves],
        "new_names": list(plan.new_names),
        "files": [_file(file) | _fate(file) for file in plan.files],
        "tags": [
            _tag(tag) | {"make": tag.make, "push": tag.push, "first": tag.first}
            for tag in plan.tags
        ],
        "announcements": [_member(member) for member in plan.announcements],
        "roll_up": _roll_up(plan.roll_up),
    }


def _fate(file: PlannedFile) -> Value:
    match file:
        case Upload():
            return {"action": "upload"}
        case AlreadyThere():
            return {"action": "already-there"}
        case Conflict(theirs=theirs):
            return {"action": "conflict", "theirs": theirs}


def _publication(done: Publication) -> Value:
    return _opening(done.plan.index) | {
        "dry_run": False,
        "complete": done.is_complete,
        "seconds": round(done.seconds, _MILLISECONDS),
        "receipts": [_receipt(receipt) for receipt in done.receipts],
        "tags": [_tag_receipt(receipt) for receipt in done.tags],
        "announced": [_announcement(announcement) for announcement in done.announced],
        "rolled_up": done.rolled_up,
        "trouble": done.trouble,
    }


def _receipt(receipt: Receipt) -> Value:
    return _file(receipt) | {
        "outcome": receipt.outcome.value.replace(" ", "-"),
        "seconds": round(receipt.seconds, _MILLISECONDS),
        "why": receipt.why,
    }


def _tag_receipt(receipt: TagReceipt) -> Value:
    facts = {"made": receipt.is_made, "pushed": receipt.is_pushed, "why": receipt.why}
    return _tag(receipt.tag) | facts


def _tag(tag: PlannedTag) -> Value:
    return {
        "name": tag.name,
        "member": tag.member,
        "version": str(tag.version),
        "commit": tag.commit,
    }


def _roll_up(roll_up: RollUp | None) -> Value | None:
    if roll_up is None:
        return None
    names = [member.name for member in roll_up.members]
    return {"tag": roll_up.tag, "commit": roll_up.commit, "members": names}


def _announcement(announcement: Announcement) -> Value:
    return {
        "name": announcement.member.name,
        "version": str(announcement.member.version),
        "prerelease": announcement.is_prerelease,
        "notes": announcement.notes,
    }
