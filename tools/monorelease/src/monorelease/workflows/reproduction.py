"""Files that are not the same when they are built again: how bad that is, and what helps."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.difference import first_difference
from monorelease.model.artifact import BuiltMember
from monorelease.model.finding import Finding, Severity

_CAUSE = "pin what its build requires, and let it take the time from SOURCE_DATE_EPOCH"
_COMPILED = (
    "a compiler writes down the folder that it works in, another one each time: give it "
    "-ffile-prefix-map, or strip what it made; publish what was verified, with --from"
)
_CAUSES = {".so": _COMPILED, ".pyd": _COMPILED, ".dylib": _COMPILED}
"""What to do about a file that differs, by what it is."""


def not_reproducible(member: BuiltMember, before: Path, now: Path | None) -> Finding:
    """What to tell of a file that came out with other bytes when it was built again.

    Other files in it are an error; that they are only packed otherwise harms nobody.

    Args:
        member: whose file it is.
        before: as it was built first.
        now: as it was built again; None where it was not.
    """
    inside = first_difference(before, now) if now else ""
    if inside is None:
        what = "came out with the same files, packed otherwise: in time, owner or compression"
        hint = "its build backend does not take the time from SOURCE_DATE_EPOCH: a newer one may"
    elif inside:
        what = f"came out differently: {inside} is the first file that is not the same"
        hint = _CAUSES.get(PurePosixPath(inside).suffix, _CAUSE)
    else:
        what = f"{'came out differently' if now else 'was not built again'}"
        hint = _CAUSE
    return Finding(
        code="not-reproducible",
        problem=f"{before.name} {what}",
        hint=hint,
        severity=Severity.WARNING if inside is None else Severity.ERROR,
        path=member.path / "pyproject.toml",
    )
