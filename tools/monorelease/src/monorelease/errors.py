"""What can go wrong that a person can act on: the problem, where it is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monorelease.model.finding import Finding


class ReleaseError(Exception):
    """A problem that a person can act on; anything else that escapes is a bug.

    ``problem`` says what is wrong, ``where`` names the file (and line) or is empty when
    there is none, ``hint`` says what to do next.
    """

    def __init__(self, problem: str, *, where: str = "", hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}" if self.where else self.problem


class UsageProblem(ReleaseError):
    """The words of the command do not fit together (exit status 2)."""


class NoWorkspace(ReleaseError):
    """There is no repository here that could be released."""


class UnreadableFile(ReleaseError):
    """A file is not there, may not be read, or is not UTF-8 text."""


class UnsafePath(ReleaseError):
    """A path, or the link behind it, leaves the repository."""


class StaleTree(ReleaseError):
    """A file is not what it was when the release was planned."""


class TreeNotWritable(ReleaseError):
    """A file or folder cannot be written: read-only, or the disk is full."""


class AnotherRelease(ReleaseError):
    """Another run holds the repository."""


class NothingToUndo(ReleaseError):
    """There is no uncommitted release to take back."""


class EditedSinceRelease(ReleaseError):
    """Taking the release back would lose what was edited after it."""


class GitFailed(ReleaseError):
    """Git is missing, or refused."""


class DirtyTree(ReleaseError):
    """There are uncommitted changes where a clean tree is needed."""


class TowncrierFailed(ReleaseError):
    """Towncrier could not render the changelogs."""


class HookFailed(ReleaseError):
    """A command that the configuration asks for failed."""


class LockFailed(ReleaseError):
    """The lock file could not be brought up to date."""


class EditFailed(ReleaseError):
    """A literal could not be replaced without moving anything else."""


class VersionWouldSink(ReleaseError):
    """The version that was asked for would sort below, or at, the current one."""


class BadManifest(ReleaseError):
    """What lies in a folder of artifacts is not what its manifest says."""


class IndexUnavailable(ReleaseError):
    """An index cannot be asked, or answers with something else than a simple API."""


class ForgeUnavailable(ReleaseError):
    """A forge cannot be asked, refuses, or answers with something else than its API's words."""


class BranchTaken(ReleaseError):
    """A branch has commits of people's that cannot be carried over, and must not be lost."""


class BadProposal(ReleaseError):
    """What should be the proposal of a pull request is none."""


class MissingTool(ReleaseError):
    """Another program that a step needs is not installed."""


class ProblemsFound(ReleaseError):
    """Findings of severity *error* stop the release (exit status 3)."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        count = sum(finding.is_error for finding in findings)
        super().__init__(
            f"{count} problem{'' if count == 1 else 's'} found",
            hint="see the findings above; nothing was written",
        )
        self.findings = findings
