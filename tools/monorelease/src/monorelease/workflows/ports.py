"""What is asked of an index and of a forge, whichever they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from packaging.utils import NormalizedName

from monorelease.model.forge import ForgeRelease, Posted, PullRequest, Site
from monorelease.model.index import IndexTarget, Project
from monorelease.model.publication import Sent


class Index(Protocol):
    """Where packages go."""

    @property
    def target(self) -> IndexTarget:
        """How it is configured."""
        ...

    @property
    def simple_url(self) -> str:
        """What installers take as ``--index-url``."""
        ...

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """What it has now under each of these names; nothing of it from a cache.

        Raises:
            IndexUnavailable: it cannot be asked, or its answer is no simple API.
        """
        ...

    def find_credentials(self) -> str:
        """Where the credentials for uploads come from, in a few words; empty for nowhere."""
        ...

    @property
    def credentials_problem(self) -> str:
        """What is half there, where there are no credentials; empty where nothing is."""
        ...

    def upload(self, files: Sequence[Path]) -> Iterator[Sent]:
        """Send these files one after the other, each whether or not an earlier one was taken.

        One `Sent` a file, in their order, as soon as it is known. It may be called from
        several threads at once.
        """
        ...


class Forge(Protocol):
    """Where the repository lives: it hosts pull requests, comments and releases.

    Whatever it answers is hostile input. Every question has an end; what may pass is tried
    again, and a limit that it sets is waited for where that is a matter of a minute. Every act
    may be done again: it looks first, so that an act whose answer was lost is not done twice.
    Each method raises `ForgeUnavailable` where the forge refuses or cannot be asked.
    """

    @property
    def site(self) -> Site:
        """Which repository, on which forge."""
        ...

    @property
    def longest(self) -> int:
        """The most characters that it takes as the text of a comment or a pull request."""
        ...

    def released(self, tags: Sequence[str]) -> frozenset[str]:
        """Those of `tags` that have a release (a draft is none)."""
        ...

    def release(self, release: ForgeRelease) -> Posted:
        """Put up one release; one that is there already for the tag is left as it is."""
        ...

    def pull_request(self, number: int) -> PullRequest:
        """One pull request, open or not."""
        ...

    def open_requests(self, head: str, owner: str = "") -> tuple[PullRequest, ...]:
        """The open ones from the branch `head`, of the fork of `owner` or of this repository."""
        ...

    def propose(self, head: str, base: str, title: str, body: str) -> Posted:
        """Keep one open pull request from `head` to `base` with these words: open or edit it."""
        ...

    def withdraw(self, head: str, base: str, why: str) -> Posted | None:
        """Close the open pull request from `head` to `base`, saying `why`; None where none is."""
        ...

    def comment(self, number: int, marker: str, text: str) -> Posted:
        """Keep one comment of ours on a pull request, with `text`.

        Ours begins with `marker`, an HTML comment that nobody sees, and was written by whom our
        token belongs to. Where two runs at once have made two, the older stays.
        """
        ...
