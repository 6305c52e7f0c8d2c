"""What each released member's changelog says: its share of the fragments, or why it is released."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.formats.stories import Story, link_target
from monorelease.formats.updates import Change, Update, told, update_line
from monorelease.model.config import Category, Config, Towncrier
from monorelease.model.fragment import Fragment, Origin
from monorelease.model.plan import Follows, Release, ReleasePlan, Requested, TiedTo
from monorelease.model.value import replace, value
from monorelease.model.workspace import Workspace

_UPDATES = Category(directory="dependencies", title="Dependencies")
_THEIR_UPDATES = frozenset({"dependency", "dependencies", "deps"})
"""What repositories call their own category for such lines."""
_COMPANY = Category(directory="released-with", title="About this release")
"""For members without changes of their own: "Other changes" would say that there are some."""


@value
class Note:
    """One entry of a changelog, before towncrier has rendered it."""

    issues: tuple[str, ...] = ()
    """What it links to; empty for what towncrier calls an orphan."""
    category: str
    """The directory name of a towncrier type."""
    text: str
    """Markdown."""


@value
class Section:
    """What a changelog says about one release."""

    name: str
    """The package's, as it is written."""
    version: Version
    notes: tuple[Note, ...]


def notes_of(
    plan: ReleasePlan,
    fragments: Sequence[Fragment],
    origins: Mapping[PurePosixPath, Origin],
    config: Config,
    workspace: Workspace,
) -> dict[NormalizedName, tuple[Note, ...]]:
    """The notes of every released member, in the plan's order; each member's own are sorted.

    A fragment's whole text goes to each member that it names with more than ``none``. A
    member whose published requirements the plan rewrites, or that follows a dependency, gets
    one line on all of these. A member with neither says with whom it was released, or that
    its version was asked for.

    Args:
        plan: what is released; the fragments it speaks of are among `fragments`.
        fragments: in any order.
        origins: by fragment, where they are known.
        config: the categories, the links, and whether authors are thanked.
        workspace: how the members' names are written.
    """
    used = {path for release in plan.releases for path in release.fragments}
    wave = _Wave(
        releases={release.name: release for release in plan.releases},
        stories={
            f.path: Story(fragment=f, origin=origins.get(f.path))
            for f in fragments
            if f.path in used
        },
        config=config,
        workspace=workspace,
        lines={},
    )
    own = {path: _own_note(s, config) for path, s in wave.stories.items()}
    return {
        release.name: tuple(sorted((own[path] for path in release.fragments), key=_order))
        + tuple(_further_notes(release, wave))
        for release in plan.releases
    }


def layout_of(config: Config, notes: Mapping[NormalizedName, tuple[Note, ...]]) -> Towncrier:
    """How towncrier is to render `notes`: with our categories, if they are used, and links.

    The repository's own ``issue_format`` says more than our ``issue-link``, so it wins.
    """
    look = config.towncrier
    used = {note.category for each in notes.values() for note in each}
    known = {category.directory for category in look.categories}
    ours = tuple(c for c in (_UPDATES, _COMPANY) if c.directory in used - known)
    link = link_target(config.changelog.issue_link)
    issue_format = look.issue_format
    if issue_format is None and link:
        issue_format = f"[#{{issue}}]({link})"
    return replace(look, categories=(*look.categories, *ours), issue_format=issue_format)


@value
class _Wave:
    """All that the notes of one release speak of."""

    releases: Mapping[NormalizedName, Release]
    stories: Mapping[PurePosixPath, Story]
    config: Config
    workspace: Workspace
    lines: dict[tuple[tuple[NormalizedName, ...], frozenset[PurePosixPath]], Note]
    """The lines on updates that are made already."""


def _order(note: Note) -> tuple[str, tuple[str, ...], str]:
    return note.category, note.issues, note.text


def _own_note(story: Story, config: Config) -> Note:
    return Note(
        issues=story.issues,
        category=story.fragment.category,
        text=story.text(config.changelog),
    )


def _further_notes(release: Release, wave: _Wave) -> Iterator[Note]:
    if names := _dependencies(release, wave):
        theirs = chain.from_iterable(wave.releases[name].fragments for name in names)
        # Dependents mostly say the same, so that a line is made once for all who say it.
        key = names, frozenset(release.fragments).intersection(theirs)
        if key not in wave.lines:
            wave.lines[key] = _update_note(*key, wave)
        yield wave.lines[key]
    elif not release.fragments:
        for words in _company(release, wave):
            yield Note(category=_COMPANY.directory, text=words)


def _dependencies(release: Release, wave: _Wave) -> tuple[NormalizedName, ...]:
    """The released members to which this release moves those who install it."""
    # Groups are not published: who installs the member does not meet them.
    rewritten = (u.dependency.on for u in release.constraints if u.dependency.is_published)
    followed = (cause.on for cause in release.causes if isinstance(cause, Follows))
    names = dict.fromkeys((*rewritten, *followed))
    return tuple(name for name in names if name in wave.releases)


def _update_note(
    names: Sequence[NormalizedName], own: Collection[PurePosixPath], wave: _Wave
) -> Note:
    """The line on `names` for a member whose fragments are `own`, with all its links."""
    updates = told(
        Update(
            name=wave.workspace[name].written_name,
            version=wave.releases[name].target,
            changes=_changes(wave.releases[name], own, wave),
        )
        for name in names
    )
    theirs = (c for c in wave.config.towncrier.categories if c.directory.lower() in _THEIR_UPDATES)
    category = next(theirs, _UPDATES)
    issues = sorted({i for update in updates for c in update.changes for i in c.issues})
    # Of a hidden category, towncrier shows the links alone; without links it shows the line.
    return Note(
        issues=tuple(issues) if category.show_content else (),
        category=category.directory,
        text=update_line(updates),
    )


def _changes(
    dependency: Release, own: Collection[PurePosixPath], wave: _Wave
) -> tuple[Change, ...]:
    """What changed in `dependency` that is not the member's own change, strongest bump first."""
    hidden = {c.directory for c in wave.config.towncrier.categories if not c.show_content}
    stories = [wave.stories[path] for path in dependency.fragments if path not in own]
    stories.sort(key=lambda s: (-(s.fragment.bump_of(dependency.name) or 0), s.fragment.path))
    return tuple(story.change for story in stories if story.fragment.category not in hidden)


def _company(release: Release, wave: _Wave) -> Iterator[str]:
    for cause in release.causes:
        if isinstance(cause, TiedTo):
            partner = wave.releases[cause.partner]
            name = wave.workspace[cause.partner].written_name
            yield f"Released together with `{name}` {partner.target}; no changes of its own."
            return
    if any(isinstance(cause, Requested) for cause in release.causes):
        yield f"Version set to {release.target}."
