"""The chain of causes of one member's release, or of its absence, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.model.fragment import Fragment, Origin
from monorelease.model.plan import ChangedBy, Release
from monorelease.planning.explanation import (
    Absence,
    Because,
    GroupRests,
    HeldBack,
    Ignored,
    LeftOut,
    NeverAllowed,
    NeverFollows,
    StillAllowed,
    Unnamed,
    Unpublished,
    Unversioned,
)
from monorelease.reports.json import SCHEMA, Value, cause_value
from monorelease.reports.printable import printable
from monorelease.reports.terminal import PLAIN, Palette, cause_text

Fragments = Mapping[PurePosixPath, Fragment]
Origins = Mapping[PurePosixPath, Origin] | None
"""Those of the fragments that are committed; None where git, or its history, is missing."""

_DEEPEST = 20
"""Levels from which on nothing is indented further: nobody could count them."""


def why_text(
    release: Release,
    chain: Sequence[Because],
    fragments: Fragments,
    origins: Origins,
    palette: Palette = PLAIN,
) -> str:
    """The member's release, and below it every cause, each indented under its effect."""
    title = f"{palette.bold}{_line(release)}{palette.off}"
    return "\n".join([title, *_lines(chain, fragments, origins)]) + "\n"


def why_not_text(name: str, absences: Sequence[Absence], palette: Palette = PLAIN) -> str:
    """That the member is not released, and every reason."""
    title = f"{palette.bold}{name} is not released{palette.off}"
    return "\n".join([title, *(f"  {absence_text(absence)}" for absence in absences)]) + "\n"


def why_value(
    release: Release, chain: Sequence[Because], fragments: Fragments, origins: Origins
) -> Value:
    """What ``explain --json`` prints for a member that is released."""
    return {
        "schema": SCHEMA,
        "name": release.name,
        "released": True,
        "bump": release.bump.word,
        "from": str(release.current),
        "to": str(release.target),
        "because": [_because_value(because, fragments, origins) for because in chain],
    }


def why_not_value(name: str, absences: Sequence[Absence]) -> Value:
    """What ``explain --json`` prints for a member that is not released."""
    reasons = [absence_text(absence) for absence in absences]
    return {"schema": SCHEMA, "name": name, "released": False, "because": reasons}


def absence_text(absence: Absence) -> str:
    """One reason why a member is not released."""
    return printable(_reason(absence))


def _reason(absence: Absence) -> str:  # noqa: C901, PLR0911 - one arm a kind
    match absence:
        case Ignored():
            return "the configuration ignores it"
        case HeldBack():
            return "--except holds it back"
        case Unversioned():
            return "it has no version that could move"
        case Unnamed(none_in=()):
            return "no fragment names it"
        case Unnamed(none_in=fragments):
            return f"only `none` is said of it: {_paths(fragments)}"
        case LeftOut(fragments=fragments):
            return f"--only leaves its fragments out of this wave: {_paths(fragments)}"
        case NeverFollows(on=on, constraint=constraint):
            return f"{on} leaves {constraint}, and `dependents` says not to follow"
        case NeverAllowed(on=on, current=current, constraint=constraint):
            return f"{on} {current} was outside {constraint} before already"
        case StillAllowed(on=on, target=target, constraint=constraint, table=table):
            wanted = constraint or "any version"
            return f"{on} {target} stays inside {wanted} ({table})"
        case Unpublished(on=on, table=table):
            return f"{on} is released, and only {table}, which nobody installs, names it"
        case GroupRests(kind=kind):
            return f"its {kind.value} group does not take it along"


def _line(release: Release) -> str:
    moves = f"{release.current} → {release.target}"
    return f"{release.name} {moves} ({release.bump.word})"


def _paths(fragments: Sequence[Fragment]) -> str:
    return ", ".join(str(fragment.path) for fragment in fragments)


def _lines(chain: Sequence[Because], fragments: Fragments, origins: Origins) -> Iterator[str]:
    """Each cause; above the first one of another member, that member's release."""
    untold = {because.release.name: because.release for because in chain if because.release}
    for because in chain:
        indent = "  " * (2 * min(because.depth, _DEEPEST) + 1)
        if because.depth and (release := untold.pop(because.of, None)):
            yield f"{indent[2:]}{_line(release)}"
        yield f"{indent}{cause_text(because.cause, because.release)}"
        if isinstance(because.cause, ChangedBy):
            yield from _fragment_lines(because.cause.fragment, fragments, origins, indent)


def _fragment_lines(
    path: PurePosixPath, fragments: Fragments, origins: Origins, indent: str
) -> Iterator[str]:
    first, *_ = fragments[path].text.split("\n", 1)
    yield f"{indent}  {printable(first)}".rstrip()
    if origins is None:
        return
    if origin := origins.get(path):
        pull = f", #{origin.pull_request}" if origin.pull_request else ""
        yield f"{indent}  added by {printable(origin.author)} in {origin.commit[:7]}{pull}"
    else:
        yield f"{indent}  not committed yet"


def _because_value(because: Because, fragments: Fragments, origins: Origins) -> Value:
    value: Value = {"of": because.of, **cause_value(because.cause)}
    if isinstance(because.cause, ChangedBy):
        path = because.cause.fragment
        origin = (origins or {}).get(path)
        value["text"] = fragments[path].text
        value["commit"] = origin.commit if origin else None
        value["pull_request"] = origin.pull_request if origin else None
    return value
