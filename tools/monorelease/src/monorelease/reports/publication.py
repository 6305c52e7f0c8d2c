"""What is left to publish, and what publishing would do, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from packaging.utils import NormalizedName

from monorelease.model.artifact import Artifact
from monorelease.model.index import IndexTarget
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Pending,
    PlannedFile,
    PlannedTag,
    PublishPlan,
    RollUp,
    Upload,
)
from monorelease.model.words import counted
from monorelease.reports.artifacts import SHORT, files_text
from monorelease.reports.printable import printable
from monorelease.reports.quantities import size_text
from monorelease.reports.terminal import PLAIN, Palette, aligned

_WIDTH = 96
"""Columns, as those of the commands' help."""


def pending_text(
    pending: Sequence[Pending],
    target: IndexTarget,
    palette: Palette = PLAIN,
    roll_up: RollUp | None = None,
) -> str:
    """Who has something left to do, and what; then the command that does it."""
    index = printable(target.name)
    if not (pending or roll_up):
        return f"Nothing to do: everything that is released is on {index}, and tagged.\n"
    head = f"{counted(len(pending), 'package')} pending for {index}"
    rows = [(p.member.name, str(p.member.version), ", ".join(_left(p))) for p in pending]
    lines = [f"{palette.bold}{head}{palette.off}", "", *aligned(rows), ""] if rows else []
    if roll_up is not None:
        lines += [f"{palette.bold}To announce{palette.off}", "", f"  {_page(roll_up)}", ""]
    lines.append(f"{palette.dim}next:{palette.off} monorelease publish --to {index}")
    return "\n".join(lines) + "\n"


def publish_plan_text(plan: PublishPlan, palette: Palette = PLAIN) -> str:
    """Where to, wave after wave what is sent, and what is tagged and told of afterwards."""
    if not (plan.files or plan.tags or plan.announcements or plan.roll_up):
        return pending_text((), plan.index)
    lines = [f"{palette.bold}{_head(plan)}{palette.off}", *_waves(plan, palette)]
    if plan.files:
        lines += ["", _counts(plan)]
    lines += [*_tags(plan, palette), *_announcements(plan, palette)]
    return "\n".join(lines) + "\n"


def wrapped(words: Iterable[str]) -> list[str]:
    """Words of which there may be many, with commas, in as few indented lines as they need."""
    return wrap(
        printable(", ".join(words)),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _left(pending: Pending) -> Iterator[str]:
    if pending.gap is not None:
        yield f"upload ({pending.gap.value})"
    if pending.tag_here:
        yield "tag"
    if pending.tag_there:
        yield "push of the tag"
    if pending.announce:
        yield "announcement"


def _head(plan: PublishPlan) -> str:
    members = counted(len({file.name for file in plan.files}), "package")
    target = plan.index
    place = f"the folder {target.folder}, for a rehearsal" if target.folder else target.upload_url
    what = members if plan.files else "Nothing to upload"
    return printable(f"{what} for {target.name}: {place}")


def _waves(plan: PublishPlan, palette: Palette) -> Iterator[str]:
    """A table a wave; where there is only one, it needs no name."""
    for number, wave in enumerate(plan.waves, 1):
        yield ""
        if len(plan.waves) > 1:
            yield f"{palette.bold}Wave {number} of {len(plan.waves)}{palette.off}"
            yield ""
        files = [[file for file in plan.files if file.name == name] for name in wave]
        rows = [_row(each, plan.new_names) for each in files if each]
        for each, line in zip(filter(None, files), aligned(rows), strict=True):
            is_conflict = any(isinstance(file, Conflict) for file in each)
            yield f"{palette.red}{line}{palette.off}" if is_conflict else line


def _row(files: Sequence[PlannedFile], new_names: Sequence[NormalizedName]) -> tuple[str, ...]:
    first = files[0]
    mark = " (new)" if first.name in new_names else ""
    fates = (f"{fate} {files_text(artifacts)}" for fate, artifacts in _by_fate(files))
    return first.name + mark, str(first.version), "; ".join(fates)


def _by_fate(files: Sequence[PlannedFile]) -> Iterator[tuple[str, list[Artifact]]]:
    fates: dict[str, list[Artifact]] = {}
    for file in files:
        fates.setdefault(_fate(file), []).append(file.artifact)
    yield from fates.items()


def _fate(file: PlannedFile) -> str:
    match file:
        case Upload():
            return "upload"
        case AlreadyThere():
            return "already there:"
        case Conflict(theirs=None):
            return "conflict, bytes unknown there:"
        case Conflict():
            return "conflict, other bytes there:"


def _counts(plan: PublishPlan) -> str:
    uploads = [file.artifact for file in plan.files if isinstance(file, Upload)]
    there = sum(isinstance(file, AlreadyThere) for file in plan.files)
    conflicts = sum(isinstance(file, Conflict) for file in plan.files)
    size = size_text(sum(artifact.size for artifact in uploads))
    counts = [f"{counted(len(uploads), 'file')} to upload ({size})"]
    counts += [f"{there} already there"] * bool(there)
    counts += [counted(conflicts, "conflict")] * bool(conflicts)
    counts += [counted(len(plan.new_names), "new name")] * bool(plan.new_names)
    return ", ".join(counts)


def _tags(plan: PublishPlan, palette: Palette) -> Iterator[str]:
    """Tags that have the same done to them share their lines."""
    deeds: dict[str, list[str]] = {}
    for tag in sorted(plan.tags, key=lambda tag: not tag.first):
        if tag.make or tag.push:
            deeds.setdefault(_deed(tag), []).append(tag.name)
    for deed, names in deeds.items():
        yield from ("", f"{palette.bold}{printable(deed)}{palette.off}", "", *wrapped(names))


def _deed(tag: PlannedTag) -> str:
    made = f"To tag on {tag.commit[:SHORT]}" if tag.make else "To push"
    pushed = " and push" if tag.make and tag.push else ""
    when = ", before the upload: these versions are their tags" if tag.first else ""
    return f"{made}{pushed}{when}"


def _announcements(plan: PublishPlan, palette: Palette) -> Iterator[str]:
    names = [member.name for member in plan.announcements]
    if names:
        is_all = set(names) == {tag.member for tag in plan.tags}
        words = ["  what is tagged"] if is_all else wrapped(names)
        yield from ("", f"{palette.bold}To announce{palette.off}", "", *words)
    if plan.roll_up is not None:
        yield from ("", _page(plan.roll_up))


def _page(roll_up: RollUp) -> str:
    count = counted(len(roll_up.members), "package")
    return f"One page on {count}, at the tag {printable(roll_up.tag)}"
