"""What a branch has changed since it left its base, and what its fragments say of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.formats.signature import signature_of
from monorelease.formats.text import decode
from monorelease.model.fragment import Fragment
from monorelease.model.value import value
from monorelease.workflows.check import touched_members
from monorelease.workflows.read import Snapshot


@value
class Branch:
    """The commits since a base, and the work tree on top of them."""

    snapshot: Snapshot
    repository: Repository
    base: str
    """The branch, tag or commit that it is compared with."""
    changed: frozenset[PurePosixPath]
    """Files that differ from where the two parted."""

    @property
    def touched(self) -> Mapping[NormalizedName, PurePosixPath]:
        """The members that it touches, each with one file of it."""
        return touched_members(self.changed, self.snapshot.workspace, self.snapshot.config)

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """The fragments that it adds or edits."""
        return tuple(f for f in self.snapshot.fragments if f.path in self.changed)


@value
class Spoken:
    """What the fragments of a branch say already."""

    names: frozenset[NormalizedName]
    """Members that somebody has spoken of, or decided not to speak of."""
    replaceable: frozenset[PurePosixPath]
    """Fragments made of the same source before, as they were made."""
    edited: tuple[PurePosixPath, ...]
    """Fragments made of it that a person has changed since."""


def open_branch(snapshot: Snapshot, repository: Repository | None, base: str = "") -> Branch:
    """The branch that is checked out; without a `base`, since the branch it is made for.

    Raises:
        UsageProblem: there is no git, no base is known, or the clone is too shallow.
    """
    if repository is None:
        raise UsageProblem(
            "this needs git: it asks what a branch has changed",
            hint="give the flags of a single fragment: monorelease add --patch NAME -m TEXT",
        )
    known = base or repository.base_branch()
    if not known:
        raise UsageProblem(
            "which branch this one is made for cannot be told",
            hint="name it: origin/main, say, or a tag",
        )
    changed = frozenset(repository.changed_since(known))
    return Branch(snapshot=snapshot, repository=repository, base=known, changed=changed)


def spoken_of(branch: Branch, source: str = "") -> Spoken:
    """Who is spoken of on the branch, beside what was made of the same `source` before."""
    names: set[NormalizedName] = set()
    replaceable, edited = set(), []
    for fragment in branch.fragments:
        signature = signature_of(_content(branch, fragment.path)) if source else None
        if signature is not None and signature.source == source:
            if signature.is_untouched:
                replaceable.add(fragment.path)
                continue
            edited.append(fragment.path)
        names.update(_named(fragment, branch.snapshot))
    return Spoken(names=frozenset(names), replaceable=frozenset(replaceable), edited=tuple(edited))


def _content(branch: Branch, path: PurePosixPath) -> str:
    return decode(branch.snapshot.tree.read(path) or b"", path)


def _named(fragment: Fragment, snapshot: Snapshot) -> Iterator[NormalizedName]:
    """The members that a fragment names; an empty one decides for all of them."""
    entries = (entry.name for entry in fragment.entries)
    yield from entries if fragment.entries else snapshot.workspace.names
