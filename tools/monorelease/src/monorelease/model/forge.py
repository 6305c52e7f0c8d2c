"""Where the repository lives, and what people and machines say to one another there."""

from __future__ import annotations

from enum import StrEnum

from monorelease.model.value import value


class ForgeKind(StrEnum):
    """Whose protocol it speaks."""

    GITHUB = "github"
    GITLAB = "gitlab"
    FORGEJO = "forgejo"
    """Gitea too: both speak the same."""


@value
class Site:
    """One repository on one forge."""

    kind: ForgeKind
    url: str
    """The forge as people open it, without a slash at the end: ``https://forge.example``."""
    repository: str
    """``owner/name``; on GitLab perhaps with groups in between."""

    @property
    def address(self) -> str:
        """The repository as people open it."""
        return f"{self.url}/{self.repository}"


@value
class ForgeConfig:
    """What the owner says of the forge; nothing is said to one where `kind` is None."""

    kind: ForgeKind | None = None
    url: str = ""
    """As in `Site`; empty for what the remote's address says."""
    repository: str = ""
    """As in `Site`; empty for what the remote's address says."""
    branch: str = "monorelease/{branch}"
    """The branch of the release pull request, with ``{branch}`` for the one it is made for."""
    announce: bool = True
    """Whether each published version gets a release of its own."""
    roll_up: str = ""
    """The tag of one release for a whole wave, with ``{date}`` and ``{commit}``; empty for none."""


@value
class PullRequest:
    """A pull request (on GitLab a merge request), as the forge tells of it: hostile input."""

    number: int
    address: str
    """As people open it."""
    title: str
    body: str
    base: str
    """The branch that it is for."""
    head: str
    """The branch with the changes."""
    head_commit: str
    head_repository: str
    """``owner/name``, another one than ours for a fork; empty where it is gone."""
    author: str
    labels: tuple[str, ...] = ()
    is_open: bool = True


class Change(StrEnum):
    """What a request to a forge came to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@value
class Posted:
    """Something that stands on a forge now."""

    change: Change
    address: str
    """As people open it; empty where there is nothing any more."""


@value
class ForgeRelease:
    """One page of a forge about one tag."""

    tag: str
    commit: str
    """The full name of the commit that the tag is on, or will be."""
    title: str
    notes: str
    """Markdown."""
    is_prerelease: bool = False
    is_latest: bool = True
    """Whether it may be shown as the newest release of the repository."""
