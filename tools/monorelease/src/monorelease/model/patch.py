"""Every change to the tree, as one value that can be shown, refused or applied."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.value import value


@value
class FileEdit:
    """One file, before and after; None where there is no file."""

    path: PurePosixPath
    """Relative to the repository's root."""
    before: bytes | None
    after: bytes | None

    def __post_init__(self) -> None:
        if self.path.is_absolute() or ".." in self.path.parts:
            raise ValueError(f"not a path inside the repository: {self.path}")


@value
class Patch:
    """File edits, sorted by path, each path once, none without effect."""

    edits: tuple[FileEdit, ...]

    @classmethod
    def of(cls, edits: tuple[FileEdit, ...]) -> Patch:
        """The patch of those `edits` that change something."""
        changed = sorted((e for e in edits if e.before != e.after), key=lambda e: e.path)
        return cls(edits=tuple(changed))

    def __post_init__(self) -> None:
        if len({edit.path for edit in self.edits}) != len(self.edits):
            raise ValueError("one file has two edits")

    def reversed(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(
            edits=tuple(FileEdit(path=e.path, before=e.after, after=e.before) for e in self.edits)
        )
