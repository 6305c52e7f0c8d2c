"""What cannot be carried over from another tool, as findings."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.formats.fragment_codes import quoted
from monorelease.model.finding import Finding, Severity


def not_carried(path: PurePosixPath, what: str, hint: str) -> Finding:
    """A setting that has no counterpart, or that means something else here."""
    return Finding(
        code="setting-not-carried",
        problem=f"{what} is not carried over",
        hint=hint,
        severity=Severity.WARNING,
        path=path,
    )


def setting_needs_a_look(path: PurePosixPath, problem: str, hint: str) -> Finding:
    """A setting that stays where it is, and does not fit any more."""
    return Finding(
        code="setting-needs-a-look",
        problem=problem,
        hint=hint,
        severity=Severity.WARNING,
        path=path,
    )


def unreadable_note(path: PurePosixPath, problem: str, line: int | None = None) -> Finding:
    """A file whose words would get lost."""
    return Finding(
        code="note-unreadable",
        problem=problem,
        hint="correct or delete it, then run migrate again",
        path=path,
        line=line,
    )


def unreadable_settings(path: PurePosixPath, problem: object) -> Finding:
    """A file of settings that cannot be read."""
    return Finding(
        code="settings-unreadable",
        problem=f"cannot be read: {problem}",
        hint="correct it, then run migrate again",
        path=path,
    )


def needs_a_look(path: PurePosixPath, line: int, what: str) -> Finding:
    """Something in a note's text that was copied as it is and will not read well."""
    return Finding(
        code="note-needs-a-look",
        problem=f"{quoted(what)} has no counterpart in Markdown, and was copied as it is",
        hint="put that part of the new fragment into your own words",
        severity=Severity.WARNING,
        path=path,
        line=line,
    )


def not_a_note(path: PurePosixPath, why: str) -> Finding:
    """A file among the notes that is none."""
    return Finding(
        code="not-a-note",
        problem=f"is not carried over: {why}",
        hint="rename it if it should be, else leave it where it is",
        severity=Severity.WARNING,
        path=path,
    )
