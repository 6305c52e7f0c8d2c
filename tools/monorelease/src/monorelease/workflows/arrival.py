"""What somebody else has uploaded: waited for, and told from what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monorelease.model.finding import Finding
from monorelease.model.publication import Pending
from monorelease.model.value import replace
from monorelease.model.words import counted
from monorelease.planning.pending import find_pending
from monorelease.workflows.outstanding import Outstanding
from monorelease.workflows.ports import Index
from monorelease.workflows.sending import Pace

PATIENT = Pace(first_look=1.0, longest_look=20.0)
"""An index that has just been sent something shows it within a minute, as a rule."""


def await_arrival(
    outstanding: Outstanding, index: Index, tell: Callable[[str], None], pace: Pace = PATIENT
) -> Outstanding:
    """The same once the index has all of it whole, or its patience ends.

    An index that nobody else can see is not waited for.

    Args:
        outstanding: what was pending at first.
        index: is asked again and again, for what it did not have.
        tell: hears that there is something to wait for.
        pace: how often it is asked.

    Raises:
        IndexUnavailable: it cannot be asked.
    """
    from time import monotonic, sleep

    patience = 0 if index.target.is_rehearsal else index.target.patience
    end = monotonic() + patience
    pause = pace.first_look
    if patience and (missing := len(absent(outstanding))):
        what = counted(missing, "package")
        tell(f"waiting up to {patience} s for {index.target.name} to serve {what}")
    while absent(outstanding) and monotonic() + pause <= end:
        sleep(pause)
        pause = min(2 * pause, pace.longest_look)
        outstanding = _asked_again(outstanding, index)
    return outstanding


def absent(outstanding: Outstanding) -> tuple[Pending, ...]:
    """What the index has not whole."""
    return tuple(each for each in outstanding.pending if each.gap is not None)


def arrived(outstanding: Outstanding) -> Outstanding:
    """The same without what the index has not whole: what can be tagged and announced.

    A page on a wave waits until all of it is there.
    """
    left = {each.member.name for each in absent(outstanding)}
    roll_up = outstanding.seen.roll_up
    is_whole = roll_up is not None and left.isdisjoint(m.name for m in roll_up.members)
    return replace(
        outstanding,
        pending=tuple(each for each in outstanding.pending if each.gap is None),
        seen=replace(outstanding.seen, roll_up=roll_up if is_whole else None),
    )


def not_arrived(outstanding: Outstanding, index: Index) -> Iterator[Finding]:
    """Each member that the index has not whole."""
    for each in outstanding.pending:
        if each.gap is not None:
            yield Finding(
                code="not-uploaded",
                problem=f"{each.member.name} {each.member.version} is not whole on "
                f"{index.target.name} ({each.gap.value}): neither tagged nor announced",
                hint="upload what is missing, then run the same again",
            )


def _asked_again(outstanding: Outstanding, index: Index) -> Outstanding:
    members = [each.member for each in absent(outstanding)]
    projects = index.projects([member.name for member in members])
    seen = replace(outstanding.seen, projects={**outstanding.seen.projects, **projects})
    gaps = {p.member: p.gap for p in find_pending(members, seen, outstanding.wheels_only)}
    pending = (replace(p, gap=gaps.get(p.member)) if p.gap else p for p in outstanding.pending)
    still = tuple(p for p in pending if p.gap or p.tag_here or p.tag_there or p.announce)
    return replace(outstanding, seen=seen, pending=still)
