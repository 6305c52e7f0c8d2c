"""Where packages go: an index as it is configured, and what it says that it has."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.value import value


@value
class IndexTarget:
    """One index: a folder of the repository, or two addresses."""

    name: str
    """As it is asked for: ``publish --to NAME``."""
    url: str = ""
    """Of its simple API (PEP 503), where installers read; empty for a folder."""
    upload_url: str = ""
    """Where files are sent; empty for a folder."""
    folder: PurePosixPath | None = None
    """Relative to the root: packages are published into this folder, for a rehearsal."""
    username: str = ""
    """For which the keyring is asked for a password; empty for ``__token__``."""
    snapshots: bool = False
    """Whether versions that are made to be thrown away may go there."""
    new_projects_per_day: int | None = None
    """How many names it lets one account register in 24 hours; None for no limit known."""
    patience: int = 300
    """Seconds in which it should serve what was uploaded."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether nobody else can see what is published there."""
        return self.folder is not None


@value
class IndexedFile:
    """One file that an index lists."""

    filename: str
    sha256: str | None
    """None where the index does not tell."""
    yanked: str | None = None
    """Why it was yanked (PEP 592), perhaps without words; None where it was not."""


@value
class Project:
    """What an index has under one name."""

    name: NormalizedName
    files: tuple[IndexedFile, ...] = ()
    is_known: bool = True
    """Whether the name is registered, with files or without."""
