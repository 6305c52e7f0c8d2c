"""What would be released now, why, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from monorelease.adapters.tree import Tree
from monorelease.errors import ProblemsFound
from monorelease.formats.text import decode
from monorelease.formats.toml import line_of
from monorelease.model.channel import Channel, Stable
from monorelease.model.finding import Finding
from monorelease.model.plan import ReleasePlan, Scope
from monorelease.model.value import replace, value
from monorelease.planning.checks import Inspection, check_release
from monorelease.planning.plan import plan_release
from monorelease.workflows.read import Snapshot

FINAL = Stable()
EVERYTHING = Scope()


@value
class Outlook:
    """The plan, beside everything found on the way to it."""

    snapshot: Snapshot
    inspection: Inspection
    findings: tuple[Finding, ...]

    @property
    def plan(self) -> ReleasePlan:
        """What would be released."""
        return self.inspection.plan

    def with_findings(self, more: Iterable[Finding]) -> Outlook:
        """The same outlook with `more` found, all in their order of places."""
        return replace(self, findings=in_order((*self.findings, *more), self.snapshot.tree))

    def demand_no_errors(self) -> None:
        """Stop here if anything found is an error.

        Raises:
            ProblemsFound: with all findings, the warnings too.
        """
        if any(finding.is_error for finding in self.findings):
            raise ProblemsFound(self.findings)


def look_ahead(snapshot: Snapshot, channel: Channel = FINAL, scope: Scope = EVERYTHING) -> Outlook:
    """Plan the release and run every check on it.

    Raises:
        ReleaseError: when a version that is asked for would not move its member forward.
    """
    plan = plan_release(
        snapshot.workspace, snapshot.fragments, snapshot.config, channel, scope=scope
    )
    inspection = Inspection(
        workspace=snapshot.workspace,
        fragments=snapshot.fragments,
        config=snapshot.config,
        plan=plan,
    )
    outlook = Outlook(snapshot=snapshot, inspection=inspection, findings=())
    return outlook.with_findings((*snapshot.findings, *check_release(inspection)))


def in_order(findings: Iterable[Finding], tree: Tree) -> tuple[Finding, ...]:
    """The findings by file and line, with the lines of those that name a key."""
    placed = (_placed(finding, tree) for finding in findings)
    return tuple(sorted(placed, key=_place))


def _placed(finding: Finding, tree: Tree) -> Finding:
    """The finding with its line: a key of a TOML file becomes one only when it is needed."""
    if finding.key is None or finding.path is None or finding.line is not None:
        return finding
    data = tree.read(finding.path)
    line = line_of(decode(data, finding.path), finding.key) if data is not None else None
    return replace(finding, line=line)


def _place(finding: Finding) -> tuple[PurePosixPath, int]:
    return finding.path or PurePosixPath(), finding.line or 0
