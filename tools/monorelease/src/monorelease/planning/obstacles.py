"""What speaks against publishing: named checks, all run before the first upload."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from packaging.utils import NormalizedName

from monorelease.model.finding import Finding, Severity
from monorelease.model.publication import Conflict, PublishPlan, ReleasedMember, Upload
from monorelease.model.value import value
from monorelease.model.words import all_of, counted, short, some_of


@value
class Circumstances:
    """Where, and out of which state, somebody publishes."""

    releases: tuple[ReleasedMember, ...]
    """Of which something is pending."""
    dirty: tuple[PurePosixPath, ...] = ()
    """Uncommitted files, but for those that make a snapshot."""
    branch: str = ""
    """That is checked out; empty where HEAD is detached."""
    wanted_branch: str = ""
    """From which is published; empty for any."""
    remote: str = ""
    """Its name; empty for none."""
    missing_remote: str = ""
    """The name of the one that is configured, and that this clone does not have."""
    unpushed: Collection[str] = ()
    """Release commits that the remote's branch does not have."""
    tags_here: Mapping[str, str] = MappingProxyType({})
    """In this clone: each tag, and the commit that it is on."""
    tags_there: Mapping[str, str] | None = None
    """On the remote; None where nothing is pushed."""
    credentials: str = ""
    """Where they come from, in a few words; empty for nowhere."""
    half_credentials: str = ""
    """What of them is there, and what is not; empty where nothing is."""

    @property
    def lasting(self) -> tuple[ReleasedMember, ...]:
        """The releases that are no snapshots: those may be made anywhere."""
        return tuple(member for member in self.releases if member.tag)


Check = Callable[[PublishPlan, Circumstances], Iterator[Finding]]


def check_publication(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Everything found by every check, in the order of the checks."""
    for check in CHECKS:
        yield from check(plan, circumstances)


def check_tree(_: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Everything is committed."""
    if dirty := circumstances.dirty:
        are = f"{counted(len(dirty), 'file')} {'is' if len(dirty) == 1 else 'are'}"
        yield Finding(
            code="dirty-tree",
            problem=f"{are} changed and not committed: {some_of([str(path) for path in dirty])}",
            hint="commit them, or put them aside with `git stash --include-untracked`: "
            "what is published is built from commits",
        )


def check_branch(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Releases are published from their branch; a commit of it may be checked out by itself."""
    wanted, branch = circumstances.wanted_branch, circumstances.branch
    if plan.index.is_rehearsal or not circumstances.lasting or not wanted or branch == wanted:
        return
    if branch or not circumstances.remote:  # else the commits are looked for on the remote
        here = f"this is branch {branch!r}" if branch else "no branch is checked out"
        yield Finding(
            code="wrong-branch",
            problem=f"{here}, and releases are published from {wanted!r}",
            hint=f"`git switch {wanted}`, or let `publish.branch` in [tool.monorelease] name "
            "another one",
        )


def check_commits(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Everybody can look up what a release was built from."""
    if plan.index.is_rehearsal or not circumstances.remote:
        return
    released: dict[str, list[str]] = {}
    for member in circumstances.lasting:
        released.setdefault(member.commit, []).append(member.name)
    branch = circumstances.wanted_branch or circumstances.branch
    where = f"{circumstances.remote}/{branch}" if branch else circumstances.remote
    for commit, names in released.items():
        if commit in circumstances.unpushed:
            push = f"git push {circumstances.remote} {branch}".strip()
            yield Finding(
                code="unpushed-commit",
                problem=f"commit {short(commit)} is not on {where}: it released {some_of(names)}",
                hint=f"push it first (`{push}`): tags and what is published refer to it",
            )


def check_remote(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Tags reach others."""
    if (name := circumstances.missing_remote) and plan.tags:
        yield Finding(
            code="no-remote",
            problem=f"there is no remote {name!r}: the tags stay in this clone",
            hint="add it, or name another one: `publish.remote` in [tool.monorelease]",
            severity=Severity.WARNING,
        )


def check_tags(_: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """No tag of what is published is on another commit."""
    remote = circumstances.remote
    places = (
        ("in this clone", circumstances.tags_here, "git tag --delete"),
        (f"on {remote}", circumstances.tags_there or {}, f"git push --delete {remote}"),
    )
    for member in circumstances.lasting:
        for where, tags, command in places:
            theirs = tags.get(member.tag, member.commit)
            if theirs != member.commit:
                yield Finding(
                    code="tag-taken",
                    problem=f"tag {member.tag} {where} is on commit {short(theirs)}, and "
                    f"{member.name} {member.version} was released by {short(member.commit)}",
                    hint=f"if the tag is a mistake, take it away (`{command} {member.tag}`); "
                    f"if it was published from there, release a new version of {member.name}",
                )


def check_content(plan: PublishPlan, _: Circumstances) -> Iterator[Finding]:
    """No file is on the index by the same name with other bytes."""
    for file in plan.files:
        if isinstance(file, Conflict):
            filename, index = file.artifact.filename, plan.index
            theirs = f"theirs is {file.theirs}" if file.theirs else "theirs is not told"
            yield Finding(
                code="file-conflict" if file.theirs else "file-unknown",
                problem=f"{index.name} has {filename} already, "
                f"{'with other content' if file.theirs else 'perhaps with other content'}: "
                f"our sha256 is {file.artifact.sha256}, {theirs}",
                hint=f"take {filename} out of {index.folder}, and rehearse again"
                if index.is_rehearsal
                else f"a file name is never taken twice: release a new version of {file.name}, "
                "or publish the files that were built the first time, with --from DIR",
            )


def check_snapshots(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """What is made to be thrown away goes only where it can be."""
    index, names = plan.index, _to_upload(plan)
    releases = [member for member in circumstances.releases if member.name in names]
    local = [member for member in releases if member.version.local]
    snapshots = [m for m in releases if m.version.is_devrelease or m in local]
    if not index.is_rehearsal and not index.snapshots and local:
        yield Finding(
            code="local-version",
            problem=f"a local version (with a +) is for one machine alone: {_versions(local)}",
            hint="release versions without a +: indexes for others refuse them; one of your own "
            "takes them with `snapshots = true`",
        )
        snapshots = [member for member in snapshots if member not in local]
    if not index.snapshots and snapshots:
        yield Finding(
            code="snapshot-refused",
            problem=f"{index.name} takes no snapshots, for what is there stays there: "
            f"{_versions(snapshots)}",
            hint="publish --to an index with `snapshots = true` (the local one has it), or "
            "release final versions",
        )


def check_credentials(plan: PublishPlan, circumstances: Circumstances) -> Iterator[Finding]:
    """Something opens the index for uploads."""
    index = plan.index
    if not index.is_rehearsal and not circumstances.credentials and _to_upload(plan):
        name = re.sub(r"[^A-Z0-9]", "_", index.name.upper())
        yield Finding(
            code="no-credentials",
            problem=f"nothing says who may upload to {index.name}: "
            + (circumstances.half_credentials or "no variable, no keyring, no trusted publishing"),
            hint=f"set MONORELEASE_INDEX_{name}_TOKEN, or `keyring set {index.upload_url} "
            f"{index.username or '__token__'}`, or run in a workflow that the index trusts",
        )


def check_new_names(plan: PublishPlan, _: Circumstances) -> Iterator[Finding]:
    """A name is registered on purpose, and no faster than the index lets one."""
    index, names = plan.index, plan.new_names
    if index.is_rehearsal or not names:
        return
    yield Finding(
        code="new-names",
        problem=f"{index.name} does not know {all_of(names)} yet",
        hint="it knows none of these members: either every name is new, and is registered for "
        f"good by its first upload, or `url` is not its simple API: look at {index.url}"
        if plan.knows_nobody
        else "look for typing mistakes: the first upload registers a name for good",
        severity=Severity.WARNING,
    )
    limit = index.new_projects_per_day
    if limit is not None and len(names) > limit:
        days = -(-len(names) // limit)
        yield Finding(
            code="many-new-names",
            problem=f"{len(names)} names are new, and {index.name} registers {limit} in 24 hours: "
            f"it takes {days} days",
            hint=f"first come {all_of(names[:limit])}; then the upload stops cleanly, and the same "
            "command goes on a day later",
            severity=Severity.WARNING,
        )


CHECKS: tuple[Check, ...] = (
    check_tree,
    check_branch,
    check_commits,
    check_remote,
    check_tags,
    check_content,
    check_snapshots,
    check_credentials,
    check_new_names,
)


def _to_upload(plan: PublishPlan) -> frozenset[NormalizedName]:
    """Members with something to send, as far as it is known before they are built."""
    sent = {file.name for file in plan.files if isinstance(file, Upload)}
    settled = {file.name for file in plan.files}
    return frozenset(n for wave in plan.waves for n in wave if n in sent or n not in settled)


def _versions(members: Sequence[ReleasedMember]) -> str:
    return some_of([f"{member.name} {member.version}" for member in members])
