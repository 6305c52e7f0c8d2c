"""A prepared publication becomes an act: files go up, tags are pushed, a forge hears of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from packaging.utils import NormalizedName

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
from monorelease.reports.announcements import notes_text
from monorelease.workflows.announcing import announce, announce_wave
from monorelease.workflows.ports import Index
from monorelease.workflows.publish import Prepared
from monorelease.workflows.sending import UNHURRIED, Hear, Pace, Sending
from monorelease.workflows.upload import upload


def carry_out(prepared: Prepared, index: Index, hear: Hear, pace: Pace = UNHURRIED) -> Publication:
    """Upload, tag, push and announce; what fails is in the receipts, and all else goes on.

    Killed at any moment, the same again does what is left.

    Raises:
        GitFailed: a tag that has to come first cannot be made; nothing was uploaded.
    """
    from time import monotonic

    plan, tags = prepared.plan, prepared.outstanding.tags
    for tag in plan.tags:
        if tag.first and tag.make:
            tags.make(tag.name, tag.commit, _message(tag, prepared.notes))
    means = Sending(
        index=index, files=prepared.files, hear=hear, pace=pace, in_order=_will_be_stopped(plan)
    )
    begin = monotonic()
    receipts = upload(plan, prepared.outstanding.snapshot.workspace, means)
    seconds = monotonic() - begin
    tagged = _tag(prepared, releasable_tags(_without_firsts(plan), receipts))
    absent = _absent(receipts, tagged)
    told, trouble = _tell(prepared, _news(prepared, receipts, tagged, absent))
    page, trouble = ("", trouble) if trouble else _tell_of_wave(prepared, absent)
    return Publication(
        plan=plan,
        receipts=receipts,
        tags=tagged,
        announced=told,
        rolled_up=page,
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


def _tag(prepared: Prepared, due: Sequence[PlannedTag]) -> tuple[TagReceipt, ...]:
    """Make these tags, and push all that could be made at once."""
    tags, refused = prepared.outstanding.tags, dict[str, str]()
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


def _absent(receipts: Sequence[Receipt], tagged: Sequence[TagReceipt]) -> frozenset[NormalizedName]:
    """Who did not arrive, or whose tag did not."""
    out = {r.name for r in receipts if r.outcome not in ARRIVED}
    return frozenset(out | {receipt.tag.member for receipt in tagged if receipt.why})


def _news(
    prepared: Prepared,
    receipts: Sequence[Receipt],
    tagged: Sequence[TagReceipt],
    absent: Collection[NormalizedName],
) -> tuple[Announcement, ...]:
    """What there is to tell now: of nobody who is `absent`.

    Nor of snapshots, which have no tag: they are nobody's news.
    Without a forge, whoever runs the command hears of all that this run has completed.
    """
    wanted: Collection[NormalizedName] = {m.name for m in prepared.plan.announcements}
    if prepared.outstanding.forge is None:
        wanted = {r.name for r in receipts if r.outcome is Outcome.UPLOADED}
        wanted |= {receipt.tag.member for receipt in tagged}
    told = (a for name, a in prepared.notes.items() if name in wanted and name not in absent)
    return tuple(announcement for announcement in told if announcement.member.tag)


def _tell(
    prepared: Prepared, news: tuple[Announcement, ...]
) -> tuple[tuple[Announcement, ...], str]:
    forge = prepared.outstanding.forge
    if forge is None:
        return news, ""
    is_latest = not prepared.outstanding.snapshot.config.forge.roll_up
    return announce(news, forge, is_latest=is_latest)


def _tell_of_wave(prepared: Prepared, absent: Collection[NormalizedName]) -> tuple[str, str]:
    """Where the page on the whole wave is put up, once all of it is out; and any trouble."""
    forge, roll_up = prepared.outstanding.forge, prepared.plan.roll_up
    if forge is None or roll_up is None or any(m.name in absent for m in roll_up.members):
        return "", ""
    notes = notes_text([prepared.notes[member.name] for member in roll_up.members])
    return announce_wave(roll_up, notes, forge)
