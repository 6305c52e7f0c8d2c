"""What the tree says is released, and index, tags or forge do not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.finding import Finding, Severity
from monorelease.model.index import Project
from monorelease.model.publication import Gap, Pending, ReleasedMember, RollUp
from monorelease.model.value import value
from monorelease.model.words import short, some_of
from monorelease.planning.listed import listed_versions


@value
class Seen:
    """What the world has of the releases, as it was just asked."""

    projects: Mapping[NormalizedName, Project]
    """What the index has of every released member."""
    tags_here: Mapping[str, str]
    """In this clone: each tag, and the commit that it is on."""
    tags_there: Mapping[str, str] | None
    """On the remote; None where nothing is pushed: a rehearsal, or no remote."""
    unannounced: Collection[NormalizedName] = ()
    """Of whose releases the forge does not tell."""
    roll_up: RollUp | None = None
    """The page on the newest wave, where the forge should have one and has not."""


def find_pending(
    released: Sequence[ReleasedMember], seen: Seen, wheels_only: Collection[NormalizedName]
) -> tuple[Pending, ...]:
    """Those of `released` that are not done yet, and what is left to do for each.

    A version is on the index when a wheel of it is there and, except for `wheels_only`, a source
    distribution, yanked or not: what was taken back is not published again. How many wheels a
    version has only its build knows; here the first one counts for all. A version stays pending
    until its tag is where it should be, which is made behind the last file: until then
    `planning.publication` looks for each file that was built. Of a snapshot, which has no tag,
    wheels for further platforms may be missing and nobody is told. What has no tag (a
    snapshot) is neither tagged nor announced. A tag that the remote has is not made again: a
    second one by its name could never be fetched. A tag that stands on another commit is not
    pending either: `planning.obstacles` tells of it, or `check_settled`.
    """
    found = (_look_at(m, seen, needs_sdist=m.name not in wheels_only) for m in released)
    return tuple(p for p in found if p.gap or p.tag_here or p.tag_there or p.announce)


def check_settled(
    released: Sequence[ReleasedMember], pending: Sequence[Pending], seen: Seen
) -> Iterator[Finding]:
    """Of whom nothing is pending, what is out is what the tree says is released.

    A release commit that was amended, or rebased, is another commit than its tag is on.
    """
    open_names = {each.member.name for each in pending}
    strays: dict[tuple[str, str], list[str]] = {}
    for member in released:
        theirs = seen.tags_here.get(member.tag, member.commit)
        if member.name not in open_names and theirs != member.commit:
            strays.setdefault((theirs, member.commit), []).append(member.name)
    for (theirs, ours), names in strays.items():
        yield Finding(
            code="tag-elsewhere",
            problem=f"published from {short(theirs)}, as the tags say, and released by "
            f"{short(ours)}: {some_of(names)}",
            hint="if that commit was amended: what changed needs a new version; a rehearsal is "
            "begun anew without its folder and its tags",
            severity=Severity.WARNING,
        )


def _look_at(member: ReleasedMember, seen: Seen, *, needs_sdist: bool) -> Pending:
    here, there = seen.tags_here, seen.tags_there
    is_taken = here.get(member.tag, member.commit) != member.commit
    is_due = bool(member.tag) and member.tag not in (there or {})
    return Pending(
        member=member,
        gap=_gap(member, seen.projects[member.name], needs_sdist=needs_sdist),
        tag_here=is_due and member.tag not in here,
        tag_there=is_due and there is not None and not is_taken,
        announce=bool(member.tag) and member.name in seen.unannounced,
    )


def _gap(member: ReleasedMember, project: Project, *, needs_sdist: bool) -> Gap | None:
    files = listed_versions(project).get(member.version, ())
    wheels = [file for file in files if file.filename.endswith(".whl")]
    if not project.is_known:
        return Gap.UNKNOWN_NAME
    if not files:
        return Gap.NO_FILES
    if not wheels:
        return Gap.NO_WHEEL
    return Gap.NO_SDIST if needs_sdist and len(wheels) == len(files) else None
