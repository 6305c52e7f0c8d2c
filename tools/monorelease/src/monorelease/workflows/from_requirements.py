"""Fragments for a pull request that moves dependencies, one a set of changed requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.commit_log import file_at
from monorelease.errors import UnreadableFile
from monorelease.formats.manifest import Manifest, parse_manifest
from monorelease.formats.requirement_news import requirement_news
from monorelease.formats.text import decode
from monorelease.formats.third_parties import beside_requirements, third_party_requirements
from monorelease.model.bump import Bump
from monorelease.model.intent import Intent
from monorelease.model.requirement_change import RequirementChange
from monorelease.model.value import value
from monorelease.model.words import some_of
from monorelease.model.workspace import Member
from monorelease.planning.categories import category_for, category_of_dependencies
from monorelease.planning.requirement_changes import requirement_changes
from monorelease.workflows.authoring import Drafted, draft_fragments
from monorelease.workflows.branch import Branch, spoken_of
from monorelease.workflows.check import touched_members

_SOURCE = "from requirements"
_LOCKS = ("*.lock", "pylock*.toml", "requirements*.txt", "constraints*.txt")
"""Files that say what developers install; who installs a package never sees them."""


@value
class _Moved:
    """What a branch does to one member's requirements."""

    name: NormalizedName
    changes: tuple[RequirementChange, ...]
    is_all: bool
    """Whether it does nothing else to the member that its users could notice."""


def draft_from_requirements(branch: Branch, number: str = "", *, everyone: bool = False) -> Drafted:
    """A patch for each member whose users get other requirements, with what moved.

    A member of which only lock files, groups or the like have changed is said to need no
    release; one that has changed in another way as well is left to a person.

    Args:
        branch: what was changed.
        number: of the pull request; empty for names made of the words.
        everyone: whether members are meant, too, that another fragment of the branch names.

    Raises:
        ProblemsFound: a fragment would not pass `check`.
    """
    spoken = spoken_of(branch, _SOURCE)
    taken = frozenset() if everyone else spoken.names
    moved = [each for each in _moved(branch) if each.name not in taken]
    intents = _intents(moved, branch, number)
    open_names = [each.name for each in moved if not each.is_all and not each.changes]
    story = [f"{path} has been edited since it was written: it stays" for path in spoken.edited]
    if not intents:
        story.append(f"no member's requirements have changed since {branch.base}")
    if open_names:
        story.append(f"other changes, which need words of a person: {some_of(open_names)}")
    return draft_fragments(
        branch.snapshot, intents, source=_SOURCE, replaced=spoken.replaceable, story=story
    )


def _intents(moved: Sequence[_Moved], branch: Branch, number: str) -> list[Intent]:
    """Members with the same news share a fragment; those without any share one as well."""
    categories = branch.snapshot.config.towncrier.categories
    by_news: dict[str, list[NormalizedName]] = {}
    for each in moved:
        if each.changes:
            by_news.setdefault(requirement_news(each.changes), []).append(each.name)
    intents = [
        Intent(
            bumps=dict.fromkeys(names, Bump.PATCH),
            category=category_of_dependencies(categories),
            id=number,
            text=news,
        )
        for news, names in by_news.items()
    ]
    still = dict.fromkeys((m.name for m in moved if m.is_all and not m.changes), Bump.NONE)
    nothing = Intent(bumps=still, category=category_for(Bump.NONE, categories), id=number, text="")
    return [*intents, nothing] if still else intents


def _moved(branch: Branch) -> Iterator[_Moved]:
    """The touched members, in the workspace's order, each with its changed requirements."""
    start = branch.repository.fork_point(branch.base)
    files = _files_by_member(branch)
    for member in branch.snapshot.workspace:
        paths = files.get(member.name, ())
        if not paths:
            continue
        was = _manifest(file_at(branch.repository, start, member.manifest), member)
        now = _manifest(branch.snapshot.tree.read(member.manifest), member)
        if was is not None and now is not None:
            names = frozenset(branch.snapshot.workspace.names)
            old, new = (third_party_requirements(each, names) for each in (was, now))
            is_same = beside_requirements(was) == beside_requirements(now)
            is_all = is_same and all(map(_is_about_requirements, paths))
            changes = requirement_changes(old, new)
            yield _Moved(name=member.name, changes=changes, is_all=is_all)


def _files_by_member(branch: Branch) -> Mapping[NormalizedName, list[PurePosixPath]]:
    files: dict[NormalizedName, list[PurePosixPath]] = {}
    snapshot = branch.snapshot
    for path in sorted(branch.changed):
        for name in touched_members([path], snapshot.workspace, snapshot.config):
            files.setdefault(name, []).append(path)
    return files


def _is_about_requirements(path: PurePosixPath) -> bool:
    return path.name == "pyproject.toml" or any(fnmatchcase(path.name, glob) for glob in _LOCKS)


def _manifest(data: bytes | None, member: Member) -> Manifest | None:
    """What a pyproject.toml says; None where there is none, or none that can be read."""
    try:
        text = decode(data or b"", member.manifest)
    except UnreadableFile:
        return None
    manifest, _ = parse_manifest(member.path, text)
    return manifest
