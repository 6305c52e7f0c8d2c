"""A prepared publication becomes an act: files go up, tags are pushed, a forge hears of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.adapters.tags import Tags
from monorelease.errors import GitFailed
from monorelease.model.publication import (
    Announcement,
    Outcome,
    PlannedTag,
    Publication,
    PublishPlan,
    Receipt,
    TagReceipt,
)
from monorelease.model.value import replace
from monorelease.planning.held_back import ARRIVED, releasable_tags
from monorelease.workflows.announcing import announce
from monorelease.workflows.ports import Forge, Index
from monorelease.workflows.publish import Prepared
from monorelease.workflows.sending import UNHURRIED, Hear, Pace, Sending
from monorelease.workflows.upload import upload


def carry_out(
    prepared: Prepared, index: Index, forge: Forge | None, hear: Hear, pace: Pace = UNHURRIED
) -> Publication:
    """Upload, tag, push and announce; what fails is in the receipts, and all else goes on.

    Killed at any moment, the same again does what is left.

    Raises:
        GitFailed: a tag that has to come first cannot be made; nothing was uploaded.
    """
    from time import monotonic

    plan = prepared.plan
    tags = Tags(prepared.outstanding.snapshot.root)
    for tag in plan.tags:
        if tag.first and tag.make:
            tags.make(tag.name, tag.commit, _message(tag, prepared.notes))
    means = Sending(
        index=index, files=prepared.files, hear=hear, pace=pace, in_order=_will_be_stopped(plan)
    )
    begin = monotonic()
    receipts = upload(plan, prepared.outstanding.snapshot.workspace, means)
    seconds = monotonic() - begin
    tagged = _tag(prepared, tags, releasable_tags(_without_firsts(plan), receipts))
    news = _news(prepared, receipts, tagged, forge)
    told, trouble = announce(news, forge) if forge else (news, "")
    return Publication(
        plan=plan,
        receipts=receipts,
        tags=tagged,
        announced=told,
        trouble=trouble,
        seconds=seconds,
    )


def _will_be_stopped(plan: PublishPlan) -> bool:
    """Whether the index will not register all the new names today."""
    limit = plan.index.new_projects_per_day
    return limit is not None and len(plan.new_names) > limit


def _without_firsts(plan: PublishPlan) -> PublishPlan:
    """The plan once the tags that come first are made: they are pushed with all others."""
    made = (replace(t, first=False, make=False) if t.first else t for t in plan.tags)
    return replace(plan, tags=tuple(made))


def _tag(prepared: Prepared, tags: Tags, due: Sequence[PlannedTag]) -> tuple[TagReceipt, ...]:
    """Make these tags, and push all that could be made at once."""
    refused: dict[str, str] = {}
    for tag in due:
        if tag.make:
            try:
                tags.make(tag.name, tag.commit, _message(tag, prepared.notes))
            except GitFailed as error:
                refused[tag.name] = str(error)
    remote = prepared.outstanding.remote
    pushed = [tag.name for tag in due if tag.push and tag.name not in refused]
    unpushed = ""
    if remote is not None and pushed:
        try:
            tags.push(remote.name, pushed)
        except GitFailed as error:
            unpushed = str(error)
    return tuple(
        TagReceipt(
            tag=tag,
            is_made=tag.name not in refused,
            is_pushed=tag.name in pushed and not unpushed,
            why=refused.get(tag.name) or (unpushed if tag.name in pushed else ""),
        )
        for tag in due
    )


def _message(tag: PlannedTag, notes: Mapping[NormalizedName, Announcement]) -> str:
    return f"{tag.member} {tag.version}\n\n{notes[tag.member].notes}".rstrip() + "\n"


def _news(
    prepared: Prepared,
    receipts: Sequence[Receipt],
    tagged: Sequence[TagReceipt],
    forge: Forge | None,
) -> tuple[Announcement, ...]:
    """What there is to tell now: of nobody who did not arrive, or whose tag did not.

    Nor of snapshots, which have no tag: they are nobody's news.
    Without a forge, whoever runs the command hears of all that this run has completed.
    """
    out = {r.name for r in receipts if r.outcome not in ARRIVED}
    out |= {receipt.tag.member for receipt in tagged if receipt.why}
    wanted: Collection[NormalizedName] = {m.name for m in prepared.plan.announcements}
    if forge is None:
        wanted = {r.name for r in receipts if r.outcome is Outcome.UPLOADED}
        wanted |= {receipt.tag.member for receipt in tagged}
    told = (a for name, a in prepared.notes.items() if name in wanted and name not in out)
    return tuple(announcement for announcement in told if announcement.member.tag)
