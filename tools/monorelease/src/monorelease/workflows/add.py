"""Write a fragment: what somebody means to say about a change, in a file of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.adapters.new_file import create
from monorelease.errors import GitFailed, ProblemsFound, UsageProblem
from monorelease.formats.fragment_names import fragment_name
from monorelease.formats.fragments import format_fragment, parse_fragment
from monorelease.model.bump import Bump
from monorelease.model.config import Category
from monorelease.model.value import value
from monorelease.workflows.check import touched_members
from monorelease.workflows.read import Snapshot

_WORDS_IN_A_NAME = 5


@value
class Intent:
    """All that makes a fragment."""

    bumps: Mapping[NormalizedName, Bump]
    """Empty says "no release needed"."""
    category: str
    id: str
    """An issue or pull request number; empty for a name made of the text."""
    text: str


def add(snapshot: Snapshot, intent: Intent) -> PurePosixPath:
    """Write the fragment; its path.

    Raises:
        ProblemsFound: the fragment would not pass `check`; nothing was written.
    """
    content = format_fragment(intent.bumps, intent.text)
    path = _free_path(snapshot, intent)
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


def category_for(bump: Bump, categories: Collection[Category]) -> str:
    """Where the words of such a change usually go, by the names that people give categories."""
    usual = {
        Bump.MAJOR: ("breaking", "removal"),
        Bump.MINOR: ("feature", "feat", "added", "minor"),
        Bump.PATCH: ("fix", "bugfix", "fixed", "patch"),
        Bump.NONE: ("misc", "internal", "chore"),
    }
    known = [category.directory for category in categories]
    return next((word for word in usual[bump] if word in known), known[0])


def _free_path(snapshot: Snapshot, intent: Intent) -> PurePosixPath:
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    if "/" in intent.id or "\\" in intent.id:
        raise UsageProblem(
            f"{intent.id!r} is no number, and no name of a file", hint="give a number: --id 1042"
        )
    stem = intent.id or f"+{_slug(intent.text) or 'no-release'}"
    path = folder / fragment_name(stem, intent.category)
    counter = 1
    while snapshot.tree.exists(path):
        path = folder / fragment_name(stem, intent.category, counter)
        counter += 1
    return path


def _slug(text: str) -> str:
    """The first words of the text, as a part of a file name."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words[:_WORDS_IN_A_NAME])[:60]
