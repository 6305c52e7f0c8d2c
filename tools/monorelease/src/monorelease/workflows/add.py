"""Write a fragment: what somebody means to say about a change, in a file of its own."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.adapters.new_file import create
from monorelease.errors import GitFailed, ProblemsFound, UsageProblem
from monorelease.formats.fragment_names import fragment_name
from monorelease.formats.fragments import format_fragment, parse_fragment
from monorelease.model.intent import Intent
from monorelease.workflows.check import touched_members
from monorelease.workflows.read import Snapshot

_WORDS_IN_A_NAME = 5


def add(snapshot: Snapshot, intent: Intent) -> PurePosixPath:
    """Write the fragment; its path.

    Raises:
        ProblemsFound: the fragment would not pass `check`; nothing was written.
    """
    content = format_fragment(intent.bumps, intent.text)
    path = free_path(snapshot, intent)
    known = [category.directory for category in snapshot.config.towncrier.categories]
    _, findings = parse_fragment(path, content.encode(), known)
    if findings:
        raise ProblemsFound(findings)
    create(snapshot.tree.root, path, content.encode())
    return path


def touched(snapshot: Snapshot, repository: Repository | None) -> tuple[NormalizedName, ...]:
    """The members changed since the base branch; none where history cannot tell."""
    if repository is None:
        return ()
    base = repository.base_branch()
    try:
        changed = repository.changed_since(base) if base else repository.dirty()
    except (UsageProblem, GitFailed):
        return ()
    return tuple(touched_members(changed, snapshot.workspace, snapshot.config))


def free_path(
    snapshot: Snapshot,
    intent: Intent,
    *,
    reserved: Container[PurePosixPath] = (),
    going: Container[PurePosixPath] = (),
) -> PurePosixPath:
    """Where the fragment can be written: no file is there, and nobody has `reserved` it.

    Args:
        snapshot: the repository.
        intent: what the fragment says.
        reserved: paths of other fragments that are about to be written.
        going: paths of files that will be gone by then.

    Raises:
        UsageProblem: its id would leave the folder.
    """
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    if "/" in intent.id or "\\" in intent.id:
        raise UsageProblem(
            f"{intent.id!r} is no number, and no name of a file", hint="give a number: --id 1042"
        )
    stem = intent.id or f"+{_slug(intent.text) or 'no-release'}"
    path = folder / fragment_name(stem, intent.category)
    counter = 1
    while path in reserved or (path not in going and snapshot.tree.exists(path)):
        path = folder / fragment_name(stem, intent.category, counter)
        counter += 1
    return path


def _slug(text: str) -> str:
    """The first words of the text, as a part of a file name."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words[:_WORDS_IN_A_NAME])[:60]
