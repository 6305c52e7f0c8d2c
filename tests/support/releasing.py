"""A release of a real repository, by the functions that the commands call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from monorelease.adapters.git import Repository
from monorelease.model.channel import Channel, Stable
from monorelease.model.patch import Patch
from monorelease.model.plan import Scope
from monorelease.workflows.aftermath import Means
from monorelease.workflows.outlook import Outlook, look_ahead
from monorelease.workflows.read import read
from monorelease.workflows.release import Prepared, apply, commit, prepare

DAY = date(2026, 11, 22)
NO_UV = Means(uv=("this-test-has-no-uv",))

_FINAL = Stable()
_EVERYTHING = Scope()


def look(root: Path, channel: Channel = _FINAL, scope: Scope = _EVERYTHING) -> Outlook:
    """What would be released."""
    return look_ahead(read(root), channel, scope)


def prepared(root: Path, channel: Channel = _FINAL, scope: Scope = _EVERYTHING) -> Prepared:
    """The release as a value."""
    return prepare(look(root, channel, scope), lambda: Repository.at(root), DAY)


def release(root: Path, means: Means = NO_UV) -> Patch:
    """The release in the work tree."""
    return apply(prepared(root), lambda: Repository.at(root), means)


def release_and_commit(root: Path, means: Means = NO_UV) -> str:
    """The release as a commit; its name."""
    ready = prepared(root)
    patch = apply(ready, lambda: Repository.at(root), means)
    repository = Repository.at(root)
    assert repository is not None
    return commit(ready, patch, repository)


def paths_of(patch: Patch) -> list[str]:
    """Every file that changes."""
    return [str(edit.path) for edit in patch.edits]
