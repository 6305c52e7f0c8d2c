"""What publishing asks of an index and of a forge, whichever they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from packaging.utils import NormalizedName

from monorelease.model.index import IndexTarget, Project
from monorelease.model.publication import Announcement, ReleasedMember, Sent


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
    """Where the repository lives, and releases are told of."""

    def unannounced(self, members: Sequence[ReleasedMember]) -> Sequence[ReleasedMember]:
        """Those of `members` that it does not tell of yet."""
        ...

    def announce(self, announcement: Announcement) -> None:
        """Tell of one release; again, where that was done already, changes nothing."""
        ...
