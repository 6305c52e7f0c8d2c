"""Compare what members are about to release with what they released last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.api import find_breakages, unreadable
from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.model.breakage import Breakage
from monorelease.model.finding import Finding, Severity
from monorelease.model.source import Source, Sources
from monorelease.model.tagged import TaggedRelease
from monorelease.model.words import counted, some_of
from monorelease.model.workspace import Member
from monorelease.planning.api_truth import Comparison, check_bump
from monorelease.workflows.member_sources import MemberSources
from monorelease.workflows.members import ROOT_MANIFEST
from monorelease.workflows.outlook import Outlook

_CODE = frozenset({".py", ".pyi", ".toml"})


def check_api(
    outlook: Outlook, repository: Repository | None, touched: Collection[NormalizedName] = ()
) -> tuple[Finding, ...]:
    """What the public APIs say against the planned versions.

    Looked at are the members that the plan releases, and those `touched`. Each is compared with
    its last final release: the highest version among its tags on the way to HEAD. Nothing is
    imported or run.

    Raises:
        UsageProblem: there is no git.
        GitFailed: git refuses.
    """
    if repository is None:
        raise UsageProblem("--api needs git, and this is no git repository", hint="leave it out")
    if not repository.head:
        return ()
    workspace, plan = outlook.snapshot.workspace, outlook.plan
    members = [member for member in workspace if member.name in plan or member.name in touched]
    return _Inspection(outlook, repository).look_at(members)


class _Inspection:
    """One look at several members."""

    def __init__(self, outlook: Outlook, repository: Repository) -> None:
        self._outlook = outlook
        self._snapshot = outlook.snapshot
        self._repository = repository
        self._sources = MemberSources(outlook.snapshot)
        self._changed: dict[str, Collection[PurePosixPath]] = {}
        self._unread: list[Source] = []

    def look_at(self, members: Sequence[Member]) -> tuple[Finding, ...]:
        releases = self._sources.releases()
        findings: list[Finding] = []
        left_out: list[NormalizedName] = []
        for member in members:
            final = (r for r in releases[member.name] if not r.version.is_prerelease)
            last = next(final, None)  # a pre-release promises nothing
            both = self._both(member, last) if last is not None else None
            if last is None or both is None:
                left_out.append(member.name)
            else:
                findings += self._compare(member, last, find_breakages(*both))
        findings += _not_compared(left_out, is_shallow=self._repository.is_shallow)
        return (*findings, *_not_read(self._unread))

    def _compare(
        self, member: Member, last: TaggedRelease, breakages: Sequence[Breakage]
    ) -> Iterator[Finding]:
        config, targets = self._snapshot.config, self._outlook.plan.targets
        comparison = Comparison(
            member=member,
            since=last,
            target=targets.get(member.name) or member.version or last.version,
            fragments=[f for f in self._snapshot.fragments if f.bump_of(member.name) is not None],
            breakages=breakages,
        )
        return check_bump(comparison, config.api or Severity.WARNING, config.major_on_zero)

    def _both(self, member: Member, last: TaggedRelease) -> tuple[Sources, Sources] | None:
        """Its sources then and now, with nothing in them where not one file was touched since.

        None where the member's folder was not there.
        """
        if last.commit not in self._changed:
            self._changed[last.commit] = self._repository.changed_since(last.commit)
        touched = (p for p in self._changed[last.commit] if p.suffix in _CODE)
        if not any(path.is_relative_to(member.path) for path in touched):
            return {}, {}
        states = self._sources.states(member, [last])
        if last not in states:
            return None
        then, now = self._sources.at(member, states[last]), self._sources.now(member)
        self._unread += unreadable(now)
        return _for_others(then), _for_others(now)


def _for_others(sources: Sources) -> Sources:
    """Without what nobody imports: tests that are packed, and programs."""
    return {
        name: source
        for name, source in sources.items()
        if not source.is_test and not name.endswith(".__main__")
    }


def _not_compared(names: Sequence[NormalizedName], *, is_shallow: bool) -> Iterator[Finding]:
    if names:
        hint = "nothing is wrong where they were never released: the first release is a beginning"
        if is_shallow:
            hint = "this clone is shallow: git fetch --unshallow --tags (in a workflow: "
            hint += "fetch-depth: 0)"
        yield Finding(
            code="api-not-compared",
            problem="no tag of a release to compare the public API with: " + some_of(names),
            hint=hint,
            severity=Severity.WARNING,
            path=ROOT_MANIFEST,
        )


def _not_read(sources: Sequence[Source]) -> Iterator[Finding]:
    """Text that this Python cannot parse; what is compiled, or huge, was not meant to be."""
    texts = [source for source in sources if source.data is not None]
    if texts:
        yield Finding(
            code="source-unreadable",
            problem=f"{counted(len(texts), 'module')} cannot be parsed, and no name in there is "
            f"compared: {some_of([source.name for source in texts])}",
            hint="mend the syntax, or run monorelease with the newest Python that the members "
            "are written for",
            severity=Severity.WARNING,
            path=texts[0].path,
        )
