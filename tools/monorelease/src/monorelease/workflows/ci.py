"""Keep the workflows of a CI as the configuration wants them, and say where they are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from monorelease.adapters.tree import Tree
from monorelease.errors import ProblemsFound, UnreadableFile, UnsafePath, UsageProblem
from monorelease.formats.ci_workflows import (
    FILES,
    FOLDER,
    UNNAMED,
    CiFacts,
    is_generated,
    workflows,
)
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.index import IndexTarget
from monorelease.model.value import value
from monorelease.planning.groups import matching
from monorelease.planning.waves import waves
from monorelease.workflows.members import ROOT_MANIFEST
from monorelease.workflows.outlook import in_order
from monorelease.workflows.read import Snapshot


@value
class Generated:
    """What became of the workflows."""

    written: tuple[PurePosixPath, ...]
    """Empty where all of them were as they should be."""
    kept: tuple[PurePosixPath, ...]
    """Somebody's own, which are in the way."""


def write_workflows(snapshot: Snapshot) -> Generated:
    """Write every workflow that is missing, or that we wrote and would write otherwise now.

    Raises:
        ProblemsFound: what they are made of cannot be read.
        UsageProblem: this is no repository's root.
        TreeNotWritable: the disk refuses.
    """
    _demand_top(snapshot.root)
    if problems := [finding for finding in snapshot.findings if finding.is_error]:
        raise ProblemsFound(in_order(problems, snapshot.tree))
    from monorelease.adapters.generated import write

    wanted = {FOLDER / name: text for name, text in _wanted(snapshot).items()}
    there = {path: _text(snapshot.tree, path) for path in wanted}
    kept = tuple(
        path for path, text in there.items() if text is not None and not is_generated(text)
    )
    due = [path for path in wanted if path not in kept and there[path] != wanted[path]]
    for path in due:
        write(snapshot.root, path, wanted[path].encode())
    return Generated(written=tuple(due), kept=kept)


def check_workflows(snapshot: Snapshot) -> Iterator[Finding]:
    """The workflows that we wrote and would write otherwise now, and what they install unpinned.

    Nothing is said where something else is wrong: it may be what they are made of.
    """
    ours = dict(_ours(snapshot.tree))
    if not ours or any(finding.is_error for finding in snapshot.findings):
        return
    if snapshot.config.forge.kind is None and (mute := _SPEAKING.intersection(ours)):
        yield _mute(FOLDER / min(mute))
    if not _is_pinned(snapshot.config.ci.tool) and not _TRUSTED.isdisjoint(ours):
        yield _unpinned(snapshot.config.ci.tool)
    wanted = _wanted(snapshot)
    for name, text in ours.items():
        if wanted.get(name) != text:
            yield _drift(FOLDER / name, is_wanted=name in wanted)


def _demand_top(root: Path) -> None:
    around = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    if around != root:
        raise UsageProblem(
            f"workflows belong into the root of the git repository, and that is {around}",
            hint="set monorelease up there, or write workflows of your own that use --cwd",
        )


def _ours(tree: Tree) -> Iterator[tuple[str, str]]:
    """The workflows that we wrote, by name; a look at a folder where there are none."""
    try:
        names = {path.name for path in tree.files(FOLDER, ".yml")}
        for name in FILES:
            text = _text(tree, FOLDER / name) if name in names else None
            if text and is_generated(text):
                yield name, text
    except (UnreadableFile, UnsafePath):
        return  # whatever it is, we did not write it


def _text(tree: Tree, path: PurePosixPath) -> str | None:
    """What a file says, without a word on line ends; None where there is none."""
    data = tree.read(path)
    return None if data is None else data.decode(errors="replace").replace("\r\n", "\n")


def _wanted(snapshot: Snapshot) -> Mapping[str, str]:
    from monorelease.adapters.templates import github_templates

    return workflows(_facts(snapshot), github_templates())


def _facts(snapshot: Snapshot) -> CiFacts:
    config, workspace = snapshot.config, snapshot.workspace
    ignored = matching(config.ignore, workspace.names)
    published = [m.name for m in workspace if not m.private and m.name not in ignored]
    index, by_hand = _target(config)
    return CiFacts(
        ci=config.ci,
        branch=config.publish.branch,
        index=index,
        by_hand=by_hand,
        waves=max(1, len(waves(workspace, published))),
    )


def _target(config: Config) -> tuple[IndexTarget, bool]:
    """The index that a workflow can publish to, and whether it only does so when it is asked."""
    known = {target.name: target for target in config.indexes}
    target = known[config.publish.to]
    if not target.is_rehearsal:
        return target, False
    other = known.get(UNNAMED.name, UNNAMED)
    return (UNNAMED if other.is_rehearsal else other), True


_SPEAKING = frozenset({"comment.yml", "release-pr.yml"})
"""Workflows that tell a forge something."""


def _mute(path: PurePosixPath) -> Finding:
    return Finding(
        code="workflow-without-forge",
        problem="has nobody to speak to: the configuration names no forge",
        hint='write kind = "github" into [tool.monorelease.forge] of pyproject.toml',
        severity=Severity.WARNING,
        path=path,
    )


_TRUSTED = frozenset({"comment.yml", "publish.yml", "release-pr.yml"})
"""Workflows that install this tool beside a token which may write."""


def _is_pinned(tool: str) -> bool:
    """Whether the same is installed tomorrow: one version, or what is checked out."""
    return tool.startswith("./") or "==" in tool


def _unpinned(tool: str) -> Finding:
    return Finding(
        code="tool-not-pinned",
        problem=f"workflows install whatever version of {tool} is the newest, in jobs with a token",
        hint='name the one that you know: tool = "monorelease==VERSION" in '
        "[tool.monorelease.ci]; then run `monorelease init --github`",
        severity=Severity.WARNING,
        path=ROOT_MANIFEST,
        key=("tool", "monorelease", "ci", "tool"),
    )


def _drift(path: PurePosixPath, *, is_wanted: bool) -> Finding:
    again = "write it anew with `monorelease init --github`" if is_wanted else "remove it"
    return Finding(
        code="workflow-drift",
        problem="is not what the configuration makes of it now"
        if is_wanted
        else "is not made of this configuration any more: there is no command that runs tests",
        hint=f"{again}, or take it over: delete its first line",
        # Else a new version of this tool would stop everybody's pull requests.
        severity=Severity.WARNING,
        path=path,
    )
