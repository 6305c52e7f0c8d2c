"""Whether a member's next version tells its users what its public API does to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.version import Version

from monorelease.model.breakage import Breakage, BreakageKind
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.tagged import TaggedRelease
from monorelease.model.value import value
from monorelease.model.workspace import Member
from monorelease.planning.versions import bump_between, effective_bump

MOST = 10
"""How many breakages of one member are told: a package that was rewritten has hundreds."""

_WORDS = {
    BreakageKind.REMOVED: "{name} is gone",
    BreakageKind.BASE_REMOVED: "{name} is no longer a {before}",
    BreakageKind.KIND_CHANGED: "{name} was a {before} and is a {after}",
    BreakageKind.PARAMETER_REMOVED: "{name}() no longer takes {before!r}",
    BreakageKind.PARAMETER_RENAMED: "{name}() takes {after!r} where it took {before!r}",
    BreakageKind.PARAMETER_ADDED: "{name}() demands {after!r}, which is new",
    BreakageKind.PARAMETER_REQUIRED: "{name}() demands {before!r}, which had a default",
    BreakageKind.PARAMETER_KIND: "{name}() takes {before!r} as {after} alone",
    BreakageKind.PARAMETERS_MOVED: "{name}() takes its arguments in another order",
}


@value
class Comparison:
    """One member, its last release, and what its users may miss since then."""

    member: Member
    since: TaggedRelease
    target: Version
    """What it is about to become, or what it is."""
    fragments: Sequence[Fragment]
    """Those that name it."""
    breakages: Sequence[Breakage]


def check_bump(
    comparison: Comparison, severity: Severity, major_on_zero: Bump
) -> Iterator[Finding]:
    """A breaking change makes a version that says so, and one that says so has a reason.

    What counts is the version, not a single fragment's word: a group, or another fragment, may
    carry the member as far as it has to go. On 0.x, that is as far as `major_on_zero`. That a
    major release breaks nothing is only warned of: behaviour has no signature.
    """
    since, target = comparison.since.version, comparison.target
    told = bump_between(since, target, major_on_zero)
    if told < Bump.MAJOR:
        yield from _untold(comparison, severity, effective_bump(since, Bump.MAJOR, major_on_zero))
    elif not comparison.breakages:
        yield from _unfounded(comparison)


def breakage_text(breakage: Breakage) -> str:
    """What broke, in words."""
    return _WORDS[breakage.kind].format(
        name=breakage.name, before=breakage.before, after=breakage.after
    )


def _untold(comparison: Comparison, severity: Severity, needed: Bump) -> Iterator[Finding]:
    member, since = comparison.member, comparison.since
    promise = f"{member.name} goes from {since.version} to {comparison.target}"
    if comparison.target <= since.version:
        promise = f"no release of {member.name} is pending"
    hint = _hint(comparison, needed)
    breakages = comparison.breakages
    for number, breakage in enumerate(breakages[:MOST], 1):
        more = len(breakages) - number if number == MOST else 0
        yield Finding(
            code="api-breaks",
            problem=f"{breakage_text(breakage)}, and {promise}"
            + (f" ({more} more like this in {member.name})" if more else ""),
            hint=hint,
            severity=severity,
            path=breakage.path,
            line=breakage.line,
        )


def _hint(comparison: Comparison, needed: Bump) -> str:
    name = comparison.member.name
    keep = "keep the old way working beside the new one, or"
    strongest = max(comparison.fragments, key=lambda f: f.bump_of(name) or Bump.NONE, default=None)
    if strongest is None:
        return f"{keep} say what breaks: monorelease add --{needed.word} {name}"
    return f"{keep} write `{name}: {needed.word}` in {strongest.path}"


def _unfounded(comparison: Comparison) -> Iterator[Finding]:
    """Only where a fragment of the member's own says major: who is carried along says nothing."""
    name, since = comparison.member.name, comparison.since
    for fragment in comparison.fragments:
        for entry in fragment.entries:
            if entry.name == name and entry.bump is Bump.MAJOR:
                yield Finding(
                    code="api-major-breaks-nothing",
                    problem=f"a major release of {name}, and its public API has all that "
                    f"{since.tag} has",
                    hint="leave it so if what breaks is behaviour, and say what; "
                    "else a smaller bump will do",
                    severity=Severity.WARNING,
                    path=fragment.path,
                    line=entry.line,
                )
